//! Parts of an app beside its layout: workbooks, addresses, looks, texts and rules for its data.

use super::fields::Fields;
use super::{Known, Later, Reading};
use crate::diagnostics::Code;
use crate::model::{Bind, Fingerprint, Offline, Privacy, Source, Strings, Theme, Translation, is_text_key};
use crate::origin::Kept;
use crate::reference::{is_name, is_sheet_name};

const NAME_HINT: &str = "Names start with a letter or _ and hold no spaces.";

impl<'x> Reading<'_, 'x> {
    /// Kept markup inside an element that holds no elements of the vocabulary.
    pub(super) fn inside(&mut self, known: &Known<'_, 'x>) -> Vec<Kept> {
        self.children(known.element, known.rule, &known.path, Later::Aside).1
    }

    pub(super) fn source_element(&mut self, known: &mut Known<'_, 'x>) -> Source {
        let mut fields = Fields::open(self, known);
        let is_hash = |hash: &str| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
        let mut source = Source {
            id: fields.id(),
            url: fields.text("url"),
            provider: fields.word("provider").unwrap_or_default(),
            auth: fields.word("auth").unwrap_or_default(),
            sha256: fields.tested(
                "sha256",
                is_hash,
                Code::BadHash,
                "is not a SHA-256 hash",
                "Write its 64 hexadecimal digits.",
            ),
            refresh: fields.word("refresh").unwrap_or_default(),
            interval: fields.period("interval"),
            optional: fields.flag("optional").unwrap_or(false),
            ..Source::default()
        };
        source.origin = fields.close();
        source.origin.inside = self.inside(known);
        source
    }

    pub(super) fn bind(&mut self, known: &mut Known<'_, 'x>) -> Bind {
        let mut fields = Fields::open(self, known);
        let mut bind = Bind {
            id: fields.id(),
            source: fields.own_id("source"),
            name: fields.name("name", is_name, "is not a defined name", NAME_HINT),
            table: fields.name("table", is_name, "is not the name of a table", NAME_HINT),
            column: fields.text("column"),
            sheet: fields.name(
                "sheet",
                is_sheet_name,
                "is not the name of a sheet",
                "Write it as on the sheet's tab, without quotes.",
            ),
            address: fields.area("address"),
            kind: fields.word("kind").unwrap_or_default(),
            on_move: fields.word("onmove").unwrap_or_default(),
            default: fields.setting("default"),
            ..Bind::default()
        };
        bind.origin = fields.close();
        let (children, inside) = self.children(known.element, known.rule, &known.path, Later::Aside);
        bind.origin.inside = inside;
        for mut child in children {
            if bind.fingerprint.is_some() {
                self.duplicate(&child);
                continue;
            }
            bind.fingerprint = Some(self.fingerprint(&mut child));
        }
        bind
    }

    fn fingerprint(&mut self, known: &mut Known<'_, 'x>) -> Fingerprint {
        let mut fields = Fields::open(self, known);
        let is_hash =
            |hash: &str| (8..=64).contains(&hash.len()) && hash.bytes().all(|b| b.is_ascii_hexdigit());
        let mut fingerprint = Fingerprint {
            caption: fields.text("caption"),
            label_at: fields.word("labelat").unwrap_or_default(),
            shape: fields.tested(
                "shape",
                is_hash,
                Code::BadHash,
                "is not the hash of a formula's shape",
                "Write 8 to 64 hexadecimal digits.",
            ),
            neighbours: fields.word_list("neighbours", 4),
            ..Fingerprint::default()
        };
        fingerprint.origin = fields.close();
        fingerprint.origin.inside = self.inside(known);
        fingerprint
    }

    pub(super) fn theme(&mut self, known: &mut Known<'_, 'x>) -> Theme {
        let mut fields = Fields::open(self, known);
        let mut theme = Theme {
            primary: fields.color("primary"),
            accent: fields.color("accent"),
            background: fields.color("background"),
            text: fields.color("text"),
            font: fields.text("font"),
            radius: fields.integer("radius", 0..=32),
            density: fields.word("density").unwrap_or_default(),
            logo: fields.text("logo"),
            dark: fields.flag("dark").unwrap_or(true),
            ..Theme::default()
        };
        theme.origin = fields.close();
        theme.origin.inside = self.inside(known);
        theme
    }

    pub(super) fn strings(&mut self, known: &mut Known<'_, 'x>) -> Strings {
        let mut fields = Fields::open(self, known);
        let locale = fields.locale("locale").unwrap_or_default();
        let mut strings = Strings { locale, origin: fields.close(), ..Strings::default() };
        let (children, inside) = self.children(known.element, known.rule, &known.path, Later::Aside);
        strings.origin.inside = inside;
        strings.texts = children.into_iter().map(|mut child| self.translation(&mut child)).collect();
        strings
    }

    fn translation(&mut self, known: &mut Known<'_, 'x>) -> Translation {
        let mut fields = Fields::open(self, known);
        let hint = "Use letters, digits, _, . and -, and write it without the @.";
        let key = fields.tested("key", is_text_key, Code::BadKey, "is not the key of a text", hint);
        let mut origin = fields.close();
        let (text, inside) = self.inner_text(known);
        origin.inside = inside;
        Translation { key: key.unwrap_or_default(), text, origin }
    }

    pub(super) fn offline(&mut self, known: &mut Known<'_, 'x>) -> Offline {
        let mut fields = Fields::open(self, known);
        let mut offline = Offline {
            lease: fields.period("lease"),
            max_age: fields.period("maxage"),
            wipe: fields.flag("wipe").unwrap_or(false),
            allow_export: fields.flag("allowexport").unwrap_or(true),
            screenshot: fields.word("screenshot").unwrap_or_default(),
            ..Offline::default()
        };
        offline.origin = fields.close();
        offline.origin.inside = self.inside(known);
        offline
    }

    pub(super) fn privacy(&mut self, known: &mut Known<'_, 'x>) -> Privacy {
        let mut fields = Fields::open(self, known);
        let mut privacy = Privacy {
            classification: fields.word("classification").unwrap_or_default(),
            hide: fields.references("hide"),
            retention: fields.period("retention"),
            ..Privacy::default()
        };
        privacy.origin = fields.close();
        privacy.origin.inside = self.inside(known);
        privacy
    }
}
