//! The view as HTML: the one renderer that the preview uses.
//!
//! What is shown was decided in the view; here it becomes a fragment of semantic HTML without scripts or styles of its
//! own. Every control is a form field whose name says what it does (`type:ID`, `set:ID`, `search:ID`, `window:ID`,
//! `sort:ID`), so that a page works as a plain form. Invariant: every text of the view goes through [`escaped`].

use std::fmt::{self, Display, Write};

use engine::numfmt::{DateOrder, Locale};
use engine::view::{
    ColumnRole, Container, ContainerRole, Content, Control, Input, Kind, Level, List, ListColumn, Node,
    Output, Scalar, Text, View,
};

use super::chart_svg;

/// Rows of a list that are shown at a time.
pub const ROWS: u64 = 12;

/// A text that is safe between tags and in quoted attributes.
pub(super) fn escaped(text: &str) -> impl Display + '_ {
    struct Escaped<'a>(&'a str);
    impl Display for Escaped<'_> {
        fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            for c in self.0.chars() {
                match c {
                    '&' => out.write_str("&amp;")?,
                    '<' => out.write_str("&lt;")?,
                    '>' => out.write_str("&gt;")?,
                    '"' => out.write_str("&quot;")?,
                    '\'' => out.write_str("&#39;")?,
                    // Characters that turn the direction of what follows would let a cell rewrite the page around it.
                    '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
                    c if c.is_control() && c != '\n' => out.write_char(' ')?,
                    c => out.write_char(c)?,
                }
            }
            Ok(())
        }
    }
    Escaped(text)
}

/// A fragment while it is written, and how its reader writes numbers and dates.
pub(super) struct Html {
    pub(super) text: String,
    pub(super) locale: &'static Locale,
}

impl Html {
    pub(super) fn new(locale: &'static Locale) -> Self {
        Self { text: String::with_capacity(16 * 1024), locale }
    }
}

impl Write for Html {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.write_str(text)
    }
}

/// Renders a view with this page in front, for somebody with this locale.
#[must_use]
pub fn render(view: &View, page: usize, locale: &'static Locale) -> String {
    let mut html = Html::new(locale);
    // Writing to a String cannot fail; the Result only comes with the trait.
    let written = write_view(&mut html, view, page);
    debug_assert!(written.is_ok());
    html.text
}

/// A number of things with its thousands apart: `10,000`.
fn counted(number: u64, locale: &Locale) -> String {
    grouped(&number.to_string(), locale)
}

/// Digits with their thousands apart.
pub(super) fn grouped(digits: &str, locale: &Locale) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && locale.separates(digits.len() - place) {
            text.push(locale.group);
        }
        text.push(digit);
    }
    text
}

/// The pattern that dates follow in a locale: `DD.MM.YYYY` with the locale's own letters.
fn date_pattern(locale: &Locale) -> String {
    let part = |letter: char, count: usize| letter.to_uppercase().to_string().repeat(count);
    let (day, month) = (part(locale.letters.day, 2), part(locale.letters.month, 2));
    let year = part(locale.letters.year, 4);
    let parts = match locale.date_order {
        DateOrder::DayMonthYear => [day, month, year],
        DateOrder::MonthDayYear => [month, day, year],
        DateOrder::YearMonthDay => [year, month, day],
    };
    parts.join(&locale.date_separator.to_string())
}

fn write_view(html: &mut Html, view: &View, page: usize) -> fmt::Result {
    let page = page.min(view.pages.len().saturating_sub(1));
    write!(html, "<div class=\"app\" data-page=\"{page}\">")?;
    write!(html, "<header class=\"app-head\"><h2>{}</h2>", escaped(&view.title))?;
    if !view.description.is_empty() {
        write!(html, "<p>{}</p>", escaped(&view.description))?;
    }
    html.write_str("</header>")?;
    for notice in &view.notices {
        write!(html, "<p class=\"notice {}\">{}</p>", level(notice.level), escaped(&notice.text))?;
    }
    if view.pages.len() > 1 {
        html.write_str("<nav class=\"app-tabs\" aria-label=\"Pages of the app\">")?;
        for (place, node) in view.pages.iter().enumerate() {
            let current = if place == page { " aria-current=\"page\"" } else { "" };
            let caption = match &node.kind {
                Kind::Container(container) if !container.caption.is_empty() => container.caption.as_str(),
                _ => "Page",
            };
            write!(
                html,
                "<a href=\"?page={place}\" data-page=\"{place}\"{current}>{}</a>",
                escaped(caption)
            )?;
        }
        html.write_str("</nav>")?;
    }
    if let Some(node) = view.pages.get(page) {
        write_page(html, node)?;
    }
    html.write_str("</div>")
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Info => "info",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

/// Inputs at the left, what follows from them at the right; a page without inputs has one column.
fn write_page(html: &mut Html, page: &Node) -> fmt::Result {
    let children: Vec<&Node> = page.children.iter().collect();
    let (inputs, results): (Vec<&Node>, Vec<&Node>) = children.iter().partition(|node| is_entry(node));
    let shape = match (inputs.is_empty(), results.is_empty()) {
        (false, false) => "two",
        _ => "one",
    };
    write!(html, "<div class=\"app-page {shape}\">")?;
    for (class, nodes) in [("app-in", inputs), ("app-out", results)] {
        if !nodes.is_empty() {
            write!(html, "<div class=\"{class}\">")?;
            write_nodes(html, &nodes)?;
            html.write_str("</div>")?;
        }
    }
    html.write_str("</div>")
}

/// Whether all that can be computed or entered in it is entered.
fn is_entry(node: &Node) -> bool {
    match &node.kind {
        Kind::Input(_) => true,
        Kind::Container(_) => !node.children.is_empty() && node.children.iter().all(is_entry),
        _ => false,
    }
}

/// Results that follow each other share one card.
fn write_nodes(html: &mut Html, nodes: &[&Node]) -> fmt::Result {
    let plain = |node: &&Node| matches!(&node.kind, Kind::Output(output) if !output.headline);
    let mut rest = nodes;
    while let Some((first, after)) = rest.split_first() {
        if plain(first) {
            let count = rest.iter().take_while(|node| plain(node)).count();
            html.write_str("<dl class=\"results\">")?;
            for node in &rest[..count] {
                if let Kind::Output(output) = &node.kind {
                    write_output(html, &node.id, output)?;
                }
            }
            html.write_str("</dl>")?;
            rest = &rest[count..];
        } else {
            write_node(html, first)?;
            rest = after;
        }
    }
    Ok(())
}

fn write_node(html: &mut Html, node: &Node) -> fmt::Result {
    match &node.kind {
        Kind::Container(container) => write_container(html, node, container),
        Kind::Input(input) => write_input(html, &node.id, input),
        Kind::Output(output) => write_headline(html, &node.id, output),
        Kind::List(list) => write_list(html, &node.id, list),
        Kind::Chart(chart) => chart_svg::write(html, chart),
        Kind::Heading(Text { text, level }) => {
            let level = (*level).clamp(1, 3) + 2;
            write!(html, "<h{level}>{}</h{level}>", escaped(text))
        }
        Kind::Text(text) => write!(html, "<p class=\"app-text\">{}</p>", escaped(&text.text)),
        Kind::Divider => html.write_str("<hr>"),
        Kind::Spacer => html.write_str("<div class=\"spacer\"></div>"),
    }
}

fn write_container(html: &mut Html, node: &Node, container: &Container) -> fmt::Result {
    let children: Vec<&Node> = node.children.iter().collect();
    if container.role == ContainerRole::Group {
        html.write_str("<div class=\"app-group\">")?;
        write_nodes(html, &children)?;
        return html.write_str("</div>");
    }
    html.write_str("<section class=\"app-section\">")?;
    if !container.caption.is_empty() {
        write!(html, "<h3>{}</h3>", escaped(&container.caption))?;
    }
    if !container.help.is_empty() {
        write!(html, "<p class=\"help\">{}</p>", escaped(&container.help))?;
    }
    write_nodes(html, &children)?;
    html.write_str("</section>")
}

fn write_input(html: &mut Html, id: &str, input: &Input) -> fmt::Result {
    let problem = input.message.as_ref().map(|message| level(message.level)).unwrap_or_default();
    let (id, own) = (escaped(id), format!("in-{id}"));
    let own = escaped(&own);
    let grouped = matches!(input.control, Control::Radio | Control::Segmented) && !input.choices.is_empty();
    write!(html, "<div class=\"field {problem}\" data-node=\"{id}\">")?;
    let required =
        if input.required { " <span class=\"required\" title=\"Must be filled in\">•</span>" } else { "" };
    if grouped {
        write!(html, "<span class=\"label\" id=\"{own}\">{}{required}</span>", escaped(&input.caption))?;
    } else {
        write!(html, "<label for=\"{own}\">{}{required}</label>", escaped(&input.caption))?;
    }
    let unit = |html: &mut Html, before: bool| {
        if input.unit.is_empty() || input.unit_before != before {
            return Ok(());
        }
        write!(html, "<span class=\"unit\">{}</span>", escaped(&input.unit))
    };
    match input.control {
        _ if grouped => write_radios(html, &id, &own, input)?,
        Control::Switch | Control::Checkbox => write_tick(html, &id, &own, input)?,
        _ if !input.choices.is_empty() => write_menu(html, &id, &own, input)?,
        Control::Slider if input.min.is_some() && input.max.is_some() => {
            html.write_str("<div class=\"slider\">")?;
            write_range(html, &id, &own, input)?;
            html.write_str("<div class=\"control\">")?;
            write_text(html, &id, "", input)?;
            unit(html, false)?;
            html.write_str("</div></div>")?;
        }
        Control::Multiline => {
            let disabled = disabled(input);
            write!(
                html,
                "<textarea id=\"{own}\" name=\"type:{id}\" rows=\"3\"{disabled}>{}</textarea>",
                escaped(&input.text)
            )?;
        }
        _ => {
            html.write_str("<div class=\"control\">")?;
            unit(html, true)?;
            write_text(html, &id, &own.to_string(), input)?;
            unit(html, false)?;
            html.write_str("</div>")?;
        }
    }
    match &input.message {
        Some(message) => {
            let role = if message.level == Level::Error { " role=\"alert\"" } else { "" };
            write!(
                html,
                "<p class=\"message {}\"{role}>{}</p>",
                level(message.level),
                escaped(&message.text)
            )?;
        }
        None if !input.help.is_empty() => write!(html, "<p class=\"help\">{}</p>", escaped(&input.help))?,
        None => {}
    }
    html.write_str("</div>")
}

fn disabled(input: &Input) -> &'static str {
    if input.disabled { " disabled" } else { "" }
}

fn write_text(html: &mut Html, id: &impl Display, own: &str, input: &Input) -> fmt::Result {
    let mode = match input.content {
        Content::Integer => "numeric",
        Content::Decimal | Content::Percent | Content::Currency => "decimal",
        Content::Email => "email",
        Content::Url => "url",
        Content::Phone => "tel",
        _ => "text",
    };
    let hint = match (input.hint.is_empty(), input.content) {
        (true, Content::Date) => date_pattern(html.locale),
        _ => input.hint.clone(),
    };
    let numeric = matches!(mode, "numeric" | "decimal");
    let class = if numeric { " class=\"number\"" } else { "" };
    let label = if own.is_empty() {
        format!(" aria-label=\"{}\"", escaped(&input.caption))
    } else {
        format!(" id=\"{own}\"")
    };
    write!(
        html,
        "<input{label}{class} name=\"type:{id}\" value=\"{value}\" inputmode=\"{mode}\" autocomplete=\"off\" \
         placeholder=\"{hint}\"{disabled}><input type=\"hidden\" name=\"was:{id}\" value=\"{value}\">",
        value = escaped(&input.text),
        hint = escaped(&hint),
        disabled = disabled(input),
    )
}

fn write_range(html: &mut Html, id: &impl Display, own: &impl Display, input: &Input) -> fmt::Result {
    let (min, max) = (input.min.unwrap_or(0.0), input.max.unwrap_or(100.0));
    let value = match input.value {
        Scalar::Number(value) => value,
        _ => min,
    };
    let step = input.step.map_or_else(|| "any".to_owned(), |step| step.to_string());
    write!(
        html,
        "<input type=\"range\" id=\"{own}\" data-set=\"{id}\" min=\"{min}\" max=\"{max}\" step=\"{step}\" \
         value=\"{value}\"{}>",
        disabled(input)
    )
}

fn write_tick(html: &mut Html, id: &impl Display, own: &impl Display, input: &Input) -> fmt::Result {
    let on = if input.value == Scalar::Bool(true) { " checked" } else { "" };
    let class = if input.control == Control::Switch { "switch" } else { "tick" };
    write!(
        html,
        "<input type=\"hidden\" name=\"set:{id}\" value=\"false\"><input type=\"checkbox\" class=\"{class}\" \
         id=\"{own}\" name=\"set:{id}\" value=\"true\"{on}{}>",
        disabled(input)
    )
}

fn json(value: &Scalar) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

fn write_menu(html: &mut Html, id: &impl Display, own: &impl Display, input: &Input) -> fmt::Result {
    write!(html, "<div class=\"select\"><select id=\"{own}\" name=\"set:{id}\"{}>", disabled(input))?;
    if !input.choices.iter().any(|choice| choice.selected) {
        write!(
            html,
            "<option value=\"{}\" selected>{}</option>",
            escaped(&json(&input.value)),
            escaped(&input.text)
        )?;
    }
    for choice in &input.choices {
        let selected = if choice.selected { " selected" } else { "" };
        let value = json(&choice.value);
        write!(
            html,
            "<option value=\"{}\"{selected}>{}</option>",
            escaped(&value),
            escaped(&choice.caption)
        )?;
    }
    html.write_str("</select></div>")
}

fn write_radios(html: &mut Html, id: &impl Display, own: &impl Display, input: &Input) -> fmt::Result {
    let class = if input.control == Control::Segmented { "segments" } else { "radios" };
    write!(html, "<div class=\"{class}\" role=\"radiogroup\" aria-labelledby=\"{own}\">")?;
    for choice in &input.choices {
        let checked = if choice.selected { " checked" } else { "" };
        let value = json(&choice.value);
        write!(
            html,
            "<label><input type=\"radio\" name=\"set:{id}\" value=\"{}\"{checked}{}><span>{}</span></label>",
            escaped(&value),
            disabled(input),
            escaped(&choice.caption)
        )?;
    }
    html.write_str("</div>")
}

/// The value with its unit, or what an error means in words.
fn write_value(html: &mut Html, output: &Output) -> fmt::Result {
    if let Some(error) = &output.error {
        return write!(
            html,
            "<span class=\"value unknown\" title=\"{}\">{}</span>",
            escaped(error),
            escaped(&output.text)
        );
    }
    let unit = |html: &mut Html, before: bool| {
        if output.unit.is_empty() || output.unit_before != before {
            return Ok(());
        }
        write!(html, "<span class=\"unit\">{}</span>", escaped(&output.unit))
    };
    html.write_str("<span class=\"value\">")?;
    unit(html, true)?;
    let text = if output.text.is_empty() { "–" } else { output.text.as_str() };
    write!(html, "<span class=\"figure\">{}</span>", escaped(text))?;
    unit(html, false)?;
    html.write_str("</span>")
}

fn write_change(html: &mut Html, output: &Output) -> fmt::Result {
    if output.change.is_empty() {
        return Ok(());
    }
    write!(html, "<span class=\"chip change\">{}</span>", escaped(&output.change))
}

fn write_headline(html: &mut Html, id: &str, output: &Output) -> fmt::Result {
    let glow = if output.change.is_empty() { "" } else { " changed" };
    write!(
        html,
        "<div class=\"headline{glow}\" data-node=\"{}\"><span class=\"label\">{}</span>",
        escaped(id),
        escaped(&output.caption)
    )?;
    html.write_str("<div class=\"line\">")?;
    write_value(html, output)?;
    write_change(html, output)?;
    html.write_str("</div>")?;
    if !output.help.is_empty() {
        write!(html, "<p class=\"help\">{}</p>", escaped(&output.help))?;
    }
    html.write_str("</div>")
}

fn write_output(html: &mut Html, id: &str, output: &Output) -> fmt::Result {
    let glow = if output.change.is_empty() { "" } else { " class=\"changed\"" };
    write!(html, "<div{glow} data-node=\"{}\"><dt>{}</dt><dd>", escaped(id), escaped(&output.caption))?;
    write_change(html, output)?;
    write_value(html, output)?;
    html.write_str("</dd></div>")
}

fn write_list(html: &mut Html, id: &str, list: &List) -> fmt::Result {
    write!(html, "<section class=\"list\" data-node=\"{}\"><div class=\"toolbar\">", escaped(id))?;
    let caption = if list.caption.is_empty() { "Rows" } else { list.caption.as_str() };
    write!(html, "<h3>{}</h3>", escaped(caption))?;
    if list.searchable {
        write!(
            html,
            "<input type=\"search\" name=\"search:{}\" value=\"{}\" placeholder=\"Search\" aria-label=\"Search in {}\">",
            escaped(id),
            escaped(&list.search),
            escaped(caption)
        )?;
    }
    let (count, total) = (counted(list.count, html.locale), counted(list.total, html.locale));
    if list.count == list.total {
        write!(html, "<span class=\"count\">{total}</span></div>")?;
    } else {
        write!(html, "<span class=\"count\">{count} of {total}</span></div>")?;
    }
    if list.rows.is_empty() {
        let text = match (list.total, list.empty_text.as_str()) {
            (0, "") => "There are no rows yet.",
            (0, text) => text,
            _ => "No row matches. Search for fewer words.",
        };
        write!(html, "<p class=\"empty\">{}</p></section>", escaped(text))?;
        return Ok(());
    }
    write_table(html, id, list)?;
    write_pager(html, id, list)?;
    html.write_str("</section>")
}

fn column_class(column: &ListColumn) -> &'static str {
    let number = matches!(
        column.content,
        Content::Integer | Content::Decimal | Content::Percent | Content::Currency | Content::Duration
    );
    match (column.role, number) {
        (ColumnRole::Title, _) => "title",
        (ColumnRole::Status | ColumnRole::Badge, _) => "status",
        (_, true) => "number",
        _ => "",
    }
}

fn write_table(html: &mut Html, id: &str, list: &List) -> fmt::Result {
    html.write_str("<div class=\"scroll\"><table><thead><tr>")?;
    for (place, column) in list.columns.iter().enumerate() {
        let class = column_class(column);
        let sorted = list.sort.filter(|(by, _)| *by == place).map(|(_, down)| down);
        let aria = match sorted {
            Some(true) => " aria-sort=\"descending\"",
            Some(false) => " aria-sort=\"ascending\"",
            None => "",
        };
        write!(html, "<th scope=\"col\" class=\"{class}\"{aria}>")?;
        if column.sortable {
            let next = if sorted == Some(false) { "down" } else { "up" };
            write!(
                html,
                "<button name=\"sort:{}\" value=\"{place},{next}\">{}</button>",
                escaped(id),
                escaped(&column.caption)
            )?;
        } else {
            write!(html, "{}", escaped(&column.caption))?;
        }
        html.write_str("</th>")?;
    }
    html.write_str("</tr></thead><tbody>")?;
    for row in &list.rows {
        html.write_str("<tr>")?;
        for (column, cell) in list.columns.iter().zip(&row.cells) {
            let class = column_class(column);
            if class == "status" && !cell.is_empty() {
                write!(html, "<td><span class=\"chip\">{}</span></td>", escaped(cell))?;
            } else {
                write!(html, "<td class=\"{class}\">{}</td>", escaped(cell))?;
            }
        }
        html.write_str("</tr>")?;
    }
    html.write_str("</tbody>")?;
    if list.totals.iter().any(|total| !total.is_empty()) {
        html.write_str("<tfoot><tr>")?;
        for (column, total) in list.columns.iter().zip(&list.totals) {
            write!(html, "<td class=\"{}\">{}</td>", column_class(column), escaped(total))?;
        }
        html.write_str("</tr></tfoot>")?;
    }
    html.write_str("</table></div>")
}

fn write_pager(html: &mut Html, id: &str, list: &List) -> fmt::Result {
    if list.count <= ROWS {
        return Ok(());
    }
    let shown = u64::try_from(list.rows.len()).unwrap_or(0);
    let last = list.from + shown;
    let [from, to, all] = [list.from + 1, last, list.count].map(|number| counted(number, html.locale));
    write!(html, "<div class=\"pager\"><span>{from}–{to} of {all}</span>")?;
    let back = if list.from == 0 { " disabled" } else { "" };
    let on = if last >= list.count { " disabled" } else { "" };
    let id = escaped(id);
    write!(
        html,
        "<button class=\"button compact\" name=\"window:{id}\" value=\"{}\"{back}>Back</button>\
         <button class=\"button compact\" name=\"window:{id}\" value=\"{last}\"{on}>Next</button></div>",
        list.from.saturating_sub(ROWS)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_dates_are_written_as_the_reader_does() {
        let told = |tag: &str| {
            let locale = Locale::from_tag(tag).unwrap();
            (counted(1_234_567, locale), counted(999, locale), date_pattern(locale))
        };
        let expected = |count: &str, date: &str| (count.to_owned(), "999".to_owned(), date.to_owned());
        assert_eq!(told("en-US"), expected("1,234,567", "MM/DD/YYYY"));
        assert_eq!(told("de-DE"), expected("1.234.567", "TT.MM.JJJJ"));
        assert_eq!(told("fr-FR"), expected("1\u{202f}234\u{202f}567", "JJ/MM/AAAA"));
    }

    #[test]
    fn nothing_in_a_view_becomes_markup() {
        let bad = "<script>alert(1)</script>\"'&\u{202e}";
        let text = || bad.to_owned();
        let input = Input {
            caption: text(),
            text: text(),
            unit: text(),
            help: text(),
            hint: text(),
            ..Input::default()
        };
        let output =
            Output { caption: text(), text: text(), unit: text(), headline: true, ..Output::default() };
        let list = List {
            caption: text(),
            columns: vec![ListColumn { caption: text(), sortable: true, ..ListColumn::default() }],
            rows: vec![engine::view::ListRow { id: text(), cells: vec![text()] }],
            count: 1,
            total: 1,
            searchable: true,
            search: text(),
            ..List::default()
        };
        let chart = engine::view::Chart {
            title: text(),
            summary: text(),
            categories: vec![text(), text()],
            series: vec![engine::view::Series {
                caption: text(),
                values: vec![Some(1.0), None],
                texts: vec![text(), text()],
                color: Some(text()),
            }],
            ..engine::view::Chart::default()
        };
        let kinds = [
            Kind::Input(input.clone()),
            Kind::Input(Input {
                control: Control::Radio,
                choices: vec![engine::view::Choice {
                    value: Scalar::Text(text()),
                    caption: text(),
                    selected: false,
                }],
                ..input.clone()
            }),
            Kind::Input(Input {
                choices: vec![engine::view::Choice {
                    value: Scalar::Text(text()),
                    caption: text(),
                    selected: true,
                }],
                ..input
            }),
            Kind::Output(output.clone()),
            Kind::Output(Output { headline: false, error: Some(text()), ..output }),
            Kind::List(list),
            Kind::Chart(chart),
            Kind::Text(Text { text: text(), level: 0 }),
            Kind::Heading(Text { text: text(), level: 9 }),
        ];
        let children = kinds.map(|kind| Node { id: text(), kind, children: Vec::new() }).to_vec();
        let page = Node {
            id: text(),
            kind: Kind::Container(Container { caption: text(), ..Container::default() }),
            children,
        };
        let view =
            View { title: text(), description: text(), pages: vec![page.clone(), page], ..View::default() };
        let html = render(&view, 7, Locale::en_us());
        assert!(!html.contains("<script") && !html.contains('\u{202e}'), "{html}");
        assert!(html.matches("&lt;script&gt;").count() > 20);
        assert!(!html.contains("style="), "styles of its own would be refused by the page's policy");
    }
}
