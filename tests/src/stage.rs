//! A portal as a process of its own, on SQLite, with its mail in a folder, and people and apps on it.

use crate::Player;
use crate::programs::{limited, program};
use anyhow::{Context, Result};
use demo::apps::{EXAMPLES, Example};
use demo::portal::Portal;
use portal_api::SignedIn;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The address of the person who publishes.
pub const CREATOR: &str = "creator@example.org";
/// The address of the person who runs apps.
pub const CONSUMER: &str = "consumer@example.com";
/// Everybody's password.
pub const PASSWORD: &str = "seven purple elephants on a bicycle";

/// A portal and the folder around it, in which players can have theirs too.
pub struct Stage {
    /// The portal.
    pub portal: Portal,
    settings: Option<PathBuf>,
    runtime: Runtime,
    folder: TempDir,
}

impl Stage {
    /// A portal as it comes.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn new() -> Result<Stage> {
        Stage::with_settings("")
    }

    /// A portal with a configuration file, TOML.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn with_settings(toml: &str) -> Result<Stage> {
        let folder = tempfile::tempdir()?;
        let settings = (!toml.is_empty()).then(|| folder.path().join("portal.toml"));
        if let Some(settings) = &settings {
            std::fs::write(settings, toml)?;
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let portal = start(folder.path(), settings.as_deref(), &[], 0)?;
        Ok(Stage { portal, settings, runtime, folder })
    }

    /// The folder of everything on this stage.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of the portal's data.
    pub fn portal_data(&self) -> PathBuf {
        self.folder.path().join("portal")
    }

    /// Waits for a request.
    pub fn wait<F: Future>(&self, request: F) -> F::Output {
        self.runtime.block_on(request)
    }

    /// Starts the portal again after it was stopped: same data, same port.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn restart(&mut self) -> Result<()> {
        self.restart_under(&[])
    }

    /// As [`Stage::restart`], under limits; see [`limited`].
    ///
    /// # Errors
    /// Where it does not start.
    pub fn restart_under(&mut self, limits: &[(&str, u32)]) -> Result<()> {
        let port = self.portal.port();
        let mailbox = self.portal.mailbox.clone();
        self.portal.stop();
        self.portal = start(self.folder.path(), self.settings.as_deref(), limits, port)?;
        self.portal.mailbox = mailbox;
        Ok(())
    }

    /// Registers somebody, confirms the address by the mailed link, and signs in.
    ///
    /// # Errors
    /// Where the portal refuses.
    pub fn person(&self, email: &str) -> Result<SignedIn> {
        self.wait(self.portal.register(email, "Somebody", PASSWORD))?;
        self.signed_in(email)
    }

    /// Signs somebody in once more.
    ///
    /// # Errors
    /// Where the portal refuses.
    pub fn signed_in(&self, email: &str) -> Result<SignedIn> {
        self.wait(self.portal.sign_in(email, PASSWORD))?.with_context(|| format!("{email} cannot sign in"))
    }

    /// Publishes an example and shares it, by invitation; gives the app's id.
    ///
    /// # Errors
    /// Where the portal refuses.
    pub fn share(&self, creator: &SignedIn, consumer: &SignedIn, example: &Example) -> Result<String> {
        self.wait(async {
            let app = self.portal.publish(creator, example).await?.id.to_string();
            let token = self.portal.invite(creator, &app, &consumer.person.email).await?;
            self.portal.accept(consumer, &token).await?;
            Ok(app)
        })
    }

    /// A player of the consumer, signed in at this address of the portal.
    ///
    /// # Errors
    /// Where signing in fails.
    pub fn player(&self, address: &str) -> Result<Player> {
        let player = Player::new(self.folder.path().join("player"));
        player.login(address, CONSUMER, PASSWORD)?.ended(0)?;
        Ok(player)
    }
}

fn start(folder: &Path, settings: Option<&Path>, limits: &[(&str, u32)], port: u16) -> Result<Portal> {
    let mut portal: Command = program("playsheet-portal")?;
    if let Some(settings) = settings {
        portal.arg("--config").arg(settings);
    }
    if !limits.is_empty() {
        portal = limited(&portal, limits);
    }
    Portal::start(portal, &folder.join("portal"), port, &folder.join("portal.log"))
}

/// One of the examples, by its file's name.
///
/// # Errors
/// Where there is none of that name.
pub fn example(name: &str) -> Result<&'static Example> {
    EXAMPLES.iter().find(|example| example.name == name).with_context(|| format!("no example {name}"))
}

/// The file of an example's spreadsheet or definition in the repository.
pub fn example_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name)
}
