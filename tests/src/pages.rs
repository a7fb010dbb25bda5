//! What people do on the portal's pages, step by step, in a browser.

use crate::stage::PASSWORD;
use crate::webdriver::Browser;
use crate::{Stage, lacks};
use anyhow::Result;

/// A browser, or nothing where the machine has none, which is said.
///
/// # Errors
/// Where it does not start, or should be there and is not.
pub fn browser() -> Result<Option<Browser>> {
    if lacks(&Browser::missing())? { Ok(None) } else { Browser::start(1280, 900).map(Some) }
}

/// Fills the page's sign-in form and sends it.
///
/// # Errors
/// Where there is no such form.
pub fn sign_in(browser: &Browser, email: &str, password: &str) -> Result<()> {
    browser.fill(&browser.find_field("Mail address")?, email)?;
    browser.write(&browser.find_field("Password")?, password)?;
    browser.click(&browser.find("form[action=\"/sign-in\"] button")?)
}

/// Makes an account, confirms its address by the mailed link, and signs in.
///
/// # Errors
/// Where a page does not come, or no letter.
pub fn sign_up(browser: &Browser, stage: &Stage, name: &str, email: &str) -> Result<()> {
    browser.go(&format!("{}/sign-up", stage.portal.address))?;
    let link = mailed(stage, email, || {
        browser.write(&browser.find_field("Name")?, name)?;
        browser.write(&browser.find_field("Mail address")?, email)?;
        browser.write(&browser.find("input[type=password]")?, PASSWORD)?;
        browser.click(&browser.find_control("Create account")?)?;
        browser.shows("Look into your mailbox")
    })?;
    browser.go(&link)?;
    browser.click(&browser.find_control("Confirm address")?)?;
    browser.shows(&format!("{email} is confirmed."))?;
    browser.click(&browser.find_control("Sign in")?)?;
    sign_in(browser, email, PASSWORD)?;
    browser.shows("Create an app")
}

/// The link in the next letter to somebody, after something was done that causes one.
///
/// # Errors
/// Where it could not be done, or no letter comes.
pub fn mailed(stage: &Stage, to: &str, cause: impl FnOnce() -> Result<()>) -> Result<String> {
    let before = demo::mailbox::seen(&stage.portal.mailbox);
    cause()?;
    stage.wait(demo::mailbox::wait_for_link(&stage.portal.mailbox, &before, to))
}
