//! What differs between two views, and a view with the differences applied.

use crate::{Delta, Node, View};
use std::collections::{HashMap, HashSet};

/// A node's parent (empty for a page) and place among its children.
struct Stand<'a> {
    node: &'a Node,
    parent: &'a str,
    place: usize,
}

/// What changed from one view to the next. A node that moved goes and comes again.
pub(crate) fn between(before: &View, after: &View) -> Delta {
    let (old, new) = (stands(before), stands(after));
    let mut delta = Delta { revision: after.revision, ..Delta::default() };
    if before.notices != after.notices {
        delta.notices = Some(after.notices.clone());
    }
    let mut gone = HashSet::new();
    each(&before.pages, "", &mut |stand| {
        let stays = new.get(stand.node.id.as_str()).is_some_and(|now| now.parent == stand.parent);
        let parent_gone = gone.contains(stand.parent);
        if !stays || parent_gone {
            gone.insert(stand.node.id.clone());
            if !parent_gone {
                delta.gone.push(stand.node.id.clone());
            }
        }
    });
    let mut came = HashSet::new();
    each(&after.pages, "", &mut |stand| {
        let id = stand.node.id.as_str();
        let parent_came = came.contains(stand.parent);
        match old.get(id).filter(|_| !gone.contains(id)) {
            Some(was) if !parent_came => {
                if was.node.kind != stand.node.kind {
                    let kind = stand.node.kind.clone();
                    delta.changed.push(Node { id: id.to_owned(), kind, children: Vec::new() });
                }
            }
            _ => {
                came.insert(id.to_owned());
                if !parent_came {
                    delta.came.push((stand.parent.to_owned(), stand.place, stand.node.clone()));
                }
            }
        }
    });
    delta
}

fn stands(view: &View) -> HashMap<&str, Stand<'_>> {
    let mut all = HashMap::new();
    each(&view.pages, "", &mut |stand| {
        all.insert(stand.node.id.as_str(), stand);
    });
    all
}

fn each<'a>(nodes: &'a [Node], parent: &'a str, visit: &mut impl FnMut(Stand<'a>)) {
    for (place, node) in nodes.iter().enumerate() {
        visit(Stand { node, parent, place });
        each(&node.children, &node.id, visit);
    }
}

impl View {
    /// Applies what a command changed: the tree before becomes the tree after. For faces that keep a tree of their
    /// own at the other end of a wire.
    pub fn apply(&mut self, delta: &Delta) {
        self.revision = delta.revision;
        if let Some(notices) = &delta.notices {
            self.notices.clone_from(notices);
        }
        for id in &delta.gone {
            remove(&mut self.pages, id);
        }
        for (parent, place, node) in &delta.came {
            let siblings = if parent.is_empty() {
                Some(&mut self.pages)
            } else {
                find(&mut self.pages, parent).map(|node| &mut node.children)
            };
            if let Some(siblings) = siblings {
                siblings.insert((*place).min(siblings.len()), node.clone());
            }
        }
        for changed in &delta.changed {
            if let Some(node) = find(&mut self.pages, &changed.id) {
                node.kind.clone_from(&changed.kind);
            }
        }
    }
}

fn remove(nodes: &mut Vec<Node>, id: &str) -> bool {
    if let Some(place) = nodes.iter().position(|node| node.id == id) {
        nodes.remove(place);
        return true;
    }
    nodes.iter_mut().any(|node| remove(&mut node.children, id))
}

fn find<'a>(nodes: &'a mut [Node], id: &str) -> Option<&'a mut Node> {
    for node in nodes {
        if node.id == id {
            return Some(node);
        }
        if let Some(found) = find(&mut node.children, id) {
            return Some(found);
        }
    }
    None
}
