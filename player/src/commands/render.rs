//! `playsheet render`: a picture of an app, painted on the CPU.

use crate::exit::{Failure, Outcome};
use crate::options::{Global, Render, RenderTheme};
use crate::{app, input, whole_file};
use engine::view::{Kind, View};
use std::process::ExitCode;
use ui::raster::{RasterError, Scene, Studio};
use ui::screens::{self, Action, Desk, Language, OpenApp, Runner, Stage};
use ui::theme::Theme;
use ui::widgets::{Date, Toasts};

pub(crate) fn run(options: &Render, global: &Global) -> Outcome<ExitCode> {
    let (width_px, height_px) = size(&options.size)?;
    let theme = match options.theme {
        RenderTheme::Light => Theme::Light,
        RenderTheme::Dark => Theme::Dark,
    };
    let scene = Scene { width_px, height_px, pixels_per_point: options.scale, theme };
    let mut studio = Studio::new(scene).map_err(refused)?;
    let opened = app::open(&options.file, options.spreadsheet.as_deref(), global)?;
    let environment = input::environment(global)?;
    let language = Language::of(environment.locale);
    let today = engine::values::DateSystem::V1900
        .civil(environment.now as i64)
        .and_then(|day| Date::new(day.year, day.month, day.day));
    let runner = Runner::new(app::start(&opened, environment, &options.set)?);
    let mut open = OpenApp::default();
    runner.snapshot().show_in(&mut open);
    if let Some(wanted) = &options.screen {
        open.page = page(&open.view, wanted)?;
    }
    let mut desk = Desk { language, today, stage: Stage::Alone, open: Some(open), ..Desk::default() };
    screens::install(studio.context(), &desk.language);
    paint(&mut studio, &mut desk, runner);
    let png = studio.picture().and_then(|picture| picture.to_png()).map_err(refused)?;
    whole_file::write(&options.out, &png).map_err(|error| {
        Failure::surroundings(format!("The picture cannot be written to {}: {error}.", options.out.display()))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Shows the desk until it rests, and brings up what a list asks for once it knows its height.
fn paint(studio: &mut Studio, desk: &mut Desk, mut runner: Runner) {
    let mut toasts = Toasts::default();
    for _ in 0..3 {
        let mut actions = Vec::new();
        studio.settle(|ui| actions.extend(screens::show(ui, desk, &mut toasts)));
        let commands: Vec<_> = actions
            .into_iter()
            .filter_map(|action| if let Action::Do(command) = action { Some(command) } else { None })
            .collect();
        if commands.is_empty() {
            return;
        }
        commands.iter().for_each(|command| runner.act(command));
        if let Some(open) = &mut desk.open {
            runner.snapshot().show_in(open);
        }
    }
}

/// The id of the page that an id or a caption names.
fn page(view: &View, wanted: &str) -> Outcome<String> {
    let caption = |page: &engine::view::Node| match &page.kind {
        Kind::Container(of) => of.caption.clone(),
        _ => String::new(),
    };
    let same = |page: &&engine::view::Node| {
        page.id == wanted || engine::values::equal_text(caption(page).trim(), wanted.trim())
    };
    view.pages.iter().find(same).map(|page| page.id.clone()).ok_or_else(|| {
        let names: Vec<String> = view.pages.iter().map(caption).filter(|name| !name.is_empty()).collect();
        let there =
            if names.is_empty() { "It has one page without a name".to_owned() } else { names.join(", ") };
        Failure::input(format!("This app has no page {wanted}. {there}."))
    })
}

/// A size such as `1280x800`.
fn size(text: &str) -> Outcome<(u32, u32)> {
    let refuse = || {
        Failure::usage(format!("--size {text} is no size. Write width and height in pixels, as 1280x800."))
    };
    let (width, height) = text.split_once(['x', 'X', '×']).ok_or_else(refuse)?;
    match (width.trim().parse(), height.trim().parse()) {
        (Ok(width), Ok(height)) => Ok((width, height)),
        _ => Err(refuse()),
    }
}

fn refused(error: RasterError) -> Failure {
    let text = crate::window::sentence(&error.to_string());
    match error {
        RasterError::Size { .. } | RasterError::Scale(_) => Failure::usage(text),
        RasterError::Png(source) => {
            drop(source);
            Failure::surroundings(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_read_and_nonsense_is_refused() {
        assert_eq!(size("1280x800").unwrap(), (1280, 800));
        assert_eq!(size("420X860").unwrap(), (420, 860));
        for odd in ["1280", "x", "1280x", "-1x5", "99999999999x1"] {
            assert!(size(odd).is_err(), "{odd}");
        }
    }
}
