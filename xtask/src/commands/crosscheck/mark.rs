//! Says in the cases themselves where other engines give another value: behind the source that decides.
//!
//! Two kinds of disagreement are worth a mark: all engines that know the function agree against the case, or the second
//! opinion, LibreOffice, is of another one.

use super::Checked;
use super::table::{agree_on_another, shown};
use super::verdict::Verdict;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::Path;

/// What stands in a source column between the source that decides and those that it decides against.
pub const AGAINST: &str = "; decided against ";

/// The engine whose opinion counts by itself.
const SECOND_OPINION: &str = "LibreOffice";

/// Characters of another value that a mark shows.
const LONGEST: usize = 40;

/// Writes the marks into the case files, and takes away those that are not true any more; answers how many there are among
/// the cases that were checked. Cases that could not be judged keep what they have.
pub fn write(folder: &Path, engines: &[String], checked: &[Checked]) -> Result<usize> {
    let Some(second) = engines.iter().position(|name| name.starts_with(SECOND_OPINION)) else {
        bail!("marks need {SECOND_OPINION} among the engines");
    };
    let mut marks: BTreeMap<&str, BTreeMap<usize, Option<String>>> = BTreeMap::new();
    for one in checked.iter().filter(|one| one.own == Verdict::Agrees) {
        let (file, line) = one.case.place.rsplit_once(':').unwrap_or_default();
        marks.entry(file).or_default().insert(line.parse()?, mark(one, second));
    }
    let count = marks.values().flat_map(BTreeMap::values).filter(|mark| mark.is_some()).count();
    for (file, marks) in marks {
        let path = folder.join(file);
        let text = std::fs::read_to_string(&path).with_context(|| format!("{file} cannot be read"))?;
        let lines = text.lines().zip(1..).map(|(line, number)| match marks.get(&number) {
            Some(mark) => marked(line, mark.as_deref()) + "\n",
            None => format!("{line}\n"),
        });
        let marked: String = lines.collect();
        if marked != text {
            std::fs::write(&path, marked).with_context(|| format!("{file} cannot be written"))?;
        }
    }
    Ok(count)
}

/// Whom a case is decided against, and what they would give.
fn mark(one: &Checked, second: usize) -> Option<String> {
    let other = |verdict: &Verdict| match verdict {
        Verdict::Differs(_) => Some(short(&shown(verdict))),
        _ => None,
    };
    if agree_on_another(one) {
        return one.others.iter().find_map(other).map(|value| format!("all others: {value}"));
    }
    one.others.get(second).and_then(other).map(|value| format!("{SECOND_OPINION}: {value}"))
}

fn short(value: &str) -> String {
    let plain: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    if value.chars().count() > LONGEST { plain + "…" } else { plain }
}

/// A line of a case file with this mark, or with none.
fn marked(line: &str, mark: Option<&str>) -> String {
    let mut fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
    if let Some(source) = fields.get_mut(3) {
        let own = source.split(AGAINST).next().unwrap_or_default().to_owned();
        *source = mark.map_or_else(|| own.clone(), |mark| format!("{own}{AGAINST}{mark}"));
    }
    fields.join("\t")
}

#[cfg(test)]
mod tests {
    use super::super::cases::case;
    use super::*;
    use crate::values::Value;

    fn checked(place: &str, others: Vec<Verdict>) -> Result<Checked> {
        let case = case(place.into(), "SUM\t[1]\t1\tx")?;
        Ok(Checked { case, formula: "=SUM(1)".into(), own: Verdict::Agrees, others })
    }

    #[test]
    fn marks_come_and_go() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("playsheet-mark-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let two = || Verdict::Differs(Value::Number(2.0));
        let file = folder.join("a.tsv");
        std::fs::write(
            &file,
            "# h\nSUM\t[1]\t1\tx; decided against LibreOffice: 3\nSUM\t[1]\t1\ty\t{}\nSUM\t[1]\t1\tz\n",
        )?;
        let engines = ["One".to_owned(), "LibreOffice 7".to_owned()];
        let checked = [
            checked("a.tsv:2", vec![two(), Verdict::Agrees])?,
            checked("a.tsv:3", vec![two(), two()])?,
            checked("a.tsv:4", vec![Verdict::Agrees, two()])?,
        ];
        assert_eq!(write(&folder, &engines, &checked)?, 2);
        assert_eq!(
            std::fs::read_to_string(&file)?,
            "# h\nSUM\t[1]\t1\tx\nSUM\t[1]\t1\ty; decided against all others: 2\t{}\n\
             SUM\t[1]\t1\tz; decided against LibreOffice: 2\n"
        );
        assert!(write(&folder, &["One".to_owned()], &checked).is_err());
        std::fs::remove_dir_all(&folder)?;
        Ok(())
    }

    #[test]
    fn long_values_are_cut_and_stay_on_their_line() {
        assert_eq!(short("a\tb"), "a b");
        assert_eq!(short(&"x".repeat(50)).chars().count(), LONGEST + 1);
    }
}
