//! What the inspector shows of one node of a draft.

use app_definitions::{
    Word,
    model::{Item, Node},
};

use super::{
    bench::{Base, Why},
    draft::Draft,
};

/// The controls that a creator can choose, with their names for people.
pub const INPUT_WORDS: &[(&str, &str)] = &[
    ("input", "Field"),
    ("multiline", "Several lines"),
    ("slider", "Slider"),
    ("stepper", "Number with − and +"),
    ("switch", "Switch"),
    ("checkbox", "Checkbox"),
    ("dropdown", "Menu"),
    ("radio", "Choices, all in sight"),
    ("segmented", "Choices, side by side"),
    ("date", "Date"),
    ("time", "Time"),
    ("rating", "Rating"),
    ("output", "Result"),
];

/// The kinds of content that a creator can choose, with their names for people.
pub const CONTENT_WORDS: &[(&str, &str)] = &[
    ("", "As in the spreadsheet"),
    ("text", "Text"),
    ("integer", "Whole number"),
    ("decimal", "Number"),
    ("percent", "Percent"),
    ("currency", "Money"),
    ("boolean", "Yes or no"),
    ("date", "Date"),
    ("time", "Time"),
    ("datetime", "Date and time"),
    ("duration", "Duration"),
    ("email", "Mail address"),
    ("url", "Web address"),
    ("phone", "Phone number"),
];

/// One node, as the inspector shows it.
#[derive(Clone, Debug, Default)]
pub struct Inspected {
    /// Its id.
    pub id: String,
    /// What it is, in a word for people.
    pub kind: &'static str,
    /// Its caption.
    pub caption: String,
    /// Whether it is an item with control, content, unit and help.
    pub is_item: bool,
    /// Whether it has a caption at all.
    pub has_caption: bool,
    /// Whether it is in the app.
    pub on: bool,
    /// The control's word.
    pub inputtype: String,
    /// The content's word; empty where the workbook decides.
    pub contenttype: String,
    /// The unit.
    pub unit: String,
    /// The help.
    pub help: String,
    /// The cell or name that it is bound to.
    pub place: String,
    /// Why it was proposed.
    pub why: Option<Why>,
}

/// What the inspector shows of a node; `None` where there is no such node.
#[must_use]
pub fn inspect(draft: &Draft, base: &Base, id: &str) -> Option<Inspected> {
    let node = draft.node(id)?;
    let words = |caption: &Option<app_definitions::model::Caption>| {
        caption.as_ref().map(|caption| caption.words().to_owned()).unwrap_or_default()
    };
    let why = base.whys.get(id).cloned();
    let plain = Inspected { id: id.to_owned(), on: draft.is_on(id), why, ..Inspected::default() };
    Some(match node {
        Node::Item(item) => inspect_item(draft, item, plain),
        Node::Container(container) => {
            use app_definitions::model::ContainerKind::{Page, Tab};
            let kind = if matches!(container.kind, Page | Tab) { "Page" } else { "Section" };
            Inspected { kind, caption: words(&container.caption), has_caption: true, ..plain }
        }
        Node::List(list) => {
            let place = list.reference.as_ref().map(ToString::to_string).unwrap_or_default();
            Inspected { kind: "List", caption: words(&list.caption), has_caption: true, place, ..plain }
        }
        Node::Chart(chart) => {
            let series = chart.series.first().and_then(|series| series.reference.as_ref());
            let place = series.map(ToString::to_string).unwrap_or_default();
            Inspected { kind: "Chart", caption: words(&chart.title), has_caption: true, place, ..plain }
        }
        _ => Inspected { kind: "Fixed content", ..plain },
    })
}

fn inspect_item(draft: &Draft, item: &Item, plain: Inspected) -> Inspected {
    let words = |caption: &Option<app_definitions::model::Caption>| {
        caption.as_ref().map(|caption| caption.words().to_owned()).unwrap_or_default()
    };
    let output = item.input_type == app_definitions::model::InputType::Output;
    Inspected {
        kind: if output { "Result" } else { "Input" },
        is_item: true,
        has_caption: true,
        caption: words(&item.caption),
        inputtype: item.input_type.word().to_owned(),
        contenttype: item.content_type.map(|content| content.word().to_owned()).unwrap_or_default(),
        unit: words(&item.unit),
        help: words(&item.help),
        place: draft.place(item),
        ..plain
    }
}
