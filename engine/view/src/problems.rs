//! What is wrong between a definition and its workbooks: references that lead nowhere, cells that moved,
//! expressions and columns that do not exist.
//!
//! Invariant: a problem that is an error names something that the app cannot show or use.

use crate::books::Books;
use crate::list::Rows;
use crate::resolve::Resolver;
use crate::{Level, Notice};
use app_definitions::model::{App, ColumnRef, List, Node, Used};
use app_definitions::{Origin, Reference};
use calc::Model;
use formula::Mode;
use std::sync::Arc;
use values::{Area, Cell, SheetId};

/// Something about a reference that a person must know.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Whether what refers so cannot be shown.
    pub is_error: bool,
    /// Stable word: `missing-cell`, `missing-name`, `missing-column`, `moved-cell`, `healed-cell`, `stopped`,
    /// `bad-expression`.
    pub code: &'static str,
    /// One or two sentences.
    pub text: String,
    /// Where the definition says so.
    pub origin: Origin,
}

impl Problem {
    pub(crate) fn error(code: &'static str, text: impl Into<String>, origin: &Origin) -> Problem {
        Problem { is_error: true, code, text: text.into(), origin: origin.clone() }
    }

    pub(crate) fn warning(code: &'static str, text: impl Into<String>, origin: &Origin) -> Problem {
        Problem { is_error: false, code, text: text.into(), origin: origin.clone() }
    }

    /// What the person who uses the app is told: a cell that was found again is only worth knowing.
    fn notice(&self) -> Notice {
        let level = match self.code {
            _ if self.is_error => Level::Error,
            "healed-cell" => Level::Info,
            _ => Level::Warning,
        };
        Notice { level, code: self.code, text: self.text.clone() }
    }
}

/// Looks every reference, expression and column of the definition up.
pub(crate) fn find(app: &App, resolver: &Resolver, books: &mut Books, problems: &mut Vec<Problem>) {
    for used in app.uses() {
        let problem = match used.used {
            Used::Reference(Reference::Column(_)) => None,
            Used::Reference(reference) => {
                let error = resolver.place(reference).err();
                error.map(|text| Problem::error("missing-cell", text, used.origin))
            }
            Used::Expression(expression) => {
                let error = parse_error(books, &expression.text);
                error.map(|text| Problem::error("bad-expression", text, used.origin))
            }
        };
        problems.extend(problem);
    }
    for node in app.nodes() {
        if let Node::List(list) = node {
            columns(list, resolver, books, problems);
        }
    }
    // A bind that leads nowhere is told once, not at each item that uses it.
    let mut told: Vec<String> = Vec::new();
    problems.retain(|problem| {
        let is_new = !told.contains(&problem.text);
        told.push(problem.text.clone());
        is_new
    });
}

fn parse_error(books: &Books, text: &str) -> Option<String> {
    let workbook = books.sessions.first()?.model().workbook();
    let error = formula::parse(text, Cell::default(), &**workbook, Mode::Expression).err()?;
    Some(format!("The expression {text} cannot be read. {error}"))
}

/// Columns that a list names and its table does not have.
fn columns(list: &List, resolver: &Resolver, books: &mut Books, problems: &mut Vec<Problem>) {
    let Some(place) = list.reference.as_ref().and_then(|reference| resolver.place(reference).ok()) else {
        return;
    };
    let rows = Rows::of(books, place);
    let of_list = [&list.key, &list.sort_by, &list.key_label]
        .into_iter()
        .flatten()
        .map(|column| (column, &list.origin));
    let shown = list.columns.iter().map(|column| (&column.column, &column.origin));
    let filters = list.filters.iter().map(|filter| (&filter.column, &filter.origin));
    let sorts = list.sorts.iter().map(|sort| (&sort.column, &sort.origin));
    let groups = list.groups.iter().map(|group| (&group.column, &group.origin));
    for (column, origin) in of_list.chain(shown).chain(filters).chain(sorts).chain(groups) {
        if rows.column(column).is_none() {
            problems.push(Problem::error("missing-column", missing_column(&rows, column), origin));
        }
    }
}

fn missing_column(rows: &Rows, column: &ColumnRef) -> String {
    let names = rows.headers.iter().map(|(header, _)| header.as_str());
    let nearest = match column {
        ColumnRef::Header(header) => app_definitions::nearest(header, names.clone()),
        ColumnRef::Offset(_) => None,
    };
    match nearest {
        Some(nearest) => format!("The list has no column {column}. There is a column {nearest}."),
        None => {
            let known: Vec<&str> = names.take(12).collect();
            format!("The list has no column {column}. Its columns are {}.", known.join(", "))
        }
    }
}

/// What the person is told above the app.
pub(crate) fn notices(
    problems: &[Problem],
    circular: &[(usize, SheetId, Cell)],
    models: &[Arc<Model>],
) -> Vec<Notice> {
    let mut notices: Vec<Notice> = problems.iter().map(Problem::notice).collect();
    if let Some((book, sheet, cell)) = circular.first() {
        let workbook = models.get(*book).map(|model| model.workbook());
        let place = workbook.map(|workbook| workbook.address(Area::cell(*sheet, *cell))).unwrap_or_default();
        let text = match circular.len() {
            1 => format!("{place} depends on itself and counts as 0."),
            2 => format!("{place} and another cell depend on themselves and count as 0."),
            count => format!("{place} and {} other cells depend on themselves and count as 0.", count - 1),
        };
        notices.push(Notice { level: Level::Warning, code: "circular", text });
    }
    notices
}
