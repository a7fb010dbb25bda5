//! What holds for every formula: random text, random trees, random damage.

use crate::support::{Book, HOST, shown_bare};
use playsheet_formula::{
    ArgList, Axis, BinaryOp, Copies, Corner, Extent, ExternalSheet, Formula, Mode, Node, NodeId, Ref,
    Separators, SheetSpec, Style, TableItem, TableRef, UnaryOp, parse, parse_up_to, print, template_key,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::HashMap;
use values::{Cell, CellError, MAX_ROWS, SheetId, Text};

/// An expression as a tree of its own, to be put into an arena.
#[derive(Clone, Debug)]
enum Tree {
    Leaf(Node),
    Unary(UnaryOp, Box<Tree>),
    Binary(BinaryOp, Box<Tree>, Box<Tree>),
    Paren(Box<Tree>),
    Call(&'static str, Vec<Tree>),
    Invoke(Box<Tree>, Vec<Tree>),
    Array(u32, Vec<Tree>),
}

#[derive(Default)]
struct Arena {
    nodes: Vec<Node>,
    args: Vec<NodeId>,
}

impl Arena {
    fn put(&mut self, tree: &Tree) -> NodeId {
        let node = match tree {
            Tree::Leaf(node) => node.clone(),
            Tree::Unary(op, operand) => Node::Unary { op: *op, operand: self.put(operand) },
            Tree::Binary(op, left, right) => {
                Node::Binary { op: *op, left: self.put(left), right: self.put(right) }
            }
            Tree::Paren(inner) => Node::Paren(self.put(inner)),
            Tree::Call(name, args) => Node::Call { name: Text::from(*name), args: self.list(args) },
            Tree::Invoke(callee, args) => Node::Invoke { callee: self.put(callee), args: self.list(args) },
            Tree::Array(cols, items) => {
                Node::Array { rows: items.len() as u32 / cols, cols: *cols, items: self.list(items) }
            }
        };
        self.nodes.push(node);
        NodeId(self.nodes.len() as u32 - 1)
    }

    fn list(&mut self, trees: &[Tree]) -> ArgList {
        let ids: Vec<NodeId> = trees.iter().map(|tree| self.put(tree)).collect();
        let start = self.args.len() as u32;
        self.args.extend(&ids);
        ArgList { start, len: ids.len() as u32 }
    }
}

fn formula_of(tree: &Tree) -> Formula {
    let mut arena = Arena::default();
    arena.put(tree);
    let stored = serde_json::json!({ "nodes": arena.nodes, "args": arena.args });
    serde_json::from_value(stored).unwrap()
}

fn axis(count: u32, host: u32) -> impl Strategy<Value = Axis> {
    prop_oneof![
        (0..count).prop_map(Axis::Absolute),
        (0..9u32).prop_map(move |at| Axis::relative(at, host)),
        (0..count).prop_map(move |at| Axis::relative(at, host)),
    ]
}

fn extent() -> impl Strategy<Value = Extent> {
    let row = || axis(MAX_ROWS, HOST.row.0);
    let col = || axis(u32::from(values::MAX_COLS), u32::from(HOST.col.0));
    let corner = move || (row(), col()).prop_map(|(row, col)| Corner { row, col });
    prop_oneof![
        4 => corner().prop_map(Extent::Cell),
        3 => (corner(), corner()).prop_map(|(a, b)| Extent::Rect(a, b)),
        1 => (row(), row()).prop_map(|(a, b)| Extent::Rows(a, b)),
        1 => (col(), col()).prop_map(|(a, b)| Extent::Cols(a, b)),
    ]
}

fn sheet() -> impl Strategy<Value = SheetSpec> {
    let unknown = ["Nowhere", "No where", "a:b", "A1:x", "2024", "isn't"];
    let books = [("1", "Sheet1"), ("Book.xlsx", "A b"), ("1", ""), ("C:\\d\\[b].xlsx", "x:y"), ("it's", "S")];
    prop_oneof![
        6 => Just(SheetSpec::Here),
        4 => (0u16..13).prop_map(|id| SheetSpec::Sheet(SheetId(id))),
        1 => (0u16..6, 6u16..13).prop_map(|(a, b)| SheetSpec::Span(SheetId(a), SheetId(b))),
        1 => select(unknown.to_vec()).prop_map(|name| SheetSpec::Unknown(Text::from(name))),
        1 => select(books.to_vec()).prop_map(|(book, sheet)| {
            SheetSpec::External(Box::new(ExternalSheet { book: Text::from(book), sheet: Text::from(sheet) }))
        }),
    ]
}

fn reference() -> impl Strategy<Value = Node> {
    (sheet(), extent()).prop_map(|(sheet, extent)| Node::Ref(Ref { sheet, extent }))
}

fn name() -> impl Strategy<Value = Node> {
    let names = ["x", "Rate", "first", "A1B", "Größe", "_y", "SUM", "v.1", "locale"];
    (sheet(), select(names.to_vec())).prop_map(|(sheet, name)| Node::Name { sheet, name: Text::from(name) })
}

fn table() -> impl Strategy<Value = Node> {
    let column = || {
        let nasty = ["Col", "a b", " edge ", "#1", "@x", "it's", "a[b]'#", "x,y:z", "''", "'@", "ä\nö", "@"];
        prop_oneof![
            select(nasty.to_vec()).prop_map(Text::from),
            "[a-c'#@\\[\\] ,:]{1,6}".prop_map(Text::from)
        ]
    };
    let items = vec(
        select(vec![
            TableItem::All,
            TableItem::Data,
            TableItem::Headers,
            TableItem::Totals,
            TableItem::ThisRow,
        ]),
        0..3,
    );
    let named = proptest::option::of(select(vec!["Table1", "T", "tbl_2"]).prop_map(Text::from));
    (named, items, proptest::option::of((column(), proptest::option::of(column()))))
        .prop_map(|(table, items, columns)| Node::Table(Box::new(TableRef { table, items, columns })))
}

fn constant() -> impl Strategy<Value = Node> {
    prop_oneof![
        prop_oneof![Just(0.0), (0..1000u32).prop_map(f64::from), any::<f64>().prop_map(f64::abs)]
            .prop_filter_map("no number", |n| n.is_finite().then_some(Node::Number(n))),
        "[a(\\n \"'=é#]{0,5}".prop_map(|text| Node::Text(Text::from(text))),
        any::<bool>().prop_map(Node::Bool),
        select(CellError::all().map(|(error, _)| error).collect::<Vec<_>>()).prop_map(Node::Error),
    ]
}

fn array() -> impl Strategy<Value = Tree> {
    let item = (constant(), any::<bool>()).prop_map(|(node, negative)| match node {
        Node::Number(number) if negative => Tree::Leaf(Node::Number(-number)),
        node => Tree::Leaf(node),
    });
    let item = item.boxed();
    (1u32..4, 1u32..4).prop_flat_map(move |(rows, cols)| {
        vec(item.clone(), (rows * cols) as usize).prop_map(move |items| Tree::Array(cols, items))
    })
}

fn operator() -> impl Strategy<Value = BinaryOp> {
    use BinaryOp::*;
    select(vec![
        Add,
        Subtract,
        Multiply,
        Divide,
        Power,
        Concat,
        Equal,
        NotEqual,
        Less,
        LessEqual,
        Greater,
        GreaterEqual,
        Union,
        Intersection,
    ])
}

/// Whether a tree may stand beside `:`: two plain cells there are one reference, not two.
fn is_range_end(tree: &Tree) -> bool {
    matches!(
        tree,
        Tree::Call(..) | Tree::Invoke(..) | Tree::Leaf(Node::Name { .. }) | Tree::Unary(UnaryOp::Spill, _)
    )
}

fn tree(extra: Vec<Node>) -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        3 => constant().prop_map(Tree::Leaf),
        5 => reference().prop_map(Tree::Leaf),
        3 => name().prop_map(Tree::Leaf),
        2 => table().prop_map(Tree::Leaf),
        1 => array(),
        2 => select(extra).prop_map(Tree::Leaf),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let calls = ["SUM", "F", "LOG10", "XLOOKUP", "FILTER", "LET", "LAMBDA", "_TRO_ALL", "_TRO_LEADING", "X"];
        let signs = [UnaryOp::Minus, UnaryOp::Plus, UnaryOp::Percent, UnaryOp::Intersect, UnaryOp::Spill];
        let boxed = |tree: Tree| Box::new(tree);
        let args = vec(prop_oneof![9 => inner.clone(), 1 => Just(Tree::Leaf(Node::Missing))], 0..5);
        // One argument that is missing is none.
        let args = args.prop_map(|args| match args.as_slice() {
            [Tree::Leaf(Node::Missing)] => Vec::new(),
            _ => args,
        });
        prop_oneof![
            2 => (select(signs.to_vec()), inner.clone()).prop_map(move |(op, a)| Tree::Unary(op, boxed(a))),
            4 => (operator(), inner.clone(), inner.clone())
                .prop_map(move |(op, a, b)| Tree::Binary(op, boxed(a), boxed(b))),
            1 => (inner.clone(), inner.clone()).prop_map(move |(a, b)| {
                let op = if is_range_end(&a) && is_range_end(&b) { BinaryOp::Range } else { BinaryOp::Concat };
                Tree::Binary(op, boxed(a), boxed(b))
            }),
            1 => inner.clone().prop_map(move |a| Tree::Paren(boxed(a))),
            3 => (select(calls.to_vec()), args.clone()).prop_map(|(name, args)| Tree::Call(name, args)),
            1 => (inner, args).prop_map(move |(a, args)| Tree::Invoke(boxed(a), args)),
        ]
    })
}

/// Pieces that make formulas when they meet by chance, and near-formulas when they do not.
const PIECES: [&str; 44] = [
    "A1",
    "B2",
    "$C$3",
    "A",
    "1",
    ".5",
    "1E5",
    "E",
    "x",
    "LOG10",
    "SUM(",
    "(",
    ")",
    "(",
    ")",
    "[",
    "]",
    "[1]",
    "T[",
    "'",
    "\"",
    "!",
    "Sheet1!",
    "'My sheet'!",
    ":",
    ":",
    ",",
    " ",
    " ",
    "#",
    "#REF!",
    "#N/A",
    "@",
    "%",
    "-",
    "+",
    "{",
    "}",
    ";",
    "$",
    ".",
    "_xlfn.SINGLE(",
    "\n",
    "é",
];

fn pieces() -> impl Strategy<Value = String> {
    vec(select(PIECES.to_vec()), 0..12).prop_map(|parts| parts.concat())
}

fn key(text: &str, host: Cell) -> Vec<u8> {
    let mut key = Vec::new();
    template_key(text, host, &mut key);
    key
}

fn read(text: &str, host: Cell) -> Option<Formula> {
    parse_up_to(text, host, &Book, Mode::Workbook, 100_000).ok()
}

const MODES: [Mode; 5] = [
    Mode::Workbook,
    Mode::Unquoted,
    Mode::Expression,
    Mode::Grid(Separators::Point),
    Mode::Grid(Separators::Comma),
];

proptest! {
    // A finding becomes a row of a case file, not a seed.
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn copies_of_a_text_have_its_key(tree in tree(vec![Node::Bool(true)]), row in 0..2_000_000_u32) {
        let formula = formula_of(&tree);
        let written = print(&formula, HOST, &Book, Style::File);
        let copies = Copies::of(&written, HOST);
        prop_assert!(copies.is_copy(&written, HOST.row.0), "{}", written);
        let host = Cell::new(row.min(MAX_ROWS - 1), HOST.col.0);
        let moved = print(&formula, host, &Book, Style::File);
        // Cells that are pushed off the sheet are written as errors: such a text is no copy.
        let is_copy = copies.is_copy(&moved, host.row.0);
        prop_assert!(is_copy || moved.contains("#REF!"), "{} {}", written, moved);
        prop_assert!(!is_copy || key(&moved, host) == key(&written, HOST), "{} {}", written, moved);
    }

    #[test]
    fn what_is_taken_for_a_copy_has_the_key(text in pieces(), other in pieces(), row in 0..40_u32) {
        let host = Cell::new(row, HOST.col.0);
        let copies = Copies::of(&text, HOST);
        for other in [&text, &other] {
            let digits = (b'1'..=b'9').map(|digit| other.replace('2', &char::from(digit).to_string()));
            for other in digits.chain([other.clone()]) {
                if copies.is_copy(&other, host.row.0) {
                    prop_assert_eq!(key(&other, host), key(&text, HOST), "{} {}", text, other);
                }
            }
        }
    }

    #[test]
    fn every_tree_is_written_so_that_it_reads_back(tree in tree(vec![Node::Bool(true)])) {
        let formula = formula_of(&tree);
        for style in [Style::File, Style::Screen] {
            let written = print(&formula, HOST, &Book, style);
            let again = parse_up_to(&written, HOST, &Book, Mode::Workbook, 100_000);
            let again = again.map_err(|error| TestCaseError::fail(format!("{written}: {error}")))?;
            prop_assert_eq!(shown_bare(&again), shown_bare(&formula), "{}", written);
            prop_assert_eq!(print(&again, HOST, &Book, style), written);
        }
    }

    #[test]
    fn every_expression_is_written_so_that_it_reads_back(
        tree in tree(vec![Node::Binding(Text::from("id_1")), Node::Context(Text::from("user.email"))])
    ) {
        let formula = formula_of(&tree);
        let written = print(&formula, HOST, &Book, Style::Expression);
        let again = parse_up_to(&written, HOST, &Book, Mode::Expression, 100_000);
        let again = again.map_err(|error| TestCaseError::fail(format!("{written}: {error}")))?;
        prop_assert_eq!(shown_bare(&again), shown_bare(&formula), "{}", written);
    }

    #[test]
    fn what_was_read_is_written_so_that_it_is_the_same_tree(text in pieces()) {
        for mode in MODES {
            let Ok(formula) = parse(&text, HOST, &Book, mode) else { continue };
            let styles = match mode {
                Mode::Expression => vec![(Style::Expression, mode)],
                _ => vec![(Style::File, Mode::Workbook), (Style::Screen, Mode::Workbook)],
            };
            for (style, mode) in styles {
                let written = print(&formula, HOST, &Book, style);
                let again = parse(&written, HOST, &Book, mode);
                let again = again.map_err(|error| TestCaseError::fail(format!("{text:?}, {written:?}: {error}")))?;
                prop_assert_eq!(shown_bare(&again), shown_bare(&formula), "{:?}, {:?}", text, written);
                // `x SINGLE(y)#` has no form for the screen without parentheses: `x (@y)#` calls x.
                if !text.contains("_xlfn.") {
                    prop_assert!(again == formula, "{:?} was written as {:?}", text, written);
                }
            }
        }
    }

    #[test]
    fn a_copy_has_the_same_key_and_tree(tree in tree(vec![Node::Bool(true)]), row in 0u32..1000, col in 0u16..50) {
        let formula = formula_of(&tree);
        let there = Cell::new(row, col);
        let (here, copy) = (print(&formula, HOST, &Book, Style::File), print(&formula, there, &Book, Style::File));
        let whole = formula.references().all(|one| one.extent.resolve(there).is_some());
        if whole {
            prop_assert_eq!(key(&here, HOST), key(&copy, there), "{} and {}", here, copy);
            prop_assert_eq!(read(&here, HOST), read(&copy, there));
        }
    }

    #[test]
    fn equal_keys_mean_equal_trees(text in pieces(), row in 0u32..3, col in 0u16..3, swaps in vec((0usize..12, select(PIECES.to_vec())), 0..3)) {
        let mut other = text.clone();
        for (at, piece) in swaps {
            if let Some((at, _)) = other.char_indices().nth(at) {
                other.replace_range(at.., piece);
            }
        }
        let there = Cell::new(row, col);
        for (a, b) in [((&text, HOST), (&other, there)), ((&text, HOST), (&text, there))] {
            if key(a.0, a.1) == key(b.0, b.1) {
                prop_assert_eq!(read(a.0, a.1), read(b.0, b.1), "{:?} and {:?}", a.0, b.0);
            }
        }
    }

    #[test]
    fn no_text_does_harm(text in "\\PC{0,40}") {
        for mode in MODES {
            match parse(&text, HOST, &Book, mode) {
                Ok(formula) => { print(&formula, HOST, &Book, Style::File); }
                Err(error) => prop_assert!(text.get(error.span.clone()).is_some(), "{:?} {:?}", text, error.span),
            }
        }
        key(&text, HOST);
    }
}

/// The zeros are a part of the text, not of the row that they stand before.
#[test]
fn rows_written_with_zeros_are_not_taken_for_those_of_a_copy() {
    let copies = Copies::of("=A01+$B$02", HOST);
    let below = Cell::new(HOST.row.0 + 1, HOST.col.0);
    assert_ne!(key("=A01+$B$02", HOST), key("=A01+$B$02", below));
    assert!(!copies.is_copy("=A01+$B$02", below.row.0));
    assert!(Copies::of("=A1+$B$02", HOST).is_copy("=A2+$B$02", below.row.0));
}

#[test]
fn keys_of_all_short_texts_tell_their_trees_apart() {
    let pieces = [
        "A1", "B2", "$A$1", "A", "1", "2", "E5", "x", "(", ")", "[", "]", "'", "!", ":", ",", " ", "#", "@",
        ".", "-",
    ];
    let mut known: HashMap<Vec<u8>, (String, Option<Formula>)> = HashMap::new();
    let mut shared = 0;
    for number in 0..pieces.len().pow(3) {
        let digit = |power: u32| number / pieces.len().pow(power) % pieces.len();
        let text: String = (0..3).map(|power| pieces[digit(power)]).collect();
        for host in [Cell::new(0, 0), Cell::new(1, 1)] {
            let tree = read(&text, host);
            let entry = known.entry(key(&text, host)).or_insert_with(|| (text.clone(), tree.clone()));
            assert_eq!(entry.1, tree, "{text:?} at {host} and {:?}", entry.0);
            shared += u32::from(entry.0 != text);
        }
    }
    // `A1` seen from `A1` is `B2` seen from `B2`.
    assert!(shared > 100, "{shared}");
}
