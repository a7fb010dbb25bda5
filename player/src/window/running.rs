//! An open app on a thread of its own.
//!
//! The thread takes steps from a channel. What piles up while it calculates is thinned out: of a drag only the last
//! position counts, and of the windows of a list only the last one.
//!
//! What the view does not show is calculated while nothing is to be done, so that other pages, searches and exports
//! find it ready. The first step that comes in stops that at the next cell; what is left is done at the next rest.
//!
//! Invariant: dropping a [`Running`] stops the calculation at its next cell and ends the thread; the rest never makes
//! a person wait for more than the cell it is at.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use engine::functions::Environment;
use engine::view::{AppSession, Command};
use ui::screens::{Cure, Runner};

use super::event::{Event, Events};
use super::said;
use crate::threads::STACK;

/// How long nothing must have been done before the rest is calculated.
const IDLE: Duration = Duration::from_millis(250);

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
    /// Stops the calculation of what is not shown.
    interrupt: Arc<AtomicBool>,
    /// Which opening of an app this is.
    pub(crate) ticket: u64,
}

impl Running {
    /// Has the app do something. Whether it is still there to do it.
    pub(crate) fn step(&self, step: Step) -> bool {
        let sent = self.steps.send(step).is_ok();
        // In this order: whoever finds no step after lowering the flag will find it raised.
        self.interrupt.store(true, Ordering::SeqCst);
        sent
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        self.interrupt.store(true, Ordering::SeqCst);
    }
}

/// Opens an app on a thread of its own. What it shows comes as events with this ticket.
pub(crate) fn spawn(ticket: u64, parcel: Parcel, environment: &Environment, events: &Events) -> Running {
    let (steps, inbox) = channel();
    let stop = Arc::new(AtomicBool::new(false));
    let interrupt = Arc::new(AtomicBool::new(false));
    let environment = Environment { cancel: Some(Arc::clone(&stop)), ..environment.clone() };
    let told = events;
    let events = events.clone();
    let rest = Rest { stop: Arc::clone(&stop), interrupt: Arc::clone(&interrupt), left: true };
    let run = move || {
        let work = AssertUnwindSafe(|| run(ticket, parcel, environment, &inbox, &events, rest));
        if let Err(panic) = std::panic::catch_unwind(work) {
            let why =
                format!("Playsheet failed while calculating it ({}). Open it again", said(panic.as_ref()));
            events.send(Event::NotOpened { ticket, why, cure: Cure::Again });
        }
    };
    if let Err(error) = thread::Builder::new().name("app".to_owned()).stack_size(STACK).spawn(run) {
        let why = format!("this computer gives no further thread ({error})");
        told.send(Event::NotOpened { ticket, why, cure: Cure::Again });
    }
    Running { steps, stop, interrupt, ticket }
}

/// What the view does not show, and whether it is still to be calculated.
struct Rest {
    stop: Arc<AtomicBool>,
    interrupt: Arc<AtomicBool>,
    left: bool,
}

impl Rest {
    /// Calculates until everything is up to date or a step comes in. Does nothing if one waits already.
    fn take(&mut self, runner: &mut Runner, inbox: &Receiver<Step>) -> Option<Step> {
        self.interrupt.store(false, Ordering::SeqCst);
        if let Ok(step) = inbox.try_recv() {
            return Some(step);
        }
        if self.stop.load(Ordering::SeqCst) {
            return None;
        }
        let session = runner.session();
        session.environment_mut().cancel = Some(Arc::clone(&self.interrupt));
        session.finish_rest();
        session.environment_mut().cancel = Some(Arc::clone(&self.stop));
        self.left = self.interrupt.load(Ordering::SeqCst);
        None
    }
}

/// The next step; while there is none, the rest is calculated. Nothing once the app is closed.
fn next(runner: &mut Runner, inbox: &Receiver<Step>, rest: &mut Rest) -> Option<Step> {
    if !rest.left {
        return inbox.recv().ok();
    }
    match inbox.recv_timeout(IDLE) {
        Ok(step) => Some(step),
        Err(RecvTimeoutError::Disconnected) => None,
        Err(RecvTimeoutError::Timeout) => rest.take(runner, inbox).or_else(|| inbox.recv().ok()),
    }
}

fn run(
    ticket: u64,
    parcel: Parcel,
    environment: Environment,
    inbox: &Receiver<Step>,
    events: &Events,
    mut rest: Rest,
) {
    let mut runner = match parcel(environment) {
        Ok(session) => Runner::new(session),
        Err(why) => {
            events.send(Event::NotOpened { ticket, why, cure: Cure::Again });
            return;
        }
    };
    let mut there = events.send(Event::Shown { ticket, snapshot: runner.snapshot() });
    while there {
        let Some(first) = next(&mut runner, inbox, &mut rest) else { break };
        let waiting: Vec<Step> = std::iter::once(first).chain(inbox.try_iter()).collect();
        for step in thinned(&waiting) {
            match step {
                Step::Do(command) => runner.act(command),
                Step::Drag(command) => runner.drag(command),
            }
        }
        rest.left = true;
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

    /// How many cells of an app are out of date.
    fn stale(runner: &mut Runner) -> usize {
        let session = runner.session().workbook(0).unwrap();
        session.computed().filter(|(sheet, cell)| session.is_stale(*sheet, *cell)).count()
    }

    #[test]
    fn what_is_not_shown_is_calculated_at_rest_unless_a_step_waits() {
        let mut started = ["loan", "quote", "catalogue", "shifts", "budget", "bmi"].into_iter().map(|name| {
            let file = format!("../examples/{name}.xml");
            let global = crate::options::Global::default();
            let opened = crate::app::open(std::path::Path::new(&file), None, &global).unwrap();
            Runner::new(crate::app::start(&opened, Environment::default(), &[]).unwrap())
        });
        let mut runner = started
            .find_map(|mut runner| (stale(&mut runner) > 0).then_some(runner))
            .expect("an example that does not show every cell at once");
        let before = stale(&mut runner);
        let (steps, inbox) = channel();
        let flag = || Arc::new(AtomicBool::new(false));
        let mut rest = Rest { stop: flag(), interrupt: flag(), left: true };
        let step = Step::Do(Command::Undo);
        steps.send(step.clone()).unwrap();
        assert_eq!(rest.take(&mut runner, &inbox), Some(step));
        assert_eq!((stale(&mut runner), rest.left), (before, true), "a step had to wait for the rest");
        assert_eq!(rest.take(&mut runner, &inbox), None);
        assert_eq!((stale(&mut runner), rest.left), (0, false));
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
