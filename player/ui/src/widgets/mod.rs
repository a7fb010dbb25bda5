//! The house widgets.
//!
//! Each widget is plain data that is built where it is shown and answers with what the person did; none keeps a
//! value of the application. What a widget keeps on its own account (a draft being typed, an open list) lies in
//! egui's memory under the widget's id. [`UiExt`] puts all of them on [`egui::Ui`].
//!
//! Invariant: every widget names itself to screen readers, can be reached and used from the keyboard, and takes
//! its colours and distances from the theme.

mod banner;
mod button;
mod card;
mod chart;
mod chip;
mod choice;
mod date;
mod dialog;
mod dropdown;
mod edit;
mod field;
mod list;
mod output;
mod piece;
mod radio;
mod search;
mod slider;
mod switch;
mod text_input;
mod tile;
mod toast;
mod words;

pub use banner::{Banner, BannerAction};
pub use button::{Button, ButtonKind};
pub use card::{EmptyState, Progress};
pub use chart::{Chart, ChartKind, Series};
pub use chip::{Chip, Tone};
pub use choice::Choice;
pub use date::{Date, DateAction, DateInput, DateLocale, DateOrder};
pub use dialog::{Dialog, DialogAction};
pub use dropdown::Dropdown;
pub use edit::EditAction;
pub use field::FieldText;
pub use list::{Column, Filter, List, ListAction, ListState, Row, Sort};
pub use output::{Change, Output, OutputValue};
pub(crate) use search::search_field;
pub use slider::{Slider, SliderAction};
pub use text_input::{NumberInput, TextInput};
pub use tile::{AppIcon, AppState, Tile};
pub use toast::{Toast, ToastAction, Toasts};
pub use words::{Words, set_words, words};

use egui::{InnerResponse, Response, Ui};

use crate::theme::icons::Icon;
use crate::theme::{Colours, Step, Weight};

/// The house widgets on [`egui::Ui`].
pub trait UiExt {
    /// The colours in force here.
    fn colours(&self) -> Colours;

    /// A paragraph of text.
    fn paragraph(&mut self, words: &str) -> Response;
    /// A line of help or of lesser weight.
    fn remark(&mut self, words: &str) -> Response;
    /// The title of a screen.
    fn screen_title(&mut self, title: &str) -> Response;
    /// The title of a section.
    fn section_title(&mut self, title: &str) -> Response;

    /// The one thing to do here. Answers whether it was clicked.
    fn primary_button(&mut self, label: &str) -> bool;
    /// Another thing to do. Answers whether it was clicked.
    fn secondary_button(&mut self, label: &str) -> bool;
    /// Something that cannot be taken back. Answers whether it was clicked.
    fn danger_button(&mut self, label: &str) -> bool;
    /// Something beside the point. Answers whether it was clicked.
    fn quiet_button(&mut self, label: &str) -> bool;
    /// An icon with a name. Answers whether it was clicked.
    fn icon_button(&mut self, icon: Icon, name: &str) -> bool;

    /// An input for text.
    fn text_input(&mut self, input: TextInput<'_>) -> Option<EditAction>;
    /// An input for a number.
    fn number_input(&mut self, input: NumberInput<'_>) -> Option<EditAction>;
    /// A number between two ends.
    fn slider_input(&mut self, slider: Slider<'_>) -> Option<SliderAction>;
    /// A choice: segments if there are up to four short ones, else a list that opens.
    fn choice_input<S: AsRef<str>>(&mut self, choice: Choice<'_, S>) -> Option<usize>;
    /// A choice as lines one below the other, each with its words in full.
    fn radio_input<S: AsRef<str>>(&mut self, choice: Choice<'_, S>) -> Option<usize>;
    /// A choice as a list that opens, however few there are.
    fn dropdown_input<S: AsRef<str>>(&mut self, dropdown: Dropdown<'_, S>) -> Option<usize>;
    /// Yes or no, as a switch. Answers the new state.
    fn switch_input(&mut self, about: &FieldText<'_>, on: bool) -> Option<bool>;
    /// Yes or no, as a check box; `None` is neither. Answers the new state.
    fn checkbox_input(&mut self, about: &FieldText<'_>, on: Option<bool>) -> Option<bool>;
    /// A date.
    fn date_input(&mut self, input: DateInput<'_>) -> Option<DateAction>;

    /// A result as a row.
    fn output_row(&mut self, output: Output<'_>) -> Response;
    /// A result as the headline of an app.
    fn headline(&mut self, output: Output<'_>) -> Response;
    /// A list; `row` answers the row at an index.
    fn list<'r>(&mut self, list: List<'_>, row: impl FnMut(usize) -> Row<'r>) -> Option<ListAction>;
    /// A chart.
    fn chart(&mut self, chart: Chart<'_>);
    /// The tile of an app. Answers whether it was opened.
    fn tile(&mut self, tile: Tile<'_>) -> bool;
    /// A state in a word.
    fn chip(&mut self, chip: Chip<'_>) -> Response;
    /// A filter that is on or off. Answers whether it was switched.
    fn filter_chip(&mut self, label: &str, on: bool) -> bool;

    /// Shows `add` on a card.
    fn card<R>(&mut self, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R>;
    /// Shows words beside compact controls, and what is below them, on a card.
    fn tool_card<R>(&mut self, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R>;
    /// Shows rows of results on a card.
    fn row_card<R>(&mut self, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R>;
    /// A message across the screen.
    fn banner(&mut self, banner: Banner<'_>) -> Option<BannerAction>;
    /// A place with nothing in it yet. Answers whether its action was asked for.
    fn empty_state(&mut self, empty: EmptyState<'_>) -> bool;
    /// Lines that stand in for content that is being fetched.
    fn skeleton(&mut self, lines: usize);
    /// Progress of something long. Answers whether it was cancelled.
    fn progress(&mut self, progress: Progress<'_>) -> bool;
}

impl UiExt for Ui {
    fn colours(&self) -> Colours {
        Colours::of(self)
    }

    fn paragraph(&mut self, words: &str) -> Response {
        let colour = self.colours().text;
        piece::text(self, words, Step::Body, Weight::Regular, colour)
    }

    fn remark(&mut self, words: &str) -> Response {
        let colour = self.colours().text_2;
        piece::text(self, words, Step::Body, Weight::Regular, colour)
    }

    fn screen_title(&mut self, title: &str) -> Response {
        output::title(self, title, Step::Heading)
    }

    fn section_title(&mut self, title: &str) -> Response {
        output::title(self, title, Step::Title)
    }

    fn primary_button(&mut self, label: &str) -> bool {
        Button::new(ButtonKind::Primary, label).show(self).clicked()
    }

    fn secondary_button(&mut self, label: &str) -> bool {
        Button::new(ButtonKind::Secondary, label).show(self).clicked()
    }

    fn danger_button(&mut self, label: &str) -> bool {
        Button::new(ButtonKind::Danger, label).show(self).clicked()
    }

    fn quiet_button(&mut self, label: &str) -> bool {
        Button::new(ButtonKind::Quiet, label).show(self).clicked()
    }

    fn icon_button(&mut self, icon: Icon, name: &str) -> bool {
        let button = Button { icon: Some(icon), icon_only: true, ..Button::new(ButtonKind::Quiet, name) };
        button.show(self).clicked()
    }

    fn text_input(&mut self, input: TextInput<'_>) -> Option<EditAction> {
        input.show(self)
    }

    fn number_input(&mut self, input: NumberInput<'_>) -> Option<EditAction> {
        input.show(self)
    }

    fn slider_input(&mut self, slider: Slider<'_>) -> Option<SliderAction> {
        slider.show(self)
    }

    fn choice_input<S: AsRef<str>>(&mut self, choice: Choice<'_, S>) -> Option<usize> {
        if choice.fits(self, self.available_width()) {
            return choice.show(self);
        }
        Dropdown { about: choice.about, choices: choice.choices, chosen: choice.chosen }.show(self)
    }

    fn radio_input<S: AsRef<str>>(&mut self, choice: Choice<'_, S>) -> Option<usize> {
        radio::show(self, &choice)
    }

    fn dropdown_input<S: AsRef<str>>(&mut self, dropdown: Dropdown<'_, S>) -> Option<usize> {
        dropdown.show(self)
    }

    fn switch_input(&mut self, about: &FieldText<'_>, on: bool) -> Option<bool> {
        switch::switch(self, about, on)
    }

    fn checkbox_input(&mut self, about: &FieldText<'_>, on: Option<bool>) -> Option<bool> {
        switch::checkbox(self, about, on)
    }

    fn date_input(&mut self, input: DateInput<'_>) -> Option<DateAction> {
        input.show(self)
    }

    fn output_row(&mut self, output: Output<'_>) -> Response {
        output.show_row(self)
    }

    fn headline(&mut self, output: Output<'_>) -> Response {
        output.show_headline(self)
    }

    fn list<'r>(&mut self, list: List<'_>, row: impl FnMut(usize) -> Row<'r>) -> Option<ListAction> {
        list.show(self, row)
    }

    fn chart(&mut self, chart: Chart<'_>) {
        chart.show(self);
    }

    fn tile(&mut self, tile: Tile<'_>) -> bool {
        tile.show(self).clicked()
    }

    fn chip(&mut self, chip: Chip<'_>) -> Response {
        chip.show(self)
    }

    fn filter_chip(&mut self, label: &str, on: bool) -> bool {
        chip::filter_chip(self, label, on)
    }

    fn card<R>(&mut self, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
        card::card(self, add)
    }

    fn tool_card<R>(&mut self, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
        card::tool_card(self, add)
    }

    fn row_card<R>(&mut self, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
        card::row_card(self, add)
    }

    fn banner(&mut self, banner: Banner<'_>) -> Option<BannerAction> {
        banner.show(self)
    }

    fn empty_state(&mut self, empty: EmptyState<'_>) -> bool {
        empty.show(self)
    }

    fn skeleton(&mut self, lines: usize) {
        card::skeleton(self, lines);
    }

    fn progress(&mut self, progress: Progress<'_>) -> bool {
        progress.show(self)
    }
}
