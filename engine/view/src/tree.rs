//! The view: what an app shows right now, as plain data.
//!
//! Every face (the player's window, the portal's pages, the command line) shows this tree and decides nothing
//! itself. Texts are formatted, choices are listed, problems are said in words. A node's id comes from the
//! definition's id (and a row's key), never from a position.

use serde::Serialize;

/// Everything an app shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct View {
    /// Grows with every change.
    pub revision: u64,
    /// The app's name.
    pub title: String,
    /// One line on what the app is for; may be empty.
    pub description: String,
    /// How pages are offered.
    pub navigation: Navigation,
    /// The pages; an app without pages has one, without a caption.
    pub pages: Vec<Node>,
    /// What the person must know: healed or missing cells, results that are not up to date, cycles.
    pub notices: Vec<Notice>,
    /// Brand colour `#rrggbb`, where the definition has one.
    pub accent: Option<String>,
}

/// How pages are offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Navigation {
    /// Tabs above.
    #[default]
    Tabs,
    /// A list at the side.
    Menu,
    /// One after the other, with next and back.
    Steps,
}

/// A node of the tree.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Node {
    /// Stable while the definition is the same.
    pub id: String,
    /// What it is.
    #[serde(flatten)]
    pub kind: Kind,
    /// What stands in it, for containers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Node>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Kind {
    /// A page, section or group.
    Container(Container),
    /// Something that a person may change.
    Input(Input),
    /// Something calculated.
    Output(Output),
    /// Rows of a table.
    List(List),
    /// A chart.
    Chart(Chart),
    /// A heading; level 1 to 3.
    Heading(Text),
    /// Fixed text: the markdown subset of the definition, no HTML.
    Text(Text),
    /// A line.
    Divider,
    /// Empty space.
    Spacer,
}

/// A page, section or group.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Container {
    /// Which of them.
    pub role: ContainerRole,
    /// May be empty.
    pub caption: String,
    /// Name of an icon of the house set, where one is given.
    pub icon: Option<String>,
    /// A line of help; may be empty.
    pub help: String,
    /// Shown folded at first.
    pub collapsed: bool,
    /// Columns to lay the children out in; 1 where the definition does not say.
    pub columns: u32,
}

/// Which container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ContainerRole {
    /// A page (or tab).
    #[default]
    Page,
    /// A section with a caption.
    Section,
    /// Items that belong together, without a frame.
    Group,
}

/// Fixed text.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Text {
    /// The words.
    pub text: String,
    /// Of a heading: 1 to 3; 0 for plain text.
    pub level: u32,
}

/// Something that a person may change.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Input {
    /// The label.
    pub caption: String,
    /// Which control to show.
    pub control: Control,
    /// What kind of content it takes.
    pub content: Content,
    /// The current value, typed.
    pub value: Scalar,
    /// The value as a person edits it: what the field shows. After a refused entry, the refused text.
    pub text: String,
    /// Unit beside the value; may be empty.
    pub unit: String,
    /// The unit stands before the value.
    pub unit_before: bool,
    /// Shown inside of an empty field; may be empty.
    pub hint: String,
    /// A line below; may be empty.
    pub help: String,
    /// Something must be entered.
    pub required: bool,
    /// Can't be changed now.
    pub disabled: bool,
    /// Smallest value, for numbers and dates (serial).
    pub min: Option<f64>,
    /// Largest value.
    pub max: Option<f64>,
    /// Step of sliders and steppers.
    pub step: Option<f64>,
    /// Decimals shown.
    pub decimals: Option<u32>,
    /// What can be chosen, in order; empty where anything can be entered.
    pub choices: Vec<Choice>,
    /// What is wrong or worth knowing.
    pub message: Option<Message>,
    /// Differs from what the spreadsheet has.
    pub changed: bool,
}

/// A control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Control {
    /// One line of text or a number.
    #[default]
    Field,
    /// Several lines.
    Multiline,
    /// A slider between `min` and `max`.
    Slider,
    /// A number with − and +.
    Stepper,
    /// On or off.
    Switch,
    /// Ticked or not.
    Checkbox,
    /// One of many, in a menu.
    Dropdown,
    /// One of few, listed.
    Radio,
    /// One of up to four short ones, side by side.
    Segmented,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// Date and time.
    DateTime,
    /// Stars from 0 to `max` (5 where none is given).
    Rating,
}

/// What kind of content a value has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// Any text.
    #[default]
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// A number shown times a hundred with %.
    Percent,
    /// An amount of money.
    Currency,
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// Day and time.
    DateTime,
    /// Hours that may exceed a day.
    Duration,
    /// An address of the web; only https and mailto are ever opened.
    Url,
    /// A mail address.
    Email,
    /// A phone number.
    Phone,
}

/// A typed value of the view.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Scalar {
    /// Nothing.
    #[default]
    Empty,
    /// A number; dates are serials.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// Text.
    Text(String),
    /// A cell error, `#DIV/0!`.
    Error(String),
}

/// One choice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// What is put into the cell.
    pub value: Scalar,
    /// What a person sees.
    pub caption: String,
    /// Whether it is the current one.
    pub selected: bool,
}

/// Something said at an input.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Message {
    /// How grave.
    pub level: Level,
    /// One sentence: what is wrong and what is allowed.
    pub text: String,
}

/// How grave a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Accepted, but look again.
    Warning,
    /// Not accepted: the cell keeps its former value.
    Error,
}

/// Something said of the app as a whole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Notice {
    /// How grave.
    pub level: Level,
    /// Stable word for programs, such as `moved-cell` or `missing-cell`.
    pub code: &'static str,
    /// One or two sentences.
    pub text: String,
}

/// Something calculated.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Output {
    /// The label.
    pub caption: String,
    /// The value, typed.
    pub value: Scalar,
    /// The value as shown, unit excluded; for an error what it means in words.
    pub text: String,
    /// Unit beside the value; may be empty.
    pub unit: String,
    /// The unit stands before the value.
    pub unit_before: bool,
    /// What kind of content.
    pub content: Content,
    /// The first and most important result: shown large, once in an app.
    pub headline: bool,
    /// The cell's error, such as `#DIV/0!`, where it is one.
    pub error: Option<String>,
    /// By how much the number changed with the last command, formatted with a sign; empty where it did not.
    pub change: String,
    /// Colour that the cell's number format asks for, `#rrggbb`.
    pub color: Option<String>,
    /// A line below; may be empty.
    pub help: String,
}

/// A window on the rows of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct List {
    /// May be empty.
    pub caption: String,
    /// What it looks like.
    pub style: ListStyle,
    /// The columns, hidden ones left out.
    pub columns: Vec<ListColumn>,
    /// Rows that match search and filters.
    pub count: u64,
    /// Rows in all.
    pub total: u64,
    /// Place of the first row of `rows` among the matching ones.
    pub from: u64,
    /// The window.
    pub rows: Vec<ListRow>,
    /// Whether search is offered.
    pub searchable: bool,
    /// What is searched for.
    pub search: String,
    /// The column that rows are sorted by and whether downwards.
    pub sort: Option<(usize, bool)>,
    /// Said where no row is there at all.
    pub empty_text: String,
    /// Sums and their like below the columns, as shown; empty texts where there are none.
    pub totals: Vec<String>,
}

/// What a list looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ListStyle {
    /// Title, subtitle, amount.
    #[default]
    List,
    /// All columns.
    Table,
    /// Cards side by side.
    Cards,
}

/// A column of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ListColumn {
    /// Id of the definition's column.
    pub id: String,
    /// Its header.
    pub caption: String,
    /// What kind of content.
    pub content: Content,
    /// What it is in a row.
    pub role: ColumnRole,
    /// Whether a person may sort by it.
    pub sortable: bool,
}

/// What a column is in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnRole {
    /// A plain column.
    #[default]
    Plain,
    /// The row's name.
    Title,
    /// Below the name.
    Subtitle,
    /// The number at the right.
    Amount,
    /// A chip.
    Status,
    /// A chip without meaning of its own.
    Badge,
    /// A date.
    Date,
    /// A link.
    Link,
}

/// A row of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ListRow {
    /// From the row's key where the list has one, else from the sheet's row.
    pub id: String,
    /// A text for each column, as shown.
    pub cells: Vec<String>,
}

/// A chart's data.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Chart {
    /// How it is drawn.
    pub style: ChartStyle,
    /// May be empty.
    pub title: String,
    /// Along the axis; as many as the longest series has values.
    pub categories: Vec<String>,
    /// The series.
    pub series: Vec<Series>,
    /// Bounds of the value axis where the definition sets them.
    pub min: Option<f64>,
    /// Upper bound.
    pub max: Option<f64>,
    /// Number-format code for the value axis.
    pub format: String,
    /// One sentence for those who do not see it.
    pub summary: String,
}

/// How a chart is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChartStyle {
    /// Horizontal bars.
    Bar,
    /// Upright columns.
    #[default]
    Column,
    /// Columns on top of each other.
    Stacked,
    /// Lines.
    Line,
    /// Filled lines.
    Area,
}

/// One series of a chart.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Series {
    /// Its name.
    pub caption: String,
    /// Its values; a gap where a cell holds no number.
    pub values: Vec<Option<f64>>,
    /// The values as shown.
    pub texts: Vec<String>,
    /// Colour `#rrggbb` where the definition gives one.
    pub color: Option<String>,
}

impl View {
    /// Every node, parents before children.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        let mut open: Vec<&Node> = self.pages.iter().rev().collect();
        std::iter::from_fn(move || {
            let node = open.pop()?;
            open.extend(node.children.iter().rev());
            Some(node)
        })
    }

    /// The node of an id.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes().find(|node| node.id == id)
    }
}
