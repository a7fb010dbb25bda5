//! Typing into a control: a draft while it is being typed, an action when it is done.
//!
//! A control shows the value in its display form and, once it has the keyboard, in the form it is typed in. What
//! is typed is a draft that the control keeps; Enter or leaving hands it out, Escape drops it. After that the
//! draft stays on screen until the value that comes back has changed, so that a value that takes a few frames to
//! compute does not flash the old one.
//!
//! Invariant: the application's value is never written here, and a draft that equals the value is no action.

use egui::accesskit::Role;
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{
    Align, Align2, Color32, Context, EventFilter, Frame, Id, Key, Modifiers, Rect, Response, TextEdit, Ui,
    UiBuilder,
};

use super::piece::node;
use crate::theme::{Step, Weight, font};

/// What a person did to a text or number input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditAction {
    /// Is typing; this is what stands there now. Nothing is decided yet.
    Typing(String),
    /// Typed this and is done.
    Typed(String),
    /// Asked for this many steps up (or down, if negative).
    Step(i32),
}

/// How long a draft that was handed out stays on screen for the new value to arrive, in seconds.
const PATIENCE: f64 = 1.5;

/// A draft.
#[derive(Clone, Debug)]
struct Draft {
    text: String,
    /// When it was handed out and what the value was then; `None` while it is being typed.
    handed_out: Option<(f64, String)>,
}

/// An editable line (or block) of text.
pub(super) struct Edit<'a> {
    pub(super) id: Id,
    /// The label that names it, or else its name.
    pub(super) label: Result<Id, &'a str>,
    /// The value as it is shown.
    pub(super) shown: &'a str,
    /// The value as it is typed.
    pub(super) editable: &'a str,
    pub(super) hint: &'a str,
    pub(super) role: Role,
    pub(super) colour: Color32,
    pub(super) weight: Weight,
    pub(super) align: Align,
    pub(super) secret: bool,
    pub(super) rows: usize,
    /// Whether up and down ask for steps.
    pub(super) steps: bool,
}

impl<'a> Edit<'a> {
    pub(super) const fn new(id: Id, label: Result<Id, &'a str>, value: &'a str, colour: Color32) -> Self {
        Self {
            id,
            label,
            shown: value,
            editable: value,
            hint: "",
            role: Role::TextInput,
            colour,
            weight: Weight::Regular,
            align: Align::Min,
            secret: false,
            rows: 1,
            steps: false,
        }
    }

    /// Shows the text inside `rect`, which has been allocated and painted.
    pub(super) fn show(self, ui: &mut Ui, rect: Rect) -> (Response, Option<EditAction>) {
        let focused = ui.memory(|memory| memory.has_focus(self.id));
        let step = if focused && self.steps { step_keys(ui) } else { 0 };
        let draft = self.draft(ui.ctx());
        let typing = draft.as_ref().is_some_and(|draft| draft.handed_out.is_none());
        let value = if focused { self.editable } else { self.shown };
        let mut buffer = draft.map_or_else(|| value.to_owned(), |draft| draft.text);

        let response = self.text_edit(ui, rect, &mut buffer);
        self.report(ui, &response);
        if response.gained_focus() && ui.input(|input| input.key_pressed(Key::Tab)) {
            select_all(ui.ctx(), self.id, self.editable);
        }
        let mut action = self.outcome(ui, &response, buffer, typing);
        if step != 0 {
            self.forget(ui.ctx());
            action = Some(EditAction::Step(step));
        }
        (response, action)
    }

    fn text_edit(&self, ui: &mut Ui, rect: Rect, buffer: &mut String) -> Response {
        let mut child = ui.new_child(UiBuilder::new().id_salt(self.id).max_rect(rect));
        child.shrink_clip_rect(rect.expand(2.0));
        // Otherwise egui would make the text as high as a control of its own.
        child.spacing_mut().interact_size.y = 0.0;
        let face = font(Step::Body, self.weight);
        let own_line = child.fonts_mut(|fonts| fonts.row_height(&face));
        child.spacing_mut().extra_text_line_spacing = Step::Body.line() - own_line;
        let edit = if self.rows > 1 { TextEdit::multiline(buffer) } else { TextEdit::singleline(buffer) };
        let vertical = if self.rows > 1 { Align::Min } else { Align::Center };
        let size = rect.size();
        let edit = edit
            .id(self.id)
            .password(self.secret)
            .frame(Frame::NONE)
            .font(face)
            .text_color(self.colour)
            .align(Align2([self.align, vertical]))
            .desired_width(size.x)
            .desired_rows(self.rows)
            .min_size(size)
            .hint_text(self.hint.to_owned())
            .event_filter(EventFilter {
                horizontal_arrows: true,
                vertical_arrows: true,
                ..Default::default()
            });
        child.add(edit)
    }

    fn report(&self, ui: &Ui, response: &Response) {
        node(ui, response.id, |node| {
            // A masked text input stays a password input; a many-line one stays what egui made it.
            if !self.secret && self.rows == 1 {
                node.set_role(self.role);
            }
            match self.label {
                Ok(id) => {
                    node.clear_label();
                    node.push_labelled_by(id.accesskit_id());
                }
                Err(name) => node.set_label(name),
            }
        });
    }

    fn outcome(&self, ui: &Ui, response: &Response, buffer: String, typing: bool) -> Option<EditAction> {
        if response.lost_focus() && typing {
            return self.finish(ui, buffer);
        }
        if !response.changed() {
            return None;
        }
        if response.has_focus() {
            self.keep(ui.ctx(), Draft { text: buffer.clone(), handed_out: None });
            return Some(EditAction::Typing(buffer));
        }
        self.finish(ui, buffer)
    }

    /// Hands the draft out, unless Escape was pressed or it says what the value says anyway.
    fn finish(&self, ui: &Ui, text: String) -> Option<EditAction> {
        let dropped = ui.input(|input| input.key_pressed(Key::Escape));
        if dropped || text == self.editable {
            self.forget(ui.ctx());
            return None;
        }
        let now = ui.input(|input| input.time);
        self.keep(ui.ctx(), Draft { text: text.clone(), handed_out: Some((now, self.editable.to_owned())) });
        ui.ctx().request_repaint_after_secs(PATIENCE as f32);
        Some(EditAction::Typed(text))
    }

    /// The draft that is still worth showing.
    fn draft(&self, ctx: &Context) -> Option<Draft> {
        let draft: Draft = ctx.data(|data| data.get_temp(self.id))?;
        let now = ctx.input(|input| input.time);
        let stale = draft
            .handed_out
            .as_ref()
            .is_some_and(|(since, value)| value != self.editable || now - since > PATIENCE);
        if stale {
            self.forget(ctx);
            return None;
        }
        Some(draft)
    }

    fn keep(&self, ctx: &Context, draft: Draft) {
        ctx.data_mut(|data| data.insert_temp(self.id, draft));
    }

    fn forget(&self, ctx: &Context) {
        ctx.data_mut(|data| data.remove::<Draft>(self.id));
    }
}

/// How many steps up the arrow keys ask for; they are used up.
fn step_keys(ui: &Ui) -> i32 {
    let count =
        |input: &mut egui::InputState, key| i32::try_from(input.count_and_consume_key(Modifiers::NONE, key));
    ui.input_mut(|input| {
        count(input, Key::ArrowUp).unwrap_or_default() - count(input, Key::ArrowDown).unwrap_or_default()
    })
}

/// Marks the whole text, so that typing replaces it.
pub(super) fn select_all(ctx: &Context, id: Id, text: &str) {
    let mut state = TextEditState::load(ctx, id).unwrap_or_default();
    let end = CCursor::new(text.chars().count());
    state.cursor.set_char_range(Some(CCursorRange::two(CCursor::new(0), end)));
    state.store(ctx, id);
}
