//! Documents that mean harm or are broken in every way: reading ends, within limits, with a named reason.

use std::time::{Duration, Instant};

use playsheet_app_definitions::{Code, Limits, read, write};

use crate::support::{Random, cases};

fn codes(xml: &[u8], limits: &Limits) -> Vec<Code> {
    read(xml, limits).1.iter().map(|found| found.code).collect()
}

fn app(inner: &str) -> String {
    format!("<app xmlns=\"urn:playsheet:app:1\"><layout>{inner}</layout></app>")
}

#[test]
fn limits_hold() {
    let small = Limits { bytes: 100, ..Limits::default() };
    assert_eq!(codes(app(&"<spacer/>".repeat(20)).as_bytes(), &small), [Code::TooLarge]);
    assert_eq!(
        codes(app(&"<spacer/>".repeat(20_000)).as_bytes(), &Limits::default()),
        [Code::TooManyElements]
    );
    let few = Limits { diagnostics: 3, ..Limits::default() };
    let found = codes(app(&"<item/>".repeat(9)).as_bytes(), &few);
    assert_eq!(found.len(), 4);
    assert_eq!(found.last(), Some(&Code::TooManyProblems));
    let none = Limits { bytes: 0, depth: 0, elements: 0, attributes: 0, diagnostics: 0 };
    assert_eq!(codes(b"<app/>", &none), [Code::TooLarge]);
    assert_eq!(codes(b"", &none), [Code::EmptyDocument]);
    let flat = Limits { depth: 0, ..Limits::default() };
    assert_eq!(codes(b"<app/>", &flat), [Code::TooDeep]);
}

/// What an element of this kind costs when a document is full of it.
#[test]
fn the_largest_documents_are_read_in_time() {
    let mistakes: String =
        (0..9_000).map(|at| format!("<item ref=\"#dangling_{at}\" caption=\"@key_{at}\"/>")).collect();
    let binds: String = (0..9_000).map(|at| format!("<bind id=\"bind_{at}\" name=\"N{at}\"/>")).collect();
    let references = format!("<app xmlns=\"urn:playsheet:app:1\">{binds}<layout>{mistakes}</layout></app>");
    let same = app(&"<item caption=\"Same\" address=\"B1\"/>".repeat(19_000));
    let text = "x ".repeat(2_000_000);
    let declarations: String = (0..60).map(|at| format!(" xmlns:p{at}=\"urn:{at}\"")).collect();
    let prefixed = format!(
        "<app xmlns=\"urn:playsheet:app:1\"{declarations}><layout>{}</layout></app>",
        "<p59:a p0:b=\"\" p1:b=\"\"/>".repeat(19_000)
    );
    let documents = [
        references,
        same,
        app(&format!("<text caption=\"{text}\"/>")),
        app(&format!("<section visible=\"={text}\"/>")),
        app(&text),
        prefixed,
        app(&format!("<item {}", "a=\"b\" ".repeat(600_000))),
        app(&format!("<text caption=\"{}\"/>", "\u{2}".repeat(2_000_000))),
        format!("<{}>{}", "a".repeat(2_000_000), "</b>".repeat(400_000)),
        app(&format!("<x:{} xmlns:x=\"urn:x\">{}</x>", "a".repeat(2_000_000), "<x:b/>".repeat(19_000))),
        "<".repeat(4_000_000),
        "<a>".repeat(1_000_000),
        "</a>".repeat(1_000_000),
        "&".repeat(4_000_000),
        "&a;".repeat(1_000_000),
        app(&"&amp;".repeat(800_000)),
        app(&"<![CDATA[]]>".repeat(300_000)),
        app(&"<!---->".repeat(500_000)),
        app(&format!("<privacy hide=\"{}\"/>", "A1,".repeat(1_000_000))),
    ];
    for document in &documents {
        let started = Instant::now();
        let (app, _) = read(document, &Limits::default());
        if let Some(app) = app {
            write(&app);
        }
        let took = started.elapsed();
        let start: String = document.chars().take(60).collect();
        // Generous for a busy machine and an unoptimised build; what is quadratic takes minutes.
        assert!(took < Duration::from_secs(10), "{took:?} for {start}");
    }
}

/// Changed cases neither break the reader nor the writer; what reads without errors is written without loss.
#[test]
fn changed_definitions_never_break_anything() {
    let cases: Vec<Vec<u8>> = cases("good").into_iter().chain(cases("bad")).map(|case| case.bytes).collect();
    let mut random = Random::new(7);
    for round in 0..3_000 {
        let bytes = random.changed(&cases);
        let (app, diagnostics) = read(&bytes, &Limits::default());
        let errors = diagnostics.iter().any(|found| found.is_error());
        assert!(app.is_some() || errors, "round {round}: nothing was read and nothing said");
        let Some(app) = app else { continue };
        let written = write(&app);
        if !errors {
            let (again, diagnostics) = read(&written, &Limits::default());
            let shown = String::from_utf8_lossy(&bytes);
            assert!(
                diagnostics.iter().all(|found| !found.is_error()),
                "round {round}: {diagnostics:?}\n{shown}\n{written}"
            );
            assert_eq!(again.as_ref(), Some(&app), "round {round}\n{shown}\n{written}");
            assert_eq!(again.map(|app| write(&app)), Some(written), "round {round}\n{shown}");
        }
    }
}
