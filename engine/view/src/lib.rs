//! Definition and workbook to view.
//!
//! What an app shows is decided here, once: formatted texts, typed inputs, choices and messages from the
//! workbook's own validations, what is visible, windows on lists, series of charts. The result is a plain tree
//! ([`View`]); what a person does comes in as a [`Command`] and goes out as a [`Delta`]. This room knows neither
//! egui nor HTML.
//!
//! On opening, `resolve` and `heal` settle where the definition's references lead, and `problems` says which lead
//! nowhere. `session` takes commands and keeps undo; `build` makes the tree from the cells, with `item`, `list` and
//! `chart` for what has values, and `words` for what is said.

mod books;
mod build;
mod chart;
mod command;
mod diff;
mod heal;
mod item;
mod list;
mod problems;
mod resolve;
mod session;
mod state;
mod text;
mod tree;
mod validation;
mod words;

pub use command::{Command, Delta};
pub use problems::Problem;
pub use session::AppSession;
pub use text::shown;
pub use tree::{
    Chart, ChartStyle, Choice, ColumnRole, Container, ContainerRole, Content, Control, Input, Kind, Level,
    List, ListColumn, ListRow, ListStyle, Message, Navigation, Node, Notice, Output, Scalar, Series, Text,
    View,
};
