//! The portal's pages in a real browser, beside the whole path: who is not signed in, a wrong password, a link that
//! was used.

use anyhow::Result;
use playsheet_tests::stage::{CONSUMER, CREATOR, PASSWORD, example};
use playsheet_tests::{Stage, pages};

#[test]
fn an_invitation_is_accepted_in_the_browser() -> Result<()> {
    let Some(browser) = pages::browser()? else { return Ok(()) };
    let stage = Stage::new()?;
    let creator = stage.person(CREATOR)?;
    stage.person(CONSUMER)?;
    let app = stage.wait(stage.portal.publish(&creator, example("bmi")?))?;
    let invite = stage.wait(stage.portal.invite(&creator, &app.id.to_string(), CONSUMER))?;
    let link = format!("{}/links/invite?token={invite}", stage.portal.address);

    // Who is not signed in is led to signing in, a wrong password stays there, and the way leads back.
    browser.go(&link)?;
    browser.click(&browser.find_control("Sign in")?)?;
    pages::sign_in(&browser, CONSUMER, "seven purple elephants on a tricycle")?;
    browser.find("[role=alert]")?;
    pages::sign_in(&browser, CONSUMER, PASSWORD)?;
    browser.shows(&format!("You are signed in as {CONSUMER}."))?;
    browser.click(&browser.find_control("Accept invitation")?)?;
    browser.shows("You have the app Body mass index now.")?;
    browser.go(&link)?;
    browser.shows("This link was used before.")?;

    let player = stage.player(&stage.portal.address)?;
    player.run(&["sync"])?.ended(0)?;
    let set = ["--set", "Body height=172", "--set", "Body weight=80"];
    let view = player.run(&[&["run", "Body mass index"], &set[..]].concat())?.ended(0)?.stdout;
    assert!(view.contains("Body mass index = 27.0 kg/m²"), "{view}");
    Ok(())
}

#[test]
fn a_file_that_is_no_spreadsheet_is_refused_on_the_page() -> Result<()> {
    let Some(browser) = pages::browser()? else { return Ok(()) };
    let stage = Stage::new()?;
    pages::sign_up(&browser, &stage, "Clara Creator", CREATOR)?;
    let good = example("bmi")?.spreadsheet;
    for (kind, said) in
        [("picture", "not a spreadsheet"), ("encrypted", "encrypted"), ("truncated", "damaged")]
    {
        browser.go(&format!("{}/create", stage.portal.address))?;
        let file = playsheet_tests::bad_files::make(kind, good, stage.folder())?;
        browser.write(&browser.find("input[type=file]")?, &file.to_string_lossy())?;
        browser.shows(said)?;
        assert!(browser.address()?.ends_with("/create"), "{kind}: {}", browser.address()?);
    }
    Ok(())
}
