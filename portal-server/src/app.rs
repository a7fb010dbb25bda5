//! Building and running the portal: [`build`] makes it from a configuration, [`App::serve`] answers requests.
//!
//! Tests build it in the same way as the program does; only time and the judge of definitions can be replaced.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use thiserror::Error;
use tokio::{net::TcpListener, sync::watch};
use url::Url;

use crate::{
    clock::{Clock, SystemClock},
    config::Config,
    creation::{Shelf, Workbench, Workers},
    definitions::{DefinitionCheck, VocabularyCheck},
    files::make_private_folder,
    mail,
    mail::{PostError, Postman},
    objects::Objects,
    portal::{Portal, Services},
    refusal::{Cause, Refusal},
    routes::{Limits, router},
    sealing::KeyWrap,
    security::{
        keys::{InstanceKey, KeyError, KeyUse},
        leases::LeaseSigner,
        limits::{Buckets, Quota},
        passwords::PasswordHasher,
        refresh::RefreshTokens,
        tokens::Tokens,
    },
    store::{Store, audit::AuditChain},
};

/// Uploads whose bodies are held in memory at the same time; more are told to come back.
const UPLOADS_AT_ONCE: usize = 16;

/// Why the portal does not start. Each names the thing and what to do.
#[derive(Debug, Error)]
pub enum StartError {
    /// The data folder cannot be made.
    #[error("the data folder {path} cannot be used: {reason}")]
    DataFolder {
        /// The folder.
        path: String,
        /// The system's reason.
        reason: std::io::Error,
    },
    /// The instance key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database cannot be opened or brought up to date.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] sea_orm::DbErr),
    /// Mail cannot leave.
    #[error(transparent)]
    Mail(#[from] PostError),
    /// Something inside failed.
    #[error(transparent)]
    Inner(#[from] Cause),
    /// The address to listen on cannot be used.
    #[error("cannot listen on {address}: {reason}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's reason.
        reason: std::io::Error,
    },
    /// Serving ended early.
    #[error("the server stopped: {0}")]
    Serve(std::io::Error),
}

/// What comes from outside and can be replaced.
pub struct Surroundings {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Judges definitions.
    pub definitions: Arc<dyn DefinitionCheck>,
    /// Where uploads are computed.
    pub workbench: Workbench,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            definitions: Arc::new(VocabularyCheck),
            workbench: Workbench::Threads,
        }
    }
}

/// The portal, ready to serve.
pub struct App {
    portal: Portal,
    limits: Arc<Limits>,
}

/// Builds the portal: opens key, database, storage and mail.
///
/// # Errors
/// When one of these cannot be used.
pub async fn build(config: Config) -> Result<App, StartError> {
    build_in(config, Surroundings::default()).await
}

/// As [`build`], in other surroundings.
///
/// # Errors
/// As [`build`].
pub async fn build_in(config: Config, surroundings: Surroundings) -> Result<App, StartError> {
    let path = &config.data_dir;
    make_private_folder(path)
        .map_err(|reason| StartError::DataFolder { path: path.display().to_string(), reason })?;
    let key = InstanceKey::load_or_create(&config.key_file())?;
    let store = match &config.database_url {
        Some(url) => Store::open_postgres(url).await?,
        None => Store::open_sqlite(&config.sqlite_file()).await?,
    };
    let audit = AuditChain::new(&key.derive(KeyUse::Audit)?);
    audit.begin(&store).await?;
    let objects = Objects::in_folder(&config.objects_dir(), KeyWrap::new(&key.derive(KeyUse::ObjectWrap)?)?)?;
    let limits = &config.limits;
    let accounts = Quota { burst: limits.account_burst, period_ms: limits.account_period_ms };
    // One account from everywhere: ten times what one address may try.
    let everywhere = Quota {
        burst: limits.account_burst.saturating_mul(10),
        period_ms: limits.account_period_ms.div_ceil(10),
    };
    let mailboxes = Quota { burst: limits.mailbox_burst, period_ms: limits.mailbox_period_ms };
    let mails = Quota { burst: limits.mail_burst, period_ms: limits.mail_period_ms };
    let services = Services {
        objects,
        tokens: Tokens::new(&key)?,
        refresh: RefreshTokens::new(&key)?,
        leases: LeaseSigner::new(&key)?,
        passwords: PasswordHasher::new(config.passwords.iterations, limits.hash_queue)?,
        audit,
        account_tries: Buckets::new(accounts),
        account_total: Buckets::new(everywhere),
        uploads: tokio::sync::Semaphore::new(UPLOADS_AT_ONCE),
        mail_tries: Buckets::new(mails),
        mailbox_tries: Buckets::new(mailboxes),
        postman: Postman::new(&config)?,
        mail_bell: tokio::sync::Notify::new(),
        definitions: surroundings.definitions,
        creations: Shelf::default(),
        workers: Workers::new(surroundings.workbench, Duration::from_secs(limits.compute_s)),
        clock: surroundings.clock,
        base_url: config.base_url.clone().map_or_else(Default::default, Into::into),
        store,
        config,
    };
    let portal = Portal(Arc::new(services));
    let limits = Arc::new(Limits::new(&portal));
    Ok(App { portal, limits })
}

impl App {
    /// The services, for programs that call them without HTTP.
    #[must_use]
    pub const fn portal(&self) -> &Portal {
        &self.portal
    }

    /// The whole portal as one service.
    pub fn router(&self) -> Router {
        router(&self.portal, &self.limits)
    }

    /// Opens the configured address; port 0 asks the system for a free port.
    ///
    /// # Errors
    /// When the address cannot be used.
    pub async fn listen(&self) -> Result<TcpListener, StartError> {
        let address = self.portal.config.listen;
        let listener =
            TcpListener::bind(address).await.map_err(|reason| StartError::Listen { address, reason })?;
        let actual = listener.local_addr().map_err(|reason| StartError::Listen { address, reason })?;
        if let Ok(url) = Url::parse(&format!("http://{actual}/")) {
            // Only where no address is configured: then people use the one that is listened on.
            self.portal.base_url.get_or_init(|| url);
        }
        Ok(listener)
    }

    /// Answers requests and empties the outbox until `stop` completes; requests that have begun are finished.
    ///
    /// # Errors
    /// When serving ends early.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), StartError> {
        let (stopper, stopped) = watch::channel(false);
        let worker = tokio::spawn(mail::run(self.portal.clone(), stopped.clone()));
        let sweeper = tokio::spawn(sweep(self.portal.clone(), Arc::clone(&self.limits), stopped));
        let served = self.answer(listener, stop).await;
        let _ = stopper.send(true);
        for task in [worker, sweeper] {
            if task.await.is_err() {
                tracing::error!("a background task ended early");
            }
        }
        if let Err(error) = self.portal.store.clone().close().await {
            tracing::warn!(%error, "the database was not closed cleanly");
        }
        served
    }

    /// Answers requests, and nothing else, until `stop` completes.
    ///
    /// # Errors
    /// When serving ends early.
    pub async fn answer(
        &self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), StartError> {
        let service = self.router().into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).with_graceful_shutdown(stop).await.map_err(StartError::Serve)
    }

    /// Sends every mail whose time has come; answers with how many were carried away. The worker of [`App::serve`]
    /// does the same by itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn deliver_mail(&self) -> Result<usize, Refusal> {
        mail::deliver_due(&self.portal).await
    }
}

async fn sweep(portal: Portal, limits: Arc<Limits>, mut stop: watch::Receiver<bool>) {
    let mut tick = tokio::time::interval(Duration::from_secs(60));
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            _ = tick.tick() => {
                limits.sweep();
                portal.creations.sweep(portal.now_ms());
            }
        }
    }
}
