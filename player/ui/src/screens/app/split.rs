//! Which parts of a page are entered and which are read.
//!
//! On a wide screen inputs stand left and results right. The definition mixes them freely, so each node is given
//! the side that it, or what it holds, belongs to; what belongs to neither (a heading, text, a line) goes with what
//! follows it.
//!
//! A group that holds both is a *row*: what belongs together there (a product, its quantity, its amount) is shown
//! together, among the results.
//!
//! Invariant: every node is shown on at least one side, and an input on the right only inside of a row.

use engine::view::{ContainerRole, Kind, Node};

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
        Kind::Container(_) if is_row(node) => Some(Side::Results),
        Kind::Container(_) => node
            .children
            .iter()
            .filter_map(side)
            .reduce(|one, other| if one == other { one } else { Side::Both }),
        Kind::Heading(_) | Kind::Text(_) | Kind::Divider | Kind::Spacer => None,
    }
}

/// Whether a node is a group of inputs and results that belong together.
pub(super) fn is_row(node: &Node) -> bool {
    let group = matches!(&node.kind, Kind::Container(of) if of.role == ContainerRole::Group);
    let has = |wanted: Side| node.children.iter().any(|child| side(child) == Some(wanted));
    group && has(Side::Inputs) && has(Side::Results)
}

/// The most columns of any row among some nodes and what they hold.
pub(super) fn widest_row(nodes: &[Node]) -> u32 {
    let columns = |node: &Node| match &node.kind {
        Kind::Container(of) if is_row(node) => of.columns,
        _ => widest_row(&node.children),
    };
    nodes.iter().map(columns).max().unwrap_or(0)
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
    fn a_group_of_inputs_and_results_stays_together() {
        let group = |children, columns| {
            let of = Container { role: ContainerRole::Group, columns, ..Container::default() };
            node(Kind::Container(of), children)
        };
        let page = [section(vec![group(vec![input(), output()], 3), group(vec![input()], 9)])];
        assert_eq!(sides(&page), [Side::Both]);
        assert_eq!(sides(&page[0].children), [Side::Results, Side::Inputs]);
        assert_eq!(widest_row(&page), 3);
    }

    #[test]
    fn the_headline_is_found_inside_of_sections() {
        let head = node(Kind::Output(Output { headline: true, ..Output::default() }), vec![]);
        assert!(headline(&[input(), section(vec![output(), head])]).is_some());
        assert!(headline(&[output()]).is_none());
    }
}
