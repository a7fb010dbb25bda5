//! `playsheet` and `playsheet open`: the window.

use crate::exit::{Failure, Outcome};
use crate::options::{Global, Open};
use crate::window::{self, Start};
use crate::{app, store};
use std::process::ExitCode;

/// Opens the window on the gallery.
pub(crate) fn gallery(global: &Global) -> Outcome<ExitCode> {
    window::open(global, Start::Gallery)
}

/// Opens the window on one app and nothing else.
pub(crate) fn run(options: &Open, global: &Global) -> Outcome<ExitCode> {
    let file = options.file.clone();
    let is_synced = !file.exists() && file.components().count() == 1 && store::open(global)?.is_some();
    if !file.exists() && !is_synced {
        return Err(Failure::input(format!("{} is not there.", file.display())));
    }
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let parcel: window::Parcel = if is_synced {
        let (opened, set) = (app::open(&file, None, global)?, options.set.clone());
        Box::new(move |environment| {
            app::start(&opened, environment, &set).map_err(|failure| failure.to_string())
        })
    } else {
        window::file_parcel(file, options.spreadsheet.clone(), options.set.clone())
    };
    window::open(global, Start::Alone(name, parcel))
}
