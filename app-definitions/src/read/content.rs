//! The layout and everything in it.

use super::fields::Fields;
use super::{Known, Later, Reading};
use crate::diagnostics::{Code, Diagnostic};
use crate::id::{Id, is_id};
use crate::model::{
    Axis, Chart, Choice, Choices, Column, Container, ContainerKind, Divider, Filter, GroupBy, Heading, Image,
    Item, Layout, List, Node, Series, Sort, Spacer, Text, Unsupported, Validate,
};
use crate::origin::{Origin, Places};
use crate::reference::Reference;
use crate::words::Word;

impl<'x> Reading<'_, 'x> {
    pub(super) fn layout(&mut self, known: &mut Known<'_, 'x>) -> Layout {
        let mut fields = Fields::open(self, known);
        let mut layout = Layout {
            columns: fields.integer("columns", 1..=12),
            width: fields.integer("width", 200..=4000),
            navigation: fields.word("navigation").unwrap_or_default(),
            ..Layout::default()
        };
        layout.origin = fields.close();
        layout.children = self.nodes(known, &mut layout.origin);
        layout
    }

    fn nodes(&mut self, known: &Known<'_, 'x>, origin: &mut Origin) -> Vec<Node> {
        let (children, inside) = self.children(known.element, known.rule, &known.path, Later::InPlace);
        origin.inside = inside;
        children.into_iter().map(|child| self.node(child)).collect()
    }

    fn node(&mut self, mut known: Known<'_, 'x>) -> Node {
        let name = known.rule.name;
        if let Some(kind) = ContainerKind::from_word(name) {
            return self.container(kind, &mut known).into();
        }
        match name {
            "item" => self.item(&mut known).into(),
            "text" => self.text(&mut known).into(),
            "heading" => self.heading(&mut known).into(),
            "divider" => self.divider(&mut known).into(),
            "spacer" => self.spacer(&mut known).into(),
            "image" => self.image(&mut known).into(),
            "list" => self.list(&mut known).into(),
            "chart" => self.chart(&mut known).into(),
            _ => self.unsupported(known).into(),
        }
    }

    fn container(&mut self, kind: ContainerKind, known: &mut Known<'_, 'x>) -> Container {
        let mut fields = Fields::open(self, known);
        let mut container = Container {
            kind,
            id: fields.id(),
            caption: fields.caption("caption"),
            icon: fields.text("icon"),
            visible: fields.condition("visible"),
            enabled: fields.condition("enabled"),
            collapsed: fields.flag("collapsed").unwrap_or(false),
            columns: fields.integer("columns", 1..=12),
            help: fields.caption("help"),
            ..Container::default()
        };
        container.origin = fields.close();
        container.children = self.nodes(known, &mut container.origin);
        container
    }

    fn item(&mut self, known: &mut Known<'_, 'x>) -> Item {
        let mut fields = Fields::open(self, known);
        let mut item = Item {
            id: fields.id(),
            caption: fields.caption("caption"),
            input_type: fields.word("inputtype").unwrap_or_default(),
            content_type: fields.word("contenttype"),
            target: item_target(&mut fields),
            unit: fields.caption("unit"),
            unit_before: fields.flag("unitbefore").unwrap_or(false),
            min: fields.bound("min"),
            max: fields.bound("max"),
            step: fields.bound("step"),
            decimals: fields.integer("decimals", 0..=15),
            currency: fields.setting("currency"),
            format: fields.text("format"),
            hint: fields.caption("hint"),
            help: fields.caption("help"),
            required: fields.condition("required"),
            read_only: fields.condition("readonly"),
            visible: fields.condition("visible"),
            enabled: fields.condition("enabled"),
            default: fields.setting("default"),
            span: fields.integer("span", 1..=12),
            style: fields.text("style"),
            ..Item::default()
        };
        item.origin = fields.close();
        let (children, inside) = self.children(known.element, known.rule, &known.path, Later::Aside);
        item.origin.inside = inside;
        for mut child in children {
            match child.rule.name {
                "choices" if item.choices.is_some() => self.duplicate(&child),
                "choices" => item.choices = Some(self.choices(&mut child)),
                _ => item.rules.push(self.validate(&mut child)),
            }
        }
        item
    }

    fn choices(&mut self, known: &mut Known<'_, 'x>) -> Choices {
        let mut fields = Fields::open(self, known);
        let mut choices = Choices {
            reference: fields.reference("ref"),
            depends_on: fields.reference("dependson"),
            ..Choices::default()
        };
        choices.origin = fields.close();
        let (children, inside) = self.children(known.element, known.rule, &known.path, Later::Aside);
        choices.origin.inside = inside;
        choices.listed = children.into_iter().map(|mut child| self.choice(&mut child)).collect();
        choices
    }

    fn choice(&mut self, known: &mut Known<'_, 'x>) -> Choice {
        let mut fields = Fields::open(self, known);
        let mut choice = Choice {
            value: fields.raw("value").unwrap_or_default(),
            caption: fields.caption("caption"),
            image: fields.text("image"),
            group: fields.text("group"),
            ..Choice::default()
        };
        choice.origin = fields.close();
        choice.origin.inside = self.inside(known);
        choice
    }

    fn validate(&mut self, known: &mut Known<'_, 'x>) -> Validate {
        let mut fields = Fields::open(self, known);
        let mut rule = Validate {
            test: fields.expression("test").unwrap_or_default(),
            message: fields.caption("message"),
            level: fields.word("level").unwrap_or_default(),
            when: fields.word("when").unwrap_or_default(),
            ..Validate::default()
        };
        rule.origin = fields.close();
        rule.origin.inside = self.inside(known);
        rule
    }

    fn text(&mut self, known: &mut Known<'_, 'x>) -> Text {
        let mut fields = Fields::open(self, known);
        let mut text = Text {
            id: fields.id(),
            caption: fields.caption("caption"),
            style: fields.text("style"),
            ..Text::default()
        };
        text.origin = fields.close();
        text.origin.inside = self.inside(known);
        text
    }

    fn heading(&mut self, known: &mut Known<'_, 'x>) -> Heading {
        let mut fields = Fields::open(self, known);
        let mut heading = Heading {
            id: fields.id(),
            caption: fields.caption("caption"),
            level: fields.integer("level", 1..=6),
            style: fields.text("style"),
            ..Heading::default()
        };
        heading.origin = fields.close();
        heading.origin.inside = self.inside(known);
        heading
    }

    fn divider(&mut self, known: &mut Known<'_, 'x>) -> Divider {
        let mut fields = Fields::open(self, known);
        let mut divider = Divider {
            id: fields.id(),
            caption: fields.caption("caption"),
            style: fields.text("style"),
            ..Divider::default()
        };
        divider.origin = fields.close();
        divider.origin.inside = self.inside(known);
        divider
    }

    fn spacer(&mut self, known: &mut Known<'_, 'x>) -> Spacer {
        let mut fields = Fields::open(self, known);
        let mut spacer = Spacer { id: fields.id(), style: fields.text("style"), ..Spacer::default() };
        spacer.origin = fields.close();
        spacer.origin.inside = self.inside(known);
        spacer
    }

    fn image(&mut self, known: &mut Known<'_, 'x>) -> Image {
        let mut fields = Fields::open(self, known);
        let mut image = Image {
            id: fields.id(),
            reference: fields.reference("ref"),
            asset: fields.text("asset"),
            alternative: fields.caption("alt"),
            fit: fields.word("fit").unwrap_or_default(),
            height: fields.integer("height", 16..=4000),
            ..Image::default()
        };
        image.origin = fields.close();
        image.origin.inside = self.inside(known);
        image
    }

    fn list(&mut self, known: &mut Known<'_, 'x>) -> List {
        let mut fields = Fields::open(self, known);
        let mut list = List {
            id: fields.id(),
            reference: fields.reference("ref"),
            key: fields.column("key"),
            caption: fields.caption("caption"),
            view: fields.word("view").unwrap_or_default(),
            search: fields.flag("search").unwrap_or(false),
            page_size: fields.integer("pagesize", 1..=1000),
            sort_by: fields.column("sortby"),
            order: fields.word("order").unwrap_or_default(),
            empty_text: fields.caption("emptytext"),
            key_label: fields.column("keylabel"),
            ..List::default()
        };
        list.origin = fields.close();
        let (children, inside) = self.children(known.element, known.rule, &known.path, Later::Aside);
        list.origin.inside = inside;
        for mut child in children {
            match child.rule.name {
                "column" => list.columns.push(self.column(&mut child)),
                "filter" => list.filters.push(self.filter(&mut child)),
                "sort" => list.sorts.push(self.sort(&mut child)),
                _ => list.groups.push(self.group_by(&mut child)),
            }
        }
        list
    }

    fn column(&mut self, known: &mut Known<'_, 'x>) -> Column {
        let mut fields = Fields::open(self, known);
        let mut column = Column {
            id: fields.id(),
            column: fields.column("ref").unwrap_or_default(),
            caption: fields.caption("caption"),
            content_type: fields.word("contenttype"),
            role: fields.word("role"),
            searchable: fields.flag("searchable").unwrap_or(true),
            sortable: fields.flag("sortable").unwrap_or(true),
            filter: fields.word("filter").unwrap_or_default(),
            aggregate: fields.word("aggregate").unwrap_or_default(),
            ..Column::default()
        };
        column.origin = fields.close();
        column.origin.inside = self.inside(known);
        column
    }

    fn filter(&mut self, known: &mut Known<'_, 'x>) -> Filter {
        let mut fields = Fields::open(self, known);
        let mut filter = Filter {
            column: fields.column("column").unwrap_or_default(),
            op: fields.word("op").unwrap_or_default(),
            value: fields.setting("value"),
            user_choice: fields.flag("userchoice").unwrap_or(false),
            ..Filter::default()
        };
        filter.origin = fields.close();
        filter.origin.inside = self.inside(known);
        filter
    }

    fn sort(&mut self, known: &mut Known<'_, 'x>) -> Sort {
        let mut fields = Fields::open(self, known);
        let mut sort = Sort {
            column: fields.column("column").unwrap_or_default(),
            order: fields.word("order").unwrap_or_default(),
            user_choice: fields.flag("userchoice").unwrap_or(false),
            ..Sort::default()
        };
        sort.origin = fields.close();
        sort.origin.inside = self.inside(known);
        sort
    }

    fn group_by(&mut self, known: &mut Known<'_, 'x>) -> GroupBy {
        let mut fields = Fields::open(self, known);
        let mut group = GroupBy {
            column: fields.column("column").unwrap_or_default(),
            user_choice: fields.flag("userchoice").unwrap_or(false),
            ..GroupBy::default()
        };
        group.origin = fields.close();
        group.origin.inside = self.inside(known);
        group
    }

    fn chart(&mut self, known: &mut Known<'_, 'x>) -> Chart {
        let mut fields = Fields::open(self, known);
        let mut chart = Chart {
            id: fields.id(),
            kind: fields.word("type").unwrap_or_default(),
            title: fields.caption("title"),
            legend: fields.word("legend"),
            stacked: fields.flag("stacked").unwrap_or(false),
            height: fields.integer("height", 16..=4000),
            drill: fields.own_id("drill"),
            alternative: fields.caption("alttext"),
            ..Chart::default()
        };
        chart.origin = fields.close();
        let (children, inside) = self.children(known.element, known.rule, &known.path, Later::Aside);
        chart.origin.inside = inside;
        for mut child in children {
            match child.rule.name {
                "series" => chart.series.push(self.series(&mut child)),
                _ => chart.axes.push(self.axis(&mut child)),
            }
        }
        chart
    }

    fn series(&mut self, known: &mut Known<'_, 'x>) -> Series {
        let mut fields = Fields::open(self, known);
        let mut series = Series {
            id: fields.id(),
            reference: fields.reference("ref"),
            categories: fields.reference("categories"),
            caption: fields.caption("caption"),
            color: fields.color("color"),
            axis: fields.word("axis").unwrap_or_default(),
            ..Series::default()
        };
        series.origin = fields.close();
        series.origin.inside = self.inside(known);
        series
    }

    fn axis(&mut self, known: &mut Known<'_, 'x>) -> Axis {
        let mut fields = Fields::open(self, known);
        let mut axis = Axis {
            side: fields.word("axis").unwrap_or_default(),
            caption: fields.caption("caption"),
            format: fields.text("format"),
            min: fields.bound("min"),
            max: fields.bound("max"),
            ..Axis::default()
        };
        axis.origin = fields.close();
        axis.origin.inside = self.inside(known);
        axis
    }

    fn unsupported(&mut self, known: Known<'_, 'x>) -> Unsupported {
        let element = known.element;
        let places =
            Places { element: self.source.place(element.start), path: known.path, attributes: Vec::new() };
        let id = element.plain_attribute("id").map(|id| id.value.trim()).filter(|id| is_id(id));
        Unsupported {
            name: element.local().to_owned(),
            id: id.map(Id::from).unwrap_or_default(),
            xml: self.verbatim(element),
            origin: Origin { places, before: known.before, ..Origin::default() },
        }
    }
}

/// The cell of an item: `address` or `ref`, not both.
fn item_target(fields: &mut Fields<'_, '_, '_, '_>) -> Option<Reference> {
    let (address, reference) = (fields.address("address"), fields.reference("ref"));
    if fields.has("address") && fields.has("ref") {
        let message = "`<item>` has both `address` and `ref`.";
        let hint = "Keep `ref` if the cell has a name or a bind, else `address`.";
        fields.report("ref", Diagnostic::new(Code::ConflictingAttributes, message).hint(hint));
    }
    reference.or(address)
}
