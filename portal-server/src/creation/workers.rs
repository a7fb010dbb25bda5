//! Workers: one process for each workbook that is open, few enough, each ended when it takes too long.
//!
//! A portal that runs inside another program has no program of its own to start; there a worker is a thread, with the
//! same limits but one: a thread cannot be ended, only asked to stop.

use std::{
    ffi::OsString,
    path::PathBuf,
    process::Stdio,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::Duration,
};

use portal_api::ProblemCode;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::{Semaphore, oneshot},
};
use zeroize::Zeroizing;

use super::{
    bench::{Answer, Bench, Request},
    secret::SecretBytes,
    worker::LARGEST_FRAME,
};
use crate::{
    pages::words,
    refusal::{Cause, Refusal},
};

/// Workbooks open at the same time.
const OPEN: usize = 12;

/// Where the work is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Workbench {
    /// In processes: this program with these arguments.
    Processes {
        /// The program.
        program: PathBuf,
        /// The arguments that make it a worker.
        arguments: Vec<OsString>,
    },
    /// In threads of this program.
    Threads,
}

/// The place of one workbook's worker; empty while it has none.
#[derive(Default)]
pub struct Slot(tokio::sync::Mutex<Option<Worker>>);

/// All workers.
pub struct Workers {
    bench: Workbench,
    /// How long one request may take.
    time: Duration,
    busy: Semaphore,
    /// Slots that have a worker, the one used least lately first.
    open: Mutex<Vec<Weak<Slot>>>,
}

enum Worker {
    Process(Box<Process>),
    Thread(Thread),
}

struct Process {
    /// Ends with this value.
    _child: Child,
    input: ChildStdin,
    output: ChildStdout,
}

struct Thread {
    requests: mpsc::Sender<(Request, Option<SecretBytes>, oneshot::Sender<Answer>)>,
    cancel: Arc<AtomicBool>,
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

/// What became of a request.
enum Failure {
    TooSlow,
    Ended,
}

impl Workers {
    /// Workers at this bench, each ended when one request takes longer than this.
    #[must_use]
    pub fn new(bench: Workbench, time: Duration) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { bench, time, busy: Semaphore::new(cores.max(2)), open: Mutex::new(Vec::new()) }
    }

    /// Asks the worker of a slot; starts one and opens the workbook where there is none.
    pub(super) async fn ask(
        &self,
        slot: &Arc<Slot>,
        upload: (&SecretBytes, &str),
        request: Request,
    ) -> Result<Answer, Refusal> {
        let Ok(permit) = tokio::time::timeout(self.time, self.busy.acquire()).await else {
            return Err(busy());
        };
        let _permit = permit.map_err(|_| Cause::Task)?;
        let mut place = slot.0.lock().await;
        let mut worker = match place.take() {
            Some(worker) => worker,
            None => match self.start(upload).await? {
                Ok(worker) => worker,
                Err(answer) => return Ok(answer),
            },
        };
        let reading = matches!(request, Request::Propose { .. });
        match worker.ask(request, None, self.time).await {
            Ok(answer) => {
                *place = Some(worker);
                drop(place);
                self.note(slot);
                Ok(answer)
            }
            // The worker goes with this; the next request begins with a fresh one.
            Err(failure) => Ok(Answer::Refused(self.said(&failure, reading))),
        }
    }

    /// Opens a workbook in a worker that ends with that.
    pub(super) async fn open(&self, upload: (&SecretBytes, &str)) -> Result<Answer, Refusal> {
        let Ok(permit) = tokio::time::timeout(self.time, self.busy.acquire()).await else {
            return Err(busy());
        };
        let _permit = permit.map_err(|_| Cause::Task)?;
        Ok(self.start(upload).await?.map_or_else(|answer| answer, |_| Answer::Opened))
    }

    async fn start(&self, (bytes, name): (&SecretBytes, &str)) -> Result<Result<Worker, Answer>, Refusal> {
        self.make_room()?;
        let mut worker = self.spawn()?;
        let request = Request::Open { name: name.to_owned() };
        Ok(match worker.ask(request, Some(bytes), self.time).await {
            Ok(Answer::Opened) => Ok(worker),
            Ok(other) => Err(other),
            Err(failure) => Err(Answer::Refused(self.said(&failure, true))),
        })
    }

    fn spawn(&self) -> Result<Worker, Refusal> {
        match &self.bench {
            Workbench::Processes { program, arguments } => start_process(program, arguments),
            Workbench::Threads => Ok(Worker::Thread(start_thread()?)),
        }
    }

    /// Notes that a slot has a worker and was used just now.
    fn note(&self, slot: &Arc<Slot>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let this = Arc::downgrade(slot);
        open.retain(|other| other.strong_count() > 0 && !other.ptr_eq(&this));
        open.push(this);
    }

    /// Ends the worker that was used least lately where there are too many.
    fn make_room(&self) -> Result<(), Refusal> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|slot| slot.strong_count() > 0);
        while open.len() >= OPEN {
            let idle = open.iter().position(|slot| {
                let Some(slot) = slot.upgrade() else { return true };
                slot.0.try_lock().is_ok_and(|mut place| {
                    place.take();
                    true
                })
            });
            match idle {
                Some(idle) => drop(open.remove(idle)),
                None => return Err(busy()),
            }
        }
        Ok(())
    }

    /// What the person reads whose spreadsheet ended a worker; in the log stands that it happened, not to what.
    fn said(&self, failure: &Failure, reading: bool) -> String {
        let limit = words::count(usize::try_from(self.time.as_secs()).unwrap_or(0), "second", "seconds");
        let smaller = "Make it smaller, for example by deleting sheets and rows that are not needed";
        match (failure, reading) {
            (Failure::TooSlow, true) => {
                tracing::warn!(%limit, "a worker was ended: an upload took too long to read");
                format!("The portal did not get through this spreadsheet within {limit}. {smaller}.")
            }
            (Failure::TooSlow, false) => {
                tracing::warn!(%limit, "a worker was ended: a preview took too long to compute");
                format!(
                    "The preview takes longer than {limit} to compute. {smaller}, or publish it as it is and run it in \
                     the player."
                )
            }
            (Failure::Ended, _) => {
                tracing::warn!("a worker ended by itself: most likely it needed too much memory");
                format!("The spreadsheet needs more memory than the portal gives to one file. {smaller}.")
            }
        }
    }
}

fn busy() -> Refusal {
    let mut refusal = Refusal::new(
        ProblemCode::Busy,
        "The portal is busy with other spreadsheets. Nothing was lost; try again in a few seconds.",
    );
    refusal.retry_after_s = Some(5);
    refusal
}

fn start_process(program: &PathBuf, arguments: &[OsString]) -> Result<Worker, Refusal> {
    let child = Command::new(program)
        .args(arguments)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // What a failing worker says may hold what it worked on.
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let mut child =
        child.map_err(|error| Cause::Stored(format!("a worker could not be started: {error}")))?;
    match (child.stdin.take(), child.stdout.take()) {
        (Some(input), Some(output)) => {
            Ok(Worker::Process(Box::new(Process { _child: child, input, output })))
        }
        _ => Err(Cause::Task.into()),
    }
}

fn start_thread() -> Result<Thread, Refusal> {
    let (requests, waiting) = mpsc::channel::<(Request, Option<SecretBytes>, oneshot::Sender<Answer>)>();
    let cancel = Arc::new(AtomicBool::new(false));
    let mut bench = Bench::stopped_by(Arc::clone(&cancel));
    let work = move || {
        for (request, bytes, answer) in waiting {
            let bytes = bytes.as_ref().map_or(&[][..], SecretBytes::as_slice);
            let _ = answer.send(bench.answer(request, bytes));
        }
    };
    std::thread::Builder::new().name("workbook".to_owned()).spawn(work).map_err(|_| Cause::Task)?;
    Ok(Thread { requests, cancel })
}

impl Worker {
    async fn ask(
        &mut self,
        request: Request,
        bytes: Option<&SecretBytes>,
        time: Duration,
    ) -> Result<Answer, Failure> {
        let work = async {
            match self {
                Self::Process(process) => process.ask(&request, bytes).await.ok_or(Failure::Ended),
                Self::Thread(thread) => {
                    let (sender, answer) = oneshot::channel();
                    let sent = thread.requests.send((request, bytes.cloned(), sender));
                    sent.map_err(|_| Failure::Ended)?;
                    answer.await.map_err(|_| Failure::Ended)
                }
            }
        };
        tokio::time::timeout(time, work).await.unwrap_or(Err(Failure::TooSlow))
    }
}

impl Process {
    async fn ask(&mut self, request: &Request, bytes: Option<&SecretBytes>) -> Option<Answer> {
        let request = Zeroizing::new(serde_json::to_vec(request).ok()?);
        let bytes = bytes.map_or(&[][..], SecretBytes::as_slice);
        for part in [&request[..], bytes] {
            self.input.write_all(&u32::try_from(part.len()).ok()?.to_le_bytes()).await.ok()?;
            self.input.write_all(part).await.ok()?;
        }
        self.input.flush().await.ok()?;
        let length = self.output.read_u32_le().await.ok()? as usize;
        if length > LARGEST_FRAME {
            return None;
        }
        let mut answer = Zeroizing::new(vec![0; length]);
        self.output.read_exact(&mut answer).await.ok()?;
        serde_json::from_slice(&answer).ok()
    }
}
