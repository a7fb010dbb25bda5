//! Tables in Markdown.

/// How a column is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// A table that grows row by row.
pub struct Table {
    text: String,
}

impl Table {
    /// A table with these columns and no row.
    pub fn new(columns: &[(&str, Align)]) -> Self {
        let mut table = Self { text: String::new() };
        table.line(columns.iter().map(|(name, _)| *name));
        table.line(columns.iter().map(|(_, align)| match align {
            Align::Left => "---",
            Align::Right => "--:",
        }));
        table
    }

    /// Adds a row; what would end a cell or a line is escaped.
    pub fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        let cells: Vec<String> = cells.into_iter().map(|cell| escaped(cell.as_ref())).collect();
        self.line(cells.iter().map(String::as_str));
    }

    fn line<'a>(&mut self, cells: impl Iterator<Item = &'a str>) {
        for cell in cells {
            self.text.push_str("| ");
            self.text.push_str(cell);
            self.text.push(' ');
        }
        self.text.push_str("|\n");
    }

    /// The table's text.
    pub fn into_text(self) -> String {
        self.text
    }
}

fn escaped(cell: &str) -> String {
    cell.replace('|', "\\|").replace(['\n', '\r'], " ")
}

/// A part of a whole as a percentage with two decimals; `–` of nothing.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 { "–".into() } else { format!("{:.2} %", 100.0 * part as f64 / whole as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_written() {
        let mut table = Table::new(&[("a", Align::Left), ("b", Align::Right)]);
        table.row(["1|2", "3\n4"]);
        assert_eq!(table.into_text(), "| a | b |\n| --- | --: |\n| 1\\|2 | 3 4 |\n");
    }

    #[test]
    fn nothing_has_no_percentage() {
        assert_eq!(percent(1, 3), "33.33 %");
        assert_eq!(percent(0, 0), "–");
    }
}
