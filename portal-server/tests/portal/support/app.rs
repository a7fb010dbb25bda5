//! A portal on a free port, with a clock of its own and a mailbox folder.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use playsheet_portal_server::{App, Config, ForwardClock, Surroundings, Workbench, build_in};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};

use super::{Signed, Visitor, mail, people};

/// Which database the portal runs on.
#[derive(Clone)]
pub enum Database {
    /// A file in the test's folder.
    Sqlite,
    /// A database of the test's own.
    Postgres(String),
}

/// A running portal.
pub struct TestApp {
    /// The portal.
    pub app: Arc<App>,
    /// Its time.
    pub clock: Arc<ForwardClock>,
    /// Its address, without slash at the end.
    pub url: String,
    /// Its data folder.
    pub folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<()>>,
}

impl TestApp {
    /// A portal on SQLite.
    pub async fn start() -> Self {
        Self::on(Database::Sqlite).await
    }

    /// A portal on a database.
    pub async fn on(database: Database) -> Self {
        Self::with(database, |_| {}).await
    }

    /// A portal with a changed configuration.
    pub async fn with(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        Self::computing(database, change, Workbench::Threads).await
    }

    /// A portal that computes uploads at this bench.
    pub async fn computing(
        database: Database,
        change: impl FnOnce(&mut Config),
        workbench: Workbench,
    ) -> Self {
        log_everything();
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::for_tests(folder.path().join("data"));
        if let Database::Postgres(url) = database {
            config.database_url = Some(url.into());
        }
        change(&mut config);
        let clock = Arc::new(ForwardClock::default());
        let surroundings =
            Surroundings { clock: Arc::clone(&clock) as _, workbench, ..Surroundings::default() };
        let app = Arc::new(build_in(config, surroundings).await.unwrap());
        let listener = app.listen().await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        let answering = Arc::clone(&app);
        // Requests only: tests deliver mail when they mean to.
        let served = tokio::spawn(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            answering.answer(listener, stopped).await.unwrap();
        });
        Self { app, clock, url, folder, stop: Some(stop), served: Some(served) }
    }

    /// The portal's data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Somebody who is not signed in.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(&self.url)
    }

    /// Sends all mail that is due; answers with how many were carried away.
    pub async fn deliver(&self) -> usize {
        self.app.deliver_mail().await.unwrap()
    }

    /// The mails to an address, oldest first, after sending all that is due.
    pub async fn mails(&self, to: &str) -> Vec<mail::Mail> {
        self.deliver().await;
        mail::read_folder(&self.data().join("mailbox"), to)
    }

    /// The token of the latest link to an address.
    pub async fn link(&self, to: &str, kind: &str) -> String {
        let mails = self.mails(to).await;
        let marker = format!("/links/{kind}?token=");
        let mail = mails.iter().rev().find(|mail| mail.text.contains(&marker));
        let mail = mail.unwrap_or_else(|| panic!("no {kind} link for {to}"));
        let (_, token) = mail.text.split_once(&marker).unwrap();
        token.split_whitespace().next().unwrap().to_owned()
    }

    /// Somebody with an account, confirmed and signed in.
    pub async fn person(&self, email: &str) -> Signed {
        people::registered(self, email, true).await
    }

    /// Somebody with an account, not confirmed, signed in.
    pub async fn unconfirmed(&self, email: &str) -> Signed {
        people::registered(self, email, false).await
    }

    /// Stops the portal and waits for it.
    pub async fn stop(mut self) -> TempDir {
        let _ = self.stop.take().unwrap().send(());
        self.served.take().unwrap().await.unwrap();
        self.app.portal().store.clone().close().await.unwrap();
        self.folder
    }
}

static LOG: OnceLock<Log> = OnceLock::new();

/// Everything that any test of this run logged, at every level.
#[derive(Clone, Default)]
pub struct Log(Arc<std::sync::Mutex<Vec<u8>>>);

impl Log {
    /// The log so far.
    pub fn text() -> String {
        let log = LOG.get().unwrap();
        String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn log_everything() {
    LOG.get_or_init(|| {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone());
        subscriber.init();
        log
    });
}
