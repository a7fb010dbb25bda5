//! Formula text: what is read is written so that it reads back as the same tree, and what is taken for a copy is one.

use crate::choices::Choices;
use engine::formula::{
    Copies, Formula, Mode, Separators, Sheets, Style, parse, parse_up_to, print, template_key,
};
use engine::values::{Cell, SheetId, equal_text};

/// Characters of a written formula: the prefixes of files make it longer than what was read.
const WRITTEN_CHARS: usize = 100_000;

const MODES: [Mode; 5] = [
    Mode::Workbook,
    Mode::Unquoted,
    Mode::Expression,
    Mode::Grid(Separators::Point),
    Mode::Grid(Separators::Comma),
];

/// Hosts of formulas: near the corners of a sheet references are written differently.
const HOSTS: [(u32, u16); 4] = [(4, 2), (0, 0), (1_048_575, 16_383), (40, 30)];

const SHEETS: [&str; 6] = ["Sheet1", "My sheet", "It's", "D-I", "R1C1", "Лист1"];

/// Some sheets and the defined name `Rate`.
struct Book;

impl Sheets for Book {
    fn sheet_by_name(&self, name: &str) -> Option<SheetId> {
        let place = SHEETS.iter().position(|sheet| equal_text(sheet, name))?;
        u16::try_from(place).ok().map(SheetId)
    }

    fn sheet_name(&self, id: SheetId) -> Option<&str> {
        SHEETS.get(usize::from(id.0)).copied()
    }

    fn has_name(&self, name: &str) -> bool {
        equal_text(name, "Rate")
    }
}

/// The first byte chooses grammar and host, the rest is the formula.
pub(crate) fn formula(data: &[u8]) {
    let mut choices = Choices::new(data);
    let mode = MODES[choices.below(MODES.len() as u32) as usize];
    let (row, col) = HOSTS[usize::from(data.first().copied().unwrap_or(0) >> 4) % HOSTS.len()];
    let host = Cell::new(row, col);
    let text = choices.rest();
    match parse(&text, host, &Book, mode) {
        Ok(formula) => reads_back(&text, &formula, host, mode),
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some(), "{text:?}: {:?}", error.span);
            assert!(!error.message.is_empty());
        }
    }
    copies(&text, host);
}

fn reads_back(text: &str, formula: &Formula, host: Cell, mode: Mode) {
    let styles: &[(Style, Mode)] = match mode {
        Mode::Expression => &[(Style::Expression, Mode::Expression)],
        _ => &[(Style::File, Mode::Workbook), (Style::Screen, Mode::Workbook)],
    };
    for (style, mode) in styles {
        let written = print(formula, host, &Book, *style);
        let again = parse_up_to(&written, host, &Book, *mode, WRITTEN_CHARS);
        assert!(again.is_ok(), "{text:?} was written as {written:?}: {again:?}");
        let Ok(again) = again else { return };
        // What a file's prefixes say can be said with other parentheses on screen.
        if !text.to_lowercase().contains("_xl") {
            assert!(again == *formula, "{text:?} was written as {written:?}, which is another tree");
        }
        let twice = print(&again, host, &Book, *style);
        assert!(twice == written, "{text:?} was written as {written:?}, and that as {twice:?}");
    }
}

/// What is taken for a copy one row down has the same key.
fn copies(text: &str, host: Cell) {
    let key = |text: &str, host| {
        let mut key = Vec::new();
        template_key(text, host, &mut key);
        key
    };
    let copies = Copies::of(text, host);
    let below = text.replace('1', "2");
    let Some(down) = host.moved(1, 0) else { return };
    for text_below in [text, &below] {
        if copies.is_copy(text_below, down.row.0) {
            assert!(key(text_below, down) == key(text, host), "{text:?} and {text_below:?} have other keys");
        }
    }
}
