//! A browser, driven through chromedriver by the WebDriver protocol: JSON over HTTP.
//!
//! Finding waits: every element has as long to appear as the browser was told at the start, so that no test needs to
//! know when a page is ready.

use crate::programs::{Running, is_installed};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use tokio::runtime::Runtime;

/// The name under which the protocol passes elements on.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long an element may take to appear.
const PATIENCE: Duration = Duration::from_secs(30);
/// The browser under its names.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A browser with one window, without a screen, with a profile of its own.
pub struct Browser {
    client: reqwest::Client,
    runtime: Runtime,
    session: String,
    _driver: Running,
    _profile: tempfile::TempDir,
}

/// Something on the page.
#[derive(Clone, Debug)]
pub struct Element(String);

impl Browser {
    /// What a browser needs and this machine does not have.
    pub fn missing() -> Vec<&'static str> {
        let mut missing = Vec::new();
        if !BROWSERS.iter().any(|name| is_installed(name)) {
            missing.push("chromium");
        }
        if !is_installed("chromedriver") {
            missing.push("chromedriver");
        }
        missing
    }

    /// Starts a browser with a window of this size in CSS pixels.
    ///
    /// # Errors
    /// Where driver or browser do not start.
    pub fn start(width: u32, height: u32) -> Result<Browser> {
        let profile = tempfile::tempdir()?;
        let (driver, port) = start_driver(profile.path())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let client = demo::portal::http_client()?;
        let data = profile.path().join("profile");
        let options = json!({
            "binary": BROWSERS.iter().find(|name| is_installed(name)).and_then(|name| whole_path(name)),
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--disable-background-networking", "--no-first-run", "--lang=en-US",
                format!("--window-size={width},{height}"), format!("--user-data-dir={}", data.display()),
            ],
        });
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options,
            "timeouts": { "implicit": PATIENCE.as_millis() as u64, "pageLoad": 60_000 },
        } } });
        let base = format!("http://127.0.0.1:{port}/session");
        let answer = runtime.block_on(call(client.post(&base).json(&wanted)))?;
        let id = answer["sessionId"].as_str().context("the driver gives no session")?.to_owned();
        Ok(Browser { client, runtime, session: format!("{base}/{id}"), _driver: driver, _profile: profile })
    }

    /// Goes to an address.
    ///
    /// # Errors
    /// Where the page does not load.
    pub fn go(&self, address: &str) -> Result<()> {
        self.post("url", &json!({ "url": address })).map(drop)
    }

    /// The address of the page.
    ///
    /// # Errors
    /// Where the browser does not answer.
    pub fn address(&self) -> Result<String> {
        Ok(self.get("url")?.as_str().unwrap_or_default().to_owned())
    }

    /// The title of the page.
    ///
    /// # Errors
    /// Where the browser does not answer.
    pub fn title(&self) -> Result<String> {
        Ok(self.get("title")?.as_str().unwrap_or_default().to_owned())
    }

    /// The first element that a CSS selector finds; waits for it.
    ///
    /// # Errors
    /// Where it does not appear; the error shows the page's text.
    pub fn find(&self, selector: &str) -> Result<Element> {
        self.find_by("css selector", selector)
    }

    /// The button or link with this text; waits for it.
    ///
    /// # Errors
    /// As [`Browser::find`].
    pub fn find_control(&self, text: &str) -> Result<Element> {
        if text.contains('"') {
            bail!("a text with quotes cannot be looked for");
        }
        let path = format!("//*[self::a or self::button or @role=\"button\"][normalize-space(.)=\"{text}\"]");
        self.find_by("xpath", &path)
    }

    /// The field under this label; waits for it.
    ///
    /// # Errors
    /// As [`Browser::find`].
    pub fn find_field(&self, label: &str) -> Result<Element> {
        if label.contains('"') {
            bail!("a label with quotes cannot be looked for");
        }
        let named = format!("//label[normalize-space(text()[1])=\"{label}\"]");
        let path =
            format!("({named}//input | //input[@id={named}/@for] | //input[@aria-label=\"{label}\"])[1]");
        self.find_by("xpath", &path)
    }

    fn find_by(&self, using: &str, value: &str) -> Result<Element> {
        let found = self.post("element", &json!({ "using": using, "value": value }));
        let found = found.with_context(|| {
            let page = self.text().unwrap_or_default();
            format!("{value} is not on the page {}: {page}", self.address().unwrap_or_default())
        })?;
        Ok(Element(found[ELEMENT].as_str().context("the driver names no element")?.to_owned()))
    }

    /// Clicks.
    ///
    /// # Errors
    /// Where it cannot be clicked.
    pub fn click(&self, element: &Element) -> Result<()> {
        self.post(&format!("element/{}/click", element.0), &json!({})).map(drop)
    }

    /// Types into a field; into a field for files, the file's path.
    ///
    /// # Errors
    /// Where nothing can be typed there.
    pub fn write(&self, element: &Element, text: &str) -> Result<()> {
        self.post(&format!("element/{}/value", element.0), &json!({ "text": text })).map(drop)
    }

    /// Puts a text in the place of what a field holds, and leaves the field, as a person does.
    ///
    /// # Errors
    /// Where nothing can be typed there.
    pub fn fill(&self, field: &Element, text: &str) -> Result<()> {
        // The protocol's own keys: Control and A, which ends with the null key, then Tab.
        self.write(field, &format!("\u{e009}a\u{e000}{text}\u{e004}"))
    }

    /// All text that can be seen on the page.
    ///
    /// # Errors
    /// Where there is no page.
    pub fn text(&self) -> Result<String> {
        let text =
            self.post("execute/sync", &json!({ "script": "return document.body.innerText", "args": [] }))?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the page shows this text.
    ///
    /// # Errors
    /// Where it does not; the error shows what it shows instead.
    pub fn shows(&self, text: &str) -> Result<()> {
        let shown = crate::until(&format!("the text {text:?}"), PATIENCE, || {
            // Between two pages there is none to ask.
            Ok(self.text().is_ok_and(|shown| shown.contains(text)).then_some(()))
        });
        shown.with_context(|| format!("the page shows {:?}", self.text().unwrap_or_default()))
    }

    fn get(&self, path: &str) -> Result<Value> {
        self.runtime.block_on(call(self.client.get(format!("{}/{path}", self.session))))
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self.client.post(format!("{}/{path}", self.session)).json(body);
        self.runtime.block_on(call(request))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends its browser with the session; killed alone it would leave the browser behind.
        let _ = self.runtime.block_on(call(self.client.delete(&self.session)));
    }
}

/// Sends a command and gives the `value` of the answer.
async fn call(request: reqwest::RequestBuilder) -> Result<Value> {
    let answer = request.send().await.context("the driver does not answer")?;
    let good = answer.status().is_success();
    let mut body: Value = answer.json().await.context("the driver answers no JSON")?;
    let value = body["value"].take();
    if !good {
        let word = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        bail!("{}: {}", word("error"), word("message").lines().next().unwrap_or_default());
    }
    Ok(value)
}

/// Starts the driver on a free port, which it says.
fn start_driver(home: &Path) -> Result<(Running, u16)> {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        // The browser keeps what it wants to keep in the test's folder.
        .env("HOME", home)
        .env_remove("DISPLAY")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("chromedriver cannot be started")?;
    let stdout = driver.stdout.take().context("chromedriver has no output")?;
    let driver = Running(driver);
    let mut lines = BufReader::new(stdout).lines();
    for line in lines.by_ref() {
        if let Some((_, port)) = line?.split_once("started successfully on port ") {
            let port = port.trim().trim_end_matches('.').parse()?;
            // Read on, so that the driver never waits for a reader.
            std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
            return Ok((driver, port));
        }
    }
    bail!("chromedriver ended without saying its port")
}

fn whole_path(name: &str) -> Option<String> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())?;
    Some(found.to_string_lossy().into_owned())
}
