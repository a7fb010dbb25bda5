//! Parts of an app beside its layout.

use std::fmt::Display;

use super::pen::{Attributes, Pen};
use crate::model::{Bind, Fingerprint, Meta, Offline, Privacy, Source, Strings, Theme};
use crate::origin::Origin;
use crate::words::Word;

pub(super) fn meta(pen: &mut Pen, meta: &Meta) {
    if meta.is_empty() {
        return;
    }
    let origins = &meta.origins;
    pen.element("meta", Attributes::default(), &meta.origin, |pen| {
        meta_text(pen, "name", meta.name.as_ref(), &origins.name);
        meta_text(pen, "description", meta.description.as_ref(), &origins.description);
        if let Some(asset) = &meta.icon {
            let mut attributes = Attributes::default();
            attributes.text("asset", Some(asset));
            pen.leaf("icon", attributes, &origins.icon);
        }
        meta_text(pen, "category", meta.category.as_ref(), &origins.category);
        meta_text(pen, "owner", meta.owner.as_ref(), &origins.owner);
        meta_text(pen, "contact", meta.contact.as_ref(), &origins.contact);
        meta_text(pen, "terms", meta.terms.as_ref(), &origins.terms);
    });
}

fn meta_text<T: Display>(pen: &mut Pen, element: &str, text: Option<&T>, origin: &Origin) {
    if let Some(text) = text {
        pen.text_element(element, Attributes::default(), origin, &text.to_string());
    }
}

pub(super) fn source(pen: &mut Pen, source: &Source) {
    let mut attributes = Attributes::default();
    attributes.id(&source.id);
    attributes.text("url", source.url.as_deref());
    attributes.unless("provider", &source.provider, &Default::default());
    attributes.unless("auth", &source.auth, &Default::default());
    attributes.text("sha256", source.sha256.as_deref());
    attributes.unless("refresh", &source.refresh, &Default::default());
    attributes.value("interval", source.interval.as_ref());
    attributes.unless("optional", &source.optional, &false);
    pen.leaf("source", attributes, &source.origin);
}

pub(super) fn bind(pen: &mut Pen, bind: &Bind) {
    let mut attributes = Attributes::default();
    attributes.id(&bind.id);
    attributes.text("source", bind.source.as_deref());
    attributes.text("name", bind.name.as_deref());
    attributes.text("table", bind.table.as_deref());
    attributes.text("column", bind.column.as_deref());
    attributes.text("sheet", bind.sheet.as_deref());
    attributes.value("address", bind.address.as_ref());
    attributes.unless("kind", &bind.kind, &Default::default());
    attributes.unless("onmove", &bind.on_move, &Default::default());
    attributes.value("default", bind.default.as_ref());
    pen.element("bind", attributes, &bind.origin, |pen| {
        bind.fingerprint.iter().for_each(|found| fingerprint(pen, found));
    });
}

fn fingerprint(pen: &mut Pen, fingerprint: &Fingerprint) {
    let mut attributes = Attributes::default();
    attributes.text("caption", fingerprint.caption.as_deref());
    attributes.unless("labelat", &fingerprint.label_at, &Default::default());
    attributes.text("shape", fingerprint.shape.as_deref());
    if !fingerprint.neighbours.is_empty() {
        let kinds: Vec<&str> = fingerprint.neighbours.iter().map(|kind| kind.word()).collect();
        attributes.text("neighbours", Some(&kinds.join(" ")));
    }
    pen.leaf("fingerprint", attributes, &fingerprint.origin);
}

pub(super) fn theme(pen: &mut Pen, theme: &Theme) {
    let mut attributes = Attributes::default();
    attributes.value("primary", theme.primary.as_ref());
    attributes.value("accent", theme.accent.as_ref());
    attributes.value("background", theme.background.as_ref());
    attributes.value("text", theme.text.as_ref());
    attributes.text("font", theme.font.as_deref());
    attributes.value("radius", theme.radius.as_ref());
    attributes.unless("density", &theme.density, &Default::default());
    attributes.text("logo", theme.logo.as_deref());
    attributes.unless("dark", &theme.dark, &true);
    pen.leaf("theme", attributes, &theme.origin);
}

pub(super) fn strings(pen: &mut Pen, strings: &Strings) {
    let mut attributes = Attributes::default();
    attributes.text("locale", Some(&strings.locale));
    pen.element("strings", attributes, &strings.origin, |pen| {
        for text in &strings.texts {
            let mut attributes = Attributes::default();
            attributes.text("key", Some(&text.key));
            pen.text_element("t", attributes, &text.origin, &text.text);
        }
    });
}

pub(super) fn offline(pen: &mut Pen, offline: &Offline) {
    let mut attributes = Attributes::default();
    attributes.value("lease", offline.lease.as_ref());
    attributes.value("maxage", offline.max_age.as_ref());
    attributes.unless("wipe", &offline.wipe, &false);
    attributes.unless("allowexport", &offline.allow_export, &true);
    attributes.unless("screenshot", &offline.screenshot, &Default::default());
    pen.leaf("offline", attributes, &offline.origin);
}

pub(super) fn privacy(pen: &mut Pen, privacy: &Privacy) {
    let mut attributes = Attributes::default();
    attributes.unless("classification", &privacy.classification, &Default::default());
    if !privacy.hide.is_empty() {
        let hidden: Vec<String> = privacy.hide.iter().map(ToString::to_string).collect();
        attributes.text("hide", Some(&hidden.join(", ")));
    }
    attributes.value("retention", privacy.retention.as_ref());
    pen.leaf("privacy", attributes, &privacy.origin);
}
