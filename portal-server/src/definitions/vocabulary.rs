//! The check that reads definitions by the vocabulary of app definitions.
//!
//! Whatever that crate's reader calls an error is refused here with its place. What is published is what its writer
//! makes of the document: namespaced, with an id on every item, and with nothing that the reader did not understand
//! or keep. The portal's own rules come on top: an app has a name, and its sources are of the kinds that it serves.

use app_definitions::{
    App, Diagnostic, Limits,
    model::{Auth, Caption, Provider, Source},
    read, write,
};
use portal_api::{AppId, PlaceProblem, SourceAuth};

use super::{CheckedDefinition, DeclaredPlace, DeclaredSource, DefinitionCheck};
use crate::domain::one_line;

/// Reads definitions by the vocabulary.
#[derive(Clone, Copy, Debug, Default)]
pub struct VocabularyCheck;

impl DefinitionCheck for VocabularyCheck {
    fn check(&self, document: &str) -> Result<CheckedDefinition, Vec<PlaceProblem>> {
        let app = parse(document)?;
        let name = shown(&app, app.meta.name.as_ref(), 200);
        let mut problems = Vec::new();
        if name.is_empty() {
            problems.push(PlaceProblem {
                line: app.origin.place().line,
                column: app.origin.place().column,
                message: "The app has no name.".to_owned(),
                hint: Some("Write <meta><name>…</name></meta> inside <app>.".to_owned()),
            });
        }
        let mut sources = Vec::new();
        for source in &app.sources {
            match declared(source) {
                Ok(source) => sources.push(source),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(CheckedDefinition {
            declared_id: app.id.as_deref().and_then(|id| id.parse().ok()),
            name,
            description: shown(&app, app.meta.description.as_ref(), 2_000),
            sources,
        })
    }

    fn stamp(&self, document: &str, id: AppId, version: u64) -> Result<String, Vec<PlaceProblem>> {
        let mut app = parse(document)?;
        app.id = Some(id.to_string());
        app.version = u32::try_from(version).unwrap_or(u32::MAX);
        Ok(write(&app))
    }
}

fn parse(document: &str) -> Result<App, Vec<PlaceProblem>> {
    let (app, diagnostics) = read(document, &Limits::default());
    let errors: Vec<PlaceProblem> =
        diagnostics.iter().filter(|found| found.is_error()).take(50).map(problem).collect();
    match app {
        Some(app) if errors.is_empty() => Ok(app),
        _ => Err(errors),
    }
}

fn problem(found: &Diagnostic) -> PlaceProblem {
    PlaceProblem {
        line: found.line,
        column: found.column,
        message: found.message.clone(),
        hint: found.hint.clone(),
    }
}

/// A caption as people see it where no locale is known.
fn shown(app: &App, caption: Option<&Caption>, at_most: usize) -> String {
    caption.map(|caption| one_line(app.text(caption, app.default_locale()), at_most)).unwrap_or_default()
}

fn declared(source: &Source) -> Result<DeclaredSource, PlaceProblem> {
    let refuse = |message: String, hint: &str| PlaceProblem {
        line: source.origin.place().line,
        column: source.origin.place().column,
        message,
        hint: Some(hint.to_owned()),
    };
    let id = source.id.as_str();
    let served = "This portal serves provider=\"hosted\" and provider=\"http\".";
    let place = match (source.provider, source.auth) {
        (Provider::Hosted, _) => DeclaredPlace::Hosted,
        (Provider::Http, Auth::None) => address(source, SourceAuth::None),
        (Provider::Http, Auth::Basic) => address(source, SourceAuth::Basic),
        (Provider::Http, other) => {
            let message = format!("The source {id} wants auth=\"{other}\".");
            return Err(refuse(message, "This portal serves auth=\"none\" and auth=\"basic\"."));
        }
        (other, _) => return Err(refuse(format!("The source {id} has provider=\"{other}\"."), served)),
    };
    let id = id
        .parse()
        .map_err(|_| refuse(format!("{id} is no id of a source."), "Use letters, digits and _."))?;
    Ok(DeclaredSource { id, place })
}

fn address(source: &Source, auth: SourceAuth) -> DeclaredPlace {
    DeclaredPlace::Http { url: source.url.clone().unwrap_or_default(), auth }
}

#[cfg(test)]
mod tests {
    use portal_api::SourceId;

    use super::*;

    const FULL: &str = "<?xml version=\"1.0\"?>\n<app xmlns=\"urn:playsheet:app:1\" \
        id=\"fb864b33-c138-4b16-b582-e6bf25a65895\" version=\"9\"><meta><name>Loan &amp; more</name></meta>\
        <source id=\"main\"/><layout><item caption=\"A\" inputtype=\"input\" contenttype=\"integer\" address=\"B1\"/></layout></app>";
    const BASIC: &str = "<app>\n  <id>fb864b33-c138-4b16-b582-e6bf25a65895</id>\n  <name>BMI</name>\n\
        <spreadsheeturl>https://data.example.net/b.xlsx</spreadsheeturl><layout>\
        <item caption=\"A\" inputtype=\"input\" contenttype=\"integer\" address=\"B1\"/></layout></app>";

    #[test]
    fn both_forms_are_read() {
        let full = VocabularyCheck.check(FULL).unwrap();
        assert_eq!(full.name, "Loan & more");
        assert_eq!(full.sources, [DeclaredSource { id: SourceId::main(), place: DeclaredPlace::Hosted }]);
        let basic = VocabularyCheck.check(BASIC).unwrap();
        assert_eq!(basic.declared_id, full.declared_id);
        let url = "https://data.example.net/b.xlsx".to_owned();
        assert_eq!(basic.sources[0].place, DeclaredPlace::Http { url, auth: SourceAuth::None });
    }

    #[test]
    fn the_stamp_replaces_id_and_version_and_keeps_the_rest() {
        let id = AppId::mint();
        for document in [FULL, BASIC] {
            let stamped = VocabularyCheck.stamp(document, id, 4).unwrap();
            let (before, after) =
                (VocabularyCheck.check(document).unwrap(), VocabularyCheck.check(&stamped).unwrap());
            assert_eq!(after, CheckedDefinition { declared_id: Some(id), ..before }, "{stamped}");
            assert!(stamped.contains("version=\"4\"") && !stamped.contains("fb864b33"), "{stamped}");
            assert_eq!(
                VocabularyCheck.stamp(&stamped, id, 4).unwrap(),
                stamped,
                "stamping twice changes nothing"
            );
        }
    }

    #[test]
    fn what_the_portal_does_not_serve_is_refused_with_its_place() {
        let bad = [
            ("<app xmlns=\"urn:playsheet:app:1\"><layout/></app>", "no name"),
            ("<app xmlns=\"urn:playsheet:app:1\"><meta><name> </name></meta><layout/></app>", "name"),
            (
                "<app xmlns=\"urn:playsheet:app:1\"><meta><name>x</name></meta>\n \
                 <source id=\"a\" provider=\"dropbox\" url=\"https://x.example/a.xlsx\"/><layout/></app>",
                "dropbox",
            ),
            (
                "<app xmlns=\"urn:playsheet:app:1\"><meta><name>x</name></meta>\n \
                 <source id=\"a\" provider=\"http\" auth=\"ntlm\" url=\"https://x.example/a.xlsx\"/><layout/></app>",
                "ntlm",
            ),
            ("<app><name>x</name><PublishMode>open</PublishMode></app>", "PublishMode"),
            ("<!DOCTYPE app []><app><name>x</name></app>", "document type"),
            ("<app><name>x</app>", ""),
            ("", ""),
        ];
        for (document, expected) in bad {
            let problems = VocabularyCheck.check(document).unwrap_err();
            assert!(problems.iter().any(|p| p.message.contains(expected)), "{document}: {problems:?}");
            assert!(problems[0].line >= 1, "{document}");
        }
        let second_line = VocabularyCheck.check(bad[2].0).unwrap_err();
        assert_eq!(second_line[0].line, 2);
    }
}
