//! The screens as a person uses them: found by their accessible names, used by mouse and keyboard.
#![cfg(test)]

#[path = "../examples/screens/samples.rs"]
mod samples;
#[path = "../examples/screens/scenes.rs"]
mod scenes;

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, MouseWheelUnit, TouchPhase, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use engine::view::Kind;
use playsheet_ui::raster::{Scene, Studio};
use playsheet_ui::screens::{self, Desk, Errand, OpenApp, Runner, Stage, SyncState, ThemeChoice};
use playsheet_ui::theme::{self, Theme};
use playsheet_ui::widgets::Toasts;

/// A desk with what a window has beside it: an app that runs, and the errands that came out.
struct Window {
    desk: Desk,
    runner: Option<Runner>,
    toasts: Toasts,
    errands: Vec<Errand>,
}

impl Window {
    fn show(&mut self, ui: &mut egui::Ui) {
        for action in screens::show(ui, &self.desk, &mut self.toasts) {
            match (self.desk.apply(action), &mut self.runner) {
                (Some(Errand::Do(command)), Some(runner)) => runner.act(&command),
                (Some(Errand::Drag(command)), Some(runner)) => runner.drag(&command),
                (Some(errand), _) => self.errands.push(errand),
                (None, _) => continue,
            }
            if let (Some(runner), Some(open)) = (&self.runner, &mut self.desk.open) {
                runner.snapshot().show_in(open);
            }
        }
    }

    /// What an output says.
    fn output(&self, id: &str) -> String {
        let open: &OpenApp = self.desk.open.as_ref().unwrap();
        match &open.view.node(id).unwrap().kind {
            Kind::Output(output) => output.text.clone(),
            other => panic!("{id} is {other:?}"),
        }
    }
}

fn window(size: [f32; 2], desk: Desk, runner: Option<Runner>) -> Harness<'static, Window> {
    let language = desk.language.clone();
    let state = Window { desk, runner, toasts: Toasts::default(), errands: Vec::new() };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(egui::Theme::Light)
        .with_context_setup(move |ctx| {
            theme::install(ctx);
            screens::install(ctx, &language);
        })
        .build_ui_state(|ui, window: &mut Window| window.show(ui), state);
    harness.run_steps(3);
    harness
}

fn app(width: f32) -> Harness<'static, Window> {
    let runner = samples::loan("en-US");
    window([width, 1200.0], samples::desk_with("en-US", &runner), Some(runner))
}

fn names(harness: &Harness<'_, Window>) -> Vec<String> {
    let nodes = harness.root().children_recursive();
    // What a label says is its value, what anything else is called is its label.
    nodes.filter_map(|node| node.accesskit_node().label().or_else(|| node.accesskit_node().value())).collect()
}

#[track_caller]
fn assert_says(harness: &Harness<'_, Window>, wanted: &str) {
    let names = names(harness);
    assert!(names.iter().any(|name| name.contains(wanted)), "{wanted:?} is not in {names:#?}");
}

fn type_into(harness: &mut Harness<'_, Window>, role: Role, name: &str, text: &str) {
    harness.get_by_role_and_label(role, name).focus();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_role_and_label(role, name).type_text(text);
    harness.run_steps(2);
}

#[test]
fn typing_a_value_changes_the_results() {
    for width in [1280.0, 420.0] {
        let mut harness = app(width);
        assert_says(&harness, "Monthly payment: €\u{a0}2,042.09");
        type_into(&mut harness, Role::NumberInput, "Amount", "300000");
        assert_eq!(harness.state().output("monthly"), "2,042.09", "a draft has no effect");
        harness.key_press(Key::Enter);
        harness.run_steps(3);
        assert_eq!(harness.state().output("monthly"), "2,445.51");
        assert_says(&harness, "Monthly payment: €\u{a0}2,445.51, rose by 403.42");
    }
}

#[test]
fn an_entry_that_is_refused_says_why_and_changes_nothing() {
    let mut harness = app(1280.0);
    type_into(&mut harness, Role::NumberInput, "Amount", "12");
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert_says(&harness, "between 1,000");
    assert_eq!(harness.state().output("monthly"), "2,042.09");
    let field = harness.get_by_role_and_label(Role::NumberInput, "Amount");
    assert_eq!(field.value().as_deref(), Some("12"), "what was typed is lost");
}

#[test]
fn changes_are_taken_back_by_key_by_button_and_one_by_one() {
    let mut harness = app(1280.0);
    harness.get_by_label("Increase Term").click();
    harness.run_steps(3);
    assert_ne!(harness.state().output("monthly"), "2,042.09");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run_steps(3);
    assert_eq!(harness.state().output("monthly"), "2,042.09");
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    harness.run_steps(3);
    assert_ne!(harness.state().output("monthly"), "2,042.09");
    harness.get_by_label("Reset Term").click();
    harness.run_steps(3);
    assert_eq!(harness.state().output("monthly"), "2,042.09");
    assert!(harness.query_by_label("Reset Term").is_none(), "nothing is left to reset");
    harness.get_by_label("Increase Term").click();
    harness.run_steps(2);
    harness.get_by_label("Reset inputs").click();
    harness.run_steps(3);
    assert_eq!(harness.state().output("monthly"), "2,042.09");
}

#[test]
fn a_drag_is_one_step_to_take_back() {
    let mut harness = app(1280.0);
    let at = harness.get_by_role_and_label(Role::Slider, "Interest rate").rect();
    let point = |share: f32| egui::pos2(at.left() + at.width() * share, at.center().y);
    harness.drag_at(point(0.3));
    harness.run_steps(1);
    for share in [0.4, 0.5, 0.6, 0.7] {
        harness.hover_at(point(share));
        harness.run_steps(1);
    }
    assert_ne!(harness.state().output("monthly"), "2,042.09", "dragging shows nothing");
    harness.drop_at(point(0.7));
    harness.run_steps(3);
    let open = harness.state().desk.open.clone().unwrap();
    assert!(open.can_undo);
    harness.get_by_label("Undo").click();
    harness.run_steps(3);
    assert_eq!(harness.state().output("monthly"), "2,042.09");
    assert!(!harness.state().desk.open.as_ref().unwrap().can_undo, "the drag left more than one step");
}

#[test]
fn choices_switches_and_folded_sections_work() {
    let mut harness = app(1280.0);
    harness.get_by_label("With residual debt insurance").click();
    harness.run_steps(3);
    assert_eq!(harness.state().output("monthly"), "2,017.09");
    assert!(harness.query_by_label("Country").is_none(), "a folded section shows its inputs");
    harness.get_by_role_and_label(Role::Button, "More").click();
    harness.run_steps(3);
    assert!(harness.query_by_role_and_label(Role::ComboBox, "Country").is_some());
    harness.get_by_label("How sure are you?: 2 of 5").click();
    harness.run_steps(3);
    assert_says(&harness, "2 / 5");
}

#[test]
fn choices_that_are_listed_are_picked_by_mouse_and_by_key() {
    let mut harness = app(1280.0);
    let chosen = |harness: &Harness<'_, Window>| -> Option<usize> {
        let open = harness.state().desk.open.clone().unwrap();
        match &open.view.node("payout").unwrap().kind {
            Kind::Input(input) => input.choices.iter().position(|choice| choice.selected),
            other => panic!("the payout is {other:?}"),
        }
    };
    assert_eq!(chosen(&harness), Some(0));
    harness.get_by_label("Paid out: In parts, as the building goes on").click();
    harness.run_steps(3);
    assert_eq!(chosen(&harness), Some(1));
    harness.get_by_label("Paid out: In parts, as the building goes on").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowDown);
    harness.run_steps(3);
    assert_eq!(chosen(&harness), Some(0), "the arrows do not go round");
}

#[test]
fn units_stand_where_the_view_says_and_colours_are_fit_to_be_read() {
    let harness = app(1280.0);
    assert_says(&harness, "Monthly payment: €\u{a0}2,042.09");
    let open = harness.state().desk.open.clone().unwrap();
    let Kind::Output(trend) = &open.view.node("trend").unwrap().kind else { panic!("no trend") };
    let colours = theme::Colours::of_theme(Theme::Light);
    assert_eq!((trend.text.as_str(), trend.color.as_deref()), ("+0.5%", Some("#ff0000")));
    assert_eq!(colours.ink("#ff0000"), Some(colours.bad));
    let desk = harness.state().desk.clone();
    let mut studio =
        Studio::new(Scene { width_px: 1280, height_px: 900, pixels_per_point: 1.0, theme: Theme::Light })
            .unwrap();
    screens::install(studio.context(), &desk.language);
    let mut toasts = Toasts::default();
    studio.settle(|ui| {
        screens::show(ui, &desk, &mut toasts);
    });
    let row = harness.get_by_label_contains("Interest against last year").rect();
    let picture = studio.picture().unwrap();
    let [r, g, b, a] = colours.bad.to_array();
    let red = (row.top() as u32..row.bottom() as u32)
        .flat_map(|y| (row.center().x as u32..row.right() as u32).map(move |x| (x, y)))
        .filter(|(x, y)| picture.pixel(*x, *y) == Some([r, g, b, a]))
        .count();
    assert!(red > 20, "the result is not painted in the colour of its format: {red} pixels");
}

#[test]
fn a_list_of_cards_shows_every_column() {
    for width in [1280.0, 420.0] {
        let mut harness = app(width);
        harness.get_by_role_and_label(Role::Tab, "Shelf").click();
        harness.run_steps(4);
        assert_says(&harness, "Oak table 100, Article 70000, Group Furniture, Price 19.90 €, In stock");
        type_into(&mut harness, Role::SearchInput, "Search", "lamp 70001");
        harness.run_steps(4);
        assert_says(&harness, "Desk lamp 101");
        assert!(harness.query_by_label_contains("Oak table 100").is_none());
    }
}

#[test]
fn an_app_that_needs_a_sync_offers_it_and_says_how_it_goes() {
    let why = "the lease of “Loan” has ended".to_owned();
    let stage = screens::OpenStage::Failed { why, cure: screens::Cure::Sync };
    let open = OpenApp { id: "app-0".into(), name: "Loan".into(), stage, ..OpenApp::default() };
    let desk = Desk { open: Some(open), entries: Some(samples::entries(1)), ..samples::desk("en-US") };
    let mut harness = window([1280.0, 800.0], desk, None);
    assert_says(&harness, "Loan could not be opened. The lease of “Loan” has ended.");
    harness.get_by_label("Sync now").click();
    harness.run_steps(3);
    assert_eq!(harness.state().errands, [Errand::Sync]);
    assert_says(&harness, "Asking the portal what is new");
    harness.state_mut().desk.sync = SyncState::Offline;
    harness.run_steps(3);
    assert_says(&harness, "The portal cannot be reached.");
    harness.get_by_label("Try again").click();
    harness.run_steps(3);
    assert_eq!(harness.state().errands, [Errand::Sync, Errand::Sync]);
}

#[test]
fn a_list_is_searched_sorted_and_scrolled_through_windows() {
    for width in [1280.0, 420.0] {
        let mut harness = app(width);
        harness.get_by_role_and_label(Role::Tab, "Products").click();
        harness.run_steps(4);
        assert_says(&harness, "940");
        let search = harness.get_by_role_and_label(Role::SearchInput, "Search").rect();
        harness.hover_at(search.center() + vec2(0.0, 240.0));
        harness.event(Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, -20_000.0),
            phase: TouchPhase::Move,
            modifiers: Modifiers::NONE,
            source: egui::MouseWheelSource::Wheel,
        });
        harness.run_steps(30);
        let rows: Vec<String> =
            names(&harness).into_iter().filter(|name| name.contains("Article 70")).collect();
        assert!(!rows.is_empty() && rows.iter().all(|row| !row.contains("Article 70000")), "{rows:?}");
        type_into(&mut harness, Role::SearchInput, "Search", "lamp 70001");
        harness.run_steps(4);
        assert_says(&harness, "1 of 940");
        assert_says(&harness, "Desk lamp 101");
        type_into(&mut harness, Role::SearchInput, "Search", "zeppelin");
        harness.run_steps(4);
        assert_says(&harness, "Nothing matches “zeppelin”.");
        harness.get_by_label("Show all").click();
        harness.run_steps(4);
        assert_says(&harness, "Oak table 100");
    }
}

#[test]
fn apps_are_found_and_opened_from_the_keyboard() {
    let entries = Some(samples::entries(40));
    let mut harness = window([1280.0, 800.0], Desk { entries, ..samples::desk("en-US") }, None);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run_steps(2);
    harness.get_by_role(Role::SearchInput).type_text("team bud");
    harness.run_steps(3);
    assert_says(&harness, "Team budget 2026, Updated");
    assert!(harness.query_by_label_contains("Shift planner").is_none(), "the search narrows nothing down");
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert_eq!(harness.state().errands, [Errand::Open("app-1".to_owned())]);
    assert_says(&harness, "Opening Team budget 2026");
    harness.get_by_label("Back to apps").click();
    harness.run_steps(3);
    assert_eq!(harness.state().errands.last(), Some(&Errand::Close));
}

#[test]
fn a_search_without_a_match_shows_everything_again() {
    let entries = Some(samples::entries(10));
    let mut harness =
        window([420.0, 800.0], Desk { entries, search: "weather".into(), ..samples::desk("en-US") }, None);
    assert_says(&harness, "No app is called “weather”.");
    harness.get_by_label("Show all apps").click();
    harness.run_steps(3);
    assert_says(&harness, "Loan, Up to date");
}

#[test]
fn the_gallery_says_how_each_app_is() {
    let entries = Some(samples::entries(10));
    let desk = Desk { entries, ..samples::desk("en-US") };
    let harness = window([1280.0, 800.0], desk.clone(), None);
    for state in [
        "Up to date",
        "Updated",
        "New",
        "Withdrawn",
        "Needs sign-in",
        "Sync to use again",
        "Update Playsheet",
    ] {
        assert_says(&harness, state);
    }
    let offline = window([1280.0, 800.0], Desk { sync: SyncState::Offline, ..desk }, None);
    assert_says(&offline, "Loan, Offline until Nov 28");
    assert_says(&offline, "The portal cannot be reached.");
}

#[test]
fn an_empty_gallery_teaches_and_offers_the_sync() {
    let mut harness = window([1280.0, 800.0], samples::desk("en-US"), None);
    assert_says(&harness, "You have no apps yet. Apps that are shared with ada@example.org");
    let buttons: Vec<_> = harness.query_all_by_role_and_label(Role::Button, "Sync now").collect();
    buttons.last().unwrap().click();
    drop(buttons);
    harness.run_steps(3);
    assert_eq!(harness.state().errands, [Errand::Sync]);
    harness.get_by_label("Cancel").click();
    harness.run_steps(2);
    assert_eq!(harness.state().errands, [Errand::Sync, Errand::Cancel]);
}

#[test]
fn an_app_that_wants_a_name_and_a_password_asks_for_them() {
    let entries = Some(samples::entries(10));
    let mut harness = window([1280.0, 800.0], Desk { entries, ..samples::desk("en-US") }, None);
    harness.get_by_label("Shift planner, Needs sign-in").click();
    harness.run_steps(3);
    harness.get_by_label("Save and sync").click();
    harness.run_steps(3);
    assert_says(&harness, "Enter the user name.");
    type_into(&mut harness, Role::TextInput, "User name", "ada");
    type_into(&mut harness, Role::PasswordInput, "Password", "swordfish");
    harness.get_by_label("Save and sync").click();
    harness.run_steps(3);
    let expected = Errand::SourceSignIn {
        origin: "https://files.example.org:443".into(),
        user: "ada".into(),
        password: "swordfish".into(),
    };
    assert_eq!(harness.state().errands, [expected]);
}

#[test]
fn a_sign_in_says_what_is_missing_and_hands_out_what_was_typed() {
    for width in [1280.0, 420.0] {
        let desk = Desk { stage: Stage::SignedOut, ..samples::desk("en-US") };
        let mut harness = window([width, 860.0], desk, None);
        harness.get_by_role_and_label(Role::Button, "Sign in").click();
        harness.run_steps(3);
        for problem in
            ["Enter the address of your portal.", "Enter your e-mail address.", "Enter your password."]
        {
            assert_says(&harness, problem);
        }
        type_into(&mut harness, Role::TextInput, "Portal address", "portal.example.org");
        type_into(&mut harness, Role::TextInput, "E-mail", "ada@example.org");
        type_into(&mut harness, Role::PasswordInput, "Password", "swordfish");
        harness.key_press(Key::Enter);
        harness.run_steps(3);
        let expected = Errand::SignIn {
            address: "portal.example.org".into(),
            email: "ada@example.org".into(),
            password: "swordfish".into(),
        };
        assert_eq!(harness.state().errands, [expected]);
        assert_says(&harness, "Signing in");
        harness.get_by_label("Cancel").click();
        harness.run_steps(3);
        assert_eq!(harness.state().errands.last(), Some(&Errand::Cancel));
        harness.state_mut().desk.form.problem = Some("the portal says: wrong password".to_owned());
        harness.run_steps(3);
        assert_says(&harness, "Problem: The portal says: wrong password.");
    }
}

#[test]
fn settings_change_the_theme_and_ask_before_signing_out() {
    let mut harness = window([1280.0, 900.0], samples::desk("en-US"), None);
    harness.get_by_role_and_label(Role::Tab, "Settings").click();
    harness.run_steps(3);
    harness.get_by_label("Theme: Dark").click();
    harness.run_steps(3);
    assert_eq!(harness.state().desk.theme, ThemeChoice::Dark);
    assert_eq!(harness.state().errands, [Errand::KeepLook]);
    harness.get_by_role_and_label(Role::Button, "Sign out").click();
    harness.run_steps(3);
    assert_says(&harness, "Sign out and remove the apps from this computer?");
    harness.get_by_label("Stay signed in").click();
    harness.run_steps(3);
    assert_eq!(harness.state().errands, [Errand::KeepLook]);
}

#[test]
fn steps_of_an_app_without_an_answer_keep_what_was_typed() {
    let runner = samples::loan("en-US");
    let mut harness = window([1280.0, 900.0], samples::desk_with("en-US", &runner), None);
    type_into(&mut harness, Role::NumberInput, "Amount", "300000");
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    let field = harness.get_by_role_and_label(Role::NumberInput, "Amount");
    assert_eq!(
        field.value().as_deref(),
        Some("300000"),
        "the old value flashes while the new one is computed"
    );
}

#[test]
fn every_input_of_every_screen_has_a_name() {
    let all: Vec<scenes::SceneOf> = scenes::plain().into_iter().chain(scenes::apps()).collect();
    for width in [1280.0, 360.0] {
        // One window for all: what a window costs is its fonts.
        let mut harness = window([width, 860.0], samples::desk("en-US"), None);
        for scene in &all {
            screens::install(&harness.ctx, &scene.desk.language);
            harness.state_mut().desk = scene.desk.clone();
            harness.run_steps(3);
            for node in harness.root().children_recursive() {
                let node = node.accesskit_node();
                if egui::accessibility::is_input(node.role()) || node.role() == Role::Button {
                    let name = node.label().unwrap_or_default();
                    assert!(!name.trim().is_empty(), "a {:?} on {} has no name", node.role(), scene.name);
                }
            }
        }
    }
}

#[test]
fn every_screen_is_painted_in_both_themes_and_widths() {
    let mut all: Vec<scenes::SceneOf> = scenes::plain().into_iter().chain(scenes::apps()).collect();
    // Half a pixel a point: the layout of 1280 by 800 and 420 by 860 points, painted in a quarter of the time. One
    // studio for all: what a studio costs is its fonts.
    let of =
        |theme, [width_px, height_px]: [u32; 2]| Scene { width_px, height_px, pixels_per_point: 0.5, theme };
    let mut studio = Studio::new(of(Theme::Light, [640, 400])).unwrap();
    for theme in Theme::ALL {
        for [width_px, height_px] in [[640, 400], [210, 430]] {
            for scene in &mut all {
                studio.stage(of(theme, [width_px, height_px])).unwrap();
                screens::install(studio.context(), &scene.desk.language);
                studio.settle(|ui| {
                    screens::show(ui, &scene.desk, &mut scene.toasts);
                });
                let picture = studio.picture().unwrap();
                let mut colours: Vec<[u8; 4]> = (0..height_px)
                    .step_by(2)
                    .flat_map(|y| (0..width_px).step_by(2).map(move |x| (x, y)))
                    .filter_map(|(x, y)| picture.pixel(x, y))
                    .collect();
                colours.sort_unstable();
                colours.dedup();
                assert!(colours.len() > 8, "{} at {width_px} in {theme:?} is blank", scene.name);
            }
        }
    }
}
