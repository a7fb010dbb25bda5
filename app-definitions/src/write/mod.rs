//! Model to XML.
//!
//! The layout of the text is fixed: two spaces a level, one element a line, attributes in the order of the vocabulary,
//! defaults left out. So the same model always gives the same bytes, and reading what was written gives an equal model.
//! Comments, foreign markup and elements that this version does not show are written as they were, where they stood.

mod content;
mod data;
mod pen;

use std::borrow::Cow;

use crate::model::App;
use crate::vocabulary::{NAMESPACE, SCHEMA_VERSION};

use pen::{Attributes, Pen};

pub(crate) use pen::escape_attribute;

/// Writes an app definition. Elements without an id get one first, as [`App::assign_ids`] gives it.
pub fn write(app: &App) -> String {
    let complete = app.identified().iter().all(|found| !found.id.is_empty());
    let app = if complete { Cow::Borrowed(app) } else { Cow::Owned(with_ids(app)) };
    let mut pen = Pen::new();
    pen.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    self::app(&mut pen, &app);
    pen.kept(&app.epilogue);
    pen.finish()
}

fn with_ids(app: &App) -> App {
    let mut app = app.clone();
    app.assign_ids();
    app
}

fn app(pen: &mut Pen, app: &App) {
    let mut attributes = Attributes::default();
    attributes.text("xmlns", Some(NAMESPACE));
    attributes.text("id", app.id.as_deref());
    attributes.unless("version", &app.version, &0);
    attributes.unless("schema", &SCHEMA_VERSION, &1);
    attributes.text("defaultlocale", app.default_locale.as_deref());
    attributes.text("minplayer", app.min_player.as_deref());
    attributes.unless("mode", &app.mode, &Default::default());
    pen.element("app", attributes, &app.origin, |pen| {
        data::meta(pen, &app.meta);
        app.sources.iter().for_each(|source| data::source(pen, source));
        app.binds.iter().for_each(|bind| data::bind(pen, bind));
        content::layout(pen, &app.layout);
        app.theme.iter().for_each(|theme| data::theme(pen, theme));
        app.strings.iter().for_each(|strings| data::strings(pen, strings));
        app.offline.iter().for_each(|offline| data::offline(pen, offline));
        app.privacy.iter().for_each(|privacy| data::privacy(pen, privacy));
    });
}
