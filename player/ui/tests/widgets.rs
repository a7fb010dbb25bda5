//! The house widgets as a person uses them: found by their accessible names, used by mouse, keyboard and screen
//! reader. The page is the one of the example `widgets`.
#![cfg(test)]

#[path = "../examples/widgets/extremes.rs"]
mod extremes;
#[path = "../examples/widgets/gallery.rs"]
mod gallery;

use egui::accesskit::{Role, Toggled};
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use gallery::Gallery;
use playsheet_ui::UiExt as _;
use playsheet_ui::theme;
use playsheet_ui::widgets::{
    Choice, Date, DateLocale, Dialog, DialogAction, FieldText, Output, OutputValue, Toast, ToastAction,
    Toasts, Tone, Words, set_words,
};

/// A page of a size with the player's look.
fn page<'a, State: 'a>(
    size: [f32; 2],
    state: State,
    show: impl FnMut(&mut egui::Ui, &mut State) + 'a,
) -> Harness<'a, State> {
    Harness::builder()
        .with_size(size)
        .with_theme(egui::Theme::Light)
        .with_context_setup(theme::install)
        .build_ui_state(show, state)
}

fn whole(width: f32) -> Harness<'static, Gallery> {
    page([width, 7000.0], Gallery::default(), |ui, gallery: &mut Gallery| gallery.show(ui))
}

fn inputs() -> Harness<'static, Gallery> {
    page([420.0, 1800.0], Gallery::default(), |ui, gallery: &mut Gallery| gallery.inputs(ui))
}

fn list() -> Harness<'static, Gallery> {
    page([900.0, 500.0], Gallery::default(), |ui, gallery: &mut Gallery| gallery.list(ui))
}

/// The last thing the person did.
fn last(harness: &Harness<'_, Gallery>) -> String {
    harness.state().log.last().cloned().unwrap_or_default()
}

#[test]
fn every_input_has_an_accessible_name() {
    for width in [1280.0, 420.0] {
        let mut harness = whole(width);
        harness.run_steps(3);
        let inputs: Vec<_> = harness
            .root()
            .children_recursive()
            .filter(|node| egui::accessibility::is_input(node.accesskit_node().role()))
            .map(|node| (node.accesskit_node().role(), node.accesskit_node().label().unwrap_or_default()))
            .collect();
        assert!(inputs.len() > 40, "only {} inputs were found", inputs.len());
        for (role, name) in inputs {
            assert!(!name.trim().is_empty(), "a {role:?} has no name at a width of {width}");
        }
    }
}

#[test]
fn nothing_that_a_spreadsheet_asks_for_leaves_the_page() {
    for width in [320.0, 360.0, 700.0, 1280.0] {
        let mut harness = page([width, 4000.0], egui::Rect::NOTHING, |ui, used: &mut egui::Rect| {
            extremes::extremes(ui);
            *used = ui.min_rect();
        });
        harness.run_steps(4);
        let used = harness.state().width();
        assert!(used <= width + 0.5, "{used} points are used of {width}");
    }
}

#[test]
fn every_input_can_be_reached_with_the_tab_key() {
    let mut harness = inputs();
    harness.run_steps(2);
    let mut reached = Vec::new();
    for _ in 0..60 {
        harness.key_press(Key::Tab);
        harness.run_steps(1);
        if let Some(node) = harness.root().children_recursive().find(|node| node.is_focused()) {
            reached.push(node.accesskit_node().label().unwrap_or_default());
        }
    }
    for name in [
        "Name",
        "Amount",
        "Interest rate",
        "Body height",
        "Notes",
        "Passphrase",
        "Repayment: Annuity",
        "Payments",
        "Country",
        "Start",
        "With residual debt insurance",
        "Tell me when the rate changes",
        "Calculate",
        "Reset inputs",
    ] {
        assert!(reached.iter().any(|reached| reached == name), "{name} was not reached: {reached:?}");
    }
    for disabled in ["Reference weight", "Term", "Not in this app", "Publish app"] {
        assert!(!reached.iter().any(|reached| reached == disabled), "{disabled} is disabled but was reached");
    }
}

#[test]
fn a_number_is_typed_and_entered() {
    let mut harness = inputs();
    harness.run_steps(2);
    let amount = |harness: &Harness<'_, Gallery>| {
        harness.get_by_role_and_label(Role::NumberInput, "Amount").value().unwrap_or_default()
    };
    assert_eq!(amount(&harness), "250,000");
    harness.get_by_role_and_label(Role::NumberInput, "Amount").focus();
    harness.run_steps(2);
    assert_eq!(amount(&harness), "250000", "with the keyboard on it, the number stands as it is typed");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_role_and_label(Role::NumberInput, "Amount").type_text("300000");
    harness.run_steps(1);
    assert!(harness.state().log.is_empty(), "typing alone decides nothing");
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(last(&harness), "amount 300000");
    assert_eq!(amount(&harness), "300,000");
}

#[test]
fn escape_drops_what_was_typed() {
    let mut harness = inputs();
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::TextInput, "Name").focus();
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::TextInput, "Name").type_text(" and hall");
    harness.run_steps(1);
    assert_eq!(harness.get_by_role_and_label(Role::TextInput, "Name").value().unwrap(), "Kitchen and hall");
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert!(harness.state().log.is_empty());
    assert_eq!(harness.get_by_role_and_label(Role::TextInput, "Name").value().unwrap(), "Kitchen");
}

#[test]
fn arrow_keys_step_a_number_and_a_slider() {
    let mut harness = inputs();
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::NumberInput, "Amount").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowUp);
    harness.run_steps(2);
    assert_eq!(harness.state().amount, 251_000.0);

    harness.get_by_role_and_label(Role::Slider, "Interest rate").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowRight);
    harness.run_steps(2);
    assert_eq!(harness.state().rate, 2.6);
    harness.key_press(Key::PageDown);
    harness.run_steps(2);
    assert_eq!(harness.state().rate, 2.1);
    harness.key_press(Key::End);
    harness.run_steps(2);
    assert_eq!(harness.state().rate, 10.0);
    assert!(harness.get_by_role_and_label(Role::Slider, "Interest rate").is_focused());
}

#[test]
fn a_screen_reader_can_set_a_slider_and_a_text() {
    let mut harness = inputs();
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::Slider, "Interest rate").set_value_accesskit(3.13);
    harness.run_steps(2);
    assert_eq!(harness.state().rate, 3.15, "the nearest step");
    harness.get_by_role_and_label(Role::Slider, "Interest rate").increment_accesskit();
    harness.run_steps(2);
    assert_eq!(harness.state().rate, 3.2);
    harness.get_by_role_and_label(Role::TextInput, "Name").set_text_value_accesskit("Bathroom");
    harness.run_steps(2);
    assert_eq!(harness.state().name, "Bathroom");
}

#[test]
fn dragging_a_slider_reports_values_on_the_way() {
    let mut harness = inputs();
    harness.run_steps(2);
    let track = harness.get_by_role_and_label(Role::Slider, "Interest rate").rect();
    let middle = track.center();
    harness.drag_at(egui::pos2(track.left() + 20.0, middle.y));
    harness.run_steps(1);
    harness.hover_at(middle);
    harness.run_steps(1);
    assert_eq!(harness.state().rate, 5.0);
    harness.drop_at(middle);
    harness.run_steps(2);
    assert_eq!(harness.state().rate, 5.0);
    assert!(harness.state().log.len() >= 2);
}

#[test]
fn a_problem_is_said_and_marks_the_input_as_not_valid() {
    let mut harness = inputs();
    harness.run_steps(2);
    let sentence = "Body height must be between 80 and 250 cm";
    harness.get_by_label(sentence);
    let input = harness.get_by_role_and_label(Role::NumberInput, "Body height");
    assert!(input.accesskit_node().description().is_some_and(|said| said == sentence));
    assert!(format!("{:?}", input.accesskit_node().data().invalid()).contains("True"));
    let fine = harness.get_by_role_and_label(Role::TextInput, "Name");
    assert!(
        fine.accesskit_node().description().is_some_and(|said| said == "Shown in your list of calculations")
    );
}

#[test]
fn segments_are_chosen_by_click_and_by_arrow_keys() {
    let mut harness = inputs();
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::RadioButton, "Repayment: Bullet").click();
    harness.run_steps(2);
    assert_eq!(harness.state().kind, Some(2));
    harness.get_by_role_and_label(Role::RadioButton, "Repayment: Bullet").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowRight);
    harness.run_steps(2);
    assert_eq!(harness.state().kind, Some(0), "from the last to the first");
    assert!(harness.get_by_role_and_label(Role::RadioButton, "Repayment: Annuity").is_focused());
}

#[test]
fn a_choice_becomes_a_list_where_segments_have_no_room() {
    let choices = ["Annuity", "Linear", "Paid back at the end of the term"];
    for (width, role) in [(900.0, Role::RadioButton), (300.0, Role::ComboBox)] {
        let mut harness = page([width, 200.0], (), |ui, ()| {
            ui.choice_input(Choice {
                about: FieldText::new("c", "Repayment"),
                choices: &choices,
                chosen: Some(0),
            });
        });
        harness.run_steps(2);
        assert!(harness.query_all_by_role(role).count() > 0, "{width}");
    }
}

#[test]
fn a_list_of_choices_opens_and_is_searched() {
    let mut harness = inputs();
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::ComboBox, "Country").click();
    harness.run_steps(3);
    assert!(harness.get_by_role_and_label(Role::SearchInput, "Search").is_focused());
    harness.get_by_role_and_label(Role::ListBoxOption, "Austria");
    harness.get_by_role_and_label(Role::SearchInput, "Search").type_text("ger");
    harness.run_steps(2);
    assert!(harness.query_by_role_and_label(Role::ListBoxOption, "Austria").is_none());
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert_eq!(last(&harness), "country Germany");
    assert!(harness.query_by_role(Role::ListBoxOption).is_none(), "the list closes");
    assert_eq!(harness.get_by_role_and_label(Role::ComboBox, "Country").value().unwrap(), "Germany");
}

#[test]
fn a_short_list_of_choices_is_used_from_the_keyboard() {
    let mut harness = inputs();
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::ComboBox, "Payments").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowDown);
    harness.run_steps(3);
    assert!(harness.query_by_role(Role::SearchInput).is_none(), "five choices need no search");
    harness.key_press(Key::ArrowDown);
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert_eq!(last(&harness), "few 2");
    assert!(harness.query_by_role(Role::ListBoxOption).is_none());
    harness.get_by_role_and_label(Role::ComboBox, "Payments").click();
    harness.run_steps(3);
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_role(Role::ListBoxOption).is_none(), "Escape closes it");
    assert_eq!(harness.state().few, Some(2));
}

#[test]
fn a_date_is_typed_in_the_order_of_the_locale() {
    let mut harness = inputs();
    harness.state_mut().locale = DateLocale::german();
    harness.run_steps(2);
    let start = |harness: &Harness<'_, Gallery>| {
        harness.get_by_role_and_label(Role::DateInput, "Start").value().unwrap_or_default()
    };
    assert_eq!(start(&harness), "28.11.2026");
    let enter = |harness: &mut Harness<'_, Gallery>, text: &str| {
        harness.get_by_role_and_label(Role::DateInput, "Start").focus();
        harness.run_steps(2);
        harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        harness.get_by_role_and_label(Role::DateInput, "Start").type_text(text);
        harness.key_press(Key::Enter);
        harness.run_steps(3);
    };
    enter(&mut harness, "3.4.27");
    assert_eq!(harness.state().start, Date::new(2027, 4, 3));
    assert_eq!(start(&harness), "03.04.2027");

    enter(&mut harness, "soon");
    assert_eq!(harness.state().start, Date::new(2027, 4, 3), "what is no date changes nothing");
    assert_eq!(start(&harness), "soon", "and stays to be mended");
    harness.get_by_label("Type the date like this: 21.11.2026");

    enter(&mut harness, "31.12.2026");
    assert_eq!(harness.state().start, Date::new(2026, 12, 31));
    assert!(harness.query_by_label("Type the date like this: 21.11.2026").is_none());
}

#[test]
fn a_date_is_picked_in_the_calendar() {
    let mut harness = inputs();
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::Button, "Choose Start in a calendar").click();
    harness.run_steps(3);
    harness.get_by_label("November 2026");
    harness.get_by_role_and_label(Role::Button, "Next month").click();
    harness.run_steps(2);
    harness.get_by_label("December 2026");
    harness.get_by_role_and_label(Role::Button, "2026-12-24").click();
    harness.run_steps(3);
    assert_eq!(harness.state().start, Date::new(2026, 12, 24));
    assert!(harness.query_by_label("December 2026").is_none(), "the calendar closes");

    harness.get_by_role_and_label(Role::Button, "Choose Start in a calendar").click();
    harness.run_steps(3);
    assert!(harness.get_by_role_and_label(Role::Button, "2026-12-24").is_focused());
    for (key, date) in
        [(Key::ArrowDown, "2026-12-31"), (Key::ArrowRight, "2027-01-01"), (Key::PageUp, "2026-12-01")]
    {
        harness.key_press(key);
        harness.run_steps(2);
        assert!(harness.get_by_role_and_label(Role::Button, date).is_focused(), "{key:?}");
    }
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert_eq!(harness.state().start, Date::new(2026, 12, 1));
}

#[test]
fn switches_and_check_boxes_answer_and_say_their_state() {
    let mut harness = inputs();
    harness.run_steps(2);
    let toggled = |harness: &Harness<'_, Gallery>, role, name| {
        harness.get_by_role_and_label(role, name).accesskit_node().toggled()
    };
    let insurance = "With residual debt insurance";
    assert_eq!(toggled(&harness, Role::Switch, insurance), Some(Toggled::True));
    harness.get_by_role_and_label(Role::Switch, insurance).click();
    harness.run_steps(2);
    assert_eq!(toggled(&harness, Role::Switch, insurance), Some(Toggled::False));
    assert!(!harness.state().insured);
    assert_eq!(toggled(&harness, Role::CheckBox, "All accounts"), Some(Toggled::Mixed));
    harness.get_by_role_and_label(Role::CheckBox, "Tell me when the rate changes").focus();
    harness.run_steps(2);
    harness.key_press(Key::Space);
    harness.run_steps(2);
    assert_eq!(last(&harness), "newsletter true");
}

#[test]
fn buttons_answer_to_mouse_and_keyboard_unless_disabled() {
    let mut harness = inputs();
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::Button, "Calculate").click();
    harness.run_steps(2);
    assert_eq!(last(&harness), "calculate");
    harness.get_by_role_and_label(Role::Button, "Reset inputs").focus();
    harness.run_steps(1);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(last(&harness), "reset");
    let disabled = harness.get_by_role_and_label(Role::Button, "Publish app");
    assert!(disabled.accesskit_node().is_disabled());
}

#[test]
fn a_list_lays_out_only_what_is_on_screen() {
    let mut harness =
        page([900.0, 500.0], Gallery { products: 10_000, ..Gallery::default() }, |ui, page: &mut Gallery| {
            page.list(ui);
        });
    harness.run_steps(3);
    let rows = harness.query_all_by_role(Role::Row).count();
    assert!((5..=10).contains(&rows), "{rows} rows were laid out");
    harness.get_by_label("10\u{2009}000");
    let table = harness.get_by_role(Role::Table);
    assert_eq!(table.accesskit_node().data().row_count(), Some(10_000));
}

#[test]
fn a_list_is_searched_filtered_sorted_and_opened() {
    let mut harness = list();
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::SearchInput, "Search").focus();
    harness.run_steps(1);
    harness.get_by_role_and_label(Role::SearchInput, "Search").type_text("lamp");
    harness.run_steps(3);
    harness.get_by_label("135 of 940");
    harness.get_by_role_and_label(Role::CheckBox, "On sale").click();
    harness.run_steps(2);
    assert_eq!(last(&harness), "filter 1");
    harness.get_by_role_and_label(Role::ColumnHeader, "Price").click();
    harness.run_steps(2);
    assert_eq!(last(&harness), "sort Sort { column: 3, descending: false }");
    harness.get_by_role_and_label(Role::ColumnHeader, "Price").click();
    harness.run_steps(2);
    assert_eq!(last(&harness), "sort Sort { column: 3, descending: true }");
    harness
        .get_by(|node| {
            node.role() == Role::Row && node.label().is_some_and(|l| l.starts_with("Desk lamp 108,"))
        })
        .click();
    harness.run_steps(2);
    assert_eq!(last(&harness), "open 1");
}

#[test]
fn a_list_without_matches_says_so_and_offers_a_way_back() {
    let mut harness = list();
    harness.state_mut().search = "zebra".to_owned();
    harness.run_steps(2);
    harness.get_by_label("Nothing matches “zebra”.");
    harness.get_by_role_and_label(Role::Button, "Show all").click();
    harness.run_steps(2);
    assert_eq!(harness.state().search, "");
    assert!(harness.query_all_by_role(Role::Row).count() > 0);
}

#[test]
fn rows_are_walked_and_opened_from_the_keyboard() {
    let mut harness = list();
    harness.run_steps(2);
    let focused = |harness: &Harness<'_, Gallery>| {
        let node = harness.root().children_recursive().find(|node| node.is_focused());
        node.and_then(|node| node.accesskit_node().label()).unwrap_or_default()
    };
    harness.get_by(|node| node.role() == Role::Row && node.data().row_index() == Some(0)).focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowDown);
    harness.run_steps(3);
    assert!(focused(&harness).starts_with("Desk lamp 101"), "{}", focused(&harness));
    harness.key_press(Key::End);
    harness.run_steps(4);
    assert!(focused(&harness).contains("1039"), "{}", focused(&harness));
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(last(&harness), "open 939");
}

#[test]
fn a_row_says_everything_it_shows() {
    let mut harness = list();
    harness.run_steps(2);
    let row = harness.get_by(|node| node.role() == Role::Row && node.data().row_index() == Some(1));
    let said = row.accesskit_node().label().unwrap();
    assert_eq!(said, "Desk lamp 101, Article 70001, Group Light, Stock 37, Price 150.90 €, Low stock");
}

#[test]
fn a_chart_is_told_in_a_sentence_and_shown_as_a_table() {
    let mut harness = page([900.0, 1400.0], Gallery::default(), |ui, page: &mut Gallery| page.results(ui));
    harness.run_steps(2);
    let charts: Vec<String> =
        harness.query_all_by_role(Role::Image).filter_map(|node| node.accesskit_node().label()).collect();
    assert_eq!(charts.len(), 2);
    assert!(charts[0].starts_with("Balance and payments. Balance: 250,000 € at 2026,"), "{}", charts[0]);
    assert!(
        charts[1].contains("West: 40 at Q1, 64 at Q4. Greatest 64 at Q4, least −22 at Q2."),
        "{}",
        charts[1]
    );

    harness.get_by_role_and_label(Role::Button, "Revenue by region, thousand €: As table").click();
    harness.run_steps(3);
    assert_eq!(harness.query_all_by_role(Role::Image).count(), 1);
    let rows: Vec<String> =
        harness.query_all_by_role(Role::Row).filter_map(|node| node.accesskit_node().label()).collect();
    assert!(rows.contains(&"Q2, North 135, South 92, West −22".to_owned()), "{rows:?}");
    harness.get_by_role_and_label(Role::Button, "Revenue by region, thousand €: As chart").click();
    harness.run_steps(3);
    assert_eq!(harness.query_all_by_role(Role::Image).count(), 2);
}

#[test]
fn a_chart_is_read_with_the_arrow_keys() {
    let mut harness = page([900.0, 1400.0], Gallery::default(), |ui, page: &mut Gallery| page.results(ui));
    harness.run_steps(2);
    harness.query_all_by_role(Role::Image).next().unwrap().focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowLeft);
    harness.run_steps(2);
    let chart = harness.query_all_by_role(Role::Image).next().unwrap();
    assert_eq!(chart.value().unwrap(), "2037: Balance 23,565 €, Paid 266,255 €");
}

#[test]
fn results_are_said_with_unit_and_change() {
    let mut harness = page([900.0, 1400.0], Gallery::default(), |ui, page: &mut Gallery| page.results(ui));
    harness.run_steps(2);
    for said in [
        "Monthly payment: 2,017.09\u{a0}€, rose by 12.40",
        "Total: 290,461.00\u{a0}€",
        "Body mass index: needs a body height",
        "Ratio: divides by an empty cell",
    ] {
        harness.get_by_label(said);
    }
}

#[test]
fn a_changed_result_glows_and_stops_glowing() {
    let show = |ui: &mut egui::Ui, value: &mut String| {
        ui.output_row(Output::new("o", "Total", OutputValue::Value(value)));
    };
    let mut harness = page([400.0, 100.0], "1".to_owned(), show);
    harness.run_steps(2);
    assert!(!harness.ctx.has_requested_repaint(), "what is seen first does not glow");
    *harness.state_mut() = "2".to_owned();
    harness.run_steps(1);
    assert!(harness.ctx.has_requested_repaint());
    harness.run_steps(5);
    assert!(!harness.ctx.has_requested_repaint());
    theme::set_reduced_motion(&harness.ctx, true);
    *harness.state_mut() = "3".to_owned();
    harness.run_steps(1);
    assert!(!harness.ctx.has_requested_repaint(), "nothing moves under reduced motion");
}

#[test]
fn tiles_open_and_say_their_state() {
    let mut harness = page([900.0, 600.0], Gallery::default(), |ui, page: &mut Gallery| page.tiles(ui));
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::Button, "Shift planner, Withdrawn");
    harness.get_by_role_and_label(Role::Button, "Loan with repayment schedule, Update ready").click();
    harness.run_steps(2);
    assert_eq!(last(&harness), "tile loan-1");
}

#[test]
fn banners_empty_states_and_progress_answer() {
    let mut harness = page([1000.0, 1200.0], Gallery::default(), |ui, page: &mut Gallery| page.states(ui));
    harness.run_steps(2);
    for (button, done) in [
        ("Install update", "banner Act"),
        ("Open a spreadsheet", "open a spreadsheet"),
        ("Cancel", "cancelled"),
        ("Invite people", "invite"),
    ] {
        harness.get_by_role_and_label(Role::Button, button).click();
        harness.run_steps(2);
        assert_eq!(last(&harness), done);
    }
    harness.query_all_by_label("Dismiss").next().unwrap().click();
    harness.run_steps(2);
    assert_eq!(last(&harness), "banner Dismiss");
    let progress = harness.get_by_role(Role::ProgressIndicator);
    assert_eq!(progress.accesskit_node().label().unwrap(), "Fetching Prices.xlsx 12 of 40 MB");
}

fn toast(text: &str, tone: Tone, action: Option<&str>) -> Toast {
    Toast { text: text.to_owned(), tone, action: action.map(str::to_owned) }
}

#[test]
fn messages_pass_or_stay_and_are_kept() {
    type State = (Toasts, Option<ToastAction>);
    let show = |ui: &mut egui::Ui, (toasts, done): &mut State| *done = toasts.show(ui.ctx(), 0.0).or(*done);
    let mut harness = page([800.0, 600.0], (Toasts::default(), None), show);
    harness.state_mut().0.push(toast("Saved.", Tone::Good, None));
    harness.state_mut().0.push(toast("The file is gone.", Tone::Bad, None));
    let undo = harness.state_mut().0.push(toast("Removed.", Tone::Neutral, Some("Undo")));
    harness.run_steps(3);
    harness.get_by_label("Saved.");
    harness.run_steps(30);
    assert!(harness.query_by_label("Saved.").is_none(), "good news pass");
    harness.get_by_label("The file is gone.");
    harness.get_by_role_and_label(Role::Button, "Undo").click();
    harness.run_steps(3);
    assert_eq!(harness.state().1, Some(ToastAction::Act(undo)));
    assert!(harness.query_by_label("Removed.").is_none());
    harness.get_by_role_and_label(Role::Button, "Dismiss").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("The file is gone.").is_none());
    assert_eq!(harness.state().0.history().count(), 3, "all are kept in the history");
}

#[test]
fn a_dialog_starts_on_the_safe_button_and_escape_decides_nothing() {
    type State = Vec<DialogAction>;
    let show = |ui: &mut egui::Ui, decided: &mut State| {
        if decided.is_empty() {
            let dialog = Dialog {
                id: "d",
                title: "Remove “Loan” from this device?",
                text: "Your inputs are deleted with it.",
                confirm: "Remove app",
                danger: true,
                cancel: "Keep app",
            };
            decided.extend(dialog.show(ui.ctx()));
        }
    };
    let mut harness = page([800.0, 600.0], Vec::new(), show);
    harness.run_steps(4);
    harness.get_by_role_and_label(Role::AlertDialog, "Remove “Loan” from this device?");
    assert!(harness.get_by_role_and_label(Role::Button, "Keep app").is_focused());
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert_eq!(*harness.state(), [DialogAction::Cancelled]);
    harness.state_mut().clear();
    harness.run_steps(4);
    harness.get_by_role_and_label(Role::Button, "Remove app").click();
    harness.run_steps(2);
    assert_eq!(*harness.state(), [DialogAction::Confirmed]);
}

#[test]
fn the_widgets_own_words_follow_the_language() {
    let mut harness = list();
    let german = Words {
        search: "Suchen".to_owned(),
        no_match_for: "Nichts passt zu „{0}“.".to_owned(),
        show_all: "Alle zeigen".to_owned(),
        ..Words::english()
    };
    set_words(&harness.ctx, german);
    harness.state_mut().search = "Zebra".to_owned();
    harness.run_steps(2);
    harness.get_by_label("Nichts passt zu „Zebra“.");
    harness.get_by_role_and_label(Role::SearchInput, "Suchen");
    harness.get_by_role_and_label(Role::Button, "Alle zeigen");
}
