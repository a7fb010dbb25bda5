//! The portal's configuration: defaults, then a TOML file, then `PLAYSHEET_*` variables, then command-line flags.
//!
//! A variable names a setting by its path: `PLAYSHEET_LISTEN`, `PLAYSHEET_MAIL__HOST`. Unknown settings in the
//! file are errors, so that a typing mistake cannot silently weaken anything. The invariant of a `Config` that
//! [`Config::load`] returned: it was checked, and no secret is shown by `Debug`.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use serde::Deserialize;
use thiserror::Error;
use url::Url;

/// The least number of PBKDF2 iterations that a configuration may set.
pub const MIN_ITERATIONS: u32 = 600_000;
/// The longest lease, in days.
pub const MAX_LEASE_DAYS: u32 = 30;

/// Everything an operator can set.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The portal's name for people.
    pub name: String,
    /// Where to listen. TLS ends in front of the portal.
    pub listen: SocketAddr,
    /// The address that people and players use; links in mails start with it. The listening address where absent.
    pub base_url: Option<Url>,
    /// The folder of database, objects, mailbox and instance key.
    pub data_dir: PathBuf,
    /// `postgres://…`, or absent for SQLite in the data folder.
    pub database_url: Option<SecretString>,
    /// The file of the instance key; `instance.key` in the data folder where absent. Made on the first start.
    pub instance_key_file: Option<PathBuf>,
    /// Take the client's address from the last entry of `X-Forwarded-For`: only behind a proxy that sets it.
    pub trust_forwarded_for: bool,
    /// The oldest player that is served.
    pub min_player: String,
    /// How mail leaves.
    pub mail: MailConfig,
    /// How much is taken from whom.
    pub limits: LimitsConfig,
    /// How passwords are judged and hashed.
    pub passwords: PasswordConfig,
    /// How long mailed links live.
    pub links: LinksConfig,
    /// How long apps run without the portal.
    pub leases: LeaseConfig,
}

/// How mail leaves the portal.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailConfig {
    /// Into a folder, or by SMTP.
    pub transport: MailTransport,
    /// The folder, one `.eml` file a mail; `mailbox` in the data folder where absent.
    pub folder: Option<PathBuf>,
    /// The sender.
    pub from: String,
    /// The SMTP server.
    pub host: String,
    /// The SMTP server's port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: MailTls,
    /// The SMTP user; no sign-in where absent.
    pub user: Option<String>,
    /// The SMTP user's password.
    pub password: Option<SecretString>,
    /// Seconds until the first new try of a failed mail; doubles with each.
    pub retry_s: u32,
    /// How often a mail is tried.
    pub tries: u32,
}

/// Ways for mail to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTransport {
    /// One `.eml` file a mail in a folder.
    Mailbox,
    /// An SMTP server.
    Smtp,
}

/// Ways to protect an SMTP connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// Begins in clear, must change to TLS before anything is said.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// In clear; for a server on this machine only.
    None,
}

/// How much is taken from whom.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// Bytes of one upload.
    pub upload_bytes: usize,
    /// Bytes of one app definition.
    pub definition_bytes: usize,
    /// Requests that one address may send at once.
    pub address_burst: u32,
    /// Milliseconds after which an address may send one more.
    pub address_period_ms: u64,
    /// Requests with credentials (sign-in, registration, reset, …) that one address may send at once.
    pub credential_burst: u32,
    /// Milliseconds after which an address may send one more of these.
    pub credential_period_ms: u64,
    /// Tries at one account that are answered at once.
    pub account_burst: u32,
    /// Milliseconds after which one more try at this account is answered.
    pub account_period_ms: u64,
    /// Mails that one person may cause at once.
    pub mail_burst: u32,
    /// Milliseconds after which this person may cause one more.
    pub mail_period_ms: u64,
    /// Mails that people who are not signed in may send to one mailbox at once, of each kind.
    pub mailbox_burst: u32,
    /// Milliseconds after which this mailbox may get one more.
    pub mailbox_period_ms: u64,
    /// Password hashes that may wait while others are computed.
    pub hash_queue: usize,
    /// Seconds until a request without upload must be answered.
    pub answer_s: u64,
    /// Seconds that reading an upload or computing its preview may take; then its worker is ended.
    pub compute_s: u64,
}

/// How passwords are judged and hashed.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordConfig {
    /// PBKDF2-HMAC-SHA256 iterations; never fewer than [`MIN_ITERATIONS`].
    pub iterations: u32,
    /// The least length, in characters; never under 15.
    pub min_length: usize,
}

/// How long mailed links live. Each works once in any case.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinksConfig {
    /// Days until a confirmation link ends; never where absent.
    pub confirmation_days: Option<u32>,
    /// Days until an invitation ends; never where absent.
    pub invitation_days: Option<u32>,
}

/// How long apps run without the portal.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LeaseConfig {
    /// The days that apps get if nobody sets others; at most [`MAX_LEASE_DAYS`].
    pub days: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            name: "Playsheet".to_owned(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            base_url: None,
            data_dir: PathBuf::from("playsheet-portal-data"),
            database_url: None,
            instance_key_file: None,
            trust_forwarded_for: false,
            min_player: "0.1.0".to_owned(),
            mail: MailConfig::default(),
            limits: LimitsConfig::default(),
            passwords: PasswordConfig::default(),
            links: LinksConfig::default(),
            leases: LeaseConfig { days: 7 },
        }
    }
}

impl Default for LeaseConfig {
    fn default() -> Self {
        Self { days: 7 }
    }
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            transport: MailTransport::Mailbox,
            folder: None,
            from: "Playsheet <playsheet@localhost>".to_owned(),
            host: "localhost".to_owned(),
            port: 587,
            tls: MailTls::Starttls,
            user: None,
            password: None,
            retry_s: 30,
            tries: 12,
        }
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            upload_bytes: 25 * 1024 * 1024,
            definition_bytes: 1024 * 1024,
            address_burst: 300,
            address_period_ms: 50,
            credential_burst: 30,
            credential_period_ms: 2_000,
            account_burst: 10,
            account_period_ms: 30_000,
            mail_burst: 50,
            mail_period_ms: 60_000,
            mailbox_burst: 5,
            mailbox_period_ms: 600_000,
            hash_queue: 64,
            answer_s: 30,
            compute_s: 10,
        }
    }
}

impl Default for PasswordConfig {
    fn default() -> Self {
        Self { iterations: MIN_ITERATIONS, min_length: 15 }
    }
}

/// Why a configuration cannot be used. Every message names the setting.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {path}: {reason}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: std::io::Error,
    },
    /// The file or a variable is not TOML, names an unknown setting or gives it a wrong kind of value.
    #[error("the configuration is not valid: {0}")]
    Invalid(String),
    /// A setting has a value that is not allowed.
    #[error("the setting {setting} is not allowed: {reason}")]
    NotAllowed {
        /// The setting's path.
        setting: &'static str,
        /// What would be allowed.
        reason: String,
    },
}

/// What the command line says; stronger than file and variables.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The data folder.
    pub data_dir: Option<PathBuf>,
    /// The address to listen on.
    pub listen: Option<SocketAddr>,
    /// The port alone; 0 asks the system for a free one.
    pub port: Option<u16>,
    /// The address that people use.
    pub base_url: Option<Url>,
}

impl Config {
    /// Reads and checks the configuration.
    ///
    /// # Errors
    /// When the file cannot be read, does not parse, names unknown settings, or sets something not allowed.
    pub fn load(
        file: Option<&Path>,
        variables: impl Iterator<Item = (String, String)>,
        overrides: &Overrides,
    ) -> Result<Self, ConfigError> {
        let mut table = match file {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|reason| ConfigError::Unreadable { path: path.to_owned(), reason })?;
                text.parse::<toml::Table>().map_err(|error| ConfigError::Invalid(error.to_string()))?
            }
            None => toml::Table::new(),
        };
        let mut variables: Vec<_> = variables.collect();
        variables.sort();
        for (name, value) in variables {
            apply_variable(&mut table, &name, &value);
        }
        let mut config: Self =
            table.try_into().map_err(|error: toml::de::Error| ConfigError::Invalid(error.to_string()))?;
        config.apply(overrides);
        config.check()?;
        Ok(config)
    }

    /// The defaults with everything in one folder; what the demo and the tests start from.
    #[must_use]
    pub fn in_folder(data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), ..Self::default() }
    }

    /// As [`Config::in_folder`], on any free port, with cheap password hashes and limits that one address does not
    /// reach. It cannot be had from a file: tests that make hundreds of accounts need it, nothing else may.
    #[doc(hidden)]
    #[must_use]
    pub fn for_tests(data_dir: impl Into<PathBuf>) -> Self {
        let mut config = Self::in_folder(data_dir);
        config.listen.set_port(0);
        config.passwords.iterations = 1_000;
        config.limits.address_burst = 100_000;
        config.limits.credential_burst = 100_000;
        config
    }

    fn apply(&mut self, overrides: &Overrides) {
        if let Some(folder) = &overrides.data_dir {
            self.data_dir.clone_from(folder);
        }
        if let Some(listen) = overrides.listen {
            self.listen = listen;
        }
        if let Some(port) = overrides.port {
            self.listen.set_port(port);
        }
        if let Some(url) = &overrides.base_url {
            self.base_url = Some(url.clone());
        }
    }

    fn check(&self) -> Result<(), ConfigError> {
        let refuse =
            |setting, reason: &str| Err(ConfigError::NotAllowed { setting, reason: reason.to_owned() });
        if self.passwords.iterations < MIN_ITERATIONS {
            return refuse("passwords.iterations", "600000 is the least");
        }
        if self.passwords.min_length < 15 {
            return refuse("passwords.min_length", "15 is the least");
        }
        if !(1..=MAX_LEASE_DAYS).contains(&self.leases.days) {
            return refuse("leases.days", "1 to 30 days");
        }
        if let Some(url) = &self.base_url
            && let Err(reason) = check_base_url(url)
        {
            return refuse("base_url", reason);
        }
        if self.mail.transport == MailTransport::Smtp
            && self.mail.tls == MailTls::None
            && !is_loopback(&self.mail.host)
        {
            return refuse("mail.tls", "only a server on this machine may be reached in clear");
        }
        if self.mail.from.parse::<lettre::message::Mailbox>().is_err() {
            return refuse("mail.from", "write it as: Name <user@example.org>");
        }
        if self.mail.tries == 0 {
            return refuse("mail.tries", "1 is the least");
        }
        if self.limits.hash_queue == 0 || self.limits.account_burst == 0 || self.limits.mail_burst == 0 {
            return refuse("limits", "bursts and queues need at least 1");
        }
        // A request that computes must be able to say so in time.
        if !(1..self.limits.answer_s).contains(&self.limits.compute_s) {
            return refuse("limits.compute_s", "1 second at least, and less than limits.answer_s");
        }
        if self.limits.address_burst == 0
            || self.limits.credential_burst == 0
            || self.limits.mailbox_burst == 0
        {
            return refuse("limits", "bursts and queues need at least 1");
        }
        Ok(())
    }

    /// The file of the instance key.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.instance_key_file.clone().unwrap_or_else(|| self.data_dir.join("instance.key"))
    }

    /// The folder of the sealed objects.
    #[must_use]
    pub fn objects_dir(&self) -> PathBuf {
        self.data_dir.join("objects")
    }

    /// The folder of the mailbox transport.
    #[must_use]
    pub fn mailbox_dir(&self) -> PathBuf {
        self.mail.folder.clone().unwrap_or_else(|| self.data_dir.join("mailbox"))
    }

    /// The file of the embedded database.
    #[must_use]
    pub fn sqlite_file(&self) -> PathBuf {
        self.data_dir.join("portal.sqlite")
    }
}

/// Puts one `PLAYSHEET_*` variable into the table. Variables whose first word is no setting of the portal belong
/// to other programs and are passed over.
fn apply_variable(table: &mut toml::Table, name: &str, value: &str) {
    const TOP: [&str; 13] = [
        "name",
        "listen",
        "base_url",
        "data_dir",
        "database_url",
        "instance_key_file",
        "trust_forwarded_for",
        "min_player",
        "mail",
        "limits",
        "passwords",
        "links",
        "leases",
    ];
    let Some(path) = name.strip_prefix("PLAYSHEET_") else { return };
    let path = path.to_ascii_lowercase();
    let (first, second) = match path.split_once("__") {
        Some((first, second)) => (first, Some(second)),
        None => (path.as_str(), None),
    };
    if !TOP.contains(&first) {
        return;
    }
    let value = parse_variable(value);
    match second {
        None => {
            table.insert(first.to_owned(), value);
        }
        Some(second) => {
            let section = table.entry(first).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            if let toml::Value::Table(section) = section {
                section.insert(second.to_owned(), value);
            }
        }
    }
}

/// Numbers and booleans are taken as such, everything else is text.
fn parse_variable(value: &str) -> toml::Value {
    if let Ok(number) = value.parse::<i64>() {
        return toml::Value::Integer(number);
    }
    match value {
        "true" => toml::Value::Boolean(true),
        "false" => toml::Value::Boolean(false),
        text => toml::Value::String(text.to_owned()),
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn check_base_url(url: &Url) -> Result<(), &'static str> {
    let host = url.host_str().ok_or("it needs a host")?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(host) => {}
        _ => return Err("it starts with https:// (http:// on this machine only)"),
    }
    let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if plain && url.username().is_empty() && url.password().is_none() {
        Ok(())
    } else {
        Err("it is scheme, host and port alone")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portal.toml");
        std::fs::write(&path, file).unwrap();
        let variables = variables.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        Config::load(Some(&path), variables, &Overrides::default())
    }

    #[test]
    fn variables_win_over_the_file() {
        let file = "listen = \"127.0.0.1:9000\"\n[mail]\nhost = \"a.example\"\n";
        let config =
            load(file, &[("PLAYSHEET_LISTEN", "127.0.0.1:9001"), ("PLAYSHEET_MAIL__PORT", "26")]).unwrap();
        assert_eq!(config.listen.port(), 9001);
        assert_eq!((config.mail.host.as_str(), config.mail.port), ("a.example", 26));
    }

    #[test]
    fn variables_of_other_programs_are_passed_over() {
        assert!(load("", &[("PLAYSHEET_CORPUS", "/somewhere"), ("PATH", "/bin")]).is_ok());
    }

    #[test]
    fn each_bad_setting_is_named() {
        let cases = [
            ("passwords.iterations = 599999", "passwords.iterations"),
            ("passwords.min_length = 8", "passwords.min_length"),
            ("leases.days = 31", "leases.days"),
            ("leases.days = 0", "leases.days"),
            ("base_url = \"http://portal.example\"", "base_url"),
            ("base_url = \"https://portal.example/sub\"", "base_url"),
            ("mail.from = \"nobody\"", "mail.from"),
            ("mail.transport = \"smtp\"\nmail.host = \"mail.example\"\nmail.tls = \"none\"", "mail.tls"),
            ("lisen = \"127.0.0.1:1\"", "lisen"),
            ("limits.hash_queue = 0", "limits"),
            ("limits.compute_s = 0", "limits.compute_s"),
            ("limits.compute_s = 30", "limits.compute_s"),
        ];
        for (file, named) in cases {
            let error = load(file, &[]).unwrap_err().to_string();
            assert!(error.contains(named), "{file}: {error}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let file = "database_url = \"postgres://u:topsecret@db/x\"\nmail.password = \"topsecret\"";
        let shown = format!("{:?}", load(file, &[]).unwrap());
        assert!(!shown.contains("topsecret"), "{shown}");
    }
}
