//! The proposal: a definition and, beside it, why each part is in it.

use app_definitions::model::App;
use serde::Serialize;

/// What is proposed for a workbook.
#[derive(Clone, Debug, Default)]
pub struct Proposal {
    /// The definition, with ids.
    pub app: App,
    /// `calculator`, `list`, `dashboard`, `combined`, or `none` where nothing can be made of it.
    pub kind: &'static str,
    /// Inputs in the order of the app.
    pub inputs: Vec<Found>,
    /// Outputs in the order of the app.
    pub outputs: Vec<Found>,
    /// Tables and ranges with headers.
    pub lists: Vec<Listed>,
    /// Charts.
    pub charts: Vec<Charted>,
    /// What will not work or looks wrong.
    pub warnings: Vec<Warning>,
    /// Other cells that could be in the app, with a lower score.
    pub alternatives: Vec<Found>,
    /// Why nothing is proposed, where that is so.
    pub declined: Option<String>,
}

/// An input or output.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// The sheet's name.
    pub sheet: String,
    /// The cell, `B4`.
    pub cell: String,
    /// What it is called.
    pub caption: String,
    /// The definition's word for its control.
    pub inputtype: String,
    /// The definition's word for its content.
    pub contenttype: String,
    /// Why, in one plain sentence that names the cells.
    pub reason: String,
    /// How sure, 0 to 1.
    pub score: f64,
}

/// A list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Listed {
    /// The sheet's name.
    pub sheet: String,
    /// The range with its header row, `A1:D20`.
    pub range: String,
    /// Its columns.
    pub columns: Vec<ListedColumn>,
    /// Why, in one plain sentence.
    pub reason: String,
    /// How sure, 0 to 1.
    pub score: f64,
}

/// A column of a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListedColumn {
    /// The header.
    pub header: String,
    /// The definition's word for its content.
    pub contenttype: String,
}

/// A chart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Charted {
    /// The definition's word for its kind.
    pub kind: String,
    /// The ranges of its series, each with its sheet.
    pub series: Vec<String>,
    /// The range of its categories, with its sheet.
    pub categories: Option<String>,
    /// Why, in one plain sentence.
    pub reason: String,
    /// How sure, 0 to 1.
    pub score: f64,
}

/// Something that will not work or looks wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Warning {
    /// The sheet's name; may be empty.
    pub sheet: String,
    /// The cell; may be empty.
    pub cell: String,
    /// Stable word, such as `unknown-function` or `circular`.
    pub kind: String,
    /// One sentence.
    pub message: String,
}
