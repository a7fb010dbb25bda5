//! The layout and everything in it.

use super::pen::{Attributes, Pen};
use crate::model::{
    Axis, Chart, Choice, Choices, Column, Container, Divider, Filter, GroupBy, Heading, Image, Item, Layout,
    List, Node, Series, Sort, Spacer, Text, Validate,
};
use crate::reference::Reference;
use crate::words::Word;

pub(super) fn layout(pen: &mut Pen, layout: &Layout) {
    let mut attributes = Attributes::default();
    attributes.value("columns", layout.columns.as_ref());
    attributes.value("width", layout.width.as_ref());
    attributes.unless("navigation", &layout.navigation, &Default::default());
    pen.element("layout", attributes, &layout.origin, |pen| nodes(pen, &layout.children));
}

fn nodes(pen: &mut Pen, nodes: &[Node]) {
    for node in nodes {
        match node {
            Node::Container(found) => container(pen, found),
            Node::Item(found) => item(pen, found),
            Node::Text(found) => text(pen, found),
            Node::Heading(found) => heading(pen, found),
            Node::Divider(found) => divider(pen, found),
            Node::Spacer(found) => spacer(pen, found),
            Node::Image(found) => image(pen, found),
            Node::List(found) => list(pen, found),
            Node::Chart(found) => chart(pen, found),
            Node::Unsupported(found) => {
                pen.kept(&found.origin.before);
                pen.line(&found.xml);
            }
        }
    }
}

fn container(pen: &mut Pen, container: &Container) {
    let mut attributes = Attributes::default();
    attributes.id(&container.id);
    attributes.value("caption", container.caption.as_ref());
    attributes.text("icon", container.icon.as_deref());
    attributes.value("visible", container.visible.as_ref());
    attributes.value("enabled", container.enabled.as_ref());
    attributes.unless("collapsed", &container.collapsed, &false);
    attributes.value("columns", container.columns.as_ref());
    attributes.value("help", container.help.as_ref());
    pen.element(container.kind.word(), attributes, &container.origin, |pen| nodes(pen, &container.children));
}

fn item(pen: &mut Pen, item: &Item) {
    let mut attributes = Attributes::default();
    attributes.id(&item.id);
    attributes.value("caption", item.caption.as_ref());
    attributes.value("inputtype", Some(&item.input_type));
    attributes.value("contenttype", item.content_type.as_ref());
    let bare = matches!(item.target, Some(Reference::Cells { sheet: None, .. }));
    attributes.value(if bare { "address" } else { "ref" }, item.target.as_ref());
    attributes.value("unit", item.unit.as_ref());
    attributes.unless("unitbefore", &item.unit_before, &false);
    attributes.value("min", item.min.as_ref());
    attributes.value("max", item.max.as_ref());
    attributes.value("step", item.step.as_ref());
    attributes.value("decimals", item.decimals.as_ref());
    attributes.value("currency", item.currency.as_ref());
    attributes.text("format", item.format.as_deref());
    attributes.value("hint", item.hint.as_ref());
    attributes.value("help", item.help.as_ref());
    attributes.value("required", item.required.as_ref());
    attributes.value("readonly", item.read_only.as_ref());
    attributes.value("visible", item.visible.as_ref());
    attributes.value("enabled", item.enabled.as_ref());
    attributes.value("default", item.default.as_ref());
    attributes.value("span", item.span.as_ref());
    attributes.text("style", item.style.as_deref());
    pen.element("item", attributes, &item.origin, |pen| {
        item.choices.iter().for_each(|found| choices(pen, found));
        item.rules.iter().for_each(|found| validate(pen, found));
    });
}

fn choices(pen: &mut Pen, choices: &Choices) {
    let mut attributes = Attributes::default();
    attributes.value("ref", choices.reference.as_ref());
    attributes.value("dependson", choices.depends_on.as_ref());
    pen.element("choices", attributes, &choices.origin, |pen| {
        choices.listed.iter().for_each(|found| choice(pen, found));
    });
}

fn choice(pen: &mut Pen, choice: &Choice) {
    let mut attributes = Attributes::default();
    attributes.text("value", Some(&choice.value));
    attributes.value("caption", choice.caption.as_ref());
    attributes.text("image", choice.image.as_deref());
    attributes.text("group", choice.group.as_deref());
    pen.leaf("choice", attributes, &choice.origin);
}

fn validate(pen: &mut Pen, rule: &Validate) {
    let mut attributes = Attributes::default();
    attributes.value("test", Some(&rule.test));
    attributes.value("message", rule.message.as_ref());
    attributes.unless("level", &rule.level, &Default::default());
    attributes.unless("when", &rule.when, &Default::default());
    pen.leaf("validate", attributes, &rule.origin);
}

fn text(pen: &mut Pen, text: &Text) {
    let mut attributes = Attributes::default();
    attributes.stated_id(&text.id);
    attributes.value("caption", text.caption.as_ref());
    attributes.text("style", text.style.as_deref());
    pen.leaf("text", attributes, &text.origin);
}

fn heading(pen: &mut Pen, heading: &Heading) {
    let mut attributes = Attributes::default();
    attributes.stated_id(&heading.id);
    attributes.value("caption", heading.caption.as_ref());
    attributes.value("level", heading.level.as_ref());
    attributes.text("style", heading.style.as_deref());
    pen.leaf("heading", attributes, &heading.origin);
}

fn divider(pen: &mut Pen, divider: &Divider) {
    let mut attributes = Attributes::default();
    attributes.stated_id(&divider.id);
    attributes.value("caption", divider.caption.as_ref());
    attributes.text("style", divider.style.as_deref());
    pen.leaf("divider", attributes, &divider.origin);
}

fn spacer(pen: &mut Pen, spacer: &Spacer) {
    let mut attributes = Attributes::default();
    attributes.stated_id(&spacer.id);
    attributes.text("style", spacer.style.as_deref());
    pen.leaf("spacer", attributes, &spacer.origin);
}

fn image(pen: &mut Pen, image: &Image) {
    let mut attributes = Attributes::default();
    attributes.stated_id(&image.id);
    attributes.value("ref", image.reference.as_ref());
    attributes.text("asset", image.asset.as_deref());
    attributes.value("alt", image.alternative.as_ref());
    attributes.unless("fit", &image.fit, &Default::default());
    attributes.value("height", image.height.as_ref());
    pen.leaf("image", attributes, &image.origin);
}

fn list(pen: &mut Pen, list: &List) {
    let mut attributes = Attributes::default();
    attributes.id(&list.id);
    attributes.value("ref", list.reference.as_ref());
    attributes.value("key", list.key.as_ref());
    attributes.value("caption", list.caption.as_ref());
    attributes.unless("view", &list.view, &Default::default());
    attributes.unless("search", &list.search, &false);
    attributes.value("pagesize", list.page_size.as_ref());
    attributes.value("sortby", list.sort_by.as_ref());
    attributes.unless("order", &list.order, &Default::default());
    attributes.value("emptytext", list.empty_text.as_ref());
    attributes.value("keylabel", list.key_label.as_ref());
    pen.element("list", attributes, &list.origin, |pen| {
        list.columns.iter().for_each(|found| column(pen, found));
        list.filters.iter().for_each(|found| filter(pen, found));
        list.sorts.iter().for_each(|found| sort(pen, found));
        list.groups.iter().for_each(|found| group_by(pen, found));
    });
}

fn column(pen: &mut Pen, column: &Column) {
    let mut attributes = Attributes::default();
    attributes.stated_id(&column.id);
    attributes.value("ref", Some(&column.column));
    attributes.value("caption", column.caption.as_ref());
    attributes.value("contenttype", column.content_type.as_ref());
    attributes.value("role", column.role.as_ref());
    attributes.unless("searchable", &column.searchable, &true);
    attributes.unless("sortable", &column.sortable, &true);
    attributes.unless("filter", &column.filter, &Default::default());
    attributes.unless("aggregate", &column.aggregate, &Default::default());
    pen.leaf("column", attributes, &column.origin);
}

fn filter(pen: &mut Pen, filter: &Filter) {
    let mut attributes = Attributes::default();
    attributes.value("column", Some(&filter.column));
    attributes.unless("op", &filter.op, &Default::default());
    attributes.value("value", filter.value.as_ref());
    attributes.unless("userchoice", &filter.user_choice, &false);
    pen.leaf("filter", attributes, &filter.origin);
}

fn sort(pen: &mut Pen, sort: &Sort) {
    let mut attributes = Attributes::default();
    attributes.value("column", Some(&sort.column));
    attributes.unless("order", &sort.order, &Default::default());
    attributes.unless("userchoice", &sort.user_choice, &false);
    pen.leaf("sort", attributes, &sort.origin);
}

fn group_by(pen: &mut Pen, group: &GroupBy) {
    let mut attributes = Attributes::default();
    attributes.value("column", Some(&group.column));
    attributes.unless("userchoice", &group.user_choice, &false);
    pen.leaf("groupby", attributes, &group.origin);
}

fn chart(pen: &mut Pen, chart: &Chart) {
    let mut attributes = Attributes::default();
    attributes.id(&chart.id);
    attributes.value("type", Some(&chart.kind));
    attributes.value("title", chart.title.as_ref());
    attributes.value("legend", chart.legend.as_ref());
    attributes.unless("stacked", &chart.stacked, &false);
    attributes.value("height", chart.height.as_ref());
    attributes.text("drill", chart.drill.as_deref());
    attributes.value("alttext", chart.alternative.as_ref());
    pen.element("chart", attributes, &chart.origin, |pen| {
        chart.series.iter().for_each(|found| series(pen, found));
        chart.axes.iter().for_each(|found| axis(pen, found));
    });
}

fn series(pen: &mut Pen, series: &Series) {
    let mut attributes = Attributes::default();
    attributes.stated_id(&series.id);
    attributes.value("ref", series.reference.as_ref());
    attributes.value("categories", series.categories.as_ref());
    attributes.value("caption", series.caption.as_ref());
    attributes.value("color", series.color.as_ref());
    attributes.unless("axis", &series.axis, &Default::default());
    pen.leaf("series", attributes, &series.origin);
}

fn axis(pen: &mut Pen, axis: &Axis) {
    let mut attributes = Attributes::default();
    attributes.value("axis", Some(&axis.side));
    attributes.value("caption", axis.caption.as_ref());
    attributes.text("format", axis.format.as_deref());
    attributes.value("min", axis.min.as_ref());
    attributes.value("max", axis.max.as_ref());
    pen.leaf("axis", attributes, &axis.origin);
}
