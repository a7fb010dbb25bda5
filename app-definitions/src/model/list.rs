//! Lists: the rows of a table or range, with columns, filters and order.

use serde::Serialize;

use super::item::ContentType;
use super::values::{Caption, ColumnRef, Setting};
use crate::id::Id;
use crate::origin::Origin;
use crate::reference::Reference;
use crate::words::words;

/// Rows of a table or range.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct List {
    /// Its id.
    pub id: Id,
    /// The table or range, with its header row; `None` only in a definition that is refused.
    pub reference: Option<Reference>,
    /// The column whose values tell rows apart.
    pub key: Option<ColumnRef>,
    /// Its heading.
    pub caption: Option<Caption>,
    /// How rows look.
    pub view: ListView,
    /// Whether rows can be searched.
    pub search: bool,
    /// How many rows are shown at a time, 1 to 1000.
    pub page_size: Option<u32>,
    /// The column that decides the order at first.
    pub sort_by: Option<ColumnRef>,
    /// The direction of that order.
    pub order: Order,
    /// What to say where there are no rows.
    pub empty_text: Option<Caption>,
    /// The column whose text names a row where it is mentioned elsewhere.
    pub key_label: Option<ColumnRef>,
    /// The columns to show; all of them where none is listed.
    pub columns: Vec<Column>,
    /// Filters, in order.
    pub filters: Vec<Filter>,
    /// Orders, the first one first.
    pub sorts: Vec<Sort>,
    /// Groups, the outermost first.
    pub groups: Vec<GroupBy>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

impl List {
    /// A list of a table or range, with all of its columns.
    pub fn over(reference: Reference) -> Self {
        Self { reference: Some(reference), ..Self::default() }
    }

    /// The list with one more column.
    pub fn with(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }
}

words! {
    /// How the rows of a list look.
    #[derive(Default)]
    pub enum ListView {
        /// One below the other, with title and subtitle.
        #[default]
        List = "list",
        /// A card for each row.
        Cards = "cards",
        /// A table with a head.
        Table = "table",
        /// Pictures.
        Gallery = "gallery",
        /// Days of a month.
        Calendar = "calendar",
        /// Bars along time.
        Timeline = "timeline",
        /// Pins on a map.
        Map = "map",
    }
}

words! {
    /// The direction of an order.
    #[derive(Default)]
    pub enum Order {
        /// Least first.
        #[default]
        Ascending = "asc",
        /// Greatest first.
        Descending = "desc",
    }
}

/// A column of a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    /// Its id.
    pub id: Id,
    /// Which column of the table or range it is.
    pub column: ColumnRef,
    /// Its heading; the column's header where there is none.
    pub caption: Option<Caption>,
    /// What kind of value it holds; told from the workbook where there is none.
    pub content_type: Option<ContentType>,
    /// Its part in a row; decided by the view where there is none.
    pub role: Option<ColumnRole>,
    /// Whether a search looks at it.
    pub searchable: bool,
    /// Whether people can order by it.
    pub sortable: bool,
    /// How people can filter by it.
    pub filter: ColumnFilter,
    /// What is computed below it.
    pub aggregate: Aggregate,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

impl Default for Column {
    fn default() -> Self {
        Self {
            id: Id::default(),
            column: ColumnRef::default(),
            caption: None,
            content_type: None,
            role: None,
            searchable: true,
            sortable: true,
            filter: ColumnFilter::default(),
            aggregate: Aggregate::default(),
            origin: Origin::default(),
        }
    }
}

impl Column {
    /// The column under this header.
    pub fn new(header: impl Into<String>) -> Self {
        Self { column: ColumnRef::Header(header.into()), ..Self::default() }
    }
}

words! {
    /// The part of a column in a row.
    pub enum ColumnRole {
        /// What the row is about.
        Title = "title",
        /// A second line.
        Subtitle = "subtitle",
        /// A picture.
        Image = "image",
        /// A few words in a chip.
        Badge = "badge",
        /// The figure that matters.
        Amount = "amount",
        /// A state, shown in its colour.
        Status = "status",
        /// When the row happened.
        Date = "date",
        /// Where the row leads.
        Link = "link",
        /// Not shown, but searched, filtered and ordered by.
        Hidden = "hidden",
    }
}

words! {
    /// How people can filter by a column.
    #[derive(Default)]
    pub enum ColumnFilter {
        /// Not at all.
        #[default]
        None = "none",
        /// By some of its values.
        Values = "values",
        /// Between two values.
        Range = "range",
        /// By a part of its text.
        Text = "text",
    }
}

words! {
    /// What is computed below a column.
    #[derive(Default)]
    pub enum Aggregate {
        /// Nothing.
        #[default]
        None = "none",
        /// The sum.
        Sum = "sum",
        /// The mean.
        Average = "avg",
        /// How many values there are.
        Count = "count",
        /// The least value.
        Least = "min",
        /// The greatest value.
        Greatest = "max",
    }
}

/// Shows only rows whose column compares so with a value.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Filter {
    /// The column.
    pub column: ColumnRef,
    /// How it compares.
    pub op: FilterOp,
    /// With what; nothing for `empty` and `notempty`, and for a filter that waits for its user.
    pub value: Option<Setting>,
    /// Whether people can change it.
    pub user_choice: bool,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

words! {
    /// How a filter compares.
    #[derive(Default)]
    pub enum FilterOp {
        /// Equal.
        #[default]
        Equal = "eq",
        /// Not equal.
        NotEqual = "ne",
        /// Less.
        Less = "lt",
        /// Less or equal.
        AtMost = "le",
        /// Greater.
        Greater = "gt",
        /// Greater or equal.
        AtLeast = "ge",
        /// Has the value somewhere in its text.
        Contains = "contains",
        /// Starts with the value.
        StartsWith = "startswith",
        /// Ends with the value.
        EndsWith = "endswith",
        /// Is empty.
        Empty = "empty",
        /// Is not empty.
        NotEmpty = "notempty",
    }
}

impl FilterOp {
    /// Whether it needs a value to compare with.
    pub fn needs_value(self) -> bool {
        !matches!(self, Self::Empty | Self::NotEmpty)
    }
}

/// Orders the rows by a column.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Sort {
    /// The column.
    pub column: ColumnRef,
    /// The direction.
    pub order: Order,
    /// Whether people can change it.
    pub user_choice: bool,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

/// Puts rows with equal values of a column under one heading.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct GroupBy {
    /// The column.
    pub column: ColumnRef,
    /// Whether people can change it.
    pub user_choice: bool,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}
