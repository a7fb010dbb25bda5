//! Letters leave by a real mail server, and their links work.

use anyhow::Result;
use playsheet_tests::smtp::{MailServer, python_or_skip};
use playsheet_tests::stage::{CONSUMER, CREATOR, PASSWORD, example};
use playsheet_tests::{Stage, until};
use reqwest::StatusCode;
use std::time::Duration;

#[test]
fn letters_go_through_a_mail_server_and_their_links_work() -> Result<()> {
    let Some(python) = python_or_skip()? else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let server = MailServer::start(&python, folder.path())?;
    let settings = format!(
        "name = \"House of Sheets\"\n{}from = \"House of Sheets <portal@example.org>\"\n",
        server.settings()
    );
    let mut stage = Stage::with_settings(&settings)?;
    stage.portal.mailbox.clone_from(&server.letters);

    // Registration waits for the letter and follows its link.
    let creator = stage.person(CREATOR)?;
    assert!(creator.person.confirmed);
    let consumer = stage.person(CONSUMER)?;
    let app = stage.share(&creator, &consumer, example("bmi")?)?;
    let player = stage.player(&stage.portal.address)?;
    player.run(&["sync"])?.ended(0)?;
    assert_eq!(player.apps()?, ["Body mass index"], "app {app} came by invitation");

    let letters = letters(&server)?;
    let subjects: Vec<&str> = letters.iter().filter_map(|letter| header(letter, "Subject")).collect();
    assert_eq!(subjects.len(), 3, "{subjects:?}");
    assert_eq!(subjects.iter().filter(|one| **one == "Confirm your address for House of Sheets").count(), 2);
    for letter in &letters {
        assert_eq!(header(letter, "From"), Some("\"House of Sheets\" <portal@example.org>"));
        let link = demo::mailbox::link_of(letter).unwrap_or_default();
        assert!(link.starts_with(&format!("{}/links/", stage.portal.address)), "{link}");
        // Each was used above, and works once.
        let page = stage.wait(async { stage.portal.client().get(&link).send().await })?;
        assert_eq!(page.status(), StatusCode::GONE, "{link}");
        for secret in [PASSWORD, "Overweight"] {
            assert!(!letter.contains(secret));
        }
    }
    Ok(())
}

#[test]
fn letters_wait_while_the_mail_server_is_away() -> Result<()> {
    let Some(python) = python_or_skip()? else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let first = MailServer::start(&python, folder.path())?;
    let settings = first.settings();
    let (port, letters) = (first.port, first.letters.clone());
    drop(first);
    let mut stage = Stage::with_settings(&settings)?;
    stage.portal.mailbox = letters;
    // Somebody registers while nobody takes letters; then a server comes back.
    let log = stage.folder().join("portal.log");
    let (registered, back) = std::thread::scope(|scope| {
        let back = scope.spawn(|| {
            until("a letter that could not leave", Duration::from_secs(30), || {
                Ok(std::fs::read_to_string(&log)?.contains("a mail was not sent").then_some(()))
            })?;
            MailServer::start_at(&python, folder.path(), port)
        });
        let registered = stage.person(CREATOR);
        (registered, back.join())
    });
    assert!(back.is_ok_and(|server| server.is_ok()));
    assert!(registered?.person.confirmed);
    Ok(())
}

fn letters(server: &MailServer) -> Result<Vec<String>> {
    let files = playsheet_tests::traces::files(&server.letters)?;
    files.iter().map(|file| Ok(std::fs::read_to_string(file)?.replace("\r\n", "\n"))).collect()
}

/// A header of a letter. Those looked at here fit on one line.
fn header<'a>(letter: &'a str, name: &str) -> Option<&'a str> {
    let head = letter.lines().take_while(|line| !line.is_empty());
    head.filter_map(|line| line.split_once(": ")).find(|(key, _)| *key == name).map(|(_, value)| value)
}
