//! Good definitions: what is read from them, and that writing loses nothing.

use playsheet_app_definitions::model::{ContentType, InputType, Node, Provider};
use playsheet_app_definitions::{App, Code, Limits, Reference, read, write};

use crate::support::{cases, good};

fn read_again(name: &str, xml: &str) -> App {
    let (app, diagnostics) = read(xml, &Limits::default());
    let errors: Vec<String> =
        diagnostics.iter().filter(|found| found.is_error()).map(|found| found.render(name)).collect();
    assert!(errors.is_empty(), "{}\n{xml}", errors.join("\n"));
    app.unwrap()
}

#[test]
fn writing_and_reading_gives_the_same_app_and_the_same_bytes() {
    for case in cases("good") {
        let app = case.app();
        let written = write(&app);
        let again = read_again(&case.name, &written);
        assert_eq!(again, app, "{}\n{written}", case.name);
        assert_eq!(write(&again), written, "{}", case.name);
    }
}

#[test]
fn a_definition_in_the_writers_own_form_is_written_byte_for_byte() {
    let case = good("everything");
    assert_eq!(write(&case.app()), case.text());
}

#[test]
fn comments_and_foreign_markup_are_written_where_they_stood() {
    let case = good("comments-and-foreign-markup");
    let written = write(&case.app());
    // Everything in the order of the source: comments, instructions and tags of each namespace.
    let marks = |text: &str| -> Vec<String> {
        let tags =
            text.split('<').skip(1).map(|rest| rest.split(['>', ' ', '\n']).next().unwrap_or("").to_owned());
        tags.map(|tag| tag.trim_end_matches('/').to_owned()).filter(|tag| !tag.starts_with('/')).collect()
    };
    assert_eq!(marks(&written), marks(&case.text()));
    for kept in
        ["<n:text>kept   as it is</n:text>", "on two lines -->", "n:reviewed=\"yes\"", "xml:lang=\"en\""]
    {
        assert!(written.contains(kept), "{kept}\n{written}");
    }
}

#[test]
fn elements_that_are_not_shown_are_written_byte_for_byte() {
    let case = good("later-elements");
    let written = write(&case.app());
    let source = case.text();
    for start in
        ["<assets>", "<style ", "<roles>", "<ext ", "<form ", "<dashboard ", "<detail>", "<approval>"]
    {
        let from = source.find(start).unwrap();
        let name = source[from + 1..].split(['>', ' ']).next().unwrap();
        let element = match source[from..].find(&format!("</{name}>")) {
            Some(end) => &source[from..from + end + name.len() + 3],
            None => &source[from..from + source[from..].find('>').unwrap() + 1],
        };
        assert!(written.contains(element), "{element}\n{written}");
    }
    let in_layout: Vec<&str> = case
        .app()
        .layout
        .children
        .iter()
        .map(|node| match node {
            Node::Unsupported(found) => found.name.clone().leak() as &str,
            _ => "shown",
        })
        .collect();
    assert_eq!(in_layout[..5], ["shown", "form", "dashboard", "shown", "action"]);
}

#[test]
fn markup_keeps_its_meaning_when_prefixes_change() {
    let written = write(&good("prefixes").app());
    for kept in [
        "<app xmlns=\"urn:playsheet:app:1\" xmlns:p=\"urn:playsheet:app:1\">",
        "<history xmlns=\"urn:example:notes\"><change/></history>",
        "<note xmlns=\"urn:example:notes\">in the namespace without a prefix</note>",
        "<p:form xmlns=\"urn:example:notes\" id=\"entry\"><p:field column=\"A\"/><remark/></p:form>",
    ] {
        assert!(written.contains(kept), "{kept}\n{written}");
    }
}

#[test]
fn the_basic_form_reads_as_it_stands_with_one_warning() {
    let case = good("basic-form");
    let (app, diagnostics) = case.read();
    let codes: Vec<Code> = diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, [Code::NoNamespace]);
    let app = app.unwrap();
    assert_eq!(app.id.as_deref(), Some("fb864b33-c138-4b16-b582-e6bf25a65895"));
    assert_eq!(app.meta.name.as_ref().map(ToString::to_string).as_deref(), Some("BMI Calculator"));
    assert_eq!(app.meta.owner.as_deref(), Some("apphub@example.net"));
    assert_eq!(app.sources.len(), 1);
    assert_eq!(app.sources[0].provider, Provider::Http);
    assert!(app.sources[0].url.as_ref().is_some_and(|url| url.starts_with("https://data.example.net/")));
    let items: Vec<_> = app
        .items()
        .map(|item| (item.id.as_str(), item.input_type, item.content_type(), item.target.clone().unwrap()))
        .collect();
    let cell = |row| Reference::cell(None, 1, row);
    assert_eq!(
        items,
        [
            ("body_height", InputType::Input, ContentType::Integer, cell(0)),
            ("body_weight", InputType::Input, ContentType::Integer, cell(1)),
            ("your_bmi", InputType::Output, ContentType::Decimal, cell(2)),
        ]
    );
}

#[test]
fn comments_of_the_basic_form_survive() {
    let written = write(&good("basic-form-with-comments").app());
    for comment in [
        "in front",
        "before the id",
        "before the name",
        "in the name",
        "before the workbook",
        "before the item",
        "at the end of the layout",
        "at the end of the app",
        "behind",
    ] {
        assert_eq!(written.matches(&format!("<!-- {comment} -->")).count(), 1, "{comment}\n{written}");
    }
}

#[test]
fn ids_are_derived_from_captions_and_keep_off_those_that_are_written() {
    let app = good("derived-ids").app();
    let ids: Vec<&str> = app.identified().iter().map(|found| found.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "groesse_gewicht",
            "groesse",
            "groesse_4",
            "b3",
            "koerper_c4",
            "groesse_2",
            "groesse_5",
            "text",
            "groesse_3",
            "page_two",
            "log",
            "log_datum",
            "log_column_2",
            "chart",
            "chart_log_bmi",
            "chart_log_bmi_2",
        ]
    );
}

#[test]
fn characters_arrive_as_meant() {
    let app = good("characters").app();
    assert_eq!(
        app.meta.name.as_ref().map(|name| name.words().to_owned()).as_deref(),
        Some("BMI <new> & <b>old</b>")
    );
    assert_eq!(app.meta.description.as_ref().map(|text| text.words()), Some("first line\nsecond line"));
    let items: Vec<_> = app.items().collect();
    assert_eq!(items[0].caption.as_ref().unwrap().words(), "\"Height\" & 'weight'");
    assert_eq!(items[0].target, Some(Reference::cell(Some("Ann's sheet"), 1, 0)));
    assert_eq!(items[0].format.as_deref(), Some("0.0\" kg\""));
    assert_eq!(items[1].caption.as_ref().unwrap().words(), "two lines");
    assert_eq!(items[1].hint.as_ref().unwrap().words(), "tab\tand\nbreak");
    assert_eq!(app.text(items[2].caption.as_ref().unwrap(), "en"), "@plain at");
}

#[test]
fn places_lead_to_the_text_of_expressions() {
    let case = good("calculator");
    let app = case.app();
    let text = case.text();
    let mut expressions = 0;
    for used in app.uses() {
        let playsheet_app_definitions::model::Used::Expression(expression) = used.used else { continue };
        let line = text.lines().nth(expression.at.line as usize - 1).unwrap();
        let found: String = line.chars().skip(expression.at.column as usize - 1).collect();
        assert!(found.starts_with('='), "{found}");
        let place = used.origin.attribute(used.attribute);
        assert_eq!((place.line, place.column), (expression.at.line, expression.at.column));
        expressions += 1;
    }
    assert_eq!(expressions, 2);
}

#[test]
fn a_definition_built_by_hand_is_written_and_read() {
    use playsheet_app_definitions::model::{
        Bind, Chart, ChartKind, Column, Container, ContainerKind, Item, List, Series, Source,
    };
    let mut app = App::new("Loan");
    app.sources.push(Source { id: "main".into(), ..Source::default() });
    let amount = app.add_bind(Bind::to_name("amount", "Amount"));
    let table = |column: &str| Reference::TableColumn { table: "Schedule".into(), column: column.into() };
    let page = Container::new(ContainerKind::Page, "Loan")
        .with(Item {
            unit: Some(playsheet_app_definitions::model::Caption::literal("€")),
            ..Item::input("Amount", amount)
        })
        .with(Item::output("Payment", Reference::cell(Some("Calc"), 1, 4)))
        .with(List::over(Reference::Name("Schedule".into())).with(Column::new("Month")))
        .with(Chart::new(ChartKind::Line).with(Series::new(table("Balance"))));
    let app = app.with(page);
    assert!(playsheet_app_definitions::check(&app).is_empty());
    let written = write(&app);
    let again = read_again("built", &written);
    let mut with_ids = app;
    with_ids.assign_ids();
    assert_eq!(again, with_ids, "{written}");
    assert!(written.contains(
        "<item id=\"amount_2\" caption=\"Amount\" inputtype=\"input\" ref=\"#amount\" unit=\"€\"/>"
    ));
    assert!(
        written.contains("<item id=\"payment\" caption=\"Payment\" inputtype=\"output\" ref=\"Calc!B5\"/>")
    );
}

#[test]
fn models_and_diagnostics_serialise_in_the_words_of_the_vocabulary() {
    let (app, diagnostics) = good("basic-form").read();
    let app = serde_json::to_value(app.unwrap()).unwrap();
    assert_eq!(app["layout"]["children"][0]["element"], "item");
    assert_eq!(app["layout"]["children"][0]["target"], "B1");
    assert_eq!(app["layout"]["children"][2]["input_type"], "output");
    let diagnostic = serde_json::to_value(&diagnostics[0]).unwrap();
    assert_eq!(diagnostic["severity"], "warning");
    assert_eq!(diagnostic["code"], "no-namespace");
    assert_eq!((&diagnostic["line"], &diagnostic["column"]), (&1.into(), &1.into()));
}
