//! Items, lists, charts and pictures hold together.

use std::collections::{HashMap, HashSet};

use super::Index;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted};
use crate::model::{Bind, Bound, Chart, Choices, Image, InputType, Item, List, Node};
use crate::origin::Origin;
use crate::reference::Reference;

pub(super) fn check(index: &Index<'_>, out: &mut Diagnostics) {
    let mut inputs = HashMap::new();
    for node in index.app.nodes() {
        match node {
            Node::Item(item) => {
                self::item(index, item, out);
                same_cell(index, item, &mut inputs, out);
            }
            Node::List(list) => self::list(list, out),
            Node::Chart(chart) => self::chart(chart, out),
            Node::Image(image) => self::image(image, out),
            _ => {}
        }
    }
}

fn item(index: &Index<'_>, item: &Item, out: &mut Diagnostics) {
    let origin = &item.origin;
    match &item.target {
        Some(target) => range_for_input(index, item, target, out),
        None if origin.has_attribute("address") || origin.has_attribute("ref") => {}
        None => {
            let message = "`<item>` names no cell.";
            let hint = "Add ref=\"#...\" for a bind, ref=\"Name\" for a defined name or address=\"B1\".";
            out.push(Diagnostic::new(Code::MissingAttribute, message).hint(hint).on(origin));
        }
    }
    if item.input_type == InputType::Output && item.required.is_some() {
        let message = "An output is computed; it cannot be `required`.";
        let hint = "Remove `required`, or choose another inputtype.";
        out.push(Diagnostic::new(Code::RequiredOutput, message).hint(hint).on_attribute(origin, "required"));
    }
    if item.caption.is_none() && item.input_type != InputType::Hidden && !origin.has_attribute("caption") {
        let hint = "Add caption=\"...\", so that people know what it is.";
        out.push(Diagnostic::new(Code::NoCaption, "`<item>` has no caption.").hint(hint).on(origin));
    }
    min_and_max(item.min.as_ref(), item.max.as_ref(), origin, out);
    if let Some(choices) = &item.choices {
        self::choices(choices, out);
    }
}

/// An input takes one value, so it needs one cell.
fn range_for_input(index: &Index<'_>, item: &Item, target: &Reference, out: &mut Diagnostics) {
    let several = match target {
        Reference::Bind(id) => index.bind(id).is_some_and(Bind::is_range),
        other => other.is_range(),
    };
    if several && item.input_type != InputType::Output {
        let attribute = if item.origin.has_attribute("ref") { "ref" } else { "address" };
        let message = format!("{} has several cells, but an input sets one.", quoted(&target.to_string()));
        let hint = "Name one cell, or show the cells in a <list>.";
        out.push(
            Diagnostic::new(Code::InputOnRange, message).hint(hint).on_attribute(&item.origin, attribute),
        );
    }
}

fn min_and_max(min: Option<&Bound>, max: Option<&Bound>, origin: &Origin, out: &mut Diagnostics) {
    let (Some(min), Some(max)) = (min, max) else { return };
    if min.is_above(max) {
        let message = format!("The least value {min} is above the greatest, {max}.");
        out.push(
            Diagnostic::new(Code::MinAboveMax, message)
                .hint("Exchange `min` and `max`.")
                .on_attribute(origin, "min"),
        );
    }
}

fn choices(choices: &Choices, out: &mut Diagnostics) {
    let referred = choices.reference.is_some() || choices.origin.has_attribute("ref");
    if referred && !choices.listed.is_empty() {
        let message = "`<choices>` has both `ref` and choices written out.";
        let hint = "Keep one: the cells that hold the choices, or the list.";
        out.push(
            Diagnostic::new(Code::UnclearChoices, message).hint(hint).on_attribute(&choices.origin, "ref"),
        );
    } else if !referred && choices.listed.is_empty() {
        let message = "`<choices>` holds no choice.";
        let hint = "Add <choice value=\"...\"/>, or ref=\"...\" for cells that hold the choices.";
        out.push(Diagnostic::new(Code::UnclearChoices, message).hint(hint).on(&choices.origin));
    }
    let mut seen = HashSet::new();
    for choice in &choices.listed {
        // The same value may stand in the groups of a dependent list once each.
        if !seen.insert((&choice.value, &choice.group)) {
            let message = format!("The choice {} stands here twice.", quoted(&choice.value));
            let diagnostic = Diagnostic::new(Code::DuplicateChoice, message).hint("Keep one of them.");
            out.push(diagnostic.on_attribute(&choice.origin, "value"));
        }
    }
}

/// Two inputs must not write the same cell: the later one would undo the earlier one.
fn same_cell<'a>(
    index: &Index<'a>,
    item: &'a Item,
    inputs: &mut HashMap<String, &'a Item>,
    out: &mut Diagnostics,
) {
    let Some(target) = item.target.as_ref().filter(|_| item.takes_input()) else { return };
    let mut places = cell_keys(index, target);
    places.sort_unstable();
    places.dedup();
    if let Some(other) = places.iter().find_map(|place| inputs.get(place)) {
        let attribute = if item.origin.has_attribute("ref") { "ref" } else { "address" };
        let message = format!(
            "{} is the cell of another input, `{}` of line {}.",
            quoted(&target.to_string()),
            other.id,
            other.origin.place().line
        );
        let hint = "Keep one input for each cell, or make one of the two an output.";
        out.push(Diagnostic::new(Code::SameCell, message).hint(hint).on_attribute(&item.origin, attribute));
        return;
    }
    for place in places {
        inputs.insert(place, item);
    }
}

/// Texts that are equal where two references certainly mean the same cell. A bind means each of the places it names.
fn cell_keys(index: &Index<'_>, target: &Reference) -> Vec<String> {
    match target {
        Reference::Bind(id) => {
            let bind = index.bind(id);
            let source = index.source_id(bind);
            let places = bind.map(Bind::targets).unwrap_or_default();
            let own = format!("{source}|{target}");
            places.iter().map(|place| key(source, place)).chain([own]).collect()
        }
        other => vec![key(index.source_id(None), other)],
    }
}

/// Names of sheets, tables and cells do not tell upper from lower case.
fn key(source: &str, place: &Reference) -> String {
    format!("{source}|{}", place.to_string().to_lowercase())
}

fn list(list: &List, out: &mut Diagnostics) {
    for filter in &list.filters {
        let waits = filter.user_choice || filter.origin.has_attribute("value");
        if filter.op.needs_value() && filter.value.is_none() && !waits {
            let message = format!("A filter with `op=\"{}\"` needs the attribute `value`.", filter.op);
            let hint = "Add value=\"...\", or userchoice=\"true\" to let people choose.";
            out.push(Diagnostic::new(Code::MissingAttribute, message).hint(hint).on(&filter.origin));
        }
    }
}

fn chart(chart: &Chart, out: &mut Diagnostics) {
    if chart.series.is_empty() {
        let message = "`<chart>` has no series, so there is nothing to draw.";
        let hint = "Add <series ref=\"...\"/> for the values.";
        out.push(Diagnostic::new(Code::NoSeries, message).hint(hint).on(&chart.origin));
    }
    let mut sides = Vec::new();
    for axis in &chart.axes {
        if sides.contains(&axis.side) {
            let message = format!("The chart has two axes on the {} side.", axis.side);
            let hint = "Keep one, or move one of them to the other side.";
            out.push(Diagnostic::new(Code::DuplicateElement, message).hint(hint).on(&axis.origin));
        }
        sides.push(axis.side);
        min_and_max(axis.min.as_ref(), axis.max.as_ref(), &axis.origin, out);
    }
}

fn image(image: &Image, out: &mut Diagnostics) {
    let origin = &image.origin;
    let (cell, asset) = (origin.has_attribute("ref"), origin.has_attribute("asset"));
    match (image.reference.is_some() || cell, image.asset.is_some() || asset) {
        (true, true) => {
            let message = "`<image>` has both `ref` and `asset`.";
            let diagnostic = Diagnostic::new(Code::ConflictingAttributes, message).hint("Keep one of them.");
            out.push(diagnostic.on_attribute(origin, "asset"));
        }
        (false, false) => {
            let message = "`<image>` names no picture.";
            let hint = "Add ref=\"...\" for a cell that holds it, or asset=\"...\" for a packed one.";
            out.push(Diagnostic::new(Code::MissingAttribute, message).hint(hint).on(origin));
        }
        _ => {}
    }
    if image.alternative.is_none() && !origin.has_attribute("alt") {
        let hint = "Add alt=\"...\": what it shows, for those who cannot see it.";
        out.push(
            Diagnostic::new(Code::NoAlternative, "`<image>` has no words instead of it.")
                .hint(hint)
                .on(origin),
        );
    }
}
