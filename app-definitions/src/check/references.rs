//! Ids are unique, and what is referred to exists.

use std::collections::{HashMap, HashSet};

use super::Index;
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::model::{App, Node, Used};
use crate::nearest::nearest;
use crate::origin::{Origin, Place};
use crate::reference::Reference;

pub(super) fn check(index: &Index<'_>, out: &mut Diagnostics) {
    unique_ids(index.app, out);
    binds_exist(index, out);
    drill_targets_exist(index.app, out);
}

/// Ids that the document states stand there once. Derived ids are unique by making.
fn unique_ids(app: &App, out: &mut Diagnostics) {
    let mut first: HashMap<&str, (&'static str, Place)> = HashMap::new();
    for found in app.identified() {
        let unread = found.element == "element";
        if unread || !found.id.written || found.id.is_empty() {
            continue;
        }
        let here = (found.element, found.origin.place());
        let Some(&(element, place)) = first.get(found.id.as_str()) else {
            first.insert(found.id.as_str(), here);
            continue;
        };
        let message = format!("The id `{}` is taken: `<{element}>` of line {} has it.", found.id, place.line);
        out.push(
            Diagnostic::new(Code::DuplicateId, message)
                .hint("Ids are unique in the whole definition; choose another one.")
                .on_attribute(found.origin, "id"),
        );
    }
}

/// Every `#id`, in references and in expressions, is the id of a bind.
fn binds_exist(index: &Index<'_>, out: &mut Diagnostics) {
    for used in index.app.uses() {
        if let Used::Reference(Reference::Column(column)) = used.used {
            let message = format!("`@{column}` means a column, but there is no list around.");
            let hint = "Refer to a cell, a name or a bind here.";
            out.push(
                Diagnostic::new(Code::ColumnOutsideList, message)
                    .hint(hint)
                    .on_attribute(used.origin, used.attribute),
            );
        }
        let mut reported: HashSet<&str> = HashSet::new();
        for id in used.used.binds() {
            if index.bind(id).is_none() && reported.insert(id) {
                out.push_with(|| dangling(index.app, id, used.origin, used.attribute));
            }
        }
    }
}

fn dangling(app: &App, id: &str, origin: &Origin, attribute: &str) -> Diagnostic {
    let hint = match nearest(id, app.binds.iter().map(|bind| bind.id.as_str())) {
        Some(known) => format!("Did you mean `#{known}`?"),
        None if app.node(id).is_some() => {
            format!("`{id}` is an element of the layout; give its cell a <bind> and refer to that.")
        }
        None => format!("Add <bind id=\"{id}\" .../> to the app."),
    };
    Diagnostic::new(Code::DanglingBind, format!("There is no bind `{id}`."))
        .hint(hint)
        .on_attribute(origin, attribute)
}

/// A click on a chart leads somewhere.
fn drill_targets_exist(app: &App, out: &mut Diagnostics) {
    let is_target = |node: &&Node| matches!(node, Node::Container(_) | Node::List(_));
    let targets = || app.nodes().filter(is_target).map(|node| node.id().as_str());
    let known: HashSet<&str> = targets().collect();
    for node in app.nodes() {
        let Node::Chart(chart) = node else { continue };
        let Some(drill) = chart.drill.as_deref().filter(|drill| !known.contains(drill)) else { continue };
        out.push_with(|| {
            let hint = match nearest(drill, targets()) {
                Some(known) => format!("Did you mean `{known}`?"),
                None => "Name the id of a page, tab, section, group or list.".to_owned(),
            };
            let message = format!("There is no page, section or list `{drill}`.");
            Diagnostic::new(Code::DanglingTarget, message).hint(hint).on_attribute(&chart.origin, "drill")
        });
    }
}
