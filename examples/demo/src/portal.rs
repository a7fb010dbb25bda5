//! The portal: a process of its own, and a client of its public interface.

use crate::apps::Example;
use crate::mailbox;
use anyhow::{Context, Result, bail};
use portal_api::{AppSummary, LinkToken, NewInvitation, Registration, Role, SignIn, SignedIn};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A running portal. It is stopped when this is dropped.
pub struct Portal {
    process: Child,
    /// Where it listens, `http://127.0.0.1:8350`.
    pub address: String,
    /// The folder that it puts letters into, where no mail server is configured.
    pub mailbox: PathBuf,
    client: Client,
}

impl Portal {
    /// Starts a portal. `program` is its command line up to the word `serve`; `data` its folder; what it logs goes to
    /// `log`. Port 0 takes a free one.
    ///
    /// # Errors
    /// Where it cannot be started or does not say within a minute where it listens.
    pub fn start(mut program: Command, data: &Path, port: u16, log: &Path) -> Result<Portal> {
        let mut process = program
            .arg("--data")
            .arg(data)
            .args(["serve", "--port", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(log)?)
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
            let _ = process.wait();
            bail!("the portal did not start; {} says why", log.display());
        };
        Ok(Portal { process, address, mailbox: data.join("mailbox"), client: http_client()? })
    }

    /// The port it listens on; 0 where its address has none.
    pub fn port(&self) -> u16 {
        self.address.rsplit(':').next().and_then(|port| port.trim_end_matches('/').parse().ok()).unwrap_or(0)
    }

    /// Stops the portal as a power cut would: it gets no chance to prepare for it.
    pub fn stop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// The client that the portal is asked with.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The address of a route of the interface, such as `apps`.
    pub fn url(&self, path: &str) -> String {
        format!("{}/api/v1/{path}", self.address.trim_end_matches('/'))
    }

    /// Makes an account and confirms it by the link in its letter, which must come into the mailbox folder.
    ///
    /// # Errors
    /// Where the portal refuses or no letter comes.
    pub async fn register(&self, email: &str, name: &str, password: &str) -> Result<()> {
        let before = mailbox::seen(&self.mailbox);
        let body = Registration { email: email.into(), password: password.into(), name: name.into() };
        expect(self.client.post(self.url("accounts")).json(&body), "register").await?;
        let token = self.token_in_mail(&before, email).await?;
        let body = LinkToken { token };
        expect(self.client.post(self.url("accounts/confirm")).json(&body), "confirm the address").await?;
        Ok(())
    }

    async fn token_in_mail(&self, before: &BTreeSet<PathBuf>, to: &str) -> Result<String> {
        let link = mailbox::wait_for_link(&self.mailbox, before, to).await?;
        mailbox::token_of(&link).with_context(|| format!("the link in the letter to {to} has no token"))
    }

    /// Signs in; `None` where there is no such account or the password is wrong.
    ///
    /// # Errors
    /// Where the portal does not answer or refuses for another reason.
    pub async fn sign_in(&self, email: &str, password: &str) -> Result<Option<SignedIn>> {
        let device = portal_api::DeviceDescription { name: "demo".into(), platform: "playsheet-demo".into() };
        let body = SignIn { email: email.into(), password: password.into(), device };
        let answer = self.client.post(self.url("sessions")).json(&body).send().await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            return Ok(None);
        }
        Ok(Some(checked(answer, "sign in").await?.json().await?))
    }

    /// Publishes an example as a new app.
    ///
    /// # Errors
    /// Where the portal refuses.
    pub async fn publish(&self, who: &SignedIn, example: &Example) -> Result<AppSummary> {
        let spreadsheet = Part::bytes(example.spreadsheet).file_name(format!("{}.xlsx", example.name));
        let form = Form::new().text("definition", example.definition).part("spreadsheet", spreadsheet);
        let request = self.client.post(self.url("apps")).multipart(form);
        let answer = expect(request.bearer_auth(&who.tokens.access_token), "publish").await;
        Ok(answer.with_context(|| format!("publishing {}", example.name))?.json().await?)
    }

    /// Publishes another spreadsheet of an app, an .xlsx file.
    ///
    /// # Errors
    /// Where the portal refuses.
    pub async fn update_spreadsheet(&self, who: &SignedIn, app: &str, spreadsheet: Vec<u8>) -> Result<()> {
        let route = self.url(&format!("apps/{app}/spreadsheet?name=update.xlsx"));
        let request = self.client.put(route).body(spreadsheet).bearer_auth(&who.tokens.access_token);
        expect(request, "publish another spreadsheet").await?;
        Ok(())
    }

    /// Withdraws an app from everybody.
    ///
    /// # Errors
    /// Where the portal refuses.
    pub async fn withdraw(&self, who: &SignedIn, app: &str) -> Result<()> {
        let request = self.client.delete(self.url(&format!("apps/{app}")));
        expect(request.bearer_auth(&who.tokens.access_token), "withdraw the app").await?;
        Ok(())
    }

    /// Invites somebody to an app and gives the token of the letter.
    ///
    /// # Errors
    /// Where the portal refuses or no letter comes.
    pub async fn invite(&self, who: &SignedIn, app: &str, email: &str) -> Result<String> {
        let before = mailbox::seen(&self.mailbox);
        let body = NewInvitation { email: email.into(), role: Role::Viewer };
        let request = self.client.post(self.url(&format!("apps/{app}/invitations"))).json(&body);
        expect(request.bearer_auth(&who.tokens.access_token), "invite").await?;
        self.token_in_mail(&before, email).await
    }

    /// Accepts an invitation.
    ///
    /// # Errors
    /// Where the portal refuses.
    pub async fn accept(&self, who: &SignedIn, token: &str) -> Result<()> {
        let body = LinkToken { token: token.into() };
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

/// A client for servers on this computer.
///
/// # Errors
/// Where the system gives no TLS configuration.
pub fn http_client() -> Result<Client> {
    // Fails only where another part of the program chose first, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().context("no HTTP client")
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
