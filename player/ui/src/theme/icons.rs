//! The icons in use, by what they mean here.
//!
//! One set (Material Symbols, rounded, outlined). Screens name an icon by its meaning, so that a meaning has one
//! picture everywhere.
//!
//! Invariant: every icon listed is in the bundled font (a test lays each one out).

use egui::{Align2, Color32, Painter, Pos2};
use egui_material_icons::icons as material;

use super::fonts::icon_font;

/// One icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Icon(&'static str);

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident = $glyph:ident,)*) => {
        $($(#[$doc])* pub const $name: Icon = Icon(material::$glyph.codepoint);)*

        /// Every icon in use, with its name.
        pub const ALL: &[(&str, Icon)] = &[$((stringify!($name), $name),)*];
    };
}

icons! {
    /// Look for something.
    SEARCH = ICON_SEARCH,
    /// Close, dismiss, clear.
    CLOSE = ICON_CLOSE,
    /// Chosen, done.
    CHECK = ICON_CHECK,
    /// Partly chosen.
    PARTLY = ICON_REMOVE,
    /// Opens a list of choices.
    UNFOLD = ICON_KEYBOARD_ARROW_DOWN,
    /// Back in time, to the left.
    PREVIOUS = ICON_CHEVRON_LEFT,
    /// On in time, to the right.
    NEXT = ICON_CHEVRON_RIGHT,
    /// Sorted from least to greatest.
    ASCENDING = ICON_ARROW_UPWARD,
    /// Sorted from greatest to least.
    DESCENDING = ICON_ARROW_DOWNWARD,
    /// In which order.
    SORT = ICON_SWAP_VERT,
    /// A date.
    CALENDAR = ICON_CALENDAR_TODAY,
    /// A problem that must be solved.
    PROBLEM = ICON_ERROR,
    /// A warning.
    WARNING = ICON_WARNING,
    /// Something to know.
    INFO = ICON_INFO,
    /// It worked.
    SUCCESS = ICON_CHECK_CIRCLE,
    /// Shown as a table.
    TABLE = ICON_TABLE_ROWS,
    /// Shown as a chart.
    CHART = ICON_SHOW_CHART,
    /// Shown as bars.
    BARS = ICON_BAR_CHART,
    /// More actions.
    MORE = ICON_MORE_HORIZ,
    /// Back to where one came from.
    BACK = ICON_ARROW_BACK,
    /// The gallery of apps.
    APPS = ICON_APPS,
    /// Messages and invitations.
    INBOX = ICON_MAIL,
    /// Settings.
    SETTINGS = ICON_SETTINGS,
    /// The signed-in person.
    PERSON = ICON_ACCOUNT_CIRCLE,
    /// Fetch what is new.
    SYNC = ICON_SYNC,
    /// No connection.
    OFFLINE = ICON_CLOUD_OFF,
    /// An update is ready.
    UPDATE = ICON_DOWNLOAD,
    /// Access was withdrawn.
    WITHDRAWN = ICON_BLOCK,
    /// Put back to the spreadsheet's own values.
    RESET = ICON_RESTART_ALT,
    /// Undo.
    UNDO = ICON_UNDO,
    /// Do again what was undone.
    REDO = ICON_REDO,
    /// Write to a file.
    EXPORT = ICON_FILE_EXPORT,
    /// Remove.
    DELETE = ICON_DELETE,
    /// Add.
    ADD = ICON_ADD,
    /// A favourite.
    FAVOURITE = ICON_STAR,
    /// Protected.
    LOCK = ICON_LOCK,
    /// Narrow a list down.
    FILTER = ICON_FILTER_LIST,
    /// Money.
    MONEY = ICON_PAYMENTS,
    /// A calculator.
    CALCULATOR = ICON_CALCULATE,
    /// An empty place.
    EMPTY = ICON_INBOX,
    /// What happened before.
    HISTORY = ICON_HISTORY,
}

impl Icon {
    /// Paints the icon with its centre at `centre`, `size` points high and wide.
    pub fn paint(self, painter: &Painter, centre: Pos2, size: f32, colour: Color32) {
        painter.text(centre, Align2::CENTER_CENTER, self.0, icon_font(size), colour);
    }

    /// The character that stands for the icon in the icon font.
    pub const fn glyph(self) -> &'static str {
        self.0
    }
}
