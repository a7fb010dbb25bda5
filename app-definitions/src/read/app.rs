//! The root: which kind of document this is, and its parts.

use super::children::keep;
use super::fields::{Fields, trim};
use super::tree::{Child, Document, Element, Namespace};
use super::{Known, Later, Reading};
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::model::{App, Caption, Meta, Provider, Source};
use crate::origin::{Kept, KeptKind, Origin};
use crate::vocabulary::{ElementRule, NAMESPACE, NAMESPACE_FAMILY, SCHEMA_VERSION, rule_of};

/// The version of the player that this crate belongs to.
const PLAYER_VERSION: &str = env!("CARGO_PKG_VERSION");

impl<'x> Reading<'_, 'x> {
    /// The app of a document, without derived ids. `None` if it is not an app definition of this version.
    pub(super) fn document(&mut self, document: &Document<'x>) -> Option<App> {
        let rule = self.root_rule(&document.root)?;
        if self.is_newer(&document.root) {
            return None;
        }
        let before = around(&document.before);
        let mut known = Known { element: &document.root, rule, path: rule.name.into(), before };
        let mut app = self.app(&mut known);
        app.epilogue = around(&document.after);
        if self.well_formed && !document.root.elements().any(|child| child.local() == "layout") {
            let diagnostic =
                Diagnostic::new(Code::MissingElement, "The app has no `<layout>`, so it shows nothing.");
            self.out.push(diagnostic.hint("Add <layout> with the items to show.").on(&app.origin));
        }
        Some(app)
    }

    /// Tells whether the root is `<app>`, with the namespace of this version or in the basic form.
    fn root_rule(&mut self, root: &Element<'x>) -> Option<&'static ElementRule> {
        let name = root.local();
        let rule = rule_of("app").filter(|rule| rule.name == name);
        let hint = format!("Start with <app xmlns=\"{NAMESPACE}\">.");
        match (&root.namespace, rule) {
            (Namespace::Ours, Some(rule)) => Some(rule),
            (Namespace::Absent, Some(rule)) => {
                self.basic = true;
                let message = "The document has no namespace; it is read as version 1 of the app definition.";
                let hint = format!("Write <app xmlns=\"{NAMESPACE}\"> to say so.");
                self.problem(Diagnostic::new(Code::NoNamespace, message).hint(hint), root, name);
                Some(rule)
            }
            (Namespace::Foreign(uri), _) if is_other_version(uri) => {
                let message = format!(
                    "The definition has the namespace {}, which this player does not know.",
                    quoted(uri)
                );
                let hint = "Update the player.";
                self.problem(Diagnostic::new(Code::NewerSchema, message).hint(hint), root, name);
                None
            }
            (Namespace::Foreign(uri), Some(_)) => {
                let message = format!(
                    "`<app>` has the namespace {}, which is not that of app definitions.",
                    quoted(uri)
                );
                self.problem(Diagnostic::new(Code::NotAnApp, message).hint(hint), root, name);
                None
            }
            _ => {
                let message = format!("The root is {}, not `<app>`.", quoted(&format!("<{}>", root.name)));
                self.problem(Diagnostic::new(Code::NotAnApp, message).hint(hint), root, name);
                None
            }
        }
    }

    /// Whether the document says that it needs a later version. Nothing else is worth reporting then.
    fn is_newer(&mut self, root: &Element<'x>) -> bool {
        let later_schema = root
            .plain_attribute("schema")
            .filter(|schema| trim(&schema.value).parse::<u32>().is_ok_and(|schema| schema > SCHEMA_VERSION));
        if let Some(schema) = later_schema {
            let message = format!(
                "The definition is written for version {} of the vocabulary; this player knows version {SCHEMA_VERSION}.",
                trim(&schema.value)
            );
            self.newer(Code::NewerSchema, message, schema.value_at, "app/@schema");
            return true;
        }
        let own = version_parts(PLAYER_VERSION);
        let later_player = root
            .plain_attribute("minplayer")
            .filter(|player| version_parts(trim(&player.value)).is_some_and(|player| Some(player) > own));
        if let Some(player) = later_player {
            let message = format!(
                "The definition needs player {}; this is player {PLAYER_VERSION}.",
                trim(&player.value)
            );
            self.newer(Code::NewerPlayer, message, player.value_at, "app/@minplayer");
            return true;
        }
        false
    }

    fn newer(&mut self, code: Code, message: String, at: usize, path: &str) {
        let place = self.source.place(at);
        self.out.push(Diagnostic::new(code, message).hint("Update the player.").at(place, path));
    }

    fn app(&mut self, known: &mut Known<'_, 'x>) -> App {
        let mut fields = Fields::open(self, known);
        let mut app = App {
            id: fields.tested("id", is_app_id, Code::BadId, "is not the id of an app", APP_ID_HINT),
            version: fields.integer("version", 0..=u32::MAX).unwrap_or(0),
            default_locale: fields.locale("defaultlocale"),
            min_player: fields.tested(
                "minplayer",
                |version| version_parts(version).is_some(),
                Code::BadVersion,
                "is not a version",
                "Write up to three numbers, such as 0.1 or 1.2.3.",
            ),
            mode: fields.word("mode").unwrap_or_default(),
            ..App::default()
        };
        // Later versions were refused; the value itself is not needed any more.
        fields.integer("schema", 1..=u32::MAX);
        app.origin = fields.close();
        let (children, inside) = self.children(known.element, known.rule, &known.path, Later::Aside);
        app.origin.inside = inside;
        self.parts(&mut app, children);
        app
    }

    fn parts(&mut self, app: &mut App, children: Vec<Known<'_, 'x>>) {
        let mut seen: Vec<&'static str> = Vec::new();
        let mut carried: Vec<Kept> = Vec::new();
        for mut child in children {
            let name = child.rule.name;
            let repeatable = matches!(name, "source" | "bind" | "strings");
            if !repeatable && seen.contains(&name) {
                self.duplicate(&child);
                continue;
            }
            seen.push(name);
            child.before.splice(0..0, carried.drain(..));
            match name {
                "meta" => self.meta(&mut child, &mut app.meta),
                "source" => app.sources.push(self.source_element(&mut child)),
                "bind" => app.binds.push(self.bind(&mut child)),
                "layout" => app.layout = self.layout(&mut child),
                "theme" => app.theme = Some(self.theme(&mut child)),
                "strings" => app.strings.push(self.strings(&mut child)),
                "offline" => app.offline = Some(self.offline(&mut child)),
                "privacy" => app.privacy = Some(self.privacy(&mut child)),
                _ => carried = self.basic_part(app, &mut child),
            }
        }
        app.origin.inside.splice(0..0, carried);
    }

    /// Says that an element stands twice where it may stand once.
    pub(super) fn duplicate(&mut self, known: &Known<'_, 'x>) {
        let message = format!("`<{}>` stands here a second time.", known.rule.name);
        let diagnostic = Diagnostic::new(Code::DuplicateElement, message).hint("Keep one of them.");
        self.problem(diagnostic, known.element, &known.path);
    }

    fn meta(&mut self, known: &mut Known<'_, 'x>, meta: &mut Meta) {
        meta.origin = Fields::open(self, known).close();
        let (children, inside) = self.children(known.element, known.rule, &known.path, Later::Aside);
        meta.origin.inside = inside;
        let mut seen: Vec<&'static str> = Vec::new();
        for mut child in children {
            let name = child.rule.name;
            if seen.contains(&name) {
                self.duplicate(&child);
                continue;
            }
            seen.push(name);
            if name == "icon" {
                let mut fields = Fields::open(self, &mut child);
                meta.icon = fields.text("asset");
                meta.origins.icon = fields.close();
                meta.origins.icon.inside = self.inside(&child);
            } else {
                let mut origin = Fields::open(self, &mut child).close();
                let (text, inside) = self.inner_text(&child);
                origin.inside = inside;
                set_meta(meta, name, text, origin);
            }
        }
    }

    /// A child of `<app>` in the basic form. Answers with comments that have no element left to stand at.
    fn basic_part(&mut self, app: &mut App, known: &mut Known<'_, 'x>) -> Vec<Kept> {
        let name = known.rule.name;
        let mut origin = Fields::open(self, known).close();
        let (text, inside) = self.inner_text(known);
        origin.inside = inside;
        if text.is_empty() {
            return origin.before;
        }
        match name {
            "id" => {
                if is_app_id(&text) {
                    app.id = Some(text);
                } else {
                    let message = format!("{} is not the id of an app.", quoted(&text));
                    self.out.push(Diagnostic::new(Code::BadId, message).hint(APP_ID_HINT).on(&origin));
                }
                origin.before.append(&mut origin.inside);
                return origin.before;
            }
            "spreadsheeturl" => {
                // Only its own text stood between the tags; as an attribute it has no inside.
                origin.before.append(&mut origin.inside);
                let provider = if text.contains("://") { Provider::Http } else { Provider::File };
                app.sources.push(Source { url: Some(text), provider, origin, ..Source::default() });
            }
            _ => set_meta(&mut app.meta, name, text, origin),
        }
        Vec::new()
    }
}

const APP_ID_HINT: &str = "Use letters, digits, - and _, such as fb864b33-c138-4b16-b582-e6bf25a65895.";

/// Whether `text` can be the id of an app: at most 128 ASCII letters, digits, `-`, `_` and `.`.
fn is_app_id(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphanumeric())
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        && text.len() <= 128
}

fn is_other_version(uri: &str) -> bool {
    let number = uri.strip_prefix(NAMESPACE_FAMILY);
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// One to three numbers with points between them; missing ones are 0.
fn version_parts(text: &str) -> Option<[u32; 3]> {
    let mut parts = [0; 3];
    let mut slots = parts.iter_mut();
    for number in text.split('.') {
        let digits = (1..=5).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        *slots.next()? = number.parse().ok().filter(|_| digits)?;
    }
    Some(parts)
}

fn set_meta(meta: &mut Meta, element: &str, text: String, origin: Origin) {
    if text.is_empty() {
        return;
    }
    let caption = Some(Caption::parse(&text));
    match element {
        "name" => (meta.name, meta.origins.name) = (caption, origin),
        "description" => (meta.description, meta.origins.description) = (caption, origin),
        "category" => (meta.category, meta.origins.category) = (caption, origin),
        "terms" => (meta.terms, meta.origins.terms) = (caption, origin),
        "owner" => (meta.owner, meta.origins.owner) = (Some(text), origin),
        "contact" => (meta.contact, meta.origins.contact) = (Some(text), origin),
        _ => {}
    }
}

/// Comments and instructions around the root.
fn around(children: &[Child<'_>]) -> Vec<Kept> {
    children
        .iter()
        .filter_map(|child| match child {
            Child::Comment(xml) => Some(keep(KeptKind::Comment, xml)),
            Child::Instruction(xml) => Some(keep(KeptKind::Instruction, xml)),
            Child::Element(_) | Child::Text { .. } => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert_eq!(version_parts("0.1"), Some([0, 1, 0]));
        assert_eq!(version_parts("12.0.7"), Some([12, 0, 7]));
        assert!(version_parts("0.10") > version_parts("0.9.9"));
        for text in ["", ".", "1.", "1.2.3.4", "v1", "1.x", "+1", "999999"] {
            assert_eq!(version_parts(text), None, "{text}");
        }
        assert!(version_parts(PLAYER_VERSION).is_some());
    }
}
