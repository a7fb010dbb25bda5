//! LibreOffice, without a window: a macro in a profile of its own loads the workbook, calculates it and reads the
//! outputs. Edits are not measured.
//!
//! Starting the program does not count. The macro loads with recalculation switched off by the profile and then
//! asks for all formulas, so that loading and calculating are told apart.

use crate::engine::Value;
use crate::protocol::{Named, Output, Report, Sidecar, read};
use anyhow::{Context, Result, bail};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const MACRO: &str = include_str!("libreoffice/measure.bas");

/// The office's own head of the files that hold macros.
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const LIBRARY: &str = "http://openoffice.org/2000/library";

/// A setting: never recalculate while loading, no matter who wrote the file.
const SETTING: &str = "<item oor:path=\"/org.openoffice.Office.Calc/Formula/Load\"><prop oor:name=\"OOXMLRecalcMode\" \
    oor:op=\"fuse\"><value>1</value></prop></item>";

/// Whether the office is there.
pub fn is_installed() -> bool {
    let version =
        Command::new("soffice").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// Measures.
pub fn measure(file: &Path, edits: &Path) -> Result<()> {
    let sidecar = read(edits)?;
    let folder = TempDir::new()?;
    let results = folder.path().join("results");
    let places = folder.path().join("places");
    fs::write(&places, listed(&sidecar))?;
    // A copy: an office that is ended for taking too long leaves a lock beside what it had open.
    let copy = folder.path().join("workbook").with_extension(file.extension().unwrap_or_default());
    fs::copy(file, &copy).with_context(|| format!("{} cannot be read", file.display()))?;
    let profile = folder.path().join("profile");
    write_profile(&profile)?;
    let call = format!(
        "macro:///Standard.Module1.Measure({},{},{})",
        quoted(&url(&copy)),
        quoted(&url(&places)),
        quoted(&url(&results))
    );
    let output = office(&profile).arg(&call).output().context("soffice does not start")?;
    let Ok(text) = fs::read_to_string(&results) else {
        bail!("soffice wrote no results: {}", String::from_utf8_lossy(&output.stderr).trim());
    };
    report(&text, &sidecar)?.print()
}

/// The office without a window, with a profile of its own.
fn office(profile: &Path) -> Command {
    let mut command = Command::new("soffice");
    command.arg(format!("-env:UserInstallation={}", url(profile)));
    command.args(["--headless", "--norestore", "--nologo"]).stdin(Stdio::null());
    command
}

/// A line for each output: sheet and cell.
fn listed(sidecar: &Sidecar) -> String {
    sidecar.outputs.iter().fold(String::new(), |mut text, place| {
        let _ = writeln!(text, "{}\t{}", place.sheet, place.cell);
        text
    })
}

/// The first line tells the milliseconds of loading and calculating, each further one an output: its kind and value.
fn report(text: &str, sidecar: &Sidecar) -> Result<Report> {
    if let Some((_, why)) =
        text.lines().find_map(|line| line.split_once('\t').filter(|(kind, _)| *kind == "failed"))
    {
        bail!("the macro failed: {why}");
    }
    let mut lines = text.lines();
    let times = lines.next().and_then(|line| line.split_once('\t')).context("no times")?;
    let mut report = Report::default();
    (report.load_ms, report.calc_ms) = (times.0.trim().parse().ok(), times.1.trim().parse().ok());
    for (place, line) in sidecar.outputs.iter().zip(lines) {
        let (kind, text) = line.split_once('\t').context("an output without a kind")?;
        report.outputs.push(Output::calculated(Named::clone(place), value(kind, text)));
    }
    Ok(report)
}

fn value(kind: &str, text: &str) -> Value {
    match kind {
        "number" => text.trim().parse().map_or(Value::Empty, Value::Number),
        "bool" => Value::Bool(text == "TRUE"),
        "text" => Value::Text(text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")),
        "error" => Value::Error(error(text)),
        _ => Value::Empty,
    }
}

/// Errors of its own have numbers; these two mean what others call `#VALUE!` and `#NUM!`.
fn error(text: &str) -> String {
    match text {
        "Err:502" | "Err:504" => "#VALUE!",
        "Err:503" => "#NUM!",
        other => other,
    }
    .into()
}

/// Makes a profile with the settings and the macro in it. The office itself makes it first: it would put its own empty
/// library in the macro's place.
fn write_profile(profile: &Path) -> Result<()> {
    let made = office(profile).arg("--terminate_after_init").output().context("soffice does not start")?;
    if !made.status.success() {
        bail!("soffice makes no profile: {}", String::from_utf8_lossy(&made.stderr).trim());
    }
    let user = profile.join("user");
    let library = user.join("basic/Standard");
    fs::create_dir_all(&library)?;
    let settings = user.join("registrymodifications.xcu");
    let text = fs::read_to_string(&settings).context("soffice made a profile without settings")?;
    fs::write(&settings, text.replace("</oor:items>", &format!("{SETTING}</oor:items>")))?;
    let elements = format!(
        "{HEAD}<library:library xmlns:library=\"{LIBRARY}\" library:name=\"Standard\" library:readonly=\"false\" \
         library:passwordprotected=\"false\"><library:element library:name=\"Module1\"/></library:library>"
    );
    fs::write(library.join("script.xlb"), elements)?;
    let code = MACRO.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let module = format!(
        "{HEAD}<script:module xmlns:script=\"http://openoffice.org/2000/script\" script:name=\"Module1\" \
         script:language=\"StarBasic\">{code}</script:module>"
    );
    Ok(fs::write(library.join("Module1.xba"), module)?)
}

fn url(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    let path = path.replace('%', "%25").replace(' ', "%20").replace(',', "%2C");
    format!("file://{}{path}", if path.starts_with('/') { "" } else { "/" })
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_read() {
        let sidecar = serde_json::from_str(
            r#"{"edits":[],"outputs":[{"sheet":"S","cell":"A1"},{"sheet":"S","cell":"A2"},{"sheet":"S","cell":"A3"}]}"#,
        );
        let report = report("12\t34\nnumber\t1.5\ntext\ta\\nb\nerror\tErr:503\n", &sidecar.unwrap()).unwrap();
        let text = serde_json::to_string(&report).unwrap();
        assert!(text.contains("\"load_ms\":12.0,\"calc_ms\":34.0"), "{text}");
        assert!(text.contains("\"cell\":\"A1\",\"value\":1.5"), "{text}");
        assert!(text.contains("\"value\":\"a\\nb\""), "{text}");
        assert!(text.contains("\"error\":\"#NUM!\""), "{text}");
    }

    #[test]
    fn a_macro_that_fails_is_told() {
        let sidecar = serde_json::from_str(r#"{"edits":[],"outputs":[]}"#).unwrap();
        let failed = report("failed\tno such file in line 3\n", &sidecar).map_err(|error| error.to_string());
        assert_eq!(failed.err().as_deref(), Some("the macro failed: no such file in line 3"));
    }

    #[test]
    fn paths_become_addresses() {
        assert_eq!(url(Path::new("/a b/c,d.xlsx")), "file:///a%20b/c%2Cd.xlsx");
    }
}
