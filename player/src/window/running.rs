//! An open app on a thread of its own.
//!
//! The thread takes steps from a channel. What piles up while it calculates is thinned out: of a drag only the last
//! position counts, and of the windows of a list only the last one.
//!
//! Invariant: dropping a [`Running`] stops the calculation at its next cell and ends the thread.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use engine::functions::Environment;
use engine::view::{AppSession, Command};
use ui::screens::Runner;

use super::event::{Event, Events};
use super::said;

/// Bytes of stack: workbooks may nest formulas as deep as the parser lets them.
const STACK: usize = 16 * 1024 * 1024;

/// Opens an app; run on the app's own thread.
pub(crate) type Parcel = Box<dyn FnOnce(Environment) -> Result<AppSession, String> + Send>;

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// Does a command.
    Do(Command),
    /// Does a command in place of the last dragged one.
    Drag(Command),
}

/// A running app.
pub(crate) struct Running {
    steps: Sender<Step>,
    stop: Arc<AtomicBool>,
    /// Which opening of an app this is.
    pub(crate) ticket: u64,
}

impl Running {
    /// Has the app do something. Whether it is still there to do it.
    pub(crate) fn step(&self, step: Step) -> bool {
        self.steps.send(step).is_ok()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// Opens an app on a thread of its own. What it shows comes as events with this ticket.
pub(crate) fn spawn(ticket: u64, parcel: Parcel, environment: &Environment, events: &Events) -> Running {
    let (steps, inbox) = channel();
    let stop = Arc::new(AtomicBool::new(false));
    let environment = Environment { cancel: Some(Arc::clone(&stop)), ..environment.clone() };
    let told = events;
    let events = events.clone();
    let run = move || {
        let work = AssertUnwindSafe(|| run(ticket, parcel, environment, &inbox, &events));
        if let Err(panic) = std::panic::catch_unwind(work) {
            let why =
                format!("Playsheet failed while calculating it ({}). Open it again", said(panic.as_ref()));
            events.send(Event::NotOpened { ticket, why });
        }
    };
    if let Err(error) = thread::Builder::new().name("app".to_owned()).stack_size(STACK).spawn(run) {
        let why = format!("this computer gives no further thread ({error})");
        told.send(Event::NotOpened { ticket, why });
    }
    Running { steps, stop, ticket }
}

fn run(ticket: u64, parcel: Parcel, environment: Environment, inbox: &Receiver<Step>, events: &Events) {
    let mut runner = match parcel(environment) {
        Ok(session) => Runner::new(session),
        Err(why) => {
            events.send(Event::NotOpened { ticket, why });
            return;
        }
    };
    let mut there = events.send(Event::Shown { ticket, snapshot: runner.snapshot() });
    while there {
        let Ok(first) = inbox.recv() else { break };
        let waiting: Vec<Step> = std::iter::once(first).chain(inbox.try_iter()).collect();
        for step in thinned(&waiting) {
            match step {
                Step::Do(command) => runner.act(command),
                Step::Drag(command) => runner.drag(command),
            }
        }
        there = events.send(Event::Shown { ticket, snapshot: runner.snapshot() });
    }
}

/// The steps without those that the next one makes pointless.
fn thinned(steps: &[Step]) -> impl Iterator<Item = &Step> {
    let outdone = |at: usize, step: &Step| match (step, steps.get(at + 1)) {
        (Step::Drag(one), Some(Step::Drag(next) | Step::Do(next @ Command::Set { .. }))) => {
            input_of(one) == input_of(next)
        }
        (Step::Do(Command::Window { id, .. }), Some(Step::Do(Command::Window { id: next, .. }))) => {
            id == next
        }
        _ => false,
    };
    steps.iter().enumerate().filter(move |(at, step)| !outdone(*at, step)).map(|(_, step)| step)
}

fn input_of(command: &Command) -> Option<&str> {
    match command {
        Command::Set { id, .. } => Some(id),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::view::Scalar;

    fn set(id: &str, value: f64) -> Command {
        Command::Set { id: id.into(), value: Scalar::Number(value) }
    }

    #[test]
    fn of_a_drag_only_the_last_position_counts() {
        let window = |from| Step::Do(Command::Window { id: "l".into(), from, count: 50 });
        let steps = [
            Step::Drag(set("a", 1.0)),
            Step::Drag(set("a", 2.0)),
            Step::Drag(set("b", 1.0)),
            Step::Do(set("b", 3.0)),
            window(0),
            window(50),
            Step::Do(Command::Undo),
        ];
        let left: Vec<&Step> = thinned(&steps).collect();
        let undo = Step::Do(Command::Undo);
        let expected = [&steps[1], &steps[3], &steps[5], &undo];
        assert_eq!(left, expected);
    }
}
