//! What is done with an upload: open it, propose an app, show the draft. Runs in a worker, never in the server.
//!
//! A bench holds one workbook and, as a cache, the session of the draft that was shown last. Every request says all
//! that it needs (the whole definition, all acts in order), so a bench that died is replaced by a fresh one without
//! anybody noticing.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicBool},
};

use app_definitions::{Limits, Reference, model::Node, read, write};
use engine::{
    Document,
    detect::{Found, Proposal, propose},
    formats,
    functions::Environment,
    numfmt::Locale,
    view::{AppSession, Command, Scalar},
};
use serde::{Deserialize, Serialize};

use crate::pages::view_html;

/// Units of work that one request may use: about a second of a core.
const BUDGET: u64 = 60_000_000;

/// Something done in the preview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Typed into an input.
    Type {
        /// The input.
        id: String,
        /// What was typed.
        text: String,
    },
    /// Chose a value of an input; a number, a truth value, a text, or nothing.
    Set {
        /// The input.
        id: String,
        /// The value.
        #[schema(value_type = Object)]
        value: serde_json::Value,
    },
    /// Gave an input back what the spreadsheet has.
    Reset {
        /// The input.
        id: String,
    },
    /// Gave all inputs back what the spreadsheet has.
    ResetAll,
    /// Searched in a list.
    Search {
        /// The list.
        id: String,
        /// The words.
        text: String,
    },
    /// Moved a list's window.
    Window {
        /// The list.
        id: String,
        /// The first row shown.
        from: u64,
    },
    /// Sorted a list.
    Sort {
        /// The list.
        id: String,
        /// The column, counted from 0.
        column: usize,
        /// Whether downwards.
        down: bool,
    },
}

impl Act {
    /// Whether a later act of the same kind makes this one superfluous.
    #[must_use]
    pub fn is_replaced_by(&self, later: &Self) -> bool {
        match (self, later) {
            (_, Self::ResetAll) => matches!(self, Self::Type { .. } | Self::Set { .. } | Self::Reset { .. }),
            (
                Self::Type { id, .. } | Self::Set { id, .. } | Self::Reset { id },
                Self::Type { id: new, .. } | Self::Set { id: new, .. } | Self::Reset { id: new },
            )
            | (Self::Search { id, .. } | Self::Window { id, .. }, Self::Search { id: new, .. })
            | (Self::Window { id, .. }, Self::Window { id: new, .. })
            | (Self::Sort { id, .. }, Self::Sort { id: new, .. }) => id == new,
            _ => false,
        }
    }

    fn command(&self) -> Command {
        match self.clone() {
            Self::Type { id, text } => Command::Type { id, text },
            Self::Set { id, value } => Command::Set { id, value: scalar(&value) },
            Self::Reset { id } => Command::Reset { id },
            Self::ResetAll => Command::ResetAll,
            Self::Search { id, text } => Command::Search { id, text },
            Self::Window { id, from } => Command::Window { id, from, count: view_html::ROWS },
            Self::Sort { id, column, down } => Command::Sort { id, by: Some((column, down)) },
        }
    }
}

fn scalar(value: &serde_json::Value) -> Scalar {
    match value {
        serde_json::Value::Bool(value) => Scalar::Bool(*value),
        serde_json::Value::Number(number) => number.as_f64().map_or(Scalar::Empty, Scalar::Number),
        serde_json::Value::String(text) => Scalar::Text(text.clone()),
        _ => Scalar::Empty,
    }
}

/// Why something is in the proposal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Why {
    /// The cell or range, `Sheet!B4`.
    pub place: String,
    /// One plain sentence that names the cells.
    pub reason: String,
    /// How sure, 0 to 1.
    pub score: f64,
}

/// A cell that could be in the app too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Alternative {
    /// The sheet's name.
    pub sheet: String,
    /// The cell, `B4`.
    pub cell: String,
    /// The cell as a definition names it.
    pub reference: String,
    /// What it would be called.
    pub caption: String,
    /// The definition's word for its control.
    pub inputtype: String,
    /// The definition's word for its content.
    pub contenttype: String,
    /// Why.
    pub reason: String,
    /// How sure, 0 to 1.
    pub score: f64,
}

/// Something to know about the spreadsheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Remark {
    /// `Sheet!A1`, a sheet, a part of the file; empty for the whole.
    pub place: String,
    /// One sentence.
    pub message: String,
}

/// What the portal derived from an upload.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Base {
    /// The proposed definition, XML.
    pub definition: String,
    /// `calculator`, `list`, `dashboard`, `combined`, or `none`.
    pub kind: String,
    /// Why each node is proposed, by its id.
    pub whys: BTreeMap<String, Why>,
    /// Cells that could be in the app too.
    pub alternatives: Vec<Alternative>,
    /// What will not work, or works differently.
    pub remarks: Vec<Remark>,
    /// Why nothing is proposed, where that is so.
    pub declined: Option<String>,
    /// The proposal in the form that the command line prints.
    pub proposal: serde_json::Value,
}

/// Something wrong between a definition and a workbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Problem {
    /// Whether something cannot be shown.
    pub is_error: bool,
    /// A stable word.
    pub code: String,
    /// One or two sentences.
    pub text: String,
}

/// What a draft shows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Shown {
    /// The view as a fragment of HTML; everything in it is escaped.
    pub html: String,
    /// The view as data.
    pub view: serde_json::Value,
    /// What is wrong between definition and workbook.
    pub problems: Vec<Problem>,
}

/// What is asked of a bench. The upload's bytes travel beside `Open`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Request {
    /// Take these bytes as the workbook.
    Open {
        /// The file's name.
        name: String,
    },
    /// Propose an app.
    Propose {
        /// The file's name.
        name: String,
    },
    /// Show a draft.
    Show {
        /// The definition, XML.
        definition: String,
        /// Everything done in the preview, in order.
        acts: Vec<Act>,
        /// The page in front, by its place; others are rendered folded away.
        page: usize,
        /// Now, as a serial of the 1900 system.
        now: f64,
        /// How the person who looks writes numbers and dates: the tag of a locale.
        locale: String,
    },
}

/// What a bench answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// The workbook is open.
    Opened,
    /// A proposal.
    Proposed(Box<Base>),
    /// A draft.
    Shown(Box<Shown>),
    /// It cannot be done; the sentence is for the person who uploaded.
    Refused(String),
}

/// One workbook at work.
#[derive(Default)]
pub(super) struct Bench {
    document: Option<Document>,
    live: Option<Live>,
    /// Set from outside to stop.
    cancel: Arc<AtomicBool>,
}

struct Live {
    definition: String,
    acts: Vec<Act>,
    session: AppSession,
}

impl Bench {
    /// A bench that this flag stops.
    pub fn stopped_by(cancel: Arc<AtomicBool>) -> Self {
        Self { cancel, ..Self::default() }
    }

    /// Does what is asked.
    pub fn answer(&mut self, request: Request, bytes: &[u8]) -> Answer {
        match request {
            Request::Open { name } => match Document::open(bytes, &name, &formats::Limits::upload()) {
                Ok(document) => {
                    (self.document, self.live) = (Some(document), None);
                    Answer::Opened
                }
                Err(error) => Answer::Refused(error.to_string()),
            },
            Request::Propose { name } => match &self.document {
                Some(document) => Answer::Proposed(Box::new(proposed(document, &name))),
                None => no_workbook(),
            },
            Request::Show { definition, acts, page, now, locale } => {
                let locale = Locale::from_tag(&locale).unwrap_or_else(Locale::en_us);
                self.show(definition, acts, page, (now, locale))
            }
        }
    }

    fn show(
        &mut self,
        definition: String,
        acts: Vec<Act>,
        page: usize,
        (now, locale): (f64, &'static Locale),
    ) -> Answer {
        let Some(document) = &self.document else { return no_workbook() };
        let fits = |live: &Live| live.definition == definition && acts.starts_with(&live.acts);
        let mut live = match self.live.take().filter(fits) {
            Some(live) => live,
            None => {
                let environment = Environment {
                    now,
                    locale,
                    budget: BUDGET,
                    cancel: Some(Arc::clone(&self.cancel)),
                    ..Environment::default()
                };
                match begin(document, definition, environment) {
                    Some(live) => live,
                    None => return Answer::Refused("The app definition cannot be read.".to_owned()),
                }
            }
        };
        for act in acts.iter().skip(live.acts.len()) {
            live.session.apply(&act.command());
        }
        live.acts = acts;
        let problems = live.session.problems().iter().map(|problem| Problem {
            is_error: problem.is_error,
            code: problem.code.to_owned(),
            text: problem.text.clone(),
        });
        let shown = Shown {
            html: view_html::render(live.session.view(), page, locale),
            view: serde_json::to_value(live.session.view()).unwrap_or_default(),
            problems: problems.collect(),
        };
        self.live = Some(live);
        Answer::Shown(Box::new(shown))
    }
}

/// A fresh session; `None` where the definition does not read.
fn begin(document: &Document, definition: String, environment: Environment) -> Option<Live> {
    let (Some(app), _) = read(&definition, &Limits::default()) else { return None };
    // Whatever sources a definition names: here is one workbook, and it is each of them.
    let models = vec![Arc::clone(&document.model); app.sources.len().max(1)];
    let mut session = AppSession::open(Arc::new(app), models, environment, false);
    for list in lists_of(&session) {
        session.apply(&Command::Window { id: list, from: 0, count: view_html::ROWS });
    }
    Some(Live { definition, acts: Vec::new(), session })
}

fn no_workbook() -> Answer {
    Answer::Refused("The spreadsheet is not open any more. Upload it again.".to_owned())
}

fn lists_of(session: &AppSession) -> Vec<String> {
    let is_list = |node: &&engine::view::Node| matches!(node.kind, engine::view::Kind::List(_));
    session.view().nodes().filter(is_list).map(|node| node.id.clone()).collect()
}

fn proposed(document: &Document, name: &str) -> Base {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    // A file's name becomes the app's name; it begins like one.
    let mut letters = stem.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    let proposal = propose(&document.model, &format!("{first}{}", letters.as_str()));
    let mut remarks: Vec<Remark> = proposal
        .warnings
        .iter()
        .map(|warning| Remark {
            place: place(&warning.sheet, &warning.cell),
            message: warning.message.clone(),
        })
        .collect();
    if document.report.formulas_incomplete {
        let message = "Not all formulas of this kind of file can be read; some cells keep the values they were saved \
                       with. Save it as .xlsx to get all of them.";
        remarks.push(Remark { place: String::new(), message: message.to_owned() });
    }
    let notes = document.report.notes.iter().take(50);
    remarks.extend(notes.map(|note| Remark { place: note.place.clone(), message: note.message.clone() }));
    Base {
        whys: whys(&proposal),
        alternatives: proposal.alternatives.iter().map(alternative).collect(),
        remarks,
        declined: proposal.declined.clone(),
        kind: proposal.kind.to_owned(),
        proposal: as_json(&proposal),
        definition: write(&proposal.app),
    }
}

fn as_json(proposal: &Proposal) -> serde_json::Value {
    serde_json::json!({
        "kind": proposal.kind,
        "inputs": proposal.inputs,
        "outputs": proposal.outputs,
        "lists": proposal.lists,
        "charts": proposal.charts,
        "warnings": proposal.warnings,
        "alternatives": proposal.alternatives,
        "declined": proposal.declined,
    })
}

/// The reasons by node. Inputs and outputs, lists and charts stand in the definition in the proposal's order.
fn whys(proposal: &Proposal) -> BTreeMap<String, Why> {
    let why = |place: String, reason: &str, score: f64| Why { place, reason: reason.to_owned(), score };
    let mut inputs = proposal.inputs.iter();
    let mut outputs = proposal.outputs.iter();
    let mut lists = proposal.lists.iter();
    let mut charts = proposal.charts.iter();
    let mut whys = BTreeMap::new();
    for node in proposal.app.nodes() {
        let found = match node {
            Node::Item(item) => {
                let output = item.input_type == app_definitions::model::InputType::Output;
                let found = if output { outputs.next() } else { inputs.next() };
                found.map(|found| why(place(&found.sheet, &found.cell), &found.reason, found.score))
            }
            Node::List(_) => lists.next().map(|l| why(place(&l.sheet, &l.range), &l.reason, l.score)),
            Node::Chart(_) => charts.next().map(|c| why(c.series.join(", "), &c.reason, c.score)),
            _ => None,
        };
        if let Some(found) = found {
            whys.insert(node.id().text.clone(), found);
        }
    }
    whys
}

fn alternative(found: &Found) -> Alternative {
    let area = app_definitions::Area::parse(&found.cell).ok();
    let reference = area.map(|area| Reference::Cells { sheet: Some(found.sheet.clone()), area });
    Alternative {
        sheet: found.sheet.clone(),
        cell: found.cell.clone(),
        reference: reference.map(|reference| reference.to_string()).unwrap_or_default(),
        caption: found.caption.clone(),
        inputtype: found.inputtype.clone(),
        contenttype: found.contenttype.clone(),
        reason: found.reason.clone(),
        score: found.score,
    }
}

fn place(sheet: &str, cell: &str) -> String {
    match (sheet.is_empty(), cell.is_empty()) {
        (false, false) => format!("{sheet}!{cell}"),
        (false, true) => sheet.to_owned(),
        _ => cell.to_owned(),
    }
}
