//! What a formula's text says without understanding it: which functions it calls, which cells it names, whether it
//! reads another workbook. A scan of words, so that it owes nothing to the parser that is being measured.

use crate::values::parse_address;
use std::collections::BTreeSet;

/// Cells that a formula names, rows and columns counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The sheet, where one is named.
    pub sheet: Option<String>,
    /// First and last row.
    pub rows: (u32, u32),
    /// First and last column.
    pub cols: (u32, u32),
}

/// What a scan found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// The functions called, in upper case, without the prefixes of files.
    pub functions: BTreeSet<String>,
    /// The cells and ranges named.
    pub cells: Vec<Named>,
    /// Whether another workbook is named, by number or by file.
    pub other_book: bool,
}

/// Prefixes that files put before the names of functions.
const PREFIXES: [&str; 4] = ["_XLFN.", "_XLWS.", "_XLL.", "COM.MICROSOFT."];

/// Scans a formula.
pub fn scan(formula: &str) -> Scan {
    let mut scanner = Scanner { text: formula, at: 0, sheet: None, found: Scan::default() };
    while scanner.step() {}
    scanner.found
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// The sheet named right before this place.
    sheet: Option<String>,
    found: Scan,
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next_is(&self, c: char) -> bool {
        self.rest().starts_with(c)
    }

    /// Takes what stands here; answers whether there was anything.
    fn step(&mut self) -> bool {
        let Some(first) = self.rest().chars().next() else { return false };
        match first {
            '"' => {
                self.quoted('"');
            }
            '\'' => {
                let name = self.quoted('\'');
                self.qualifies(&name);
            }
            '[' => self.bracket(),
            '#' => self.error_name(),
            c if is_word(c) => self.word(),
            c => {
                self.at += c.len_utf8();
                self.sheet = None;
            }
        }
        true
    }

    /// Takes a text in quotes; a doubled quote stands for itself.
    fn quoted(&mut self, quote: char) -> String {
        self.at += quote.len_utf8();
        let mut text = String::new();
        while let Some(c) = self.rest().chars().next() {
            self.at += c.len_utf8();
            if c != quote {
                text.push(c);
            } else if self.next_is(quote) {
                self.at += quote.len_utf8();
                text.push(c);
            } else {
                break;
            }
        }
        text
    }

    /// A name is a sheet's where `!` follows; `[Book.xlsx]Sheet` is one of another workbook.
    fn qualifies(&mut self, name: &str) {
        self.sheet = None;
        if self.next_is('!') {
            self.at += 1;
            self.found.other_book |= name.split_once(']').is_some_and(|(book, _)| names_a_book(book));
            self.sheet = Some(name.rsplit_once(']').map_or(name, |(_, sheet)| sheet).to_owned());
        }
    }

    /// `[1]`, `[Book.xlsx]`, or the columns of a table, which name no cells.
    fn bracket(&mut self) {
        let start = self.at;
        let mut depth = 0_u32;
        while let Some(c) = self.rest().chars().next() {
            self.at += c.len_utf8();
            match c {
                '[' => depth += 1,
                ']' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        let inside = self.text.get(start + 1..self.at.saturating_sub(1)).unwrap_or_default();
        self.found.other_book |= names_a_book(inside);
        self.sheet = None;
    }

    /// `#REF!` and its like; `#` after a cell means its spilled range.
    fn error_name(&mut self) {
        self.at += 1;
        let name =
            self.rest().find(|c: char| !c.is_ascii_uppercase() && c != '/').unwrap_or(self.rest().len());
        if name > 0 {
            self.at += name;
            while self.rest().starts_with(['!', '?', '0']) {
                self.at += 1;
            }
        }
    }

    fn word(&mut self) {
        let word = self.take_word();
        if self.next_is('(') {
            if self.sheet.take().is_none() && word.starts_with(|c: char| c.is_alphabetic() || c == '_') {
                self.found.functions.insert(plain_name(&word));
            }
        } else if self.next_is('!') {
            self.qualifies(&word);
        } else if let Some(first) = parse_address(&word) {
            self.cells(first);
        } else {
            self.sheet = None;
        }
    }

    fn take_word(&mut self) -> String {
        let end = self.rest().find(|c: char| !is_word(c)).unwrap_or(self.rest().len());
        let word = self.rest().get(..end).unwrap_or_default().to_owned();
        self.at += end;
        word
    }

    /// A cell, or a range where `:` and another cell follow.
    fn cells(&mut self, first: (u32, u32)) {
        let mut last = first;
        if self.next_is(':') {
            let before = self.at;
            self.at += 1;
            let word = self.take_word();
            match parse_address(&word).filter(|_| !self.next_is('(')) {
                Some(second) => last = second,
                None => self.at = before + 1,
            }
        }
        let rows = (first.0.min(last.0), first.0.max(last.0));
        let cols = (first.1.min(last.1), first.1.max(last.1));
        self.found.cells.push(Named { sheet: self.sheet.take(), rows, cols });
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '\\' | '?')
}

/// A number, as files refer to other workbooks, or a file's name.
fn names_a_book(text: &str) -> bool {
    let text = text.rsplit_once('[').map_or(text, |(_, book)| book);
    let numbered = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let ending =
        text.rsplit_once('.').is_some_and(|(_, ending)| ending.to_ascii_lowercase().starts_with("xl"));
    numbered || (ending && !text.contains(['[', '#', ',']))
}

fn plain_name(word: &str) -> String {
    let mut name = word.to_uppercase();
    loop {
        let shorter = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix));
        let shorter =
            shorter.or_else(|| name.strip_prefix("ORG.").and_then(|rest| rest.split_once('.')).map(|p| p.1));
        match shorter {
            Some(rest) => name = rest.to_owned(),
            None => return name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn functions(formula: &str) -> Vec<String> {
        scan(formula).functions.into_iter().collect()
    }

    fn cells(formula: &str) -> Vec<String> {
        let shown = |named: Named| {
            let sheet = named.sheet.map(|sheet| sheet + "!").unwrap_or_default();
            format!("{sheet}{}:{}x{}:{}", named.rows.0, named.rows.1, named.cols.0, named.cols.1)
        };
        scan(formula).cells.into_iter().map(shown).collect()
    }

    #[test]
    fn functions_lose_their_prefixes() {
        assert_eq!(functions("_xlfn._xlws.SORT(A1:A3)+sum(1)"), ["SORT", "SUM"]);
        assert_eq!(
            functions("ORG.LIBREOFFICE.ROUNDSIG(1,2)&COM.MICROSOFT.CONCAT(A1)"),
            ["CONCAT", "ROUNDSIG"]
        );
        assert_eq!(functions("\"SUM(\"&A1&\"\"\"MAX(\""), Vec::<String>::new());
        assert_eq!(functions("Module!Own(1)"), Vec::<String>::new());
        assert_eq!(functions("1+2"), Vec::<String>::new());
    }

    #[test]
    fn cells_and_ranges_are_found() {
        assert_eq!(cells("A1+$B$2"), ["0:0x0:0", "1:1x1:1"]);
        assert_eq!(cells("SUM(B3:A1)"), ["0:2x0:1"]);
        assert_eq!(cells("'My ''own'' sheet'!A1+Лист1!B2"), ["My 'own' sheet!0:0x0:0", "Лист1!1:1x1:1"]);
        assert_eq!(cells("LOG10(5)+A1B+rate2!C3"), ["rate2!2:2x2:2"]);
        assert_eq!(cells("A1:INDEX(B:B,2)"), ["0:0x0:0"]);
        assert_eq!(cells("Table1[[#This Row],[Q1]]+A1#+#REF!+\"B2\""), ["0:0x0:0"]);
    }

    #[test]
    fn other_workbooks_are_seen() {
        for formula in ["[1]Sheet!A1", "'[2]My sheet'!A1", "'C:\\x\\[Book one.xlsx]S'!A1", "[Book.xlsm]S!A1"]
        {
            assert!(scan(formula).other_book, "{formula}");
        }
        for formula in ["Table1[Amount]", "Table1[[#This Row],[a.b]]", "A1", "\"[1]\""] {
            assert!(!scan(formula).other_book, "{formula}");
        }
    }

    #[test]
    fn anything_is_scanned_to_its_end() {
        for formula in ["'", "\"", "[[[", "]", "#", "$", "A1:", "A1:$", "ß(", "!!", "[1"] {
            scan(formula);
        }
    }
}
