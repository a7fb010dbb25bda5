//! Results and what frames them: outputs in rows on cards, sections, headings, lists, charts.
//!
//! Outputs that follow each other share a card. A section with several columns lays them out as small cards side by
//! side.
//!
//! Invariant: the headline is shown once, where the screen puts it, and skipped here.

use egui::accesskit::Role;
use egui::{Rect, Sense, Ui, WidgetInfo, pos2, vec2};
use engine::view::{Container, ContainerRole, Kind, Node, Output, Text};

use super::split::{Side, is_row, sides};
use super::{Screen, chart, inputs, list};
use crate::UiExt as _;
use crate::screens::desk::Action;
use crate::theme::{Colours, Step, Weight, focus_ring, galley, icons, one_line, size, space, wrapped};
use crate::widgets::{Change, Output as Widget, OutputValue};

/// Least width of a column of results, and of inputs, in points.
const RESULT_COLUMN: f32 = 200.0;
const CHART_COLUMN: f32 = 340.0;
const INPUT_COLUMN: f32 = 220.0;
const ROOMY_COLUMN: f32 = 340.0;
/// Below this width inputs and results that take turns share a card.
const SHARED: f32 = 2.0 * ROOMY_COLUMN;
/// Greatest height of a list's rows beside other things.
const LIST_HEIGHT: f32 = 10.0 * size::ROW;
/// Greatest height of a list's rows on a page of its own.
const LONE_LIST: f32 = 0.0;

/// What is being shown of a page.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) screen: &'a Screen<'a>,
    pub(super) side: Side,
    /// The node that is shown as the headline, and not again.
    pub(super) headline: Option<&'a str>,
    /// Whether inputs stand on a pane of their own, or else need a card.
    pub(super) on_pane: bool,
    /// Height that a list alone on its page may take; 0 where it is not alone.
    pub(super) room: f32,
}

impl Part<'_> {
    fn shows(&self, node: &Node, side: Side) -> bool {
        side.is_on(self.side) && self.headline != Some(node.id.as_str())
    }
}

/// Shows nodes one below the other.
pub(super) fn nodes(ui: &mut Ui, part: Part<'_>, nodes: &[Node], columns: u32, out: &mut Vec<Action>) {
    let sides = sides(nodes);
    let shown: Vec<&Node> = nodes
        .iter()
        .zip(&sides)
        .filter(|(node, side)| part.shows(node, **side))
        .map(|(node, _)| node)
        .collect();
    let mut at = 0;
    let mut first = true;
    while let Some(node) = shown.get(at) {
        let left = shown.get(at..).unwrap_or_default();
        let together = if part.on_pane || ui.available_width() >= SHARED { 0 } else { mixed_length(left) };
        let run = if together > 0 { together } else { run_length(left) };
        if !first {
            ui.add_space(gap_before(node));
        }
        first = false;
        let group = shown.get(at..at + run).unwrap_or_default();
        match &node.kind {
            _ if together > 0 => mixed(ui, part, group, out),
            Kind::Container(_) if is_row(node) => rows(ui, part, group, out),
            Kind::Output(_) => outputs(ui, part, group, columns),
            Kind::Input(_) => input_group(ui, part, group, columns, out),
            Kind::Chart(_) => charts(ui, part, group, columns),
            _ => single(ui, part, node, out),
        }
        at += run;
    }
}

/// How many of the nodes from the first on are of one kind that goes together.
fn run_length(nodes: &[&Node]) -> usize {
    let kind = |node: &&Node| match node.kind {
        Kind::Output(_) => 1,
        Kind::Input(_) => 2,
        Kind::Chart(_) => 3,
        Kind::Container(_) if is_row(node) => 4,
        _ => 0,
    };
    match nodes.first().map(kind) {
        None | Some(0) => 1,
        Some(first) => nodes.iter().take_while(|node| kind(node) == first).count(),
    }
}

/// How many of the nodes from the first on are inputs and results that take turns; 0 where they do not, or change
/// sides only once, as where all results follow all inputs.
fn mixed_length(nodes: &[&Node]) -> usize {
    let of = |node: &&Node| matches!(node.kind, Kind::Input(_) | Kind::Output(_));
    let length = nodes.iter().take_while(|node| of(node)).count();
    let kinds = nodes.iter().take(length).map(|node| matches!(node.kind, Kind::Input(_)));
    let turns = kinds.clone().zip(kinds.skip(1)).filter(|(one, next)| one != next).count();
    if turns > 1 { length } else { 0 }
}

/// Between two parts; more where a part brings a title.
fn gap_before(node: &Node) -> f32 {
    match &node.kind {
        Kind::Container(of) if !of.caption.is_empty() => space::SECTION,
        Kind::List(of) if !of.caption.is_empty() => space::SECTION,
        Kind::Heading(_) => space::SECTION,
        Kind::Spacer => 0.0,
        _ => space::ITEM,
    }
}

fn single(ui: &mut Ui, part: Part<'_>, node: &Node, out: &mut Vec<Action>) {
    match &node.kind {
        Kind::Container(of) => container(ui, part, node, of, out),
        Kind::List(of) => {
            let alone = part.room > LONE_LIST;
            let height = if alone { part.room.max(4.0 * size::ROW) } else { LIST_HEIGHT };
            ui.scope(|ui| {
                ui.spacing_mut().item_spacing.y = space::GROUP;
                list::list(ui, part.screen, &node.id, of, height, out);
            });
        }
        Kind::Heading(of) => heading(ui, of),
        Kind::Text(of) => words(ui, of),
        Kind::Divider => {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::LINE), Sense::hover());
            let line = egui::Stroke::new(size::LINE, ui.colours().line);
            ui.painter().hline(rect.x_range(), rect.center().y, line);
        }
        Kind::Spacer => ui.add_space(space::SECTION),
        Kind::Input(_) | Kind::Output(_) | Kind::Chart(_) => {}
    }
}

fn container(ui: &mut Ui, part: Part<'_>, node: &Node, of: &Container, out: &mut Vec<Action>) {
    let mut open = true;
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = space::INSET;
        if !of.caption.is_empty() {
            // Which side it is on is part of the id: a section that holds both kinds has two heads.
            open = if of.role == ContainerRole::Section && (of.collapsed || folds(node)) {
                fold(ui, &format!("{}-{:?}", node.id, part.side), &of.caption, !of.collapsed)
            } else {
                ui.section_title(&of.caption);
                true
            };
        }
        if open && !of.help.is_empty() {
            ui.remark(&of.help);
        }
        if open {
            ui.spacing_mut().item_spacing.y = 0.0;
            nodes(ui, Part { room: 0.0, ..part }, &node.children, of.columns, out);
        }
    });
}

/// Whether a section is long enough that a person may want to fold it.
fn folds(node: &Node) -> bool {
    node.children.len() > 8
}

/// The head of a section that folds. Answers whether it is open.
fn fold(ui: &mut Ui, id: &str, caption: &str, at_first: bool) -> bool {
    let key = egui::Id::unique(("fold", id));
    let mut open: bool = ui.data(|data| data.get_temp(key).unwrap_or(at_first));
    let c = Colours::of(ui);
    let text =
        wrapped(ui, caption, Step::Title, Weight::Semibold, c.text, ui.available_width() - size::CONTROL);
    let wanted = vec2(ui.available_width(), text.size().y.max(size::CONTROL));
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, caption));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_expanded(open));
    if response.clicked() {
        open = !open;
        ui.data_mut(|data| data.insert_temp(key, open));
    }
    let icon = if open { icons::UNFOLD } else { icons::NEXT };
    let colour = if response.hovered() { c.text } else { c.text_2 };
    icon.paint(ui.painter(), pos2(rect.right() - size::ICON / 2.0, rect.center().y), size::ICON, colour);
    let top = rect.center().y - text.size().y / 2.0;
    ui.painter().galley(pos2(rect.left(), top.round()), text, c.text);
    focus_ring(ui, &response, rect, size::RADIUS);
    open
}

fn heading(ui: &mut Ui, of: &Text) {
    match of.level {
        1 => ui.screen_title(&of.text),
        2 => ui.section_title(&of.text),
        _ => {
            let c = ui.colours();
            let text = wrapped(ui, &of.text, Step::Body, Weight::Semibold, c.text, ui.available_width());
            let (rect, response) = ui.allocate_exact_size(text.size(), Sense::hover());
            ui.painter().galley(rect.min, text, c.text);
            response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &of.text));
            response
        }
    };
}

/// Fixed text: paragraphs, and lines that begin with a dash as points. Emphasis marks are left out.
fn words(ui: &mut Ui, of: &Text) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = space::GROUP;
        for paragraph in of.text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
            let lines = paragraph.lines().map(|line| match line.trim().strip_prefix("- ") {
                Some(point) => format!("•  {}", plain(point)),
                None => plain(line.trim()),
            });
            ui.remark(&lines.collect::<Vec<_>>().join("\n"));
        }
    });
}

/// Text without the marks of emphasis; a link keeps its words and its address.
fn plain(text: &str) -> String {
    text.replace("**", "").replace(['*', '`'], "").replace("](", " (").replace('[', "")
}

/// How many columns of at least `least` points fit.
fn fitting(ui: &Ui, columns: u32, least: f32) -> usize {
    let room = ((ui.available_width() + space::ITEM) / (least + space::ITEM)).floor() as usize;
    (columns as usize).min(room).max(1)
}

/// Lays things out in columns of one width, row by row.
fn grid<T>(ui: &mut Ui, things: &[T], across: usize, mut show: impl FnMut(&mut Ui, &T)) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::ITEM, space::ITEM);
        for row in things.chunks(across.max(1)) {
            ui.columns(across.max(1), |columns| {
                for (ui, thing) in columns.iter_mut().zip(row) {
                    show(ui, thing);
                }
            });
        }
    });
}

fn input_group(ui: &mut Ui, part: Part<'_>, group: &[&Node], columns: u32, out: &mut Vec<Action>) {
    let mut content = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing.y = space::ITEM;
        // Over a whole page a single column of inputs would be wider than anything that is typed.
        let roomy = if part.on_pane { 1 } else { (ui.available_width() / ROOMY_COLUMN) as u32 };
        let wanted = columns.max(roomy).min(u32::try_from(group.len()).unwrap_or(u32::MAX)).max(1);
        let across = fitting(ui, wanted, INPUT_COLUMN);
        let mut one = |ui: &mut Ui, node: &&Node| {
            if let Kind::Input(input) = &node.kind {
                inputs::input(ui, part.screen, &node.id, input, out);
            }
        };
        if across > 1 {
            grid(ui, group, across, one);
        } else {
            group.iter().for_each(|node| one(ui, node));
        }
    };
    if part.on_pane {
        ui.scope(content);
    } else {
        ui.card(|ui| content(ui));
    }
}

/// Inputs and results in turns, in one column: on one card, not on one for each turn.
fn mixed(ui: &mut Ui, part: Part<'_>, group: &[&Node], out: &mut Vec<Action>) {
    ui.card(|ui| {
        ui.spacing_mut().item_spacing.y = space::ITEM;
        for node in group {
            match &node.kind {
                Kind::Input(input) => inputs::input(ui, part.screen, &node.id, input, out),
                Kind::Output(output) => result(ui, part, &node.id, output),
                _ => {}
            }
        }
    });
}

/// Rows of inputs and results that belong together, on one card.
fn rows(ui: &mut Ui, part: Part<'_>, group: &[&Node], out: &mut Vec<Action>) {
    ui.card(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::GROUP, space::ITEM);
        for (number, row) in group.iter().enumerate() {
            let wanted = match &row.kind {
                Kind::Container(of) => of.columns,
                _ => 1,
            };
            let across = fitting(ui, wanted, if wanted > FEW { NARROW_CELL } else { CELL });
            if number > 0 && across < row.children.len() {
                // A row that breaks into lines needs one that tells it from the next row.
                let (rect, _) =
                    ui.allocate_exact_size(vec2(ui.available_width(), size::LINE), Sense::hover());
                let line = egui::Stroke::new(size::LINE, ui.colours().line);
                ui.painter().hline(rect.x_range(), rect.center().y, line);
            }
            for cells in row.children.chunks(across) {
                ui.columns(across, |columns| {
                    for (ui, cell) in columns.iter_mut().zip(cells) {
                        match &cell.kind {
                            Kind::Input(input) => inputs::input(ui, part.screen, &cell.id, input, out),
                            Kind::Output(output) => value(ui, part.screen, &cell.id, output),
                            _ => {}
                        }
                    }
                });
            }
        }
    });
}

/// Rows of more cells than this are of short ones.
const FEW: u32 = 4;
/// Least width of a cell of a row, and of a short one.
const CELL: f32 = 160.0;
const NARROW_CELL: f32 = 64.0;

/// A result in a row: its label as an input has it, its value at the height of a control.
fn value(ui: &mut Ui, screen: &Screen<'_>, id: &str, output: &Output) {
    widget(screen, id, output, |widget| {
        let c = Colours::of(ui);
        let (text, colour) = widget.text(&c);
        let width = ui.available_width();
        let caption = one_line(ui, widget.caption, Step::Caption, Weight::Semibold, c.text_2, width);
        let shown = one_line(ui, &text, Step::Body, Weight::Semibold, colour, width);
        let label = Step::Caption.line() + space::HAIR;
        let (rect, response) = ui.allocate_exact_size(vec2(width, label + size::CONTROL), Sense::hover());
        let middle = rect.top() + label + size::CONTROL / 2.0 - shown.size().y / 2.0;
        ui.painter().galley(rect.min.round(), caption, c.text_2);
        ui.painter().galley(pos2(rect.left(), middle).round(), shown, colour);
        let spoken = format!("{}: {text}", widget.caption);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
        response.on_hover_text(text);
    });
}

fn charts(ui: &mut Ui, part: Part<'_>, group: &[&Node], columns: u32) {
    let across = fitting(ui, columns, CHART_COLUMN);
    grid(ui, group, across, |ui, node| {
        if let Kind::Chart(of) = &node.kind {
            ui.tool_card(|ui| chart::chart(ui, part.screen, &node.id, of));
        }
    });
}

fn outputs(ui: &mut Ui, part: Part<'_>, group: &[&Node], columns: u32) {
    let across = fitting(ui, columns, RESULT_COLUMN);
    if across > 1 {
        grid(ui, group, across, |ui, node| {
            if let Kind::Output(output) = &node.kind {
                figure(ui, part.screen, &node.id, output);
            }
        });
        return;
    }
    ui.row_card(|ui| {
        for node in group {
            if let Kind::Output(output) = &node.kind {
                result(ui, part, &node.id, output);
            }
        }
    });
}

/// A result as a row, with its help below.
fn result(ui: &mut Ui, part: Part<'_>, id: &str, output: &Output) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        widget(part.screen, id, output, |widget| ui.output_row(widget));
        if output.help.is_empty() {
            return;
        }
        let c = ui.colours();
        let width = ui.available_width();
        let help = wrapped(ui, &output.help, Step::Caption, Weight::Regular, c.hint, width);
        let (rect, response) = ui.allocate_exact_size(help.size() + vec2(0.0, space::GROUP), Sense::hover());
        ui.painter().galley(rect.min, help, c.hint);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &output.help));
    });
}

/// Hands an output to a widget in the widget's words.
pub(super) fn widget<R>(
    screen: &Screen<'_>,
    id: &str,
    output: &Output,
    show: impl FnOnce(Widget<'_>) -> R,
) -> R {
    let value = match &output.error {
        Some(cell_error) => OutputValue::Error { words: &output.text, cell_error },
        None if output.text.is_empty() => OutputValue::Missing(screen.language.texts.no_value),
        None => OutputValue::Value(&output.text),
    };
    let change = match output.change.strip_prefix('▲') {
        Some(by) => Some(Change::Rose(by.trim())),
        None => output.change.strip_prefix('▼').map(|by| Change::Fell(by.trim())),
    };
    show(Widget {
        unit: &output.unit,
        unit_before: output.unit_before,
        colour: output.color.as_deref().and_then(|asked| screen.colours.ink(asked)),
        change,
        ..Widget::new(id, &output.caption, value)
    })
}

/// A result on a small card of its own: caption above, value below.
fn figure(ui: &mut Ui, screen: &Screen<'_>, id: &str, output: &Output) {
    widget(screen, id, output, |widget| {
        let c = Colours::of(ui);
        let (text, colour) = widget.text(&c);
        let steps: &[Step] = match widget.value {
            OutputValue::Value(_) => &[Step::Heading, Step::Title],
            OutputValue::Missing(_) | OutputValue::Error { .. } => &[],
        };
        let width = ui.available_width();
        let inner = width - 2.0 * space::ITEM;
        let caption = one_line(ui, widget.caption, Step::Body, Weight::Regular, c.text_2, inner);
        let lay = |step: Step| galley(ui, &text, step, Weight::Semibold, colour, Default::default());
        let value = steps.iter().map(|step| lay(*step)).find(|galley| galley.size().x <= inner);
        let value = value.unwrap_or_else(|| wrapped(ui, &text, Step::Body, Weight::Medium, colour, inner));
        let line = Step::Heading.line();
        let height = 2.0 * space::ITEM + caption.size().y + space::HAIR + value.size().y.max(line);
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        crate::screens::shell::ground(ui, rect, size::RADIUS_CARD, c.surface, c.line);
        let top = rect.min + vec2(space::ITEM, space::ITEM);
        let below = top.y + caption.size().y + space::HAIR + (line - value.size().y).max(0.0);
        ui.painter().galley(top.round(), caption, c.text_2);
        ui.painter().galley(pos2(top.x, below).round(), value, colour);
        change_mark(ui, &widget, rect);
        let spoken = format!("{}: {text}", widget.caption);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(egui::accesskit::Live::Polite));
        match widget.value {
            OutputValue::Error { cell_error, .. } => response.on_hover_text(cell_error),
            _ if output.help.is_empty() => response.on_hover_text(widget.caption),
            _ => response.on_hover_text(&output.help),
        };
    });
}

/// By how much the result of a small card has changed, at its right edge.
fn change_mark(ui: &Ui, widget: &Widget<'_>, card: Rect) {
    let c = Colours::of(ui);
    let text = match widget.change {
        Some(Change::Rose(by)) => format!("▲ {by}"),
        Some(Change::Fell(by)) => format!("▼ {by}"),
        None => return,
    };
    let mark = one_line(ui, &text, Step::Caption, Weight::Medium, c.accent, card.width() / 2.0);
    let at = pos2(card.right() - space::INSET - mark.size().x, card.top() + space::INSET);
    ui.painter().galley(at.round(), mark, c.accent);
}
