//! The command line's grammar.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Runs apps made of spreadsheets.
#[derive(Debug, Parser)]
#[command(name = "playsheet", version, about, propagate_version = true)]
pub(crate) struct Arguments {
    /// What to do; the window opens without a command.
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub global: Global,
}

/// Options that every command knows.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Global {
    /// The date and time that formulas see, such as 2026-11-21T08:30
    #[arg(long, global = true, value_name = "ISO")]
    pub now: Option<String>,
    /// Where random numbers start; the same number gives the same results
    #[arg(long, global = true, value_name = "N")]
    pub seed: Option<u64>,
    /// Read the passphrase of the vault from the first line of standard input
    #[arg(long, global = true)]
    pub passphrase_stdin: bool,
    /// The folder for apps and settings
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Separators and dates, such as de-DE
    #[arg(long, global = true, value_name = "TAG")]
    pub locale: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Open the window on one spreadsheet or app; no portal is needed
    Open(Open),
    /// Paint an app into a PNG file; no display is needed
    Render(Render),
    /// Compute an app without a window and print what it shows
    Run(Run),
    /// Print the app definition that a spreadsheet suggests
    Propose(Propose),
    /// Say everything that is wrong with an app definition
    Check(Check),
    /// Say what of a spreadsheet will not work in an app
    Report(Report),
    /// Say why a cell has its value: the formulas and values behind it, as a tree
    Explain(Explain),
    /// Sign in at a portal; the password is asked for, or read from standard input
    Login(Login),
    /// Sign out and delete every app from this computer
    Logout,
    /// List the apps on this computer
    List(ListApps),
    /// Bring apps up to date
    Sync(SyncApps),
    /// Delete one app from this computer
    Remove(Remove),
    /// Say who is signed in, and in which state apps and vault are
    Status,
    /// Write the workbook with these inputs as a new .xlsx file
    Export(Export),
    /// Recompute every formula, ignoring cached values, and print each result as a JSON line
    Recalc(Recalc),
    /// Time loading, calculation and edits, and print them as JSON
    Bench(Bench),
}

#[derive(Args, Debug)]
pub(crate) struct Open {
    /// A spreadsheet, an app definition, or the name or id of an app on this computer
    pub file: PathBuf,
    /// An input to set first: its caption, id or name, or a cell, as "Body height=180"
    #[arg(long = "set", value_name = "REF=VALUE")]
    pub set: Vec<String>,
    /// The definition's spreadsheet, where it does not lie beside it
    #[arg(long, value_name = "FILE")]
    pub spreadsheet: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Render {
    /// A spreadsheet, an app definition, or the name or id of an app on this computer
    pub file: PathBuf,
    /// The picture to write
    #[arg(long, value_name = "PNG")]
    pub out: PathBuf,
    /// Width and height of the picture in pixels
    #[arg(long, value_name = "WxH", default_value = "1280x800")]
    pub size: String,
    /// Pixels per point: 2 paints everything twice as large and as fine
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    pub scale: f32,
    /// Light or dark
    #[arg(long, value_enum, default_value_t = RenderTheme::Light)]
    pub theme: RenderTheme,
    /// The page to show: its caption or id
    #[arg(long, value_name = "PAGE")]
    pub screen: Option<String>,
    /// An input to set first: its caption, id or name, or a cell, as "Body height=180"
    #[arg(long = "set", value_name = "REF=VALUE")]
    pub set: Vec<String>,
    /// The definition's spreadsheet, where it does not lie beside it
    #[arg(long, value_name = "FILE")]
    pub spreadsheet: Option<PathBuf>,
}

/// The theme of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RenderTheme {
    Light,
    Dark,
}

#[derive(Args, Debug)]
pub(crate) struct Run {
    /// A spreadsheet, an app definition, or the name or id of an app on this computer
    pub file: PathBuf,
    /// An input to set first: its caption, id or name, or a cell, as "Body height=180"
    #[arg(long = "set", value_name = "REF=VALUE")]
    pub set: Vec<String>,
    /// Print the view as JSON
    #[arg(long)]
    pub json: bool,
    /// The definition's spreadsheet, where it does not lie beside it
    #[arg(long, value_name = "FILE")]
    pub spreadsheet: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Report {
    /// The spreadsheet
    pub file: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// A spreadsheet, an app definition, or the name or id of an app on this computer
    pub file: PathBuf,
    /// The cell: Sheet1!B2, a defined name, or the caption or id of an item that the app shows
    pub cell: String,
    /// Print the tree as JSON
    #[arg(long)]
    pub json: bool,
    /// An input to set first: its caption, id or name, or a cell, as "Body height=180"
    #[arg(long = "set", value_name = "REF=VALUE")]
    pub set: Vec<String>,
    /// How many formulas behind formulas to follow
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub depth: u32,
    /// Stop at cells that have a caption
    #[arg(long)]
    pub brief: bool,
    /// The definition's spreadsheet, where it does not lie beside it
    #[arg(long, value_name = "FILE")]
    pub spreadsheet: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Login {
    /// The portal's address, such as https://apps.example.com
    pub url: String,
    /// The e-mail address of the account
    #[arg(long, value_name = "ADDRESS")]
    pub email: String,
}

#[derive(Args, Debug)]
pub(crate) struct ListApps {
    /// Only the names, a line each, for scripts
    #[arg(long)]
    pub names: bool,
}

#[derive(Args, Debug)]
pub(crate) struct SyncApps {
    /// Only this app: its name or id
    pub app: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Remove {
    /// The app's name or id
    pub app: String,
}

#[derive(Args, Debug)]
pub(crate) struct Propose {
    /// The spreadsheet
    pub file: PathBuf,
    /// Print what was found with reasons and scores, as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Check {
    /// The app definition
    pub file: PathBuf,
    /// Its spreadsheet, to check the references too
    #[arg(long, value_name = "FILE")]
    pub spreadsheet: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Recalc {
    /// The spreadsheet
    pub file: PathBuf,
    /// A cell or name to change first, as Sheet!B2=5
    #[arg(long = "set", value_name = "REF=VALUE")]
    pub set: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Export {
    /// A spreadsheet or an app definition
    pub file: PathBuf,
    /// The workbook to write
    #[arg(long, value_name = "OUT")]
    pub xlsx: PathBuf,
    /// An input to set first: its caption, id or name, or a cell, as "Body height=180"
    #[arg(long = "set", value_name = "REF=VALUE")]
    pub set: Vec<String>,
    /// The definition's spreadsheet, where it does not lie beside it
    #[arg(long, value_name = "FILE")]
    pub spreadsheet: Option<PathBuf>,
    /// Write the workbook even where formulas become values or something else that results depend on is left out
    #[arg(long)]
    pub anyway: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Bench {
    /// The spreadsheet
    pub file: PathBuf,
    /// What to edit and what to read, as a JSON file
    #[arg(long, value_name = "FILE")]
    pub edits: PathBuf,
}
