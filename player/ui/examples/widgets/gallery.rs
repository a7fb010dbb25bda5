//! All house widgets in all their states on one page, as data and layout; `main.rs` paints it, the tests drive it.

#[path = "data.rs"]
mod data;

use data::{COLUMNS, number, product, row};
use playsheet_ui::UiExt as _;
use playsheet_ui::theme::{Step, icons, space};
use playsheet_ui::widgets::{
    AppIcon, AppState, Banner, Button, ButtonKind, Change, Chart, ChartKind, Chip, Choice, Date, DateAction,
    DateInput, DateLocale, Dropdown, EditAction, EmptyState, FieldText, Filter, List, ListAction, ListState,
    NumberInput, Output, OutputValue, Progress, Row, Series, Slider, SliderAction, Sort, TextInput, Tile,
    Tone,
};

/// What a person can change on the page.
pub struct Gallery {
    pub name: String,
    pub notes: String,
    pub amount: f64,
    pub rate: f64,
    pub years: f64,
    pub kind: Option<usize>,
    pub few: Option<usize>,
    pub country: Option<usize>,
    pub start: Option<Date>,
    pub insured: bool,
    pub newsletter: Option<bool>,
    pub search: String,
    pub filters: [bool; 3],
    pub sort: Sort,
    pub opened: Option<usize>,
    pub locale: DateLocale,
    /// How many products there are.
    pub products: usize,
    /// What the person did, as text, the newest last.
    pub log: Vec<String>,
}

impl Default for Gallery {
    fn default() -> Self {
        Self {
            name: "Kitchen".to_owned(),
            notes: "Wholesale price holds until the end of the month.\nAsk again in January.".to_owned(),
            amount: 250_000.0,
            rate: 2.55,
            years: 12.0,
            kind: Some(0),
            few: Some(1),
            country: None,
            start: Date::new(2026, 11, 28),
            insured: true,
            newsletter: Some(false),
            search: String::new(),
            filters: [true, false, false],
            sort: Sort { column: 1, descending: true },
            opened: None,
            locale: DateLocale::iso(),
            products: 940,
            log: Vec::new(),
        }
    }
}

const KINDS: [&str; 3] = ["Annuity", "Linear", "Bullet"];
const FEW: [&str; 5] = ["Monthly", "Quarterly", "Half-yearly", "Yearly", "At the end of the term"];
const COUNTRIES: [&str; 14] = [
    "Austria",
    "Belgium",
    "Croatia",
    "Denmark",
    "Estonia",
    "Finland",
    "France",
    "Germany",
    "Greece",
    "Ireland",
    "Italy",
    "Netherlands",
    "Portugal",
    "Spain",
];
const TODAY: (i32, u32, u32) = (2026, 11, 21);

impl Gallery {
    /// The whole page.
    pub fn show(&mut self, ui: &mut egui::Ui) {
        let width = ui.available_width();
        let margin = if width < 600.0 { space::ITEM } else { space::PAGE };
        egui::Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = space::ITEM;
            ui.screen_title("House widgets");
            if width >= 960.0 {
                let inner = ui.available_width();
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = space::SECTION;
                    column(ui, 380.0, |ui| self.inputs(ui));
                    column(ui, inner - 380.0 - space::SECTION, |ui| self.results(ui));
                });
            } else {
                self.results(ui);
                self.inputs(ui);
            }
            self.list(ui);
            self.states(ui);
            self.tiles(ui);
        });
    }

    fn note(&mut self, what: impl Into<String>) {
        self.log.push(what.into());
    }

    /// Every input, and every state of an input.
    pub fn inputs(&mut self, ui: &mut egui::Ui) {
        ui.card(|ui| {
            ui.spacing_mut().item_spacing.y = space::ITEM;
            ui.section_title("Loan");
            self.typed_inputs(ui);
            self.chosen_inputs(ui);
            self.switched_inputs(ui);
            self.buttons(ui);
        });
    }

    fn typed_inputs(&mut self, ui: &mut egui::Ui) {
        let about =
            FieldText { help: "Shown in your list of calculations", ..FieldText::new("name", "Name") };
        if let Some(EditAction::Typed(text)) = ui.text_input(TextInput::new(about, &self.name)) {
            self.note(format!("name {text}"));
            self.name = text;
        }
        let (shown, editable) = (number(self.amount, 0), self.amount.to_string());
        let about = FieldText { unit: "€", ..FieldText::new("amount", "Amount") };
        match ui.number_input(NumberInput { about, shown: &shown, editable: &editable, steps: true }) {
            Some(EditAction::Typed(text)) => {
                self.note(format!("amount {text}"));
                self.amount = text.replace(',', "").parse().unwrap_or(self.amount);
            }
            Some(EditAction::Step(steps)) => self.amount += 1000.0 * f64::from(steps),
            _ => {}
        }
        self.sliders(ui);
        let about = FieldText {
            problem: Some("Body height must be between 80 and 250 cm"),
            unit: "cm",
            ..FieldText::new("height", "Body height")
        };
        ui.number_input(NumberInput::new(about, "18"));
        let about = FieldText {
            unit: "kg",
            enabled: false,
            help: "Locked in the spreadsheet",
            ..FieldText::new("mass", "Reference weight")
        };
        ui.number_input(NumberInput::new(about, "72.5"));
        let about = FieldText::new("notes", "Notes");
        if let Some(EditAction::Typed(text)) =
            ui.text_input(TextInput { rows: 3, ..TextInput::new(about, &self.notes) })
        {
            self.notes = text;
        }
        let about = FieldText { hint: "At least 12 characters", ..FieldText::new("secret", "Passphrase") };
        ui.text_input(TextInput { secret: true, ..TextInput::new(about, "") });
    }

    fn sliders(&mut self, ui: &mut egui::Ui) {
        let text = number(self.rate, 2);
        let slider = Slider {
            about: FieldText { unit: "%", ..FieldText::new("rate", "Interest rate") },
            value: self.rate,
            least: 0.0,
            greatest: 10.0,
            step: 0.05,
            shown: &text,
            editable: &text,
            least_shown: "0 %",
            greatest_shown: "10 %",
        };
        match ui.slider_input(slider) {
            Some(SliderAction::Dragging(value) | SliderAction::Set(value)) => {
                self.note(format!("rate {value}"));
                self.rate = value;
            }
            Some(SliderAction::Typed(text)) => self.rate = text.parse().unwrap_or(self.rate),
            None => {}
        }
        let text = number(self.years, 0);
        let slider = Slider {
            about: FieldText { unit: "years", enabled: false, ..FieldText::new("years", "Term") },
            value: self.years,
            least: 1.0,
            greatest: 30.0,
            step: 1.0,
            shown: &text,
            editable: &text,
            least_shown: "1",
            greatest_shown: "30",
        };
        ui.slider_input(slider);
    }

    fn chosen_inputs(&mut self, ui: &mut egui::Ui) {
        let about = FieldText::new("kind", "Repayment");
        if let Some(index) = ui.choice_input(Choice { about, choices: &KINDS, chosen: self.kind }) {
            self.note(format!("kind {index}"));
            self.kind = Some(index);
        }
        let about = FieldText::new("few", "Payments");
        if let Some(index) = ui.choice_input(Choice { about, choices: &FEW, chosen: self.few }) {
            self.note(format!("few {index}"));
            self.few = Some(index);
        }
        let about = FieldText { hint: "Choose a country", ..FieldText::new("country", "Country") };
        if let Some(index) = ui.dropdown_input(Dropdown { about, choices: &COUNTRIES, chosen: self.country })
        {
            self.note(format!("country {}", COUNTRIES[index]));
            self.country = Some(index);
        }
        let Some(today) = Date::new(TODAY.0, TODAY.1, TODAY.2) else { return };
        let about =
            FieldText { help: "The first payment is due a month later", ..FieldText::new("start", "Start") };
        let locale = self.locale.clone();
        match ui.date_input(DateInput { about, value: self.start, today, locale: &locale }) {
            Some(DateAction::Picked(date)) => {
                self.note(format!("start {}", DateLocale::iso().text(date)));
                self.start = Some(date);
            }
            Some(DateAction::Cleared) => {
                self.note("start cleared");
                self.start = None;
            }
            None => {}
        }
    }

    fn switched_inputs(&mut self, ui: &mut egui::Ui) {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = space::GROUP;
            let about = FieldText::new("insured", "With residual debt insurance");
            if let Some(on) = ui.switch_input(&about, self.insured) {
                self.note(format!("insured {on}"));
                self.insured = on;
            }
            let about =
                FieldText { help: "Costs 1 % a year", ..FieldText::new("fixed", "Fixed for the whole term") };
            ui.switch_input(&about, false);
            let about = FieldText::new("newsletter", "Tell me when the rate changes");
            if let Some(on) = ui.checkbox_input(&about, self.newsletter) {
                self.note(format!("newsletter {on}"));
                self.newsletter = Some(on);
            }
            ui.checkbox_input(&FieldText::new("all", "All accounts"), None);
            ui.checkbox_input(
                &FieldText::new(
                    "agreed",
                    "Own funds are included, which lowers the amount that has to be borrowed",
                ),
                Some(true),
            );
            let about = FieldText { enabled: false, ..FieldText::new("off", "Not in this app") };
            ui.checkbox_input(&about, Some(true));
        });
    }

    fn buttons(&mut self, ui: &mut egui::Ui) {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.y = space::GROUP;
            if ui.primary_button("Calculate") {
                self.note("calculate");
            }
            if ui.secondary_button("Keep my version") {
                self.note("keep");
            }
            if ui.danger_button("Remove app") {
                self.note("remove");
            }
            if ui.quiet_button("Show steps") {
                self.note("steps");
            }
            Button { enabled: false, ..Button::new(ButtonKind::Primary, "Publish app") }.show(ui);
            if ui.icon_button(icons::RESET, "Reset inputs") {
                self.note("reset");
            }
            Button {
                icon: Some(icons::EXPORT),
                compact: true,
                ..Button::new(ButtonKind::Secondary, "Export")
            }
            .show(ui);
        });
    }

    /// Results: headline, rows, charts.
    pub fn results(&mut self, ui: &mut egui::Ui) {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = space::ITEM;
            let headline = Output {
                unit: "€",
                change: Some(Change::Rose("12.40")),
                ..Output::new("monthly", "Monthly payment", OutputValue::Value("2,017.09"))
            };
            ui.headline(headline);
            ui.row_card(|ui| {
                ui.output_row(Output {
                    unit: "€",
                    ..Output::new("total", "Total", OutputValue::Value("290,461.00"))
                });
                ui.output_row(Output {
                    unit: "€",
                    ..Output::new(
                        "interest",
                        "Interest over the whole term, with insurance where it was chosen",
                        OutputValue::Value("40,461.00"),
                    )
                });
                ui.output_row(Output {
                    unit: "%",
                    ..Output::new("effective", "Effective rate", OutputValue::Value("2.58"))
                });
                ui.output_row(Output::new(
                    "bmi",
                    "Body mass index",
                    OutputValue::Missing("needs a body height"),
                ));
                let error = OutputValue::Error {
                    words: "divides by an empty cell",
                    cell_error: "#DIV/0! in Loan!B14",
                };
                ui.output_row(Output::new("ratio", "Ratio", error));
                ui.output_row(Output::new(
                    "advice",
                    "Advice",
                    OutputValue::Value("Affordable: the payment stays below a third of your income"),
                ));
            });
            self.charts(ui);
        });
    }

    fn charts(&self, ui: &mut egui::Ui) {
        let years: Vec<String> = (2026..=2038).map(|year| year.to_string()).collect();
        let years: Vec<&str> = years.iter().map(String::as_str).collect();
        let balance: Vec<Option<f64>> =
            (0..13).map(|i| Some(250_000.0 - 18_000.0 * f64::from(i) - 235.0 * f64::from(i * i))).collect();
        let paid: Vec<Option<f64>> = (0..13).map(|i| (i != 7).then_some(24_205.0 * f64::from(i))).collect();
        let format = |value: f64| format!("{} €", number(value, 0));
        let short = |value: f64| {
            if value == 0.0 { "0".to_owned() } else { format!("{}k", number(value / 1000.0, 0)) }
        };
        ui.card(|ui| {
            ui.chart(Chart {
                id: "balance",
                title: "Balance and payments",
                kind: ChartKind::Line,
                categories: &years,
                category_heading: "Year",
                series: &[Series::new("Balance", &balance), Series::new("Paid", &paid)],
                format: &format,
                axis_format: &short,
                bounds: [None, None],
                height: 220.0,
            });
        });
        let quarters = ["Q1", "Q2", "Q3", "Q4"];
        let [north, south, west] =
            [[120.0, 135.0, 98.0, 160.0], [80.0, 92.0, 110.0, 70.0], [40.0, -22.0, 35.0, 64.0]]
                .map(|values| values.map(Some));
        let plain = |value: f64| number(value, 0);
        ui.card(|ui| {
            ui.chart(Chart {
                id: "regions",
                title: "Revenue by region, thousand €",
                kind: ChartKind::Bar,
                categories: &quarters,
                category_heading: "Quarter",
                series: &[
                    Series::new("North", &north),
                    Series::new("South", &south),
                    Series::new("West", &west),
                ],
                format: &plain,
                axis_format: &plain,
                bounds: [None, None],
                height: 200.0,
            });
        });
    }

    /// A list with its toolbar.
    pub fn list(&mut self, ui: &mut egui::Ui) {
        ui.section_title("Products");
        let matching: Vec<usize> = (0..self.products)
            .filter(|i| product(*i).0.to_lowercase().contains(&self.search.to_lowercase()))
            .collect();
        let labels = ["In stock", "On sale", "New"];
        let filters: Vec<Filter<'_>> =
            labels.iter().zip(self.filters).map(|(&label, on)| Filter { label, on }).collect();
        let search = self.search.clone();
        let list = List {
            title: "Product",
            search: Some(&search),
            filters: &filters,
            sort: Some(self.sort),
            shown: matching.len(),
            total: self.products,
            opens: true,
            states: true,
            max_height: 6.0 * 44.0,
            ..List::new("products", "Products", &COLUMNS, 0)
        };
        let action = ui.list(list, |at| row(matching.get(at).copied().unwrap_or_default()));
        match action {
            Some(ListAction::Search(text)) => self.search = text,
            Some(ListAction::Filter(index)) => {
                self.filters[index] = !self.filters[index];
                self.note(format!("filter {index}"));
            }
            Some(ListAction::ShowAll) => self.search.clear(),
            Some(ListAction::Sort(sort)) => {
                self.note(format!("sort {sort:?}"));
                self.sort = sort;
            }
            Some(ListAction::Open(index)) => {
                self.note(format!("open {index}"));
                self.opened = Some(index);
            }
            Some(ListAction::Act) => self.note("act"),
            None => {}
        }
    }

    /// Chips, banners, and the states of things that are not there.
    pub fn states(&mut self, ui: &mut egui::Ui) {
        ui.section_title("States");
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.y = space::GROUP;
            ui.spacing_mut().interact_size.y = 0.0;
            for (label, tone) in [
                ("Draft", Tone::Neutral),
                ("▲ 1.2", Tone::Accent),
                ("Published", Tone::Good),
                ("Low stock", Tone::Warn),
                ("Withdrawn", Tone::Bad),
            ] {
                ui.chip(Chip::new(label, tone));
            }
            ui.chip(Chip { icon: Some(icons::OFFLINE), ..Chip::new("Offline until 28 Nov", Tone::Neutral) });
        });
        let banners = [
            ("Prices.xlsx changed on the server 5 minutes ago.", Tone::Accent, Some("Install update"), true),
            (
                "The portal cannot be reached. Your inputs are kept here and the app goes on working until 28 November.",
                Tone::Warn,
                None,
                true,
            ),
            (
                "Access to “Team budget” was withdrawn. Its data has been removed from this device.",
                Tone::Bad,
                Some("Ask for access"),
                false,
            ),
            ("Everything is up to date.", Tone::Good, None, false),
        ];
        for (text, tone, action, dismissible) in banners {
            if let Some(action) = ui.banner(Banner { text, tone, action, dismissible }) {
                self.note(format!("banner {action:?}"));
            }
        }
        self.stand_ins(ui);
    }

    /// What stands in for things that are not there.
    fn stand_ins(&mut self, ui: &mut egui::Ui) {
        let halves = ui.available_width() >= 700.0;
        let width = if halves { (ui.available_width() - space::ITEM) / 2.0 } else { ui.available_width() };
        let layout = egui::Layout::left_to_right(egui::Align::Min).with_main_wrap(!halves);
        ui.with_layout(layout, |ui| {
            ui.spacing_mut().item_spacing = egui::vec2(space::ITEM, space::ITEM);
            column(ui, width, |ui| {
                ui.card(|ui| {
                    let empty = EmptyState { icon: icons::APPS, text: "You have no apps yet. Ask a colleague to invite you, or open a spreadsheet of your own.", action: Some("Open a spreadsheet") };
                    if ui.empty_state(empty) {
                        self.note("open a spreadsheet");
                    }
                });
            });
            column(ui, width, |ui| {
                ui.card(|ui| {
                    ui.spacing_mut().item_spacing.y = space::ITEM;
                    ui.skeleton(4);
                    let progress = Progress { label: "Fetching Prices.xlsx", share: Some(0.3), amount: "12 of 40 MB", cancellable: true };
                    if ui.progress(progress) {
                        self.note("cancelled");
                    }
                    let list = List { state: ListState::Empty { text: "Nobody has this app yet.", action: Some("Invite people") }, ..List::new("people", "People", &[], 0) };
                    if ui.list(list, |_| Row::default()) == Some(ListAction::Act) {
                        self.note("invite");
                    }
                });
            });
        });
    }

    /// Tiles of apps.
    pub fn tiles(&mut self, ui: &mut egui::Ui) {
        ui.section_title("Apps");
        let tiles = [
            ("bmi", "BMI", AppIcon::Icon(icons::CALCULATOR), AppState::UpToDate("Up to date")),
            (
                "loan-1",
                "Loan with repayment schedule",
                AppIcon::Icon(icons::MONEY),
                AppState::UpdateReady("Update ready"),
            ),
            ("quote", "Quote", AppIcon::Letters, AppState::Offline("Offline until 28 Nov")),
            ("catalogue", "Product catalogue", AppIcon::Letters, AppState::Syncing("Syncing, 40 %")),
            (
                "budget-42",
                "Team budget dashboard for the northern region 2026",
                AppIcon::Letters,
                AppState::UpToDate("Up to date"),
            ),
            ("shift", "Shift planner", AppIcon::Letters, AppState::Withdrawn("Withdrawn")),
        ];
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(space::ITEM, space::ITEM);
            for (id, name, icon, state) in tiles {
                if ui.tile(Tile { id, name, icon, state, width: 176.0 }) {
                    self.note(format!("tile {id}"));
                }
            }
        });
        let colour = ui.colours().text_2;
        ui.colored_label(
            colour,
            playsheet_ui::theme::rich(
                "Built from plain spreadsheets.",
                Step::Caption,
                playsheet_ui::theme::Weight::Regular,
            ),
        );
    }
}

/// A column of a width.
fn column<R>(ui: &mut egui::Ui, width: f32, add: impl FnOnce(&mut egui::Ui) -> R) -> R {
    ui.allocate_ui_with_layout(egui::vec2(width, 0.0), egui::Layout::top_down(egui::Align::Min), |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.x = space::GROUP;
        add(ui)
    })
    .inner
}
