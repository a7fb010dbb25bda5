//! The formats that all examples share: blue figures on a pale ground are what a person may change.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};

/// Ready formats.
pub(crate) struct Style {
    /// The sheet's name, large.
    pub title: Format,
    /// One line on what the sheet is for.
    pub subtitle: Format,
    /// Above a block of cells.
    pub heading: Format,
    /// Left of a cell.
    pub label: Format,
    /// Right of a cell.
    pub unit: Format,
    /// A remark.
    pub note: Format,
    /// The head of a table.
    pub head: Format,
    /// The head of a column of figures.
    pub head_right: Format,
    /// Plain text in a table.
    pub text: Format,
}

const ACCENT: u32 = 0x0B_6E56;
const SOFT: u32 = 0xE1_F2EC;
const GREY: u32 = 0x54_5A61;
const LINE: u32 = 0x8A_8F86;
const BLUE: u32 = 0x1D_4ED8;
const PALE_BLUE: u32 = 0xEE_F3FF;
const BLUE_LINE: u32 = 0x6A_8AD0;

/// A date in the order of whoever looks at it.
pub(crate) const DATE: &str = "m/d/yyyy";

/// The number that files have for [`DATE`]: by it a spreadsheet program knows to follow the person's locale.
const DATE_INDEX: u8 = 14;

impl Style {
    /// All formats.
    pub fn new() -> Style {
        let head = Format::new()
            .set_bold()
            .set_font_color(0xFF_FFFF)
            .set_background_color(ACCENT)
            .set_align(FormatAlign::VerticalCenter);
        Style {
            title: Format::new().set_bold().set_font_size(18).set_font_color(ACCENT),
            subtitle: Format::new().set_italic().set_font_color(GREY),
            heading: Format::new()
                .set_bold()
                .set_font_size(12)
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(LINE),
            label: Format::new().set_align(FormatAlign::VerticalCenter),
            unit: Format::new().set_font_color(GREY).set_align(FormatAlign::VerticalCenter),
            note: Format::new().set_italic().set_font_color(GREY).set_text_wrap().set_align(FormatAlign::Top),
            head_right: head.clone().set_align(FormatAlign::Right),
            head,
            text: Format::new(),
        }
    }

    /// A cell that a person may change.
    pub fn input(&self, code: &str) -> Format {
        self.figure(code)
            .set_font_color(BLUE)
            .set_background_color(PALE_BLUE)
            .set_border(FormatBorder::Thin)
            .set_border_color(BLUE_LINE)
            .set_align(FormatAlign::Right)
            .set_unlocked()
    }

    /// A cell that a person may change, with text in it.
    pub fn text_input(&self) -> Format {
        self.input("General").set_align(FormatAlign::Left)
    }

    /// A result.
    pub fn result(&self, code: &str) -> Format {
        self.figure(code).set_bold().set_align(FormatAlign::Right)
    }

    /// The result that everything is about.
    pub fn headline(&self, code: &str) -> Format {
        self.result(code).set_font_size(16).set_background_color(SOFT).set_font_color(ACCENT)
    }

    /// A figure in a table.
    pub fn figure(&self, code: &str) -> Format {
        if code == DATE {
            Format::new().set_num_format_index(DATE_INDEX)
        } else {
            Format::new().set_num_format(code)
        }
    }
}
