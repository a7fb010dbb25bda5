//! From what was found to a definition, and the proposal beside it.

use crate::facts::{Facts, in_words};
use crate::items::{self, Candidate};
use crate::lists::{self, ListRange};
use crate::proposal::{Charted, Found, Listed, ListedColumn, Proposal, Warning};
use app_definitions::model::{
    App, Bind, Chart, ChartKind, Column, ColumnRef, ColumnRole, Container, ContainerKind, ContentType, Fingerprint,
    InputType, Item, List, Mode, Node, Series,
};
use app_definitions::{Area as DefinitionArea, CellAddress, Id, Reference};
use calc::Model;
use std::collections::BTreeMap;
use std::sync::Arc;
use values::{Col, Rect, Row, SheetId};

/// More than these in an app are a burden; the rest are offered as alternatives.
const MOST_INPUTS: usize = 30;
const MOST_OUTPUTS: usize = 20;
/// What is below is offered, not proposed.
const ENOUGH: f64 = 0.5;

/// Proposes an app for a workbook. `name` is the file's name without its ending.
pub fn propose(model: &Arc<Model>, name: &str) -> Proposal {
    let facts = Facts::new(model);
    let lists = lists::find(&facts);
    let taken: Vec<(SheetId, Rect)> = lists.iter().map(|list| (list.sheet, list.rect)).collect();
    let (inputs, mut rest) = choose(items::inputs(&facts, &taken), MOST_INPUTS);
    let (outputs, more) = choose(items::outputs(&facts, &taken), MOST_OUTPUTS);
    rest.extend(more);
    let mut proposal = Proposal { warnings: warnings(&facts), ..Proposal::default() };
    proposal.alternatives = rest.iter().map(|candidate| found(&facts, candidate)).collect();
    if inputs.is_empty() && outputs.is_empty() && lists.is_empty() {
        proposal.kind = "none";
        proposal.app = App::new(in_words(name));
        proposal.declined = Some(why_nothing(&facts));
        return proposal;
    }
    proposal.inputs = inputs.iter().map(|candidate| found(&facts, candidate)).collect();
    proposal.outputs = outputs.iter().map(|candidate| found(&facts, candidate)).collect();
    proposal.lists = lists.iter().map(|list| listed(&facts, list)).collect();
    let mut builder = Definition { facts, app: App::new(in_words(name)), used: BTreeMap::new() };
    let calculator = !inputs.is_empty() || !outputs.is_empty();
    builder.calculator(&inputs, &outputs);
    for list in &lists {
        proposal.charts.extend(builder.list(list));
    }
    (builder.app.mode, proposal.kind) = match (calculator, lists.is_empty()) {
        (true, true) => (Mode::Calculator, "calculator"),
        (false, _) => (Mode::List, "list"),
        (true, false) => (Mode::Combined, "combined"),
    };
    builder.app.assign_ids();
    proposal.app = builder.app;
    proposal
}

/// The best candidates in the order of the sheet, and the others.
fn choose(mut all: Vec<Candidate>, most: usize) -> (Vec<Candidate>, Vec<Candidate>) {
    all.sort_by(|a, b| b.score.total_cmp(&a.score).then((a.sheet, a.cell).cmp(&(b.sheet, b.cell))));
    let good = all.iter().take_while(|candidate| candidate.score >= ENOUGH).count().min(most);
    let rest = all.split_off(good);
    all.sort_by_key(|candidate| (candidate.sheet, candidate.cell));
    let rest = rest.into_iter().filter(|candidate| candidate.score >= 0.3).take(50).collect();
    (all, rest)
}

fn caption(candidate: &Candidate) -> String {
    let label = candidate.label.as_ref().map(|label| label.text.clone());
    label.or_else(|| candidate.name.as_deref().map(in_words)).unwrap_or_else(|| candidate.cell.to_string())
}

fn found(facts: &Facts<'_>, candidate: &Candidate) -> Found {
    Found {
        sheet: facts.sheet_name(candidate.sheet).to_owned(),
        cell: candidate.cell.to_string(),
        caption: caption(candidate),
        inputtype: app_definitions::Word::word(candidate.input_type).to_owned(),
        contenttype: app_definitions::Word::word(candidate.content).to_owned(),
        reason: candidate.reason.clone(),
        score: rounded(candidate.score),
    }
}

fn listed(facts: &Facts<'_>, list: &ListRange) -> Listed {
    let column = |column: &lists::ListColumn| ListedColumn {
        header: column.header.clone(),
        contenttype: app_definitions::Word::word(column.content).to_owned(),
    };
    Listed {
        sheet: facts.sheet_name(list.sheet).to_owned(),
        range: list.rect.to_string(),
        columns: list.columns.iter().map(column).collect(),
        reason: list.reason.clone(),
        score: rounded(list.score),
    }
}

fn rounded(score: f64) -> f64 {
    (score * 100.0 + 0.5).floor() / 100.0
}

fn why_nothing(facts: &Facts<'_>) -> String {
    let values = facts.workbook.sheets.iter().any(|sheet| sheet.grid.used().is_some());
    let formulas = facts.workbook.sheets.iter().any(|sheet| !sheet.formulas.is_empty());
    match (values, formulas) {
        (false, _) => "The spreadsheet is empty.".to_owned(),
        (true, false) => "The spreadsheet has no formulas and no table with headers, so there is nothing to calculate \
                          or to list. Add headers above the columns, or formulas."
            .to_owned(),
        (true, true) => "No cell stands out as an input or a result. Name the cells that matter, or label them on \
                         their left."
            .to_owned(),
    }
}

fn warnings(facts: &Facts<'_>) -> Vec<Warning> {
    let unknown = facts.model.unknown_names().into_iter().map(|(name, count)| Warning {
        sheet: String::new(),
        cell: String::new(),
        kind: "unknown-function".to_owned(),
        message: format!("{count} formulas use {name}, which is not known; their cells show #NAME?."),
    });
    let external = facts.workbook.external_books.iter().map(|book| Warning {
        sheet: String::new(),
        cell: String::new(),
        kind: "external-link".to_owned(),
        message: format!("Formulas refer to another file ({}); its values stay as they were saved.", book.target),
    });
    unknown.chain(external).collect()
}

/// The definition while it is built.
struct Definition<'a> {
    facts: Facts<'a>,
    app: App,
    used: BTreeMap<String, usize>,
}

impl Definition<'_> {
    /// A page with inputs and outputs, in sections by the headings above them.
    fn calculator(&mut self, inputs: &[Candidate], outputs: &[Candidate]) {
        if inputs.is_empty() && outputs.is_empty() {
            return;
        }
        let mut page = Container { id: Id::new("calculator"), ..Container::new(ContainerKind::Page, "Calculator") };
        for candidates in [inputs, outputs] {
            let mut section: Option<Container> = None;
            for candidate in candidates {
                let heading = items::heading(&self.facts, candidate.sheet, candidate.cell);
                let same = match (&section, &heading) {
                    (Some(open), Some(heading)) => open.caption.as_ref().is_some_and(|c| c.words() == heading),
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
        self.app = std::mem::take(&mut self.app).with(page);
    }

    fn item(&mut self, candidate: &Candidate) -> Item {
        let reference = self.bind(candidate);
        let content = Some(candidate.content).filter(|content| *content != ContentType::Text);
        let item = match candidate.input_type {
            InputType::Output => Item::output(caption(candidate), reference),
            input_type => Item { input_type, ..Item::input(caption(candidate), reference) },
        };
        Item { content_type: content, ..item }
    }

    /// A bind by the strongest address there is: the name, else the cell with the caption it was found under.
    fn bind(&mut self, candidate: &Candidate) -> Reference {
        let id = self.id(&caption(candidate));
        let sheet = self.facts.sheet_name(candidate.sheet);
        let fingerprint = candidate.label.as_ref().and_then(|label| {
            let label_at = label.at?;
            Some(Fingerprint { caption: Some(label.text.clone()), label_at, ..Fingerprint::default() })
        });
        let bind = match &candidate.name {
            Some(name) => Bind::to_name(Id::new(id), name),
            None => Bind { fingerprint, ..Bind::to_cells(Id::new(id), sheet, definition_area(Rect::cell(candidate.cell))) },
        };
        self.app.add_bind(bind)
    }

    fn id(&mut self, caption: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        let slug: String = caption.chars().map(plain).collect();
        let slug = slug.split('_').filter(|word| !word.is_empty()).take(6).collect::<Vec<_>>().join("_");
        let slug = if slug.starts_with(|c: char| c.is_ascii_alphabetic()) { slug } else { format!("cell_{slug}") };
        let count = self.used.entry(slug.clone()).and_modify(|count| *count += 1).or_insert(1);
        if *count == 1 { format!("{slug}_cell") } else { format!("{slug}_cell_{count}") }
    }

    /// A page for a list, with a chart where its columns suggest one.
    fn list(&mut self, list: &ListRange) -> Option<Charted> {
        let title = list.table.as_deref().map(in_words);
        let title = title.or_else(|| self.title_above(list)).unwrap_or_else(|| self.facts.sheet_name(list.sheet).to_owned());
        let reference = match &list.table {
            Some(table) => Reference::Name(table.clone()),
            None => cells(self.facts.sheet_name(list.sheet), list.rect),
        };
        let mut definition = List { search: list.data.rows() > 8, ..List::over(reference) };
        let roles = roles(list);
        for (column, role) in list.columns.iter().zip(roles) {
            let content_type = Some(column.content).filter(|content| *content != ContentType::Text);
            definition.columns.push(Column {
                column: ColumnRef::Header(column.header.clone()),
                content_type,
                role,
                ..Column::default()
            });
        }
        let mut page = Container::new(ContainerKind::Page, title.clone());
        let chart = self.chart(list, &title);
        let charted = chart.map(|(chart, charted)| {
            page.children.push(chart.into());
            charted
        });
        page.children.push(definition.into());
        self.app = std::mem::take(&mut self.app).with(page);
        charted
    }

    fn title_above(&self, list: &ListRange) -> Option<String> {
        items::heading(&self.facts, list.sheet, list.rect.first())
    }

    /// A line over dates or a count, columns over names: for lists with a numeric result column.
    fn chart(&self, list: &ListRange, title: &str) -> Option<(Chart, Charted)> {
        let (first, rest) = list.columns.split_first()?;
        let numeric = |column: &&lists::ListColumn| {
            let kind = matches!(column.content, ContentType::Decimal | ContentType::Currency | ContentType::Integer);
            kind && !column.header.to_lowercase().contains("id")
        };
        let formula = rest.iter().rfind(|column| numeric(column) && column.is_formula);
        let value = formula.or_else(|| rest.iter().rfind(numeric))?;
        let steps = matches!(first.content, ContentType::Date | ContentType::Integer);
        if list.data.rows() < 3 || (!steps && list.data.rows() > 40) {
            return None;
        }
        let sheet = self.facts.sheet_name(list.sheet);
        let column = |column: &lists::ListColumn| match &list.table {
            Some(table) => Reference::TableColumn { table: table.clone(), column: column.header.clone() },
            None => cells(sheet, Rect { left: column.col, right: column.col, ..list.data }),
        };
        let kind = if steps && list.data.rows() > 6 { ChartKind::Line } else { ChartKind::Column };
        let mut series = Series::new(column(value));
        series.categories = Some(column(first));
        series.caption = Some(app_definitions::model::Caption::literal(&value.header));
        let mut chart = Chart::new(kind).with(series);
        chart.title = Some(app_definitions::model::Caption::literal(format!("{} by {}", value.header, first.header)));
        let place = |col: Col| Rect { left: col, right: col, ..list.data }.to_string();
        let charted = Charted {
            kind: app_definitions::Word::word(kind).to_owned(),
            series: vec![place(value.col)],
            categories: Some(place(first.col)),
            reason: format!("{title} has a number ({}) for each {}.", value.header, first.header),
            score: 0.6,
        };
        Some((chart, charted))
    }
}

/// The first text is a row's name, the next its second line, the last number its amount.
fn roles(list: &ListRange) -> Vec<Option<ColumnRole>> {
    let mut roles = vec![None; list.columns.len()];
    let texts: Vec<usize> = (0..roles.len()).filter(|i| list.columns[*i].content == ContentType::Text).collect();
    let amount = (0..roles.len()).rfind(|i| {
        matches!(list.columns[*i].content, ContentType::Currency | ContentType::Decimal | ContentType::Integer)
    });
    if let Some(title) = texts.first() {
        roles[*title] = Some(ColumnRole::Title);
    }
    if let Some(subtitle) = texts.get(1) {
        roles[*subtitle] = Some(ColumnRole::Subtitle);
    }
    if let Some(amount) = amount {
        roles[amount] = Some(ColumnRole::Amount);
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
