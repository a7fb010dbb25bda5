//! Which parts of a page are entered and which are read.
//!
//! On a wide screen inputs stand left and results right. The definition mixes them freely, so each node is given
//! the side that it, or what it holds, belongs to; what belongs to neither (a heading, text, a line) goes with what
//! follows it.
//!
//! Invariant: every node is shown on at least one side, and an input never on the right.

use engine::view::{Kind, Node};

/// Where something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// With the inputs.
    Inputs,
    /// With the results.
    Results,
    /// A container that holds both: its inputs left, its results right.
    Both,
}

impl Side {
    /// Whether what is of this side is shown on `side`; on `Both`, everything is.
    pub(super) fn is_on(self, side: Side) -> bool {
        self == side || self == Side::Both || side == Side::Both
    }
}

/// The side of a node; `None` for what goes with its neighbours.
pub(super) fn side(node: &Node) -> Option<Side> {
    match &node.kind {
        Kind::Input(_) => Some(Side::Inputs),
        Kind::Output(_) | Kind::List(_) | Kind::Chart(_) => Some(Side::Results),
        Kind::Container(_) => node
            .children
            .iter()
            .filter_map(side)
            .reduce(|one, other| if one == other { one } else { Side::Both }),
        Kind::Heading(_) | Kind::Text(_) | Kind::Divider | Kind::Spacer => None,
    }
}

/// The side of each of `nodes`, in order.
pub(super) fn sides(nodes: &[Node]) -> Vec<Side> {
    let own: Vec<Option<Side>> = nodes.iter().map(side).collect();
    let mut before = None;
    let mut sides = Vec::with_capacity(nodes.len());
    for (at, of) in own.iter().enumerate() {
        let after = || own.get(at + 1..).unwrap_or_default().iter().flatten().next().copied();
        let chosen = of
            .or_else(|| after().or(before).map(|side| if side == Side::Both { Side::Inputs } else { side }));
        let chosen = chosen.unwrap_or(Side::Results);
        before = Some(chosen);
        sides.push(chosen);
    }
    sides
}

/// The headline among some nodes and what they hold.
pub(super) fn headline(nodes: &[Node]) -> Option<&Node> {
    nodes.iter().find_map(|node| match &node.kind {
        Kind::Output(output) if output.headline => Some(node),
        _ => headline(&node.children),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::view::{Container, Input, Output, Text};

    fn node(kind: Kind, children: Vec<Node>) -> Node {
        Node { id: "n".into(), kind, children }
    }

    fn input() -> Node {
        node(Kind::Input(Input::default()), vec![])
    }

    fn output() -> Node {
        node(Kind::Output(Output::default()), vec![])
    }

    fn text() -> Node {
        node(Kind::Text(Text::default()), vec![])
    }

    fn section(children: Vec<Node>) -> Node {
        node(Kind::Container(Container::default()), children)
    }

    #[test]
    fn words_go_with_what_follows_them() {
        use Side::{Both, Inputs, Results};
        let cases = [
            (
                vec![text(), input(), text(), output(), text()],
                vec![Inputs, Inputs, Results, Results, Results],
            ),
            (vec![text()], vec![Results]),
            (vec![input(), text()], vec![Inputs, Inputs]),
            (vec![text(), section(vec![input(), output()])], vec![Inputs, Both]),
            (vec![section(vec![text()]), output()], vec![Results, Results]),
        ];
        for (nodes, expected) in cases {
            assert_eq!(sides(&nodes), expected);
        }
    }

    #[test]
    fn the_headline_is_found_inside_of_sections() {
        let head = node(Kind::Output(Output { headline: true, ..Output::default() }), vec![]);
        assert!(headline(&[input(), section(vec![output(), head])]).is_some());
        assert!(headline(&[output()]).is_none());
    }
}
