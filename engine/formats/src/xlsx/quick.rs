//! Rows and cells as nearly all programs write them, read without an event for every tag.
//!
//! A sheet of a million cells is ten million tags. This scan knows `row` and `c`, `f` and `v` in it, their attributes
//! and the five entities. Whatever else it meets (a prefix, a comment, an inline string, anything damaged) it leaves
//! untouched to the general reader. Invariant: what it takes it reads as the general reader does.

use super::cells::{RawCell, RawFormula};
use super::sheet::RowTag;
use values::{Cell, Col, MAX_COLS, MAX_ROWS, Row};

/// What stands at the beginning of some bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Found {
    /// What was looked for, so many bytes.
    Whole(usize),
    /// What may be it, but does not end in these bytes.
    Cut,
    /// Something else.
    Other,
}

/// Why a scan ends early.
enum Stop {
    Cut,
    Other,
}

type Step<T> = Result<T, Stop>;

/// Reads the cell at the beginning of some bytes. `next` is where it stands when it does not say.
pub(crate) fn cell(bytes: &[u8], raw: &mut RawCell, next: Cell) -> Found {
    let mut scan = Scan { bytes, at: 0 };
    let step = scan.cell(raw, next);
    scan.found(&step)
}

/// Reads the start tag of a row at the beginning of some bytes; gives whether cells may follow.
pub(crate) fn row_start(bytes: &[u8], tag: &mut RowTag) -> (Found, bool) {
    let mut scan = Scan { bytes, at: 0 };
    scan.blanks();
    let mut is_open = false;
    let step = scan.expect(b"<row").and_then(|()| {
        is_open = scan.attributes(|name, value| tag.attribute(name, value))?;
        Ok(())
    });
    (scan.found(&step), is_open)
}

/// Reads the end tag of a row at the beginning of some bytes.
pub(crate) fn row_end(bytes: &[u8]) -> Found {
    let mut scan = Scan { bytes, at: 0 };
    scan.blanks();
    let step = scan.expect(b"</row>");
    scan.found(&step)
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    fn found(&self, step: &Step<()>) -> Found {
        match step {
            Ok(()) => Found::Whole(self.at),
            Err(Stop::Cut) => Found::Cut,
            Err(Stop::Other) => Found::Other,
        }
    }

    fn cell(&mut self, raw: &mut RawCell, next: Cell) -> Step<()> {
        self.blanks();
        self.expect(b"<c")?;
        raw.clear(next);
        let mut outside = false;
        let open = self.attributes(|name, value| match name {
            "r" => match address(value) {
                Some(at) => raw.place(at),
                None => outside = true,
            },
            name => raw.attribute(name, value),
        })?;
        if outside {
            return Err(Stop::Other);
        }
        if !open {
            return Ok(());
        }
        loop {
            self.blanks();
            match self.bytes.get(self.at..self.at + 3) {
                Some(b"<v>") => {
                    self.at += 3;
                    raw.has_value = true;
                    self.text(&mut raw.value)?;
                    self.expect(b"</v>")?;
                }
                Some(b"<f>" | b"<f ") => {
                    self.at += 2;
                    self.formula(raw)?;
                }
                Some(b"</c") => return self.expect(b"</c>"),
                Some(_) => return Err(Stop::Other),
                None => return Err(Stop::Cut),
            }
        }
    }

    fn formula(&mut self, raw: &mut RawCell) -> Step<()> {
        let mut formula = RawFormula::default();
        let open = self.attributes(|name, value| formula.attribute(name, value))?;
        raw.formula = Some(formula);
        raw.formula_text.clear();
        if open {
            self.text(&mut raw.formula_text)?;
            self.expect(b"</f>")?;
        }
        Ok(())
    }

    fn blanks(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn byte(&self) -> Step<u8> {
        self.bytes.get(self.at).copied().ok_or(Stop::Cut)
    }

    fn expect(&mut self, wanted: &[u8]) -> Step<()> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.starts_with(wanted) {
            self.at += wanted.len();
            return Ok(());
        }
        Err(if wanted.starts_with(rest) { Stop::Cut } else { Stop::Other })
    }

    /// The attributes up to the end of the tag; gives whether the element is open.
    fn attributes(&mut self, mut visit: impl FnMut(&str, &str)) -> Step<bool> {
        loop {
            let before = self.at;
            self.blanks();
            match self.byte()? {
                b'>' => {
                    self.at += 1;
                    return Ok(true);
                }
                b'/' => {
                    self.expect(b"/>")?;
                    return Ok(false);
                }
                byte if byte.is_ascii_lowercase() && self.at > before => {}
                _ => return Err(Stop::Other),
            }
            let name = self.name()?;
            self.expect(b"=\"")?;
            let value = self.until(b'"')?;
            if value.contains(['&', '<', '\n', '\r', '\t']) {
                return Err(Stop::Other);
            }
            visit(name, value);
        }
    }

    /// An attribute's name without a prefix.
    fn name(&mut self) -> Step<&'a str> {
        let start = self.at;
        while self.byte()?.is_ascii_alphanumeric() {
            self.at += 1;
        }
        str::from_utf8(&self.bytes[start..self.at]).map_err(|_| Stop::Other)
    }

    /// The text up to a byte, which is taken too.
    fn until(&mut self, end: u8) -> Step<&'a str> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let len = rest.iter().position(|byte| *byte == end).ok_or(Stop::Cut)?;
        self.at += len + 1;
        str::from_utf8(&rest[..len]).map_err(|_| Stop::Other)
    }

    /// The text up to the next tag.
    fn text(&mut self, out: &mut String) -> Step<()> {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let len = rest.iter().position(|byte| matches!(byte, b'<' | b'&' | b'\r')).ok_or(Stop::Cut)?;
            let piece = str::from_utf8(&rest[..len]).map_err(|_| Stop::Other)?;
            out.push_str(piece);
            self.at += len;
            match rest[len] {
                b'<' => return Ok(()),
                b'&' => out.push(self.entity()?),
                _ => return Err(Stop::Other),
            }
        }
    }

    fn entity(&mut self) -> Step<char> {
        let entities: [(&[u8], char); 5] =
            [(b"&lt;", '<'), (b"&gt;", '>'), (b"&amp;", '&'), (b"&quot;", '"'), (b"&apos;", '\'')];
        let mut cut = false;
        for (name, c) in entities {
            match self.expect(name) {
                Ok(()) => return Ok(c),
                Err(stop) => cut |= matches!(stop, Stop::Cut),
            }
        }
        Err(if cut { Stop::Cut } else { Stop::Other })
    }
}

/// An address without `$`, letters in capitals; `None` for whatever else.
fn address(text: &str) -> Option<Cell> {
    let bytes = text.as_bytes();
    let letters = bytes.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let (letters, digits) = bytes.split_at(letters);
    if letters.len() > 3 || digits.len() > 7 || digits.first() == Some(&b'0') {
        return None;
    }
    let col = letters.iter().fold(0_u32, |col, byte| col * 26 + u32::from(byte - b'A') + 1);
    let row = digits
        .iter()
        .try_fold(0_u32, |row, byte| byte.is_ascii_digit().then(|| row * 10 + u32::from(byte - b'0')))?;
    let col = col.checked_sub(1).filter(|col| *col < u32::from(MAX_COLS))?;
    let row = row.checked_sub(1).filter(|row| *row < MAX_ROWS)?;
    Some(Cell { row: Row(row), col: Col(col as u16) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Found, RawCell) {
        let mut raw = RawCell::default();
        (cell(text.as_bytes(), &mut raw, Cell::new(6, 1)), raw)
    }

    #[test]
    fn cells_as_programs_write_them() {
        let text = r#"<c r="AB12" s="3" t="str"><f>IF(A1&gt;2,"é",B$1)</f><v>a &amp; b</v></c><c r="A13"/>"#;
        let (found, raw) = read(text);
        assert_eq!(found, Found::Whole(text.len() - r#"<c r="A13"/>"#.len()));
        assert_eq!((raw.at(), raw.value.as_str()), (Cell::new(11, 27), "a & b"));
        assert_eq!((raw.formula_text.as_str(), raw.formula.is_some()), ("IF(A1>2,\"é\",B$1)", true));
        assert_eq!(read("\n  <c/>").0, Found::Whole(7));
        assert_eq!(read("<c/>").1.at(), Cell::new(6, 1));
        let (found, raw) = read(r#"<c r="C1"><f t="shared" si="4"/><v>1</v></c>"#);
        assert!(matches!(found, Found::Whole(_)) && raw.formula.is_some() && raw.formula_text.is_empty());
    }

    #[test]
    fn what_does_not_end_here_is_cut() {
        let text = r#"<c r="AB12" s="3" t="str"><f ca="1">A1&gt;2</f><v>7</v></c>"#;
        for end in 0..text.len() {
            assert_eq!(read(&text[..end]).0, Found::Cut, "{}", &text[..end]);
        }
        assert!(matches!(read(text).0, Found::Whole(_)));
    }

    #[test]
    fn whatever_else_is_left_alone() {
        for text in [
            "<x:c r=\"A1\"/>",
            "<col/>",
            "<cc r=\"A1\"/>",
            "</row>",
            "<c r='A1'/>",
            "<c r=\"A0\"/>",
            "<c r=\"$A$1\"/>",
            "<c r=\"XFE1\"/>",
            "<c r=\"A1048577\"/>",
            "<c r=\"A1\"s=\"1\"/>",
            "<c r=\"&#65;1\"/>",
            "<c x:r=\"A1\"/>",
            "<c r = \"A1\"/>",
            "<c r=\"A1\"><is><t>x</t></is></c>",
            "<c r=\"A1\"><v xml:space=\"preserve\">1</v></c>",
            "<c r=\"A1\"><v>1<!-- --></v></c>",
            "<c r=\"A1\"><v>1&#50;</v></c>",
            "<c r=\"A1\"><v>1\r\n</v></c>",
            "<c r=\"A1\"><v>1</w></c>",
            "<c r=\"A1\">1<v>1</v></c>",
            "<c r=\"A1\"><v>1</v></d>",
        ] {
            assert_eq!(read(text).0, Found::Other, "{text}");
        }
        let mut raw = RawCell::default();
        assert_eq!(cell(b"<c r=\"A1\"><v>\xff</v></c>", &mut raw, Cell::default()), Found::Other);
    }

    #[test]
    fn rows_as_programs_write_them() {
        let mut tag = RowTag::new(Row(0));
        assert_eq!(row_start(b" <row r=\"7\" spans=\"1:1\"><c", &mut tag), (Found::Whole(24), true));
        assert_eq!(row_start(b"<row/>", &mut tag), (Found::Whole(6), false));
        assert_eq!(row_start(b"<row r=\"7", &mut tag).0, Found::Cut);
        assert_eq!(row_start(b"<rowBreaks/>", &mut tag).0, Found::Other);
        assert_eq!(row_start(b"</sheetData>", &mut tag).0, Found::Other);
        assert_eq!(row_end(b"\n</row>"), Found::Whole(7));
        assert_eq!(row_end(b"</ro"), Found::Cut);
        assert_eq!(row_end(b"<c/>"), Found::Other);
    }
}
