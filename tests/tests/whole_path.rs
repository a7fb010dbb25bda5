//! The whole path once, with everything real: mail server, browser, portal, the player's command line and window.
//!
//! A spreadsheet becomes an app on the portal's pages, comes to a colleague by mail, runs in the colleague's window
//! while the portal is dead, and is gone after it was withdrawn.

use anyhow::{Context, Result};
use playsheet_tests::display::{Display, Picture};
use playsheet_tests::player::input;
use playsheet_tests::smtp::{MailServer, python_or_skip};
use playsheet_tests::stage::{CONSUMER, CREATOR, PASSWORD, example_file};
use playsheet_tests::webdriver::Browser;
use playsheet_tests::window::{Part, Window};
use playsheet_tests::{Player, Stage, lacks, pages, until};
use std::time::Duration;

/// The app's name, which the creator gives it.
const APP: &str = "Fit or not";
/// Left of an app, the window has its navigation.
const RAIL: usize = 72;
/// Where the app's results stand in that window: below the headline, which tells a change in the window alone.
const RESULTS: Part = Part { left: RAIL + 410, top: 205 };
/// How long they may take to follow what was typed.
const FOLLOWING: Duration = Duration::from_secs(1);

#[test]
fn a_spreadsheet_becomes_an_app_on_a_colleagues_computer() -> Result<()> {
    let Some(python) = python_or_skip()? else { return Ok(()) };
    let (Some(clara), Some(carl)) = (pages::browser()?, pages::browser()?) else { return Ok(()) };
    if lacks(&Display::missing())? {
        return Ok(());
    }
    let letters = tempfile::tempdir()?;
    let mail = MailServer::start(&python, letters.path())?;
    let mut stage = Stage::with_settings(&mail.settings())?;
    stage.portal.mailbox.clone_from(&mail.letters);

    pages::sign_up(&clara, &stage, "Clara Creator", CREATOR)?;
    publish(&clara, &stage)?;
    let page = clara.address()?;
    let link = pages::mailed(&stage, CONSUMER, || {
        clara.write(&clara.find_field("Invite somebody")?, CONSUMER)?;
        clara.click(&clara.find_control("Send invitation")?)?;
        clara.shows("not accepted yet")
    })?;
    pages::sign_up(&carl, &stage, "Carl Consumer", CONSUMER)?;
    carl.go(&link)?;
    carl.click(&carl.find_control("Accept invitation")?)?;
    carl.shows(&format!("You have the app {APP} now."))?;

    let carls = Player::new(stage.folder().join("player"));
    let mut command = carls.command(&[])?;
    let window = Window::open(&mut command, stage.folder(), carls.data(), &input(None))?;
    sign_in(&window, &carls, &stage.portal.address)?;
    let run = || carls.run(&["run", APP, "--set", "Body height=172", "--set", "Body weight=80"]);

    // What is new says so until it was read; then it looks as the player paints it.
    open(&window)?;
    window.click(-64, 116)?;
    let mut painted = carls.command(&["render", APP])?;
    window.shows_painted("the app as it is painted", RESULTS, RAIL, &mut painted, &input(None))?;
    window.click(RAIL as i32 + 42, 32)?;

    // The portal dies without a word; the window and the command line go on computing.
    stage.portal.stop();
    open(&window)?;
    type_height(&window, &carls)?;
    let view = run()?.ended(0)?.stdout;
    assert!(view.contains("Body mass index = 27.0"), "{view}");
    carls.run(&["sync"])?.failed(4, &["cannot be reached"])?;

    // It comes back, the app is withdrawn, and goes with the next sync, which the window does.
    stage.restart()?;
    clara.go(&page)?;
    clara.click(&clara.find(".danger-zone summary")?)?;
    clara.click(&clara.find_control("Withdraw the app")?)?;
    clara.shows("withdrawn")?;
    assert_eq!(run()?.ended(0)?.stdout, view, "until the player hears of it");
    window.click(RAIL as i32 / 2, -40)?;
    until("the app to go", Duration::from_secs(60), || Ok(carls.apps()?.is_empty().then_some(())))?;
    run()?.failed(1, &["No app on this computer"])?;
    window.close()
}

/// Uploads, adjusts, tries, checks and publishes on the portal's pages.
fn publish(browser: &Browser, stage: &Stage) -> Result<()> {
    // The upload becomes a proposal with its reasons.
    browser.go(&format!("{}/create", stage.portal.address))?;
    let file = example_file("bmi.xlsx").canonicalize()?;
    browser.write(&browser.find("input[type=file]")?, &file.to_string_lossy())?;
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
    browser.fill(&browser.find_field("Name")?, APP)?;
    browser.click(&browser.find_control("Publish app")?)?;
    browser.shows("Invite somebody")
}

/// Signs in by the window's form, with the keyboard, and waits until the app has come.
fn sign_in(window: &Window, player: &Player, address: &str) -> Result<()> {
    window.look_for("the form", |picture| picture.has_colours(50))?;
    for text in [address, CONSUMER, PASSWORD] {
        window.tab()?;
        window.press(&["ctrl+a"])?;
        window.write(text)?;
    }
    window.press(&["Return"])?;
    until("the app", Duration::from_secs(60), || Ok((player.apps()? == [APP]).then_some(())))
        .with_context(|| window.description())
}

/// Opens the app by searching for it.
fn open(window: &Window) -> Result<()> {
    let gallery = window.look_for("the gallery", |picture| picture.has_colours(50))?;
    window.press(&["ctrl+k"])?;
    window.look_for("the search", |picture| *picture != gallery)?;
    window.press(&["ctrl+a"])?;
    window.write(APP)?;
    let found = window.look_for("what was found", |_| true)?;
    window.press(&["Return"])?;
    window.look_for("the app", |picture| picture.clear_differences(&found) > 2_000)?;
    Ok(())
}

/// Types another height, and sees the results that the player paints for it without a window.
fn type_height(window: &Window, player: &Player) -> Result<()> {
    let results = |picture: &Picture| picture.part(RESULTS.left, RESULTS.top, 600, 500);
    // Past the navigation and the bar, to the first place that takes a number and changes a result.
    let before = results(&window.tab()?);
    for _ in 0..24 {
        window.press(&["ctrl+a"])?;
        window.write("172")?;
        window.tab()?;
        // The keyboard moves on a moment before the results follow, longer on a busy machine.
        let follows = |picture: &Picture| results(picture).clear_differences(&before) > 100;
        let followed = || Ok(follows(&window.look()?).then_some(()));
        if until("results that follow", FOLLOWING, followed).is_ok() {
            break;
        }
    }
    let mut painted = player.command(&["render", APP, "--set", "Body height=172"])?;
    window.shows_painted("the results for another height", RESULTS, RAIL, &mut painted, &input(None))
}
