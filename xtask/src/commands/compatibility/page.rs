//! The page itself: a summary, the differences room by room, what is left on real workbooks, every function.

use super::differences::{Citation, Room};
use super::functions::{Function, Functions};
use super::mismatches::Mismatch;
use super::truth::Truth;
use crate::markdown::{Align, Table};
use std::collections::BTreeMap;

const INTRO: &str = "\
# Compatibility

Excel's own behaviour is the truth; LibreOffice's is the second opinion. This page tells how far the engine is from the
truth, as far as is known. It is written by `cargo xtask compatibility` from the cases and from the list of known
differences in each room (`differences.tsv`); a test fails while it is anything else. Each difference names what shows
it: a test, or a line of a case file, which the tests run.
";

const ABOUT_MISMATCHES: &str = "\
`cargo xtask conformance` recalculates workbooks and compares them with the values that Excel stored. The cells that are
left different fall into these classes.
";

const ABOUT_FUNCTIONS: &str = "\
All functions that Excel lists, by Microsoft's categories. *Complete* is a function without a known difference. One that
needs a service of others gives the error that Excel documents for the absence of the service; nothing is ever fetched,
and the report names the formula. The numbers say what the expected values of the cases go back to: values that Excel
stored or was seen to give, Microsoft's documentation, or a derivation of our own (the definition, or figures computed
independently with many digits). `cargo xtask crosscheck` compares the cases with other engines; where LibreOffice or all
others give another value, Excel and Microsoft's documentation decide, and the case says so (*contradicted*).
";

/// Writes the page.
pub fn write(functions: &Functions, rooms: &[Room], mismatches: &[Mismatch]) -> String {
    let numbers = numbers_by_function(rooms);
    let mut text = String::from(INTRO);
    text.push_str(&summary(functions, rooms, &numbers));
    text.push_str("\n## Known differences\n");
    let mut number = 0;
    for room in rooms {
        text.push_str(&format!("\n### {}\n\n{}", room.title, differences(room, &mut number)));
    }
    text.push_str(&format!("\n## Real workbooks\n\n{ABOUT_MISMATCHES}\n{}", left(mismatches)));
    text.push_str(&format!("\n## Functions\n\n{ABOUT_FUNCTIONS}"));
    for category in functions.all.chunk_by(|one, next| one.category == next.category) {
        let name = category.first().map_or("", |function| &function.category);
        text.push_str(&format!("\n### {name}\n\n{}", table(category, &numbers)));
    }
    text
}

/// For each function the numbers of the differences that concern it; differences are counted from 1 over all rooms.
fn numbers_by_function(rooms: &[Room]) -> BTreeMap<&str, Vec<usize>> {
    let mut numbers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (difference, number) in rooms.iter().flat_map(|room| &room.differences).zip(1..) {
        for name in difference.functions() {
            numbers.entry(name).or_default().push(number);
        }
    }
    numbers
}

fn summary(functions: &Functions, rooms: &[Room], numbers: &BTreeMap<&str, Vec<usize>>) -> String {
    let all = &functions.all;
    let services = all.iter().filter(|function| function.error.is_some()).count();
    let differing = all.iter().filter(|function| numbers.contains_key(function.name.as_str())).count();
    let cases: usize = all.iter().map(Function::count).sum();
    let of = |truth| all.iter().filter_map(|function| function.cases.get(&truth)).sum::<usize>();
    let second = match of(Truth::LibreOffice) {
        0 => String::new(),
        count => format!(", {} to LibreOffice or its standard", grouped(count)),
    };
    let differences: usize = rooms.iter().map(|room| room.differences.len()).sum();
    format!(
        "\n**{} functions: {} complete, {differing} with a known difference, {services} that need a service and give \
         its documented error.**\n{} cases hold them: {} go back to Excel, {} to Microsoft's documentation{second}, {} \
         are derived. Other engines contradict {} of them. {differences} differences \
         are known, each shown by something that runs.\n",
        all.len(),
        all.len() - differing - services,
        grouped(cases),
        grouped(of(Truth::Excel)),
        grouped(of(Truth::Microsoft)),
        grouped(of(Truth::Derived)),
        grouped(all.iter().map(|function| function.contradicted).sum()),
    )
}

fn differences(room: &Room, number: &mut usize) -> String {
    let left = Align::Left;
    let mut table =
        Table::new(&[("", Align::Right), ("difference", left), ("concerns", left), ("shown by", left)]);
    for difference in &room.differences {
        *number += 1;
        let anchor = format!("<a id=\"d{number}\"></a>{number}");
        let shown = citations(&difference.shown_by);
        table.row([anchor, difference.what.clone(), difference.concerns.clone(), shown]);
    }
    table.into_text()
}

/// A link to each file, with the names of its tests or the beginnings of its cases.
fn citations(citations: &[Citation]) -> String {
    let files = citations.chunk_by(|one, next| one.file == next.file);
    let of_file = |of_file: &[Citation]| {
        let texts: Vec<String> = of_file.iter().map(|citation| code(&citation.text)).collect();
        let file = of_file.first().map_or("", |citation| &citation.file);
        format!("{} {}", link(file), texts.join(", "))
    };
    files.map(of_file).collect::<Vec<_>>().join("; ")
}

/// A text as code, its end cut off where it is long.
fn code(text: &str) -> String {
    const LONGEST: usize = 48;
    let shown: String = text.chars().take(LONGEST).collect();
    let cut = if shown.len() < text.len() { "…" } else { "" };
    format!("`{}{cut}`", shown.replace('`', "'"))
}

/// A link to a file, shown by its name alone.
fn link(file: &str) -> String {
    format!("[{}]({file})", file.rsplit('/').next().unwrap_or(file))
}

fn left(mismatches: &[Mismatch]) -> String {
    let (left, right) = (Align::Left, Align::Right);
    let mut table = Table::new(&[("class", left), ("why", left), ("cells", right), ("workbooks", right)]);
    for one in mismatches {
        table.row([&one.class, &one.reason, &one.cells, &one.workbooks]);
    }
    table.into_text()
}

fn table(category: &[Function], numbers: &BTreeMap<&str, Vec<usize>>) -> String {
    let (left, right) = (Align::Left, Align::Right);
    let mut table = Table::new(&[
        ("function", left),
        ("state", left),
        ("cases", right),
        ("Excel", right),
        ("Microsoft", right),
        ("derived", right),
        ("contradicted", right),
        ("in", left),
    ]);
    for function in category {
        let of = |truth| function.cases.get(&truth).copied().unwrap_or(0);
        let files: Vec<String> = function.files.iter().map(|file| link(file)).collect();
        table.row([
            function.name.clone(),
            state(function, numbers.get(function.name.as_str()).map_or(&[], Vec::as_slice)),
            function.count().to_string(),
            shown(of(Truth::Excel)),
            shown(of(Truth::Microsoft)),
            shown(of(Truth::LibreOffice) + of(Truth::Derived)),
            shown(function.contradicted),
            files.join(", "),
        ]);
    }
    table.into_text()
}

fn state(function: &Function, numbers: &[usize]) -> String {
    if let Some(error) = &function.error {
        return format!("needs a service: `{error}`");
    }
    if numbers.is_empty() {
        return "complete".into();
    }
    let links: Vec<String> = numbers.iter().map(|number| format!("[{number}](#d{number})")).collect();
    format!("differs: see {}", links.join(", "))
}

/// A count with a comma between thousands.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (digit, left) in digits.chars().zip((0..digits.len()).rev()) {
        text.push(digit);
        if left > 0 && left % 3 == 0 {
            text.push(',');
        }
    }
    text
}

/// A table of mostly zeros reads better without them.
fn shown(count: usize) -> String {
    if count == 0 { String::new() } else { count.to_string() }
}

#[cfg(test)]
mod tests {
    use super::super::differences::Difference;
    use super::*;

    fn function(name: &str, error: Option<&str>) -> Function {
        Function {
            name: name.into(),
            category: "Text".into(),
            cases: [(Truth::Excel, 2), (Truth::Derived, 3)].into(),
            files: ["engine/functions/cases/text/cut.tsv".to_owned()].into(),
            error: error.map(str::to_owned),
            ..Function::default()
        }
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn citations_of_one_file_share_its_link() {
        let cite = |file: &str, text: &str| Citation { file: file.into(), text: text.into() };
        let long = "x".repeat(60);
        let shown = citations(&[cite("a/b.rs", "one"), cite("a/b.rs", "two"), cite("c.tsv", &long)]);
        assert_eq!(shown, format!("[b.rs](a/b.rs) `one`, `two`; [c.tsv](c.tsv) `{}…`", "x".repeat(48)));
    }

    #[test]
    fn every_state_is_shown() {
        let all = vec![function("LEFT", None), function("MID", None), function("PY", Some("#CONNECT!"))];
        let functions = Functions { all, differing: Vec::new() };
        let shown_by = vec![Citation { file: "a/b.rs".into(), text: "it_is_cut".into() }];
        let difference = Difference { what: "It | cuts.".into(), concerns: "MID".into(), shown_by };
        let rooms = [Room { title: "Functions", differences: vec![difference] }];
        let text = write(&functions, &rooms, &[]);
        for part in [
            "**3 functions: 1 complete, 1 with a known difference, 1 that need a service",
            "| <a id=\"d1\"></a>1 | It \\| cuts. | MID | [b.rs](a/b.rs) `it_is_cut` |",
            "| LEFT | complete | 5 | 2 |  | 3 |  | [cut.tsv](engine/functions/cases/text/cut.tsv) |",
            "| MID | differs: see [1](#d1) |",
            "| PY | needs a service: `#CONNECT!` |",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }
}
