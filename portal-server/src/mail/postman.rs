//! Carries one written letter away: into a mailbox folder, or to an SMTP server.

use std::path::PathBuf;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
    transport::smtp::authentication::Credentials,
};
use secrecy::ExposeSecret;
use thiserror::Error;
use uuid::Uuid;

use super::letters::Written;
use crate::{
    config::{Config, MailConfig, MailTls, MailTransport},
    domain::EmailAddress,
    files::make_private_folder,
};

/// Why a letter was not carried away. Texts of servers are left out: they may repeat the mail.
#[derive(Debug, Error)]
pub enum PostError {
    /// The letter cannot be made into a mail.
    #[error("the mail cannot be made: {0}")]
    Unwritable(String),
    /// The server refused it for good.
    #[error("the mail server refused the mail")]
    Refused,
    /// The server could not be reached or wants it later.
    #[error("the mail server did not take the mail")]
    NotTaken,
    /// The folder cannot be written.
    #[error("the mailbox folder cannot be written: {0}")]
    Folder(#[from] std::io::Error),
    /// The settings of the server make no connection.
    #[error("the settings of the mail server are not valid: {0}")]
    Settings(String),
}

enum Way {
    Folder(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

/// Carries letters away.
pub struct Postman {
    from: Mailbox,
    way: Way,
}

impl Postman {
    /// The postman of a configuration.
    ///
    /// # Errors
    /// When the mailbox folder cannot be made or the server's settings are not valid.
    pub fn new(config: &Config) -> Result<Self, PostError> {
        let from = config.mail.from.parse().map_err(|_| PostError::Settings("the sender".to_owned()))?;
        let way = match config.mail.transport {
            MailTransport::Mailbox => {
                let folder = config.mailbox_dir();
                make_private_folder(&folder)?;
                Way::Folder(folder)
            }
            MailTransport::Smtp => Way::Smtp(smtp(&config.mail)?),
        };
        Ok(Self { from, way })
    }

    /// Carries one letter away.
    ///
    /// # Errors
    /// When it was not taken.
    pub async fn carry(&self, to: &EmailAddress, letter: &Written, now_ms: i64) -> Result<(), PostError> {
        let unwritable = |error: String| PostError::Unwritable(error);
        let address = to.as_str().parse().map_err(|_| unwritable("the address".to_owned()))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(&letter.subject)
            .message_id(None)
            .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
            .map_err(|error| unwritable(error.to_string()))?;
        match &self.way {
            Way::Folder(folder) => {
                // The time first, so that a folder lists mails in their order; renamed, so that no half mail is seen.
                let name = format!("{now_ms:015}-{}.eml", Uuid::new_v4().simple());
                let draft = folder.join(format!(".{name}.part"));
                tokio::fs::write(&draft, message.formatted()).await?;
                tokio::fs::rename(&draft, folder.join(name)).await?;
                Ok(())
            }
            Way::Smtp(server) => match server.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(PostError::Refused),
                Err(_) => Err(PostError::NotTaken),
            },
        }
    }
}

fn smtp(mail: &MailConfig) -> Result<AsyncSmtpTransport<Tokio1Executor>, PostError> {
    let settings = |error: lettre::transport::smtp::Error| PostError::Settings(error.to_string());
    let mut builder = match mail.tls {
        MailTls::Starttls => {
            AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&mail.host).map_err(settings)?
        }
        MailTls::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(&mail.host).map_err(settings)?,
        MailTls::None => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&mail.host),
    };
    builder = builder.port(mail.port).timeout(Some(std::time::Duration::from_secs(30)));
    if let (Some(user), Some(password)) = (&mail.user, &mail.password) {
        builder = builder.credentials(Credentials::new(user.clone(), password.expose_secret().to_owned()));
    }
    Ok(builder.build())
}
