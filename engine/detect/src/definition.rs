//! From what was found to an app definition.
//!
//! Names win over addresses; an address comes with the caption beside it, by which the app finds its cell again.

use crate::charts::{self, ListChart};
use crate::facts::Facts;
use crate::inputs::Candidate;
use crate::labels::in_words;
use crate::lists::{ListColumn, ListRange};
use app_definitions::model::{
    App, Bind, Caption, Chart, Column, ColumnRef, ColumnRole, Container, ContainerKind, ContentType,
    Fingerprint, InputType, Item, List, Node, Series,
};
use app_definitions::{Area as DefinitionArea, CellAddress, Id, Reference};
use std::collections::BTreeMap;
use values::{Col, Rect, Row, SheetId};

/// A list of more rows than these is searched.
const SEARCHED_ROWS: u32 = 8;

/// The definition while it is built.
pub(crate) struct Definition<'a, 'f> {
    pub facts: &'f Facts<'a>,
    pub app: App,
    used: BTreeMap<String, usize>,
}

impl<'a, 'f> Definition<'a, 'f> {
    pub fn new(facts: &'f Facts<'a>, name: &str) -> Definition<'a, 'f> {
        Definition { facts, app: App::new(name), used: BTreeMap::new() }
    }

    /// Pages with inputs and outputs, in sections by the headings above them. Each sheet is a page where every
    /// sheet has both; otherwise they belong together on one.
    pub fn calculator(&mut self, inputs: &[Candidate], outputs: &[Candidate]) {
        let sheets =
            |all: &[Candidate]| all.iter().map(|c| c.sheet).collect::<std::collections::BTreeSet<SheetId>>();
        let (with_inputs, with_outputs) = (sheets(inputs), sheets(outputs));
        if with_inputs.len() > 1 && with_inputs == with_outputs {
            for sheet in with_inputs {
                let of =
                    |all: &[Candidate]| all.iter().filter(|c| c.sheet == sheet).cloned().collect::<Vec<_>>();
                self.page(sheet, &of(inputs), &of(outputs));
            }
        } else if let Some(first) = inputs.first().or(outputs.first()) {
            self.page(first.sheet, inputs, outputs);
        }
    }

    fn page(&mut self, sheet: SheetId, inputs: &[Candidate], outputs: &[Candidate]) {
        let mut page = Container::new(ContainerKind::Page, self.facts.sheet_name(sheet));
        for candidates in [inputs, outputs] {
            let mut section: Option<Container> = None;
            for candidate in candidates {
                let heading = self.facts.heading(candidate.sheet, candidate.cell);
                let same = match (&section, &heading) {
                    (Some(open), Some(heading)) => {
                        open.caption.as_ref().is_some_and(|c| c.words() == heading)
                    }
                    (None, None) => true,
                    _ => false,
                };
                if !same {
                    page.children.extend(section.take().map(Node::from));
                    section = heading.map(|heading| Container::new(ContainerKind::Section, heading));
                }
                let item = self.item(candidate);
                match &mut section {
                    Some(section) => section.children.push(item.into()),
                    None => page.children.push(item.into()),
                }
            }
            page.children.extend(section.map(Node::from));
        }
        self.app.layout.children.push(page.into());
    }

    fn item(&mut self, candidate: &Candidate) -> Item {
        let reference = self.bind(candidate);
        let caption = candidate.caption();
        let item = match candidate.input_type {
            InputType::Output => Item::output(caption, reference),
            input_type => Item { input_type, ..Item::input(caption, reference) },
        };
        Item {
            content_type: Some(candidate.content).filter(|content| *content != ContentType::Text),
            unit: candidate.unit.as_deref().map(Caption::literal),
            ..item
        }
    }

    /// A bind by every address there is, the strongest first: the name, then the cell with its caption.
    fn bind(&mut self, candidate: &Candidate) -> Reference {
        let id = self.id(&candidate.caption());
        let sheet = self.facts.sheet_name(candidate.sheet);
        let fingerprint = candidate.label.as_ref().and_then(|label| {
            let label_at = label.at?;
            Some(Fingerprint { caption: Some(label.text.clone()), label_at, ..Fingerprint::default() })
        });
        // The caption must be what stands in the cell, which ends a label with a colon more often than a caption.
        let fingerprint = fingerprint.filter(|fingerprint| self.stands_there(candidate, fingerprint));
        let cell = Bind::to_cells(Id::new(id), sheet, definition_area(Rect::cell(candidate.cell)));
        self.app.add_bind(Bind { name: candidate.name.clone(), fingerprint, ..cell })
    }

    fn stands_there(&self, candidate: &Candidate, fingerprint: &Fingerprint) -> bool {
        let side = match fingerprint.label_at {
            app_definitions::model::LabelAt::Left => workbook::Side::Left,
            app_definitions::model::LabelAt::Above => workbook::Side::Above,
        };
        let label = self.facts.workbook.label(candidate.sheet, candidate.cell, side);
        let caption = fingerprint.caption.as_deref().unwrap_or_default();
        label.is_some_and(|(_, text)| values::equal_text(text, caption))
    }

    fn id(&mut self, caption: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        let slug: String = caption.chars().map(plain).collect();
        let slug = slug.split('_').filter(|word| !word.is_empty()).take(6).collect::<Vec<_>>().join("_");
        let slug =
            if slug.starts_with(|c: char| c.is_ascii_alphabetic()) { slug } else { format!("cell_{slug}") };
        let count = self.used.entry(slug.clone()).and_modify(|count| *count += 1).or_insert(1);
        if *count == 1 { format!("{slug}_cell") } else { format!("{slug}_cell_{count}") }
    }

    /// A page for a list, with its chart above it; lists under the same title share one.
    pub fn list(&mut self, list: &ListRange, chart: Option<&ListChart<'_>>) {
        let title = self.list_title(list);
        let mut parts: Vec<Node> = chart.map(|chart| self.chart(list, chart).into()).into_iter().collect();
        let reference = match &list.table {
            Some(table) => Reference::Name(table.clone()),
            None => cells(self.facts.sheet_name(list.sheet), list.rect),
        };
        let mut definition = List { search: list.data.rows() > SEARCHED_ROWS, ..List::over(reference) };
        for (column, role) in list.columns.iter().zip(roles(list)) {
            let content_type = Some(column.content).filter(|content| *content != ContentType::Text);
            let header = ColumnRef::Header(column.header.clone());
            definition.columns.push(Column { column: header, content_type, role, ..Column::default() });
        }
        match self.app.layout.children.last_mut() {
            Some(Node::Container(page)) if is_list_page(page, &title) => {
                definition.caption = list.columns.first().map(|column| Caption::literal(&column.header));
                parts.push(definition.into());
                page.children.extend(parts);
            }
            _ => {
                let mut page = Container::new(ContainerKind::Page, title);
                parts.push(definition.into());
                page.children = parts;
                self.app.layout.children.push(page.into());
            }
        }
    }

    fn list_title(&self, list: &ListRange) -> String {
        let table = list.table.as_deref().map(in_words);
        let heading = || self.facts.heading_over(list.sheet, list.rect);
        table.or_else(heading).unwrap_or_else(|| self.facts.sheet_name(list.sheet).to_owned())
    }

    fn chart(&self, list: &ListRange, chart: &ListChart<'_>) -> Chart {
        let sheet = self.facts.sheet_name(list.sheet);
        let column = |column: &ListColumn| match &list.table {
            Some(table) => Reference::TableColumn { table: table.clone(), column: column.header.clone() },
            None => cells(sheet, charts::column_rect(list, column)),
        };
        let names: Vec<&str> = chart.series.iter().map(|series| series.header.as_str()).collect();
        let mut made = Chart::new(chart.kind);
        made.title = Some(Caption::literal(format!("{} by {}", names.join(", "), chart.categories.header)));
        for of in &chart.series {
            let mut series = Series::new(column(of));
            series.categories = Some(column(chart.categories));
            series.caption = Some(Caption::literal(&of.header));
            made.series.push(series);
        }
        made
    }
}

/// Whether a page holds lists under a title, and nothing to enter.
fn is_list_page(page: &Container, title: &str) -> bool {
    page.caption.as_ref().is_some_and(|caption| caption.words() == title)
        && page.children.iter().all(|node| matches!(node, Node::List(_) | Node::Chart(_)))
}

/// The first text is a row's name, the next its second line, the last figure its amount.
fn roles(list: &ListRange) -> Vec<Option<ColumnRole>> {
    let mut roles = vec![None; list.columns.len()];
    let texts: Vec<usize> =
        (0..roles.len()).filter(|i| list.columns[*i].content == ContentType::Text).collect();
    let is_figure = |i: &usize| {
        let content = list.columns[*i].content;
        matches!(
            content,
            ContentType::Currency | ContentType::Decimal | ContentType::Integer | ContentType::Percent
        )
    };
    let amount = (0..roles.len()).rfind(is_figure);
    let title = texts.first().copied().or(Some(0).filter(|first| amount != Some(*first)));
    let given = [
        (title, ColumnRole::Title),
        (texts.get(1).copied(), ColumnRole::Subtitle),
        (amount, ColumnRole::Amount),
    ];
    for (place, role) in given {
        if let Some(place) = place {
            roles[place] = Some(role);
        }
    }
    roles
}

fn definition_area(rect: Rect) -> DefinitionArea {
    let at = |row: Row, col: Col| CellAddress { column: u32::from(col.0), row: row.0 };
    DefinitionArea::between(at(rect.top, rect.left), at(rect.bottom, rect.right))
}

fn cells(sheet: &str, rect: Rect) -> Reference {
    Reference::Cells { sheet: Some(sheet.to_owned()), area: definition_area(rect) }
}
