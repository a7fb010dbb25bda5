//! The screen of an app: its view, painted.
//!
//! From 960 points on, inputs stand left on a pane that stays in view and results right of them; below that there is
//! one column with the headline pinned above it. Pages are tabs, a menu or steps.
//!
//! Invariant: what is shown follows from the view alone; a page, a folded section or a scroll position is the only
//! thing that the screen remembers by itself.

mod chart;
mod inputs;
mod list;
mod results;
mod split;
mod tone;

use egui::accesskit::Role;
use egui::{
    Align, CentralPanel, Color32, Frame, Key, Layout, Margin, Modifiers, Panel, ScrollArea, Sense, Stroke,
    Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use engine::numfmt::{Format, general_in};
use engine::values::{DateSystem, Value};
use engine::view::{Command, Content, Kind, Level, Navigation, Node, View};

use super::shell::margin;
use super::texts::{Language, fill};
use super::{Action, Changed, Desk, OpenApp, OpenStage, Stage};
use super::{WIDE, empty};
use crate::UiExt as _;
use crate::theme::{Colours, Step, Weight, focus_ring, icons, one_line, size, space, with_brand};
use crate::widgets::{Banner, BannerAction, Button, ButtonKind, Date, Tone};
use results::Part;
use split::{Side, headline, side, widest_row};

/// Height of the head in points.
const HEAD: f32 = 64.0;
/// Width of the menu of pages.
const MENU: f32 = 208.0;
/// Least and greatest width of the inputs' pane.
const PANE: [f32; 2] = [360.0, 420.0];
/// Greatest width of results.
const RESULTS: f32 = 1216.0;
/// Rows with more cells than this take the whole width of the page.
const LONG_ROW: u32 = 5;
/// Greatest width of a page with inputs alone.
const INPUTS_ALONE: f32 = 640.0;

/// What all parts of the screen need.
pub(super) struct Screen<'a> {
    pub(super) language: &'a Language,
    pub(super) today: Date,
    /// The colours in force, for those that the spreadsheet asks for.
    pub(super) colours: Colours,
}

impl Screen<'_> {
    /// An end of a slider as it is written.
    fn end_text(&self, value: f64, content: Content) -> String {
        let code = match content {
            Content::Percent => "0.##%",
            Content::Integer | Content::Currency => "#,##0.##",
            _ => return general_in(value, self.language.locale),
        };
        let Ok(format) = Format::parse(code) else { return general_in(value, self.language.locale) };
        let text = format.format(&Value::number(value), self.language.locale, DateSystem::V1900).text;
        // A decimal sign without decimals is what the code leaves of a whole number.
        let decimal = self.language.locale.decimal;
        text.trim().replace(&format!("{decimal}%"), "%").trim_end_matches(decimal).to_owned()
    }

    /// A number of an axis: large ones in thousands or millions, others as `write` has them.
    fn short(&self, value: f64, write: &dyn Fn(f64) -> String) -> String {
        let (scaled, sign) = match value.abs() {
            0.0 => return "0".to_owned(),
            large if large >= 1e9 => (value / 1e9, "\u{a0}bn"),
            large if large >= 1e6 => (value / 1e6, "\u{a0}M"),
            large if large >= 1e4 => (value / 1e3, "k"),
            _ => return write(value),
        };
        format!("{}{sign}", general_in(engine::values::significant_15(scaled), self.language.locale))
    }
}

/// Shows the app that is open.
pub(super) fn show(ui: &mut Ui, desk: &Desk, open: &OpenApp, out: &mut Vec<Action>) {
    let today = desk.today.or_else(|| Date::new(2026, 1, 1));
    let Some(today) = today else { return };
    let screen = Screen { language: &desk.language, today, colours: Colours::of(ui) };
    let accent = open.view.accent.as_deref().and_then(|accent| accent.parse().ok());
    match accent {
        Some(accent) => with_brand(ui, accent, |ui| content(ui, &screen, desk, open, out)),
        None => content(ui, &screen, desk, open, out),
    }
}

fn content(ui: &mut Ui, screen: &Screen<'_>, desk: &Desk, open: &OpenApp, out: &mut Vec<Action>) {
    let c = Colours::of(ui);
    let head = Panel::top("app-head").exact_size(HEAD).resizable(false).show_separator_line(false);
    head.frame(Frame::new().fill(c.surface)).show(ui, |ui| header(ui, screen, desk, open, out));
    if open.stage != OpenStage::Ready {
        empty::not_open(ui, desk, open, out);
        return;
    }
    keys(ui, open, out);
    let view = &*open.view;
    let Some(at) = page_at(view, &open.page) else {
        empty::not_open(ui, desk, open, out);
        return;
    };
    let several = view.pages.len() > 1;
    let wide = ui.ctx().content_rect().width() >= WIDE;
    if several && view.navigation == Navigation::Menu && wide {
        let menu = Panel::left("pages").exact_size(MENU).resizable(false).show_separator_line(false);
        menu.frame(Frame::new().fill(c.surface)).show(ui, |ui| menu_of_pages(ui, view, at, out));
    } else if several {
        let tabs = Panel::top("pages").resizable(false).show_separator_line(false);
        tabs.frame(Frame::new().fill(c.surface)).show(ui, |ui| tabs_of_pages(ui, screen, view, at, out));
    }
    if let Some(page) = view.pages.get(at) {
        ui.push_id(&page.id, |ui| body(ui, screen, desk, open, (page, at), wide, out));
    }
}

/// The place of the page with an id, or of the first one.
fn page_at(view: &View, id: &str) -> Option<usize> {
    view.pages.iter().position(|page| page.id == id).or((!view.pages.is_empty()).then_some(0))
}

/// Undo and redo from the keyboard, unless something is being typed, which has an undo of its own.
fn keys(ui: &Ui, open: &OpenApp, out: &mut Vec<Action>) {
    if ui.ctx().text_edit_focused() {
        return;
    }
    let redo = Modifiers::COMMAND | Modifiers::SHIFT;
    let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
    if (pressed(redo, Key::Z) || pressed(Modifiers::COMMAND, Key::Y)) && open.can_redo {
        out.push(Action::Do(Command::Redo));
    } else if pressed(Modifiers::COMMAND, Key::Z) && open.can_undo {
        out.push(Action::Do(Command::Undo));
    }
}

fn header(ui: &mut Ui, screen: &Screen<'_>, desk: &Desk, open: &OpenApp, out: &mut Vec<Action>) {
    let c = Colours::of(ui);
    let texts = screen.language.texts;
    let rect = ui.max_rect();
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(size::LINE, c.line));
    let alone = desk.stage == Stage::Alone && desk.behind.is_none();
    let edge = margin(rect.width());
    // The icons themselves, not the grounds around them, stand at the page's edges.
    let inner = egui::Rect::from_min_max(
        pos2(rect.left() + edge, rect.top()),
        pos2(rect.right() - edge + space::GROUP, rect.bottom()),
    );
    ui.scope_builder(UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)), |ui| {
        ui.spacing_mut().item_spacing.x = space::HAIR;
        if !alone {
            ui.add_space(-space::GROUP);
            if ui.icon_button(icons::BACK, texts.back) {
                out.push(Action::Close);
            }
            ui.add_space(space::GROUP);
        }
        let title = if open.view.title.is_empty() { &open.name } else { &open.view.title };
        let ready = open.stage == OpenStage::Ready;
        let buttons = if ready { 3.0 * (size::CONTROL + space::HAIR) } else { 0.0 };
        let room = ui.available_width() - buttons - space::ITEM;
        titles(ui, title, &subtitle(screen, desk, open), room);
        if ready {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| buttons_of(ui, screen, open, out));
        }
    });
}

/// The line below the title: what it is for, or how long it runs.
fn subtitle(screen: &Screen<'_>, desk: &Desk, open: &OpenApp) -> String {
    let texts = screen.language.texts;
    if open.calculating {
        return texts.calculating.to_owned();
    }
    // Of an app that does not open it is no use to know how long it would.
    let until = open.offline_until.filter(|_| !matches!(open.stage, OpenStage::Failed { .. }));
    match (desk.stage == Stage::Alone, until) {
        (true, _) if open.view.description.is_empty() => texts.open_file.to_owned(),
        (true, _) => open.view.description.clone(),
        (false, Some(day)) => fill(texts.runs_until, &[&screen.language.short_day(day)]),
        (false, None) => open.view.description.clone(),
    }
}

fn titles(ui: &mut Ui, title: &str, subtitle: &str, room: f32) {
    let c = Colours::of(ui);
    let first = one_line(ui, title, Step::Title, Weight::Semibold, c.text, room);
    let second = one_line(ui, subtitle, Step::Caption, Weight::Regular, c.text_2, room);
    let both = first.size().y + if subtitle.is_empty() { 0.0 } else { second.size().y };
    let (rect, response) = ui.allocate_exact_size(vec2(room.max(0.0), both), Sense::hover());
    let top = rect.top();
    let below = top + first.size().y;
    ui.painter().galley(pos2(rect.left(), top).round(), first, c.text);
    if !subtitle.is_empty() {
        ui.painter().galley(pos2(rect.left(), below).round(), second, c.text_2);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, title));
    let id = response.id.with("subtitle");
    let line = ui.interact(egui::Rect::from_min_max(pos2(rect.left(), below), rect.max), id, Sense::hover());
    line.widget_info(|| WidgetInfo::labeled(Role::Status, true, subtitle));
}

fn buttons_of(ui: &mut Ui, screen: &Screen<'_>, open: &OpenApp, out: &mut Vec<Action>) {
    let texts = screen.language.texts;
    let changed = open.view.nodes().any(|node| matches!(&node.kind, Kind::Input(input) if input.changed));
    let buttons = [
        (icons::RESET, texts.reset_all, changed, Command::ResetAll),
        (icons::REDO, texts.redo, open.can_redo, Command::Redo),
        (icons::UNDO, texts.undo, open.can_undo, Command::Undo),
    ];
    for (icon, label, enabled, command) in buttons {
        let kind = ButtonKind::Quiet;
        let button = Button { icon: Some(icon), icon_only: true, enabled, ..Button::new(kind, label) };
        if button.show(ui).clicked() {
            out.push(Action::Do(command));
        }
    }
}

/// The name of a page.
fn caption(screen: &Screen<'_>, page: &Node, at: usize) -> String {
    match &page.kind {
        Kind::Container(of) if !of.caption.is_empty() => of.caption.clone(),
        _ => format!("{} {}", screen.language.texts.page, at + 1),
    }
}

fn tabs_of_pages(ui: &mut Ui, screen: &Screen<'_>, view: &View, at: usize, out: &mut Vec<Action>) {
    let c = Colours::of(ui);
    let edge = margin(ui.available_width());
    let steps = view.navigation == Navigation::Steps;
    let area = ScrollArea::horizontal().id_salt("tabs").auto_shrink([false, true]);
    area.content_margin(Margin::symmetric((edge - space::INSET) as i8, 0)).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (number, page) in view.pages.iter().enumerate() {
                let name = caption(screen, page, number);
                let shown = if steps { format!("{}  {name}", number + 1) } else { name };
                if tab(ui, &shown, number == at) {
                    out.push(Action::Turn(page.id.clone()));
                }
            }
        });
    });
    let rect = ui.min_rect();
    ui.painter().hline(ui.max_rect().x_range(), rect.bottom() - 0.5, Stroke::new(size::LINE, c.line));
}

fn tab(ui: &mut Ui, name: &str, chosen: bool) -> bool {
    let c = Colours::of(ui);
    let weight = if chosen { Weight::Semibold } else { Weight::Medium };
    let text = one_line(ui, name, Step::Body, weight, Color32::PLACEHOLDER, 280.0);
    let (rect, response) =
        ui.allocate_exact_size(vec2(text.size().x + 2.0 * space::INSET, size::TOUCH), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, chosen, name));
    let colour = if chosen || response.hovered() { c.text } else { c.text_2 };
    let at = pos2(rect.left() + space::INSET, rect.center().y - text.size().y / 2.0);
    ui.painter().galley_with_override_text_color(at.round(), text, colour);
    if chosen {
        let line = egui::Rect::from_min_max(
            pos2(rect.left() + space::INSET, rect.bottom() - 3.0),
            pos2(rect.right() - space::INSET, rect.bottom()),
        );
        ui.painter().rect_filled(line, egui::CornerRadius { nw: 2, ne: 2, sw: 0, se: 0 }, c.accent);
    }
    focus_ring(ui, &response, rect.shrink(space::HAIR), size::RADIUS);
    response.clicked()
}

fn menu_of_pages(ui: &mut Ui, view: &View, at: usize, out: &mut Vec<Action>) {
    let c = Colours::of(ui);
    let rect = ui.max_rect();
    ui.painter().vline(rect.right() - 0.5, rect.y_range(), Stroke::new(size::LINE, c.line));
    let area = ScrollArea::vertical().id_salt("menu").auto_shrink([false, false]);
    area.content_margin(Margin::same(space::INSET as i8)).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::HAIR;
        for (number, page) in view.pages.iter().enumerate() {
            let name = match &page.kind {
                Kind::Container(of) if !of.caption.is_empty() => of.caption.as_str(),
                _ => view.title.as_str(),
            };
            let chosen = number == at;
            let wanted = vec2(ui.available_width(), size::CONTROL);
            let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
            response.widget_info(|| WidgetInfo::selected(Role::Tab, true, chosen, name));
            let (fill, colour) = match (chosen, response.hovered()) {
                (true, _) => (c.accent_soft, c.accent),
                (false, true) => (c.veil(0.05), c.text),
                (false, false) => (Color32::TRANSPARENT, c.text_2),
            };
            ui.painter().rect_filled(rect, size::RADIUS, fill);
            let weight = if chosen { Weight::Semibold } else { Weight::Medium };
            let text = one_line(ui, name, Step::Body, weight, colour, rect.width() - 2.0 * space::INSET);
            let at = pos2(rect.left() + space::INSET, rect.center().y - text.size().y / 2.0);
            ui.painter().galley(at.round(), text, colour);
            focus_ring(ui, &response, rect, size::RADIUS);
            if response.clicked() {
                out.push(Action::Turn(page.id.clone()));
            }
        }
    });
}

fn body(
    ui: &mut Ui,
    screen: &Screen<'_>,
    desk: &Desk,
    open: &OpenApp,
    (page, at): (&Node, usize),
    wide: bool,
    out: &mut Vec<Action>,
) {
    let c = Colours::of(ui);
    let sides = side(page);
    let has_inputs = matches!(sides, Some(Side::Inputs | Side::Both));
    let has_results = matches!(sides, Some(Side::Results | Side::Both));
    // The result of the app stays in sight on every page where something can be changed.
    let own = headline(&page.children);
    let head = own.or_else(|| has_inputs.then(|| headline(&open.view.pages)).flatten());
    let skipped = own.map(|node| node.id.as_str());
    let part = Part { screen, side: Side::Both, headline: skipped, on_pane: false, room: 0.0 };
    let columns = match &page.kind {
        Kind::Container(of) => of.columns,
        _ => 1,
    };
    // Long rows of inputs and results need the whole width.
    let long_rows = widest_row(&page.children) > LONG_ROW;
    if wide && has_inputs && (has_results || head.is_some()) && !long_rows {
        let width = (ui.available_width() * 0.34).clamp(PANE[0], PANE[1]);
        let pane = Panel::left("inputs").exact_size(width).resizable(false).show_separator_line(false);
        pane.frame(Frame::new().fill(c.surface)).show(ui, |ui| {
            let rect = ui.max_rect();
            ui.painter().vline(rect.right() - 0.5, rect.y_range(), Stroke::new(size::LINE, c.line));
            let label = screen.language.texts.inputs;
            scrolled(ui, ("inputs", label), space::PAGE, PANE[1], |ui| {
                let part = Part { side: Side::Inputs, on_pane: true, ..part };
                results::nodes(ui, part, &page.children, 1, out);
                steps(ui, screen, &open.view, at, out);
            });
        });
        let label = screen.language.texts.results;
        scrolled(ui, ("results", label), space::PAGE, RESULTS, |ui| {
            above(ui, desk, open, out);
            headline_card(ui, screen, head);
            if head.is_some() {
                ui.add_space(space::ITEM);
            }
            let part = Part { side: Side::Results, ..part };
            results::nodes(ui, part, &page.children, columns, out);
        });
        return;
    }
    let edge = margin(ui.available_width());
    if let Some(node) = head.filter(|_| !wide) {
        let frame = Frame::new().fill(c.bg).inner_margin(Margin {
            left: edge as i8,
            right: edge as i8,
            top: space::ITEM as i8,
            bottom: 0,
        });
        let pinned = Panel::top("headline").resizable(false).show_separator_line(false);
        pinned.frame(frame).show(ui, |ui| {
            headline_card(ui, screen, Some(node));
        });
    }
    let alone = has_inputs && !has_results && head.is_none();
    let most = if alone { INPUTS_ALONE } else { RESULTS };
    let room = lone_list_room(ui, page, edge);
    let label = screen.language.texts.page;
    let top = if head.is_some() && !wide { space::ITEM } else { edge.min(space::SECTION) };
    scrolled_from(ui, ("page", label), edge, most, top, |ui| {
        above(ui, desk, open, out);
        if wide && head.is_some() {
            headline_card(ui, screen, head);
            ui.add_space(space::ITEM);
        }
        if page.children.is_empty() {
            let texts = screen.language.texts;
            let text = if open.view.pages.len() > 1 { texts.nothing_on_page } else { texts.nothing_here };
            empty::nothing(ui, text);
        }
        results::nodes(ui, Part { room, ..part }, &page.children, columns, out);
        steps(ui, screen, &open.view, at, out);
    });
}

/// Height for the rows of a list that is alone on its page; 0 where it is not.
fn lone_list_room(ui: &Ui, page: &Node, edge: f32) -> f32 {
    match page.children.as_slice() {
        [Node { kind: Kind::List(list), .. }] => {
            let margins = edge.min(space::SECTION) + edge;
            let around = margins + list::around(list, ui.available_width() - 2.0 * edge);
            (ui.available_height() - around).max(1.0)
        }
        _ => 0.0,
    }
}

fn headline_card(ui: &mut Ui, screen: &Screen<'_>, node: Option<&Node>) {
    let Some(node) = node else { return };
    if let Kind::Output(output) = &node.kind {
        results::widget(screen, &node.id, output, |widget| ui.headline(widget));
        if !output.help.is_empty() {
            ui.add_space(space::GROUP);
            ui.remark(&output.help);
        }
    }
}

fn scrolled(ui: &mut Ui, name: (&str, &str), edge: f32, most: f32, add: impl FnOnce(&mut Ui)) {
    scrolled_from(ui, name, edge, most, edge.min(space::SECTION), add);
}

/// A part of the screen that scrolls by itself, at most `most` points wide, beginning `top` points below its edge.
fn scrolled_from(
    ui: &mut Ui,
    (id, label): (&str, &str),
    edge: f32,
    most: f32,
    top: f32,
    add: impl FnOnce(&mut Ui),
) {
    CentralPanel::no_frame().show(ui, |ui| {
        let area = ScrollArea::vertical().id_salt(id).auto_shrink([false, false]);
        area.content_margin(Margin::symmetric(edge as i8, 0)).show(ui, |ui| {
            ui.set_width(ui.available_width().min(most));
            let builder = UiBuilder::new().accessibility_role(Role::Region).accessibility_label(label);
            ui.scope_builder(builder, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.add_space(top);
                add(ui);
                ui.add_space(edge);
            });
        });
    });
}

/// What is to be said before the results: a newer version, news, what is wrong with the app as a whole.
fn above(ui: &mut Ui, desk: &Desk, open: &OpenApp, out: &mut Vec<Action>) {
    let texts = desk.language.texts;
    let say = |ui: &mut Ui, banner: Banner<'_>| {
        let action = ui.banner(banner);
        ui.add_space(space::ITEM);
        action
    };
    let title = if open.view.title.is_empty() { &open.name } else { &open.view.title };
    if open.newer {
        let text = fill(texts.newer_version, &[title]);
        let banner =
            Banner { text: &text, tone: Tone::Accent, action: Some(texts.open_newer), dismissible: false };
        if say(ui, banner) == Some(BannerAction::Act) {
            out.push(Action::Reopen);
        }
    } else if let Some(news) = &open.news {
        let version = news.version.to_string();
        let what = match news.change {
            Changed::First => fill(texts.news_first, &[title]),
            Changed::Layout => fill(texts.news_layout, &[&version]),
            Changed::Spreadsheet => fill(texts.news_data, &[&version]),
            Changed::Both => fill(texts.news_both, &[&version]),
        };
        let text = if news.note.is_empty() { what } else { format!("{what} {}", news.note) };
        let banner = Banner { text: &text, tone: Tone::Accent, action: None, dismissible: true };
        if say(ui, banner) == Some(BannerAction::Dismiss) {
            out.push(Action::Seen);
        }
    }
    for notice in &open.view.notices {
        let tone = match notice.level {
            Level::Error => Tone::Bad,
            Level::Warning => Tone::Warn,
            Level::Info => Tone::Neutral,
        };
        say(ui, Banner { text: &notice.text, tone, action: None, dismissible: false });
    }
}

/// Back and next, where pages are steps.
fn steps(ui: &mut Ui, screen: &Screen<'_>, view: &View, at: usize, out: &mut Vec<Action>) {
    if view.navigation != Navigation::Steps || view.pages.len() < 2 {
        return;
    }
    let texts = screen.language.texts;
    ui.add_space(space::SECTION);
    ui.horizontal(|ui| {
        let before = at.checked_sub(1).and_then(|at| view.pages.get(at));
        if let Some(page) = before.filter(|_| ui.secondary_button(texts.previous)) {
            out.push(Action::Turn(page.id.clone()));
        }
        let after = view.pages.get(at + 1);
        if let Some(page) = after.filter(|_| ui.primary_button(texts.next)) {
            out.push(Action::Turn(page.id.clone()));
        }
        let count = fill(texts.page_of, &[&(at + 1).to_string(), &view.pages.len().to_string()]);
        ui.add_space(space::GROUP);
        ui.label(crate::theme::rich(count, Step::Caption, Weight::Regular).color(ui.colours().text_2));
    });
}
