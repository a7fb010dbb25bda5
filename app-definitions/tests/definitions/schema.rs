//! The XSD says the same as the reader: over all cases, and name by name.
//!
//! The comparison over cases needs `xmllint`; where it is absent the test says so and checks the reader alone elsewhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use playsheet_app_definitions::model::*;
use playsheet_app_definitions::{Code, Limits, Word, read, write};

use crate::bad::expected;
use crate::support::{Random, cases, good};

fn xsd() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("app-definition.xsd")
}

/// Which of the files the XSD accepts; `None` without `xmllint`.
fn accepted(files: &[PathBuf]) -> Option<Vec<bool>> {
    let output =
        Command::new("xmllint").arg("--nonet").arg("--noout").arg("--schema").arg(xsd()).args(files).output();
    let output = match output {
        Ok(output) => output,
        Err(error) => {
            eprintln!("xmllint cannot be run ({error}): the cases are not compared with the XSD");
            return None;
        }
    };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("failed to compile"), "{said}");
    let validates = |file: &PathBuf| said.lines().any(|line| line == format!("{} validates", file.display()));
    Some(files.iter().map(validates).collect())
}

#[test]
fn the_xsd_accepts_good_cases_and_refuses_structural_ones() {
    let mut files = Vec::new();
    let mut wanted = Vec::new();
    for case in cases("good") {
        // The basic form has no namespace, so no schema describes it.
        if case.text().contains("urn:playsheet:app:1") {
            files.push(case.path);
            wanted.push(true);
        }
    }
    for case in cases("bad") {
        wanted.push(!expected(&case).structural);
        files.push(case.path);
    }
    let Some(accepted) = accepted(&files) else { return };
    let wrong: Vec<String> = files
        .iter()
        .zip(wanted.iter().zip(&accepted))
        .filter(|(_, (wanted, accepted))| wanted != accepted)
        .map(|(file, (wanted, _))| {
            format!("{} should be {}", file.display(), if *wanted { "accepted" } else { "refused" })
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_xsd_accepts_what_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (at, case) in cases("good").into_iter().enumerate() {
        let file = folder.path().join(format!("{at}.xml"));
        fs::write(&file, write(&case.app())).unwrap();
        files.push(file);
    }
    let Some(accepted) = accepted(&files) else { return };
    for (case, accepted) in cases("good").iter().zip(accepted) {
        assert!(accepted, "{} as written", case.name);
    }
}

/// The reader holds every rule of the XSD: what it accepts, the XSD accepts too.
#[test]
fn the_xsd_accepts_whatever_the_reader_accepts() {
    let own_form: Vec<Vec<u8>> = cases("good")
        .iter()
        .filter(|case| case.text().contains("<app xmlns=\"urn:playsheet:app:1\""))
        .map(|case| write(&case.app()).into_bytes())
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random::new(11);
    let mut files = Vec::new();
    for round in 0..2_000 {
        let bytes = if round % 4 == 0 {
            random.changed(&own_form)
        } else {
            let chosen = random.below(own_form.len());
            random.with_odd_value(std::str::from_utf8(&own_form[chosen]).unwrap()).into_bytes()
        };
        let (app, diagnostics) = read(&bytes, &Limits::default());
        let basic = diagnostics.iter().any(|found| found.code == Code::NoNamespace);
        if app.is_some() && !basic && diagnostics.iter().all(|found| !found.is_error()) {
            let file = folder.path().join(format!("{round}.xml"));
            fs::write(&file, bytes).unwrap();
            files.push(file);
        }
    }
    assert!(files.len() > 300, "only {} changed definitions were accepted", files.len());
    let Some(accepted) = accepted(&files) else { return };
    let refused = files.iter().zip(accepted).filter(|(_, accepted)| !accepted);
    let refused: Vec<String> = refused.map(|(file, _)| fs::read_to_string(file).unwrap()).collect();
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

/// The words of a type in the XSD.
fn words(xsd: &str, name: &str) -> Vec<String> {
    let start =
        xsd.find(&format!("<xs:simpleType name=\"{name}\">")).unwrap_or_else(|| panic!("no type {name}"));
    let body = xsd[start..].split("</xs:simpleType>").next().unwrap();
    let values = body.split("<xs:enumeration value=\"").skip(1);
    values.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn the_xsd_has_the_words_of_every_set() {
    let xsd = fs::read_to_string(xsd()).unwrap();
    let sets: [(&str, &[&str]); 26] = [
        ("mode", Mode::WORDS),
        ("provider", Provider::WORDS),
        ("auth", Auth::WORDS),
        ("refresh", Refresh::WORDS),
        ("bind-kind", BindKind::WORDS),
        ("on-move", OnMove::WORDS),
        ("label-at", LabelAt::WORDS),
        ("neighbour-kind", NeighbourKind::WORDS),
        ("navigation", Navigation::WORDS),
        ("input-type", InputType::WORDS),
        ("content-type", ContentType::WORDS),
        ("rule-level", RuleLevel::WORDS),
        ("rule-time", RuleTime::WORDS),
        ("fit", Fit::WORDS),
        ("list-view", ListView::WORDS),
        ("order", Order::WORDS),
        ("column-role", ColumnRole::WORDS),
        ("column-filter", ColumnFilter::WORDS),
        ("aggregate", Aggregate::WORDS),
        ("filter-op", FilterOp::WORDS),
        ("chart-kind", ChartKind::WORDS),
        ("legend", Legend::WORDS),
        ("axis-side", AxisSide::WORDS),
        ("density", Density::WORDS),
        ("screenshot", Screenshot::WORDS),
        ("classification", Classification::WORDS),
    ];
    for (name, set) in sets {
        assert_eq!(words(&xsd, name), set, "{name}");
    }
}

/// Element names with their attributes, from the start tags of a document.
fn attributes_of(xml: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for tag in xml.split('<').skip(1).filter(|tag| !tag.starts_with(['/', '?', '!'])) {
        let tag = tag.split('>').next().unwrap();
        let name = tag.split([' ', '/']).next().unwrap();
        let attributes = found.entry(name.to_owned()).or_default();
        // Outside of quotes, what stands in front of a `=` is an attribute's name.
        for outside in tag.split('"').step_by(2) {
            if let Some(attribute) = outside.trim().strip_suffix('=') {
                attributes.push(attribute.rsplit(' ').next().unwrap().to_owned());
            }
        }
    }
    found
}

#[test]
fn one_case_uses_every_element_and_attribute_of_the_xsd() {
    let xsd = fs::read_to_string(xsd()).unwrap();
    let used = attributes_of(&good("everything").text());
    let container = ["page", "tab", "section", "group"];
    for body in xsd.split("<xs:complexType name=\"").skip(1) {
        let (name, body) = body.split_once('"').unwrap();
        let body = body.split("</xs:complexType>").next().unwrap();
        let elements: Vec<&str> = if name == "container" { container.to_vec() } else { vec![name] };
        for rest in body.split("<xs:attribute name=\"").skip(1) {
            let attribute = rest.split('"').next().unwrap();
            let is_used =
                |element: &&str| used.get(*element).is_some_and(|used| used.iter().any(|a| a == attribute));
            assert!(elements.iter().any(is_used), "{name}/@{attribute}");
        }
    }
}
