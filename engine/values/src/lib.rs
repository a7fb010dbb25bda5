//! What a cell can hold and where it stands: values, cell errors, addresses, areas, serial dates.
//!
//! Every other room of the engine speaks in these types; this one depends on none of them. It knows
//! nothing of formulas, sheets by name, number formats or files.

mod address;
mod arith;
mod array;
mod collate;
mod error;
mod serial;
mod value;

pub use address::{AddressError, Area, Cell, Col, MAX_COLS, MAX_ROWS, Rect, Row, SheetId, column_letters};
pub use arith::{add, compare_numbers, equal_numbers, significant_15, snap_to_zero, subtract};
pub use array::Array;
pub use collate::{compare_text, equal_text, fold_case, folded};
pub use error::CellError;
pub use serial::{Civil, DateSystem, TimeOfDay, days_in_month, is_leap_year};
pub use value::{Lambda, Text, Value};

/// A value, or the error that a cell shows instead.
pub type Result<T> = std::result::Result<T, CellError>;
