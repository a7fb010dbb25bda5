//! Where an app's workbooks come from, and the named addresses in them.

use serde::Serialize;

use super::values::{Period, Setting};
use crate::address::Area;
use crate::id::Id;
use crate::origin::Origin;
use crate::reference::Reference;
use crate::words::words;

/// A workbook of the app. The definition holds where it is, never what is in it, and no secrets.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Source {
    /// Its id.
    pub id: Id,
    /// Where it is; none for a hosted one.
    pub url: Option<String>,
    /// What kind of place that is.
    pub provider: Provider,
    /// How people identify themselves there.
    pub auth: Auth,
    /// SHA-256 of the file, 64 hexadecimal digits, where the app is meant for exactly this file.
    pub sha256: Option<String>,
    /// When to look for a newer one.
    pub refresh: Refresh,
    /// How often, for `refresh="interval"`.
    pub interval: Option<Period>,
    /// Whether the app works without it.
    pub optional: bool,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

words! {
    /// What kind of place a workbook comes from.
    #[derive(Default)]
    pub enum Provider {
        /// The portal.
        #[default]
        Hosted = "hosted",
        /// Dropbox.
        Dropbox = "dropbox",
        /// OneDrive.
        OneDrive = "onedrive",
        /// Google Drive.
        Google = "google",
        /// SharePoint.
        SharePoint = "sharepoint",
        /// A web server.
        Http = "http",
        /// A file beside the definition.
        File = "file",
    }
}

words! {
    /// How people identify themselves to the place a workbook comes from.
    #[derive(Default)]
    pub enum Auth {
        /// Not at all.
        #[default]
        None = "none",
        /// By name and password.
        Basic = "basic",
        /// By NTLM.
        Ntlm = "ntlm",
        /// By Negotiate (Kerberos or NTLM).
        Negotiate = "negotiate",
        /// By OAuth 2.
        OAuth2 = "oauth2",
        /// By a certificate of their own.
        ClientCertificate = "clientcert",
    }
}

words! {
    /// When to look for a newer workbook.
    #[derive(Default)]
    pub enum Refresh {
        /// When the app opens.
        #[default]
        Start = "start",
        /// When someone asks.
        Manual = "manual",
        /// Every so often.
        Interval = "interval",
    }
}

/// A named address; everything else refers to it as `#id`.
///
/// It may name its place in up to three ways. They are tried in the order name, table column, cells.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Bind {
    /// Its id.
    pub id: Id,
    /// The id of the source; the first one where there is none.
    pub source: Option<String>,
    /// A defined name.
    pub name: Option<String>,
    /// A table; with `column`, a column of it.
    pub table: Option<String>,
    /// A column of `table`.
    pub column: Option<String>,
    /// The sheet of `address`; the first visible one where there is none.
    pub sheet: Option<String>,
    /// Cells.
    pub address: Option<Area>,
    /// What it names.
    pub kind: BindKind,
    /// What to do when its cell has moved.
    pub on_move: OnMove,
    /// The value at first; the cell's own where there is none.
    pub default: Option<Setting>,
    /// How to recognise its cell.
    pub fingerprint: Option<Fingerprint>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

impl Bind {
    /// A bind to a defined name.
    pub fn to_name(id: impl Into<Id>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: Some(name.into()), ..Self::default() }
    }

    /// A bind to cells of a sheet.
    pub fn to_cells(id: impl Into<Id>, sheet: impl Into<String>, address: Area) -> Self {
        let kind = if address.is_cell() { BindKind::Cell } else { BindKind::Range };
        Self { id: id.into(), sheet: Some(sheet.into()), address: Some(address), kind, ..Self::default() }
    }

    /// The reference by which everything else names this bind.
    pub fn reference(&self) -> Reference {
        Reference::Bind(self.id.text.clone())
    }

    /// The places it names, the one to be tried first in front.
    pub fn targets(&self) -> Vec<Reference> {
        let name = self.name.clone().map(Reference::Name);
        let table = self.table.clone().map(|table| match self.column.clone() {
            Some(column) => Reference::TableColumn { table, column },
            None => Reference::Name(table),
        });
        let cells = self.address.map(|area| Reference::Cells { sheet: self.sheet.clone(), area });
        [name, table, cells].into_iter().flatten().collect()
    }

    /// Whether it certainly names more than one cell.
    pub fn is_range(&self) -> bool {
        self.kind != BindKind::Cell
            || self.table.is_some()
            || self.address.is_some_and(|address| !address.is_cell())
    }
}

words! {
    /// What a bind names.
    #[derive(Default)]
    pub enum BindKind {
        /// One cell.
        #[default]
        Cell = "cell",
        /// Several cells.
        Range = "range",
        /// A table with a header row.
        Table = "table",
    }
}

words! {
    /// What to do when the cell of a bind has moved.
    #[derive(Default)]
    pub enum OnMove {
        /// Follow it.
        #[default]
        Heal = "heal",
        /// Follow it and say so.
        Warn = "warn",
        /// Show nothing until someone has looked.
        Stop = "stop",
    }
}

/// How to recognise a cell that has moved. Never its content.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Fingerprint {
    /// The label that belonged to the cell.
    pub caption: Option<String>,
    /// Where the label stood.
    pub label_at: LabelAt,
    /// A hash of the formula without its constants, 8 to 64 hexadecimal digits.
    pub shape: Option<String>,
    /// What stood above, right, below and left of the cell: four kinds, or none.
    pub neighbours: Vec<NeighbourKind>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

words! {
    /// Where the label of a cell stands.
    #[derive(Default)]
    pub enum LabelAt {
        /// At its left.
        #[default]
        Left = "left",
        /// Above it.
        Above = "above",
    }
}

words! {
    /// What a neighbouring cell holds.
    pub enum NeighbourKind {
        /// Nothing.
        Empty = "empty",
        /// Text.
        Text = "text",
        /// A number.
        Number = "number",
        /// A date or time.
        Date = "date",
        /// TRUE or FALSE.
        Boolean = "boolean",
        /// A formula.
        Formula = "formula",
        /// An error value.
        Error = "error",
        /// No cell: the edge of the sheet.
        Edge = "edge",
    }
}
