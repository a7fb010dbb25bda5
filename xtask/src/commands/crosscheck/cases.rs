//! The cases of the function library, as `engine/functions/cases/**/*.tsv` hold them: function, arguments (a JSON list),
//! expected value (JSON), source or note, settings (JSON) where there are any.

use anyhow::{Context, Result, bail};
use serde_json::Value as Json;
use std::path::{Path, PathBuf};

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// File and line.
    pub place: String,
    /// The function's name.
    pub function: String,
    /// Its arguments.
    pub args: Vec<Json>,
    /// What it gives.
    pub expected: Json,
    /// Why that is right.
    pub source: String,
    /// What is special about its surroundings.
    pub settings: Json,
}

/// All cases below a folder, file by file, in order.
pub fn read(folder: &Path) -> Result<Vec<Vec<Case>>> {
    let mut paths = Vec::new();
    collect(folder, &mut paths).with_context(|| format!("cannot list {}", folder.display()))?;
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&path).with_context(|| format!("{name} cannot be read"))?;
        let cases: Result<Vec<Case>> = text
            .lines()
            .zip(1..)
            .filter(|(line, _)| !line.is_empty() && !line.starts_with('#'))
            .map(|(line, number)| case(format!("{name}:{number}"), line))
            .collect();
        files.push(cases?);
    }
    if files.is_empty() {
        bail!("no case file under {}", folder.display());
    }
    Ok(files)
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|ending| ending == "tsv") {
            paths.push(path);
        }
    }
    Ok(())
}

/// One line.
pub fn case(place: String, line: &str) -> Result<Case> {
    let fields: Vec<&str> = line.split('\t').collect();
    let (Some(function), Some(args), Some(expected), Some(source)) =
        (fields.first(), fields.get(1), fields.get(2), fields.get(3))
    else {
        bail!("{place}: four or five fields, not {}", fields.len());
    };
    let json = |text: &str| serde_json::from_str::<Json>(text).with_context(|| format!("{place}: {text}"));
    let Json::Array(args) = json(args)? else { bail!("{place}: no list of arguments") };
    let settings = fields.get(4).map(|text| json(text)).transpose()?.unwrap_or(Json::Null);
    let (function, source) = ((*function).to_owned(), (*source).to_owned());
    Ok(Case { function, args, expected: json(expected)?, source, settings, place })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_cases() -> Result<()> {
        let found = case("a.tsv:1".into(), "SUM\t[1, null]\t1\tby definition\t{\"mode\":\"array\"}")?;
        assert_eq!((found.function.as_str(), found.args.len()), ("SUM", 2));
        assert_eq!(found.settings["mode"], "array");
        for bad in ["SUM\t[1]\t1", "SUM\t1\t1\tx", "SUM\t[\t1\tx"] {
            assert!(case("a.tsv:1".into(), bad).is_err(), "{bad}");
        }
        Ok(())
    }
}
