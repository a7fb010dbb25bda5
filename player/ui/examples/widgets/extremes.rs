//! What strains the widgets: long words, huge and tiny numbers, many series, nothing at all.

use playsheet_ui::UiExt as _;
use playsheet_ui::theme::space;
use playsheet_ui::widgets::{
    AppIcon, AppState, Change, Chart, ChartKind, Chip, Choice, Column, Date, DateInput, DateLocale, Dropdown,
    FieldText, List, NumberInput, Output, OutputValue, Row, Series, Slider, Sort, Tile, Tone,
};

/// A page that a careless spreadsheet could ask for.
pub fn extremes(ui: &mut egui::Ui) {
    egui::Frame::new().inner_margin(space::ITEM).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::ITEM;
        ui.screen_title("Baufinanzierungsrechner für Selbstständige");
        results(ui);
        ui.card(|ui| {
            ui.spacing_mut().item_spacing.y = space::ITEM;
            inputs(ui);
        });
        charts(ui);
        list(ui);
    });
}

fn results(ui: &mut egui::Ui) {
    let value = OutputValue::Value("−1.234.567.890.123,45");
    let change = Some(Change::Fell("1.234.567.890,12"));
    ui.headline(Output {
        unit: "€",
        change,
        ..Output::new(
            "rate",
            "Gesamtbelastung über die Laufzeit einschließlich Restschuldversicherung",
            value,
        )
    });
    ui.headline(Output::new("none", "Monatsrate", OutputValue::Missing("braucht einen Darlehensbetrag")));
    ui.row_card(|ui| {
        ui.output_row(Output { unit: "€/Monat", ..Output::new("a", "Rate", OutputValue::Value("2.017,09")) });
        ui.output_row(Output { unit: "€", ..Output::new("b", "Restschuld am Ende der Zinsbindung", OutputValue::Value("1.234.567.890,12")) });
        ui.output_row(Output::new("c", "Empfehlung", OutputValue::Value("Eigenkapitalquotenverbesserungsmaßnahme prüfen, da die Belastung über der Hälfte des Nettoeinkommens liegt")));
        let error = OutputValue::Error { words: "Die Suche hat in der Preisliste keinen Artikel mit dieser Nummer gefunden", cell_error: "#NV" };
        ui.output_row(Output::new("d", "Artikel", error));
        ui.output_row(Output::new("e", "", OutputValue::Value("")));
    });
}

fn inputs(ui: &mut egui::Ui) {
    let about = FieldText {
        unit: "Quadratmeter",
        help: "Einschließlich Balkon und Terrasse, die nur zur Hälfte zählen, sofern sie nicht überdacht sind",
        ..FieldText::new("area", "Wohnfläche nach Wohnflächenverordnung ohne Nebenräume im Keller")
    };
    ui.number_input(NumberInput::new(about, "123456789012345678901234567890123456789"));
    let about = FieldText {
        unit: "%",
        problem: Some(
            "Der Zinssatz muss zwischen 0 % und 15 % liegen und darf höchstens zwei Nachkommastellen haben",
        ),
        ..FieldText::new("rate", "Sollzinssatz")
    };
    ui.slider_input(Slider {
        about,
        value: 99.0,
        least: 0.0,
        greatest: 15.0,
        step: 0.01,
        shown: "99,00",
        editable: "99,00",
        least_shown: "0,00 %",
        greatest_shown: "15,00 %",
    });
    let choices = ["Ja, vollständig", "Nein", "Teilweise"];
    ui.choice_input(Choice {
        about: FieldText::new("c", "Restschuldversicherung"),
        choices: &choices,
        chosen: None,
    });
    let long = ["Annuitätendarlehen mit anfänglicher Tilgung und jährlicher Sondertilgung"];
    ui.dropdown_input(Dropdown {
        about: FieldText::new("d", "Darlehensart"),
        choices: &long,
        chosen: Some(0),
    });
    if let Some(today) = Date::new(2026, 11, 21) {
        let locale = DateLocale::german();
        ui.date_input(DateInput {
            about: FieldText::new("date", "Auszahlung"),
            value: None,
            today,
            locale: &locale,
        });
    }
    ui.switch_input(&FieldText::new("s", "Bereitstellungszinsfreiheitsverlängerung"), true);
    ui.horizontal_wrapped(|ui| {
        ui.primary_button("Veröffentlichen und einladen");
        ui.secondary_button("Meine Fassung behalten");
    });
}

fn charts(ui: &mut egui::Ui) {
    let names: Vec<String> = (1..=40).map(|week| format!("KW {week}")).collect();
    let weeks: Vec<&str> = names.iter().map(String::as_str).collect();
    let values: Vec<Vec<Option<f64>>> = (0..8u32)
        .map(|series| {
            (0..40u32)
                .map(|week| Some(f64::from((week * 37 + series * 91) % (50 + 20 * series)) * 1e6))
                .collect()
        })
        .collect();
    let labels = ["Nord", "Süd", "West", "Ost", "Mitte", "Ausland", "Versand", "Sonstige Vertriebswege"];
    let series: Vec<Series<'_>> =
        labels.iter().zip(&values).map(|(name, values)| Series::new(name, values)).collect();
    let format = |value: f64| format!("{:.1} Mio. €", value / 1e6);
    let chart = |id, title, kind, categories, series| Chart {
        id,
        title,
        kind,
        categories,
        category_heading: "Woche",
        series,
        format: &format,
        axis_format: &format,
        bounds: [None, None],
        height: 200.0,
    };
    ui.card(|ui| {
        ui.chart(chart(
            "l",
            "Umsatz nach Vertriebsweg",
            ChartKind::Line,
            weeks.as_slice(),
            series.as_slice(),
        ));
    });
    ui.card(|ui| ui.chart(chart("b", "Umsatz nach Woche", ChartKind::Bar, &weeks, &series[..1])));
    let one = [Some(7.0e6)];
    let single = [Series::new("Nord", &one)];
    ui.card(|ui| ui.chart(chart("1", "Eine Woche", ChartKind::Line, &weeks[..1], &single)));
    ui.card(|ui| ui.chart(chart("0", "Keine Werte", ChartKind::Line, &[], &[])));
}

fn list(ui: &mut egui::Ui) {
    let columns = [Column { heading: "Einzelpreis netto", figures: true, sortable: true }];
    let list = List {
        title: "Artikel",
        search: Some(""),
        sort: Some(Sort { column: 0, descending: false }),
        states: true,
        total: 12_345,
        ..List::new("articles", "Artikel", &columns, 2)
    };
    ui.list(list, |index| Row {
        title: "Schreibtischunterschrank mit Hängeregistratur, abschließbar".into(),
        subtitle: "Artikel 70000, Lieferzeit zwei bis drei Wochen ab Werk".into(),
        values: vec!["1.234.567,89 €".into()],
        status: Some(Chip::new(if index == 0 { "Vorübergehend nicht lieferbar" } else { "Neu" }, Tone::Warn)),
    });
    let name = "Donaudampfschifffahrtsgesellschaftskapitänsrechner für Fortgeschrittene";
    ui.tile(Tile {
        id: "x",
        name,
        icon: AppIcon::Letters,
        width: 176.0,
        state: AppState::UpdateReady("Aktualisierung bereit"),
    });
}
