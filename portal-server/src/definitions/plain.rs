//! The check that needs no model of apps: it walks the document once and looks at what the portal must know.

use std::ops::Range;

use portal_api::{AppId, PlaceProblem, SourceAuth, SourceId};
use quick_xml::{
    Reader,
    escape::escape,
    events::{BytesStart, Event},
};

use super::{CheckedDefinition, DeclaredPlace, DeclaredSource, DefinitionCheck};
use crate::domain::one_line;

/// Elements may stand this deep, no deeper.
const MAX_DEPTH: usize = 64;

/// Walks documents without knowing what items and layouts mean.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainCheck;

/// What one walk collects.
#[derive(Default)]
struct Walk {
    path: Vec<String>,
    text: String,
    root: Option<Range<usize>>,
    id_text: Option<Range<usize>>,
    text_start: usize,
    id: Option<String>,
    name: Option<String>,
    description: Option<String>,
    address: Option<String>,
    sources: Vec<DeclaredSource>,
    problems: Vec<(usize, &'static str)>,
}

impl DefinitionCheck for PlainCheck {
    fn check(&self, document: &str) -> Result<CheckedDefinition, Vec<PlaceProblem>> {
        let mut walk = walk(document)?;
        let name = walk.name.take().unwrap_or_default();
        if name.is_empty() {
            walk.problems.push((
                0,
                "The app has no name. Write <name> inside <meta>, or inside <app> in the basic form.",
            ));
        }
        if walk.sources.is_empty()
            && let Some(url) = walk.address.take().filter(|url| !url.is_empty())
        {
            let place = DeclaredPlace::Http { url, auth: SourceAuth::None };
            walk.sources.push(DeclaredSource { id: SourceId::main(), place });
        }
        finish(document, &walk)?;
        Ok(CheckedDefinition {
            declared_id: walk.id.as_deref().and_then(|id| id.trim().parse().ok()),
            name,
            description: walk.description.unwrap_or_default(),
            sources: walk.sources,
        })
    }

    fn stamp(&self, document: &str, id: AppId, version: u64) -> Result<String, Vec<PlaceProblem>> {
        let walk = walk(document)?;
        finish(document, &walk)?;
        let root = walk.root.clone().unwrap_or(0..0);
        let tag = document.get(root.clone()).unwrap_or_default();
        let inside = tag.trim_start_matches('<').trim_end_matches('>');
        let (inside, end) = inside.strip_suffix('/').map_or((inside, ">"), |inside| (inside, "/>"));
        let start =
            BytesStart::from_content(inside, inside.find(char::is_whitespace).unwrap_or(inside.len()));
        let mut stamped = format!("<{}", inside.split_whitespace().next().unwrap_or("app"));
        for attribute in start.attributes().flatten() {
            let key = attribute.key.0;
            if key != "id" && key != "version" {
                let value = attribute.value;
                stamped.push_str(&format!(" {key}=\"{}\"", value.replace('"', "&quot;")));
            }
        }
        // The basic form keeps its id in an element; everything else keeps it on the root.
        let mut rest_from = root.end;
        let mut before_rest = String::new();
        match walk.id_text.clone().filter(|_| !has_namespace(tag)) {
            Some(place) => {
                before_rest.push_str(document.get(root.end..place.start).unwrap_or_default());
                before_rest.push_str(&escape(id.to_string()));
                rest_from = place.end;
            }
            None => stamped.push_str(&format!(" id=\"{id}\"")),
        }
        stamped.push_str(&format!(" version=\"{version}\"{end}"));
        let head = document.get(..root.start).unwrap_or_default();
        let rest = document.get(rest_from..).unwrap_or_default();
        Ok(format!("{head}{stamped}{before_rest}{rest}"))
    }
}

fn has_namespace(tag: &str) -> bool {
    tag.contains("xmlns")
}

fn finish(document: &str, walk: &Walk) -> Result<(), Vec<PlaceProblem>> {
    if walk.problems.is_empty() {
        return Ok(());
    }
    Err(walk.problems.iter().take(50).map(|(at, message)| problem(document, *at, message)).collect())
}

fn problem(document: &str, at: usize, message: &str) -> PlaceProblem {
    let before = document.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    PlaceProblem {
        line: u32::try_from(line).unwrap_or_default(),
        column: u32::try_from(column).unwrap_or_default(),
        message: message.to_owned(),
        hint: None,
    }
}

fn walk(document: &str) -> Result<Walk, Vec<PlaceProblem>> {
    let document = document.trim_start_matches('\u{feff}');
    let mut reader = Reader::from_str(document);
    let mut walk = Walk::default();
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = reader.read_event();
        let end = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match event {
            Ok(Event::Eof) => break,
            Ok(Event::DocType(_)) => walk.problems.push((at, "A document type (DOCTYPE) is not allowed.")),
            Ok(Event::Start(start)) => {
                open(&mut walk, &start, at..end);
                if walk.path.len() > MAX_DEPTH {
                    return Err(vec![problem(document, at, "Elements are nested more than 64 deep.")]);
                }
            }
            Ok(Event::Empty(start)) => {
                open(&mut walk, &start, at..end);
                close(&mut walk, at);
            }
            Ok(Event::End(_)) => close(&mut walk, at),
            Ok(Event::Text(text)) => walk.text.push_str(&text),
            Ok(Event::CData(text)) => walk.text.push_str(&text),
            Ok(Event::GeneralRef(reference)) => {
                let word = reference.to_string();
                let named = quick_xml::escape::resolve_predefined_entity(&word).map(str::to_owned);
                let number = reference.resolve_char_ref().ok().flatten().map(String::from);
                match named.or(number) {
                    Some(text) => walk.text.push_str(&text),
                    None => walk.problems.push((at, "This entity is not known.")),
                }
            }
            Ok(_) => {}
            Err(error) => {
                let place = usize::try_from(reader.error_position()).unwrap_or(at);
                return Err(vec![problem(
                    document,
                    place,
                    &format!("This is not well-formed XML: {error}."),
                )]);
            }
        }
    }
    if walk.root.is_none() {
        return Err(vec![problem(document, 0, "There is no app definition in this document.")]);
    }
    if !walk.path.is_empty() {
        return Err(vec![problem(document, document.len(), "The document ends before its elements do.")]);
    }
    Ok(walk)
}

fn open(walk: &mut Walk, start: &BytesStart<'_>, at: Range<usize>) {
    let local = start.local_name().as_ref().to_owned();
    let attribute =
        |name: &str| {
            start.try_get_attribute(name).ok().flatten().and_then(|found| {
                quick_xml::escape::unescape(&found.value).ok().map(|text| text.into_owned())
            })
        };
    if walk.path.is_empty() {
        if walk.root.is_some() || local != "app" {
            walk.problems.push((at.start, "The document must be one <app> element."));
        }
        walk.root = walk.root.take().or(Some(at.clone()));
        walk.id = attribute("id");
    }
    if is_server_side(&local) || start.attributes().flatten().any(|a| is_server_side(a.key.0)) {
        walk.problems.push((
            at.start,
            "Publish mode and access list belong to the portal, not into a definition. Remove them.",
        ));
    }
    if local == "source" && walk.path.len() == 1 {
        let id = attribute("id").and_then(|id| id.parse().ok());
        let place = declared_place(attribute("provider"), attribute("url"), attribute("auth"));
        match (id, place) {
            (Some(id), Some(place)) => walk.sources.push(DeclaredSource { id, place }),
            (None, _) => walk.problems.push((at.start, "A source needs an id of letters, digits and _.")),
            (_, None) => {
                walk.problems.push((
                    at.start,
                    "This portal serves sources with provider hosted or http, and auth none or basic.",
                ));
            }
        }
    }
    walk.path.push(local);
    walk.text.clear();
    walk.text_start = at.end;
}

fn declared_place(
    provider: Option<String>,
    url: Option<String>,
    auth: Option<String>,
) -> Option<DeclaredPlace> {
    match provider.as_deref().unwrap_or("hosted") {
        "hosted" => Some(DeclaredPlace::Hosted),
        "http" => {
            let auth = match auth.as_deref().unwrap_or("none") {
                "none" => SourceAuth::None,
                "basic" => SourceAuth::Basic,
                _ => return None,
            };
            Some(DeclaredPlace::Http { url: url.unwrap_or_default(), auth })
        }
        _ => None,
    }
}

fn close(walk: &mut Walk, at: usize) {
    let path: Vec<&str> = walk.path.iter().map(String::as_str).collect();
    let text = || Some(one_line(&walk.text, 200));
    match path.as_slice() {
        ["app", "name"] | ["app", "meta", "name"] => walk.name = walk.name.take().or_else(text),
        ["app", "description"] | ["app", "meta", "description"] => {
            walk.description = walk.description.take().or_else(|| Some(one_line(&walk.text, 2_000)));
        }
        ["app", "spreadsheeturl"] => {
            walk.address = walk.address.take().or_else(|| Some(walk.text.trim().to_owned()))
        }
        ["app", "id"] if walk.id.is_none() => {
            walk.id = Some(walk.text.trim().to_owned());
            walk.id_text = Some(walk.text_start..at);
        }
        _ => {}
    }
    walk.path.pop();
    walk.text.clear();
}

/// Publish mode and access list, however they are spelt.
fn is_server_side(name: &str) -> bool {
    let bare: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    bare.ends_with("publishmode") || bare.ends_with("accesscontrollist")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = "<?xml version=\"1.0\"?>\n<app xmlns=\"urn:playsheet:app:1\" id=\"fb864b33-c138-4b16-b582-e6bf25a65895\" version=\"9\" mode=\"combined\">\
        <meta><name>Loan &amp; more</name></meta><source id=\"main\" provider=\"hosted\"/><layout/></app>";
    const BASIC: &str = "<app>\n  <id>fb864b33-c138-4b16-b582-e6bf25a65895</id>\n  <name>BMI</name>\n\
        <spreadsheeturl>https://data.example.net/b.xlsx</spreadsheeturl><layout/></app>";

    #[test]
    fn both_forms_are_read() {
        let full = PlainCheck.check(FULL).unwrap();
        assert_eq!(full.name, "Loan & more");
        assert_eq!(full.sources, [DeclaredSource { id: SourceId::main(), place: DeclaredPlace::Hosted }]);
        let basic = PlainCheck.check(BASIC).unwrap();
        assert_eq!(basic.declared_id, full.declared_id);
        let url = "https://data.example.net/b.xlsx".to_owned();
        assert_eq!(basic.sources[0].place, DeclaredPlace::Http { url, auth: SourceAuth::None });
    }

    #[test]
    fn the_stamp_replaces_id_and_version_and_keeps_the_rest() {
        let id = AppId::mint();
        for document in [FULL, BASIC] {
            let stamped = PlainCheck.stamp(document, id, 4).unwrap();
            assert_eq!(PlainCheck.check(&stamped).unwrap().declared_id, Some(id), "{stamped}");
            assert!(stamped.contains("version=\"4\"") && !stamped.contains("fb864b33"), "{stamped}");
            assert_eq!(PlainCheck.stamp(&stamped, id, 4).unwrap(), stamped, "stamping twice changes nothing");
        }
    }

    #[test]
    fn what_must_not_be_published_is_refused_with_its_place() {
        let bad = [
            ("<app><name>x</name><PublishMode>open</PublishMode></app>", "Publish mode"),
            ("<app publish-mode=\"open\"><name>x</name></app>", "Publish mode"),
            ("<app xmlns:p=\"urn:x\"><name>x</name><p:accessControlList/></app>", "Publish mode"),
            ("<!DOCTYPE app [<!ENTITY a \"b\">]><app><name>x</name></app>", "DOCTYPE"),
            ("<app><name>&a;</name></app>", "entity"),
            ("<app><name>x</name>", "ends before"),
            ("<app><name>x</app>", "well-formed"),
            ("<apps><name>x</name></apps>", "one <app>"),
            ("<app/><app/>", "one <app>"),
            ("<app></app>", "no name"),
            ("", "no app definition"),
            (
                "<app xmlns=\"urn:playsheet:app:1\"><meta><name>x</name></meta><source id=\"a b\"/></app>",
                "needs an id",
            ),
            (
                "<app xmlns=\"urn:playsheet:app:1\"><meta><name>x</name></meta><source id=\"a\" provider=\"ftp\"/></app>",
                "provider",
            ),
        ];
        for (document, expected) in bad {
            let problems = PlainCheck.check(document).unwrap_err();
            assert!(problems.iter().any(|p| p.message.contains(expected)), "{document}: {problems:?}");
        }
        let deep = format!("<app><name>x</name>{}", "<a>".repeat(100_000));
        assert!(PlainCheck.check(&deep).unwrap_err()[0].message.contains("64 deep"));
        let second_line = PlainCheck.check("<app>\n <publishMode/><name>x</name></app>").unwrap_err();
        assert_eq!((second_line[0].line, second_line[0].column), (2, 2));
    }
}
