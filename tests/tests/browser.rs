//! The portal's pages in a real browser: from the mailed link to an app on a player, and from a spreadsheet to a
//! shared app.

use anyhow::{Context, Result};
use playsheet_tests::stage::{CONSUMER, CREATOR, PASSWORD, example, example_file};
use playsheet_tests::webdriver::Browser;
use playsheet_tests::{Player, Stage};
use portal_api::SignedIn;

/// The browser, or nothing where the machine has none, which is said.
fn browser() -> Result<Option<Browser>> {
    let missing = Browser::missing();
    if !missing.is_empty() {
        println!("skipped: this machine has no {}", missing.join(", no "));
        return Ok(None);
    }
    Browser::start(1280, 900).map(Some)
}

/// Fills the page's sign-in form.
fn sign_in(browser: &Browser, email: &str, password: &str) -> Result<()> {
    browser.write(&browser.find_field("Mail address")?, email)?;
    browser.write(&browser.find_field("Password")?, password)?;
    browser.click(&browser.find("form[action=\"/sign-in\"] button")?)
}

/// The link in the next letter to somebody, after something was done that causes one.
fn mailed(stage: &Stage, to: &str, cause: impl FnOnce() -> Result<()>) -> Result<String> {
    let before = demo::mailbox::seen(&stage.portal.mailbox);
    cause()?;
    stage.wait(demo::mailbox::wait_for_link(&stage.portal.mailbox, &before, to))
}

/// Syncs a player of the consumer and runs the app that came.
fn run_on_player(stage: &Stage, app: &str) -> Result<String> {
    let player: Player = stage.player(&stage.portal.address)?;
    player.run(&["sync"])?.ended(0)?;
    Ok(player.run(&["run", app, "--set", "Body height=172", "--set", "Body weight=80"])?.ended(0)?.stdout)
}

#[test]
fn an_invitation_is_accepted_in_the_browser() -> Result<()> {
    let Some(browser) = browser()? else { return Ok(()) };
    let stage = Stage::new()?;
    let creator = stage.person(CREATOR)?;
    stage.person(CONSUMER)?;
    let app = stage.wait(stage.portal.publish(&creator, example("bmi")?))?;
    let invite = stage.wait(stage.portal.invite(&creator, &app.id.to_string(), CONSUMER))?;

    // Who is not signed in is led to signing in, a wrong password stays there, and the way leads back.
    browser.go(&format!("{}/links/invite?token={invite}", stage.portal.address))?;
    browser.click(&browser.find_control("Sign in")?)?;
    sign_in(&browser, CONSUMER, "seven purple elephants on a tricycle")?;
    browser.find("[role=alert]")?;
    sign_in(&browser, CONSUMER, PASSWORD)?;
    browser.shows(&format!("You are signed in as {CONSUMER}."))?;
    browser.click(&browser.find_control("Accept invitation")?)?;
    browser.shows("You have the app Body mass index now.")?;
    browser.go(&format!("{}/links/invite?token={invite}", stage.portal.address))?;
    browser.shows("This link was used before.")?;

    let view = run_on_player(&stage, "Body mass index")?;
    assert!(view.contains("Body mass index = 27.0 kg/m²"), "{view}");
    Ok(())
}

#[test]
fn a_spreadsheet_becomes_a_shared_app_in_the_browser() -> Result<()> {
    let Some(browser) = browser()? else { return Ok(()) };
    let stage = Stage::new()?;
    sign_up(&browser, &stage)?;

    // The upload becomes a proposal with its reasons.
    browser.go(&format!("{}/create", stage.portal.address))?;
    let file = example_file("bmi.xlsx").canonicalize()?;
    let file = file.to_str().context("a folder with a strange name")?;
    browser.write(&browser.find("input[type=file]")?, file)?;
    browser.shows("The spreadsheet suggests an app with")?;
    browser.shows("Body height")?;

    // The preview computes with the spreadsheet's own formulas.
    browser.click(&browser.find_control("Adjust")?)?;
    browser.find("#preview")?;
    browser.shows("23.5")?;
    let field = browser.find("#preview input[value=\"178\"]:not([type=hidden]):not([type=range])")?;
    browser.fill(&field, "172")?;
    browser.shows("25.2")?;

    // Checked, named, published.
    browser.click(&browser.find_control("Check")?)?;
    browser.shows("The definition is valid and holds no data of the spreadsheet.")?;
    browser.click(&browser.find_control("Publish")?)?;
    let name = browser.find_field("Name")?;
    browser.fill(&name, "Fit or not")?;
    browser.click(&browser.find_control("Publish app")?)?;

    // The app's page: somebody is invited, and has the app on a player, with the portal stopped.
    browser.shows("Invite somebody")?;
    let consumer: SignedIn = stage.person(CONSUMER)?;
    let link = mailed(&stage, CONSUMER, || {
        browser.write(&browser.find_field("Invite somebody")?, CONSUMER)?;
        browser.click(&browser.find_control("Send invitation")?)?;
        browser.shows("not accepted yet")
    })?;
    let token = demo::mailbox::token_of(&link).context("the link has no token")?;
    stage.wait(stage.portal.accept(&consumer, &token))?;
    let view = run_on_player(&stage, "Fit or not")?;
    assert!(view.contains("Body mass index = 27.0"), "{view}");
    Ok(())
}

/// Makes the creator's account, confirms its address by the mailed link, and signs in.
fn sign_up(browser: &Browser, stage: &Stage) -> Result<()> {
    browser.go(&format!("{}/sign-up", stage.portal.address))?;
    let link = mailed(stage, CREATOR, || {
        browser.write(&browser.find_field("Name")?, "Clara Creator")?;
        browser.write(&browser.find_field("Mail address")?, CREATOR)?;
        browser.write(&browser.find("input[type=password]")?, PASSWORD)?;
        browser.click(&browser.find_control("Create account")?)?;
        browser.shows("Look into your mailbox")
    })?;
    browser.go(&link)?;
    browser.click(&browser.find_control("Confirm address")?)?;
    browser.shows(&format!("{CREATOR} is confirmed."))?;
    browser.click(&browser.find_control("Sign in")?)?;
    sign_in(browser, CREATOR, PASSWORD)?;
    browser.shows("Create an app")
}
