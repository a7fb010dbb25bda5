//! The portal: a process of its own, and a client of its public interface.

use crate::apps::Example;
use crate::folder::{Folder, Published};
use anyhow::{Context, Result, bail};
use portal_api::{AppSummary, NewInvitation, Registration, Role, SignIn, SignedIn};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// The port that is tried first, so that the address is the same from run to run.
const USUAL_PORT: u16 = 8350;

/// A running portal. It is stopped when this is dropped.
pub struct Portal {
    process: Child,
    pub address: String,
    pub mailbox: PathBuf,
    client: Client,
}

impl Portal {
    /// Starts the portal on its usual port, or on a free one where that is taken.
    pub fn start(folder: &Folder) -> Result<Portal> {
        let usual_is_free = std::net::TcpListener::bind(("127.0.0.1", USUAL_PORT)).is_ok();
        let port = if usual_is_free { USUAL_PORT } else { 0 };
        let data = folder.join("portal");
        let mut process = Command::new(std::env::current_exe()?)
            .arg("portal")
            .arg("--data")
            .arg(&data)
            .args(["serve", "--port", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(folder.join("portal.log"))?)
            .spawn()
            .context("the portal cannot be started")?;
        let Some(stdout) = process.stdout.take() else { bail!("the portal has no output") };
        let (tell, told) = mpsc::channel();
        // The pipe is read to its end, so that the portal never waits for somebody to read.
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(std::result::Result::ok) {
                if let Some(address) = line.strip_prefix("listening ") {
                    let _ = tell.send(address.trim().to_owned());
                }
            }
        });
        let Ok(address) = told.recv_timeout(Duration::from_secs(60)) else {
            let _ = process.kill();
            bail!("the portal did not start; {} says why", folder.join("portal.log").display());
        };
        Ok(Portal { process, address, mailbox: data.join("mailbox"), client: client()? })
    }

    /// Stops the portal as a power cut would: it gets no chance to prepare for it.
    pub fn stop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/v1/{path}", self.address.trim_end_matches('/'))
    }

    /// Makes an account and confirms it by the link in its letter. An account that is there already is fine.
    pub async fn register(&self, email: &str, name: &str, password: &str) -> Result<()> {
        let before = crate::mailbox::seen(&self.mailbox);
        let body = Registration { email: email.into(), password: password.into(), name: name.into() };
        expect(self.client.post(self.url("accounts")).json(&body), "register").await?;
        let token = crate::mailbox::wait_for_token(&self.mailbox, &before, email).await?;
        let body = serde_json::json!({ "token": token });
        expect(self.client.post(self.url("accounts/confirm")).json(&body), "confirm the address").await?;
        Ok(())
    }

    /// Signs in; `None` where there is no such account.
    pub async fn sign_in(&self, email: &str, password: &str) -> Result<Option<SignedIn>> {
        let device = portal_api::DeviceDescription { name: "demo".into(), platform: "playsheet-demo".into() };
        let body = SignIn { email: email.into(), password: password.into(), device };
        let answer = self.client.post(self.url("sessions")).json(&body).send().await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            return Ok(None);
        }
        Ok(Some(checked(answer, "sign in").await?.json().await?))
    }

    /// Publishes an example, or updates it where it changed since; gives what is published now and whether it was new.
    pub async fn publish(
        &self,
        who: &SignedIn,
        example: &Example,
        before: Option<&Published>,
    ) -> Result<(Published, bool)> {
        let content = example.content();
        if let Some(before) = before.filter(|before| before.content == content) {
            return Ok((before.clone(), false));
        }
        let spreadsheet = Part::bytes(example.spreadsheet).file_name(format!("{}.xlsx", example.name));
        let form = Form::new().text("definition", example.definition).part("spreadsheet", spreadsheet);
        let request = self.client.post(self.url("apps")).multipart(form);
        let answer = expect(request.bearer_auth(&who.tokens.access_token), "publish").await;
        let app: AppSummary = answer.with_context(|| format!("publishing {}", example.name))?.json().await?;
        Ok((Published { app: app.id.to_string(), content }, true))
    }

    /// Invites somebody to an app and gives the token of the letter.
    pub async fn invite(&self, who: &SignedIn, app: &str, email: &str) -> Result<String> {
        let before = crate::mailbox::seen(&self.mailbox);
        let body = NewInvitation { email: email.into(), role: Role::Viewer };
        let request = self.client.post(self.url(&format!("apps/{app}/invitations"))).json(&body);
        expect(request.bearer_auth(&who.tokens.access_token), "invite").await?;
        crate::mailbox::wait_for_token(&self.mailbox, &before, email).await
    }

    /// Accepts an invitation.
    pub async fn accept(&self, who: &SignedIn, token: &str) -> Result<()> {
        let body = serde_json::json!({ "token": token });
        let request = self.client.post(self.url("invitations/accept")).json(&body);
        expect(request.bearer_auth(&who.tokens.access_token), "accept the invitation").await?;
        Ok(())
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        self.stop();
    }
}

fn client() -> Result<Client> {
    // Fails only where another part of the program chose first, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().timeout(Duration::from_secs(60)).build().context("no HTTP client")
}

async fn expect(request: RequestBuilder, what: &str) -> Result<Response> {
    let answer = request.send().await.with_context(|| format!("the portal did not answer: {what}"))?;
    checked(answer, what).await
}

async fn checked(answer: Response, what: &str) -> Result<Response> {
    if answer.status().is_success() {
        return Ok(answer);
    }
    let status = answer.status();
    bail!("the portal refused to {what}: {status} {}", answer.text().await.unwrap_or_default())
}
