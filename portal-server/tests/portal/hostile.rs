//! Files made to do harm, given to the creation interface of a portal with real worker processes.

use std::{
    io::{Cursor, Read, Write},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use playsheet_portal_server::Workbench;
use portal_api::ProblemCode;
use reqwest::Method;
use rust_xlsxwriter::{Formula, Workbook};
use tempfile::TempDir;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::support::{
    Answer, Database, TestApp,
    browser::{Browser, id_of, workbook},
    people::send,
};

/// Seconds that a worker gets in these tests.
const SECONDS: u64 = 3;

/// A portal whose workers write down their process numbers.
struct Guarded {
    app: TestApp,
    folder: TempDir,
}

impl Guarded {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = format!("echo $$ >> '{}'; exec \"$0\" worker", list(folder.path()).display());
        let arguments = vec!["-c".into(), script.into(), env!("CARGO_BIN_EXE_playsheet-portal").into()];
        let workbench = Workbench::Processes { program: "/bin/sh".into(), arguments };
        let app =
            TestApp::computing(Database::Sqlite, |config| config.limits.compute_s = SECONDS, workbench).await;
        Self { app, folder }
    }

    /// The workers started so far.
    fn workers(&self) -> Vec<String> {
        let text = std::fs::read_to_string(list(self.folder.path())).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Waits until every worker but this many has ended.
    async fn left(&self, number: usize) {
        let runs = |id: &String| {
            let probe = Command::new("kill").args(["-0", id]).output();
            probe.unwrap().status.success()
        };
        let patience = Instant::now() + Duration::from_secs(20);
        loop {
            let running = self.workers().iter().filter(|id| runs(id)).count();
            if running == number {
                return;
            }
            assert!(Instant::now() < patience, "{running} workers run, {number} should");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// That the portal answers, and makes a proposal of an honest file.
    async fn is_well(&self) {
        self.app.visitor().get("/readyz").await.expect(200);
        let mut browser = Browser::new(&self.app);
        let id = id_of(&browser.upload(workbook("Calc", "Body height", "Body weight"), "bmi.xlsx").await);
        let path = format!("/api/v1/creations/{id}");
        assert!(browser.get(&format!("{path}/view")).await.text().contains("23.1"));
        send(browser.request(Method::DELETE, &path)).await.expect(204);
    }
}

fn list(folder: &Path) -> PathBuf {
    folder.join("workers")
}

/// A workbook with these parts replaced, or added.
fn with_parts(parts: &[(String, &[u8])]) -> Vec<u8> {
    let whole = workbook("Calc", "A", "B");
    let mut archive = ZipArchive::new(Cursor::new(whole)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let own = part.name().unwrap().into_owned();
        if parts.iter().all(|(name, _)| *name != own) {
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            writer.start_file(own, SimpleFileOptions::default()).unwrap();
            writer.write_all(&bytes).unwrap();
        }
    }
    for (name, content) in parts {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn with_part(name: &str, content: &[u8]) -> Vec<u8> {
    with_parts(&[(name.to_owned(), content)])
}

fn sheet(rows: &str) -> String {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    format!("<?xml version=\"1.0\"?><worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>")
}

fn many_parts() -> Vec<u8> {
    let parts: Vec<(String, &[u8])> =
        (0..3_000).map(|number| (format!("xl/media/{number}"), &b""[..])).collect();
    with_parts(&parts)
}

/// The refusal of a file, which must come from the reader's own rules and not from the clock.
async fn refused(portal: &Guarded, bytes: Vec<u8>) -> String {
    let before = portal.workers().len();
    let answer = Browser::new(&portal.app).upload(bytes, "numbers.xlsx").await;
    let problem = answer.problem(ProblemCode::SpreadsheetInvalid);
    assert!(!problem.detail.contains("within"), "{}", problem.detail);
    assert_eq!(portal.workers().len(), before + 1, "a process read it, not the portal");
    problem.detail
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bombs_are_refused_by_a_worker_and_the_portal_goes_on() {
    let portal = Guarded::start().await;
    let part = "xl/worksheets/sheet1.xml";
    let blank = format!("<c r=\"A1\"><v>{}</v></c>", " ".repeat(24 << 20));
    let nested = "<row>".repeat(150_000);
    let entities = "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    for (what, bytes, word) in [
        (
            "a part that grows a thousandfold",
            with_part(part, sheet(&blank).as_bytes()),
            "unpacks to far more",
        ),
        (
            "a bomb beside the sheets",
            with_part("xl/media/image1.png", &vec![0; 24 << 20]),
            "unpacks to far more",
        ),
        ("three thousand parts", many_parts(), "number of its parts"),
        ("elements in elements", with_part(part, sheet(&nested).as_bytes()), "nested more than"),
        (
            "entities of entities",
            with_part(part, [entities, &sheet("")].concat().as_bytes()),
            "document type",
        ),
    ] {
        let detail = refused(&portal, bytes).await;
        assert!(detail.contains(word), "{what}: {detail}");
        portal.left(0).await;
    }
    assert!(portal.app.app.portal().creations.is_empty());
    portal.is_well().await;
}

/// Ten thousand cells, each of which rewrites a text of 32,000 letters sixty times: little to read, hours to compute.
fn endless() -> Vec<u8> {
    let mut text = "REPT(\"ab\",16000)".to_owned();
    for _ in 0..30 {
        text = format!("SUBSTITUTE(SUBSTITUTE({text},\"a\",\"c\"),\"c\",\"a\")");
    }
    let mut book = Workbook::new();
    book.define_name("endless", &format!("=LEN({text})")).unwrap();
    let page = book.add_worksheet();
    page.write(0, 0, "Amount").unwrap();
    page.write(0, 1, 1).unwrap();
    for row in 1..10_000 {
        page.write_formula(row, 1, Formula::new(format!("=endless+B{row}")).set_result("1")).unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workbook_that_takes_forever_ends_its_worker_and_nothing_else() {
    let portal = Guarded::start().await;
    let bytes = endless();
    let began = Instant::now();
    let mut browser = Browser::new(&portal.app);
    let others = async {
        // While the worker computes, everybody else is served.
        while portal.workers().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        portal.is_well().await;
        began.elapsed()
    };
    let (answer, others_ms): (Answer, Duration) = tokio::join!(browser.upload(bytes, "endless.xlsx"), others);
    let problem = answer.problem(ProblemCode::SpreadsheetInvalid);
    assert!(problem.detail.contains(&format!("within {SECONDS} seconds")), "{}", problem.detail);
    assert!(problem.detail.contains("Make it smaller"), "{}", problem.detail);
    let took = began.elapsed();
    assert!(took >= Duration::from_secs(SECONDS), "{took:?}");
    assert!(others_ms < took, "others were served meanwhile: {others_ms:?} of {took:?}");
    portal.left(0).await;
    assert!(portal.app.app.portal().creations.is_empty());
    portal.is_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_ends_the_worker_of_a_draft() {
    let portal = Guarded::start().await;
    portal.app.person("ada@example.org").await;
    let mut browser = Browser::new(&portal.app);
    browser.sign_in("ada@example.org").await;
    browser.upload(workbook("Calc", "A", "B"), "a.xlsx").await.expect(201);
    portal.left(1).await;
    browser.form("/sign-out", &[]).await.expect(200);
    portal.left(0).await;
}
