//! Case files and how they are read.

use std::fs;
use std::path::{Path, PathBuf};

use playsheet_app_definitions::{App, Diagnostic, Limits, read};

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

/// A definition in a file.
pub struct Case {
    pub name: String,
    pub path: PathBuf,
    pub bytes: Vec<u8>,
}

impl Case {
    /// The definition as text; bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn read(&self) -> (Option<App>, Vec<Diagnostic>) {
        read(&self.bytes, &Limits::default())
    }

    /// The app of a good case.
    pub fn app(&self) -> App {
        let (app, diagnostics) = self.read();
        let errors = render(&diagnostics, &self.name, Diagnostic::is_error);
        assert!(errors.is_empty(), "{errors}");
        app.unwrap_or_else(|| panic!("{} has no app", self.name))
    }
}

/// All cases of a folder in the order of their names.
pub fn cases(kind: &str) -> Vec<Case> {
    let entries = fs::read_dir(folder().join(kind)).unwrap();
    let mut cases: Vec<Case> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "xml"))
        .map(|path| Case {
            name: format!("{kind}/{}", path.file_name().unwrap().to_string_lossy()),
            bytes: fs::read(&path).unwrap(),
            path,
        })
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!cases.is_empty());
    cases
}

pub fn good(name: &str) -> Case {
    let name = format!("good/{name}.xml");
    cases("good").into_iter().find(|case| case.name == name).unwrap_or_else(|| panic!("no case {name}"))
}

/// The diagnostics that pass a test, as the command line shows them.
pub fn render(diagnostics: &[Diagnostic], name: &str, test: impl Fn(&Diagnostic) -> bool) -> String {
    let rendered: Vec<String> =
        diagnostics.iter().filter(|found| test(found)).map(|found| found.render(name)).collect();
    rendered.join("\n")
}

/// Numbers that look random and are the same each time.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    /// One of the documents with up to three pieces cut, doubled or put in.
    pub fn changed(&mut self, documents: &[Vec<u8>]) -> Vec<u8> {
        const PIECES: [&[u8]; 22] = [
            b"<",
            b">",
            b"/",
            b"\"",
            b"'",
            b"=",
            b"&",
            b";",
            b"#",
            b"@",
            b"!",
            b"[",
            b"]",
            b"\0",
            b"\xFF",
            b"<!--",
            b"-->",
            b"]]>",
            b"<?",
            b" x:y=\"",
            b"</item>",
            b"<![CDATA[",
        ];
        let mut bytes = documents[self.below(documents.len())].clone();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            let end = (at + self.below(12)).min(bytes.len());
            match self.below(4) {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(at..end)),
                2 => {
                    let copied = bytes[at..end].to_vec();
                    bytes.splice(at..at, copied);
                }
                _ => drop(bytes.splice(at..at, PIECES[self.below(PIECES.len())].iter().copied())),
            }
        }
        bytes
    }

    /// A document with one attribute's value exchanged for one that is odd, or for that of another attribute.
    pub fn with_odd_value(&mut self, document: &str) -> String {
        const VALUES: [&str; 48] = [
            "",
            " ",
            "true",
            "TRUE",
            "1",
            "-1",
            "+1",
            "01",
            " 7 ",
            "13",
            "1.5",
            "1e3",
            "4294967296",
            "99999999999999999999",
            "#a",
            "#1",
            "#",
            "=",
            "= ",
            "=1",
            "=#a",
            "A1",
            "a1:B2",
            "$A$1",
            "A0",
            "XFE1",
            "A1048577",
            "Calc!A1",
            "'My sheet'!A1",
            "My sheet!A1",
            "Calc!",
            "'a''b'!A1",
            "Ü!A1",
            "a b",
            "é",
            "a-b",
            "_a",
            "#fff",
            "#ffff",
            "7d",
            "0d",
            "2026-02-30",
            "de-CH",
            "x  y",
            "\u{a0}",
            "\u{a0}true",
            "\u{a0}=1",
            "#fff\u{a0}",
        ];
        let parts: Vec<&str> = document.split('"').collect();
        let odd = 1 + 2 * self.below(parts.len() / 2);
        let value = match self.below(3) {
            0 => parts[1 + 2 * self.below(parts.len() / 2)],
            _ => VALUES[self.below(VALUES.len())],
        };
        let mut parts: Vec<&str> = parts.clone();
        parts[odd] = value;
        parts.join("\"")
    }
}
