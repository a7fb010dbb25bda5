//! Items: one input or output each, with its choices and rules.

use serde::Serialize;

use super::values::{Bound, Caption, Condition, Setting};
use crate::expression::Expression;
use crate::id::Id;
use crate::origin::Origin;
use crate::reference::Reference;
use crate::words::words;

/// One input or output.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Item {
    /// Its id.
    pub id: Id,
    /// Its label.
    pub caption: Option<Caption>,
    /// How it is entered, or that it is an output.
    pub input_type: InputType,
    /// What kind of value it holds; told from the workbook where there is none.
    pub content_type: Option<ContentType>,
    /// The cell it shows or sets: `address` or `ref`. `None` only in a definition that is refused.
    pub target: Option<Reference>,
    /// A unit such as `cm`.
    pub unit: Option<Caption>,
    /// Whether the unit stands in front of the value.
    pub unit_before: bool,
    /// Least value.
    pub min: Option<Bound>,
    /// Greatest value.
    pub max: Option<Bound>,
    /// Distance between neighbouring values.
    pub step: Option<Bound>,
    /// Digits behind the decimal point, 0 to 15.
    pub decimals: Option<u32>,
    /// Currency code such as `EUR`.
    pub currency: Option<Setting>,
    /// A number format code; the cell's own where there is none.
    pub format: Option<String>,
    /// A few words inside the empty input.
    pub hint: Option<Caption>,
    /// A longer explanation.
    pub help: Option<Caption>,
    /// When a value must be given.
    pub required: Option<Condition>,
    /// When the value may not be changed.
    pub read_only: Option<Condition>,
    /// When it is shown; always where there is none.
    pub visible: Option<Condition>,
    /// When it takes input; always where there is none.
    pub enabled: Option<Condition>,
    /// The value at first; the cell's own where there is none.
    pub default: Option<Setting>,
    /// How many columns of its container it takes, 1 to 12.
    pub span: Option<u32>,
    /// Ids of the styles that apply to it, separated by spaces.
    pub style: Option<String>,
    /// What can be chosen; told from the workbook's validation where there is none.
    pub choices: Option<Choices>,
    /// Rules for the value.
    pub rules: Vec<Validate>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

impl Item {
    /// An input with a caption.
    pub fn input(caption: impl Into<String>, target: Reference) -> Self {
        Self { caption: Some(Caption::literal(caption)), target: Some(target), ..Self::default() }
    }

    /// An output with a caption.
    pub fn output(caption: impl Into<String>, target: Reference) -> Self {
        Self { input_type: InputType::Output, ..Self::input(caption, target) }
    }

    /// The kind of value, text where the definition does not say.
    pub fn content_type(&self) -> ContentType {
        self.content_type.unwrap_or_default()
    }

    /// Whether people can give it a value: it is neither an output nor always read-only.
    pub fn takes_input(&self) -> bool {
        let fixed = self.read_only.as_ref().is_some_and(Condition::is_always);
        self.input_type != InputType::Output && !fixed
    }
}

words! {
    /// How an item is entered and what it looks like.
    #[derive(Default)]
    pub enum InputType {
        /// A field that fits the content type.
        #[default]
        Input = "input",
        /// A computed value.
        Output = "output",
        /// One line of text.
        Text = "text",
        /// Several lines of text.
        Multiline = "multiline",
        /// A slider between least and greatest value.
        Slider = "slider",
        /// A number with buttons for less and more.
        Stepper = "stepper",
        /// Yes or no as a switch.
        Switch = "switch",
        /// Yes or no as a box to tick.
        Checkbox = "checkbox",
        /// One of several choices, in a list that drops down.
        Dropdown = "dropdown",
        /// One of several choices, all in sight.
        Radio = "radio",
        /// One of a few short choices, side by side.
        Segmented = "segmented",
        /// Any number of choices.
        Multiselect = "multiselect",
        /// A day.
        Date = "date",
        /// A time of day.
        Time = "time",
        /// A day and a time.
        DateTime = "datetime",
        /// A length of time.
        Duration = "duration",
        /// A number of stars.
        Rating = "rating",
        /// A colour.
        Color = "color",
        /// A file.
        File = "file",
        /// A picture from the camera.
        Photo = "photo",
        /// A signature.
        Signature = "signature",
        /// A scanned code.
        Barcode = "barcode",
        /// A place.
        Location = "location",
        /// A value that is set but not shown.
        Hidden = "hidden",
    }
}

words! {
    /// What kind of value an item or a column holds.
    #[derive(Default)]
    pub enum ContentType {
        /// Any text.
        #[default]
        Text = "text",
        /// A whole number.
        Integer = "integer",
        /// A number.
        Decimal = "decimal",
        /// A number shown as so many of a hundred.
        Percent = "percent",
        /// An amount of money.
        Currency = "currency",
        /// TRUE or FALSE.
        Boolean = "boolean",
        /// A day.
        Date = "date",
        /// A time of day.
        Time = "time",
        /// A day and a time.
        DateTime = "datetime",
        /// A length of time.
        Duration = "duration",
        /// An e-mail address.
        Email = "email",
        /// A telephone number.
        Phone = "phone",
        /// An address on the web.
        Url = "url",
        /// A picture.
        Image = "image",
        /// Text with emphasis and lists.
        RichText = "richtext",
        /// A place on the earth.
        Geo = "geo",
    }
}

/// What can be chosen: cells that hold the choices, or choices written out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Choices {
    /// The cells that hold the choices.
    pub reference: Option<Reference>,
    /// The cell whose value decides which choices there are.
    pub depends_on: Option<Reference>,
    /// The choices written out; empty where `reference` is given.
    pub listed: Vec<Choice>,
    /// Where they came from.
    #[serde(skip)]
    pub origin: Origin,
}

/// One choice written out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Choice {
    /// What is put into the cell; may be empty.
    pub value: String,
    /// What people see; the value where there is none.
    pub caption: Option<Caption>,
    /// The id of an asset that pictures it.
    pub image: Option<String>,
    /// The heading it stands under, or the value of `dependson` it belongs to.
    pub group: Option<String>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

/// A rule that an item's value has to keep.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Validate {
    /// True where the value is good.
    pub test: Expression,
    /// What to say where it is not.
    pub message: Option<Caption>,
    /// How much a breach matters.
    pub level: RuleLevel,
    /// When the rule is looked at.
    pub when: RuleTime,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

words! {
    /// How much the breach of a rule matters.
    #[derive(Default)]
    pub enum RuleLevel {
        /// The value is not taken.
        #[default]
        Error = "error",
        /// The value is taken after a question.
        Warning = "warning",
        /// The value is taken and the message shown.
        Info = "info",
    }
}

words! {
    /// When a rule is looked at.
    #[derive(Default)]
    pub enum RuleTime {
        /// After each change.
        #[default]
        Change = "change",
        /// When everything is sent.
        Submit = "submit",
    }
}
