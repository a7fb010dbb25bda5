//! The report as Markdown: first where all other engines agree on another value, then every disagreement by function.

use super::Checked;
use super::verdict::Verdict;
use crate::markdown::{Align, Table, percent};
use std::collections::BTreeMap;

/// Writes the report.
pub fn write(engines: &[String], checked: &[Checked], left_out: &BTreeMap<&'static str, usize>) -> String {
    let judged: Vec<&Checked> = checked.iter().filter(|one| one.own == Verdict::Agrees).collect();
    let mut text = String::from("# Function cases against other engines\n\n");
    let out: usize = left_out.values().sum();
    text.push_str(&format!(
        "{} cases written as formulas, {out} left out. An engine that disagrees may be wrong; where all of them agree \
         on another value, look at the case.\n\n",
        checked.len()
    ));
    text.push_str(&by_engine(engines, &judged));
    let together: Vec<&Checked> = judged.iter().copied().filter(|one| agree_on_another(one)).collect();
    section(&mut text, "All that know the function agree on another value", &cases(engines, &together));
    let others: Vec<&Checked> =
        judged.iter().copied().filter(|one| differs(one) && !agree_on_another(one)).collect();
    section(&mut text, "By function", &by_function(engines, &judged));
    section(&mut text, "Other disagreements", &cases(engines, &others));
    let untold: Vec<&Checked> = checked.iter().filter(|one| one.own != Verdict::Agrees).collect();
    let unborne: Vec<&Checked> =
        judged.iter().copied().filter(|one| one.others.iter().any(is_failure)).collect();
    section(&mut text, "An engine does not come to an end", &cases(engines, &unborne));
    section(&mut text, "Cases that mean something else as a formula, not judged", &own(&untold));
    let reasons: Vec<String> = left_out.iter().map(|(why, count)| format!("- {why}: {count}\n")).collect();
    section(&mut text, "Left out", &reasons.concat());
    text
}

fn section(text: &mut String, title: &str, content: &str) {
    if !content.is_empty() {
        text.push_str(&format!("\n## {title}\n\n{content}"));
    }
}

fn differs(checked: &Checked) -> bool {
    checked.others.iter().any(|verdict| matches!(verdict, Verdict::Differs(_)))
}

fn is_failure(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Failed(_))
}

/// At least two engines, and every one that knows the function, give the same value, which is not the case's.
pub fn agree_on_another(checked: &Checked) -> bool {
    let known =
        || checked.others.iter().filter(|verdict| !matches!(verdict, Verdict::Unknown | Verdict::Failed(_)));
    let mut values = known().map(|verdict| match verdict {
        Verdict::Differs(value) => Some(value),
        _ => None,
    });
    let Some(Some(first)) = values.next() else { return false };
    let tolerance = crate::values::Tolerance::relative(1e-9);
    known().count() > 1 && values.all(|value| value.is_some_and(|value| first.agrees(value, tolerance)))
}

fn by_engine(engines: &[String], judged: &[&Checked]) -> String {
    let right = Align::Right;
    let mut table = Table::new(&[
        ("engine", Align::Left),
        ("cases", right),
        ("agrees", right),
        ("rate of those it knows", right),
        ("differs", right),
        ("does not know", right),
        ("did not end", right),
    ]);
    for (index, name) in engines.iter().enumerate() {
        let count = |wanted: fn(&Verdict) -> bool| {
            judged.iter().filter_map(|one| one.others.get(index)).filter(|verdict| wanted(verdict)).count()
                as u64
        };
        let agrees = count(|verdict| *verdict == Verdict::Agrees);
        let differs = count(|verdict| matches!(verdict, Verdict::Differs(_)));
        table.row([
            name.clone(),
            judged.len().to_string(),
            agrees.to_string(),
            percent(agrees, agrees + differs),
            differs.to_string(),
            count(|verdict| *verdict == Verdict::Unknown).to_string(),
            count(is_failure).to_string(),
        ]);
    }
    table.into_text()
}

fn by_function(engines: &[String], judged: &[&Checked]) -> String {
    let mut functions: BTreeMap<&str, (usize, Vec<usize>)> = BTreeMap::new();
    for one in judged {
        let counts = functions.entry(&one.case.function).or_insert_with(|| (0, vec![0; engines.len()]));
        counts.0 += 1;
        for (count, verdict) in counts.1.iter_mut().zip(&one.others) {
            *count += usize::from(matches!(verdict, Verdict::Differs(_)));
        }
    }
    let mut rows: Vec<_> =
        functions.into_iter().filter(|(_, (_, counts))| counts.iter().any(|count| *count > 0)).collect();
    if rows.is_empty() {
        return String::new();
    }
    rows.sort_by_key(|(_, (_, counts))| std::cmp::Reverse(counts.iter().sum::<usize>()));
    let mut columns = vec![("function", Align::Left), ("cases", Align::Right)];
    columns.extend(engines.iter().map(|name| (name.as_str(), Align::Right)));
    let mut table = Table::new(&columns);
    for (name, (cases, counts)) in rows {
        let mut row = vec![name.to_owned(), cases.to_string()];
        row.extend(counts.iter().map(usize::to_string));
        table.row(row);
    }
    format!("Cases in which an engine gives another value.\n\n{}", table.into_text())
}

fn cases(engines: &[String], cases: &[&Checked]) -> String {
    if cases.is_empty() {
        return String::new();
    }
    let left = Align::Left;
    let mut columns = vec![("case", left), ("formula", left), ("expected", left)];
    columns.extend(engines.iter().map(|name| (name.as_str(), left)));
    columns.push(("source", left));
    let mut table = Table::new(&columns);
    for one in cases {
        let mut row =
            vec![one.case.place.clone(), shortened(&one.formula), shortened(&one.case.expected.to_string())];
        row.extend(one.others.iter().map(shown));
        row.push(one.case.source.clone());
        table.row(row);
    }
    table.into_text()
}

fn own(cases: &[&Checked]) -> String {
    let line = |one: &&Checked| {
        format!(
            "- {} `{}`: expected {}, is {}\n",
            one.case.place,
            shortened(&one.formula),
            one.case.expected,
            shown(&one.own)
        )
    };
    cases.iter().map(line).collect()
}

/// A verdict in a cell of the report.
pub fn shown(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Agrees => "✓".into(),
        Verdict::Differs(value) => value.shown(),
        Verdict::Unknown => "–".into(),
        Verdict::Failed(why) => why.clone(),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(160) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::cases::case;
    use super::*;
    use crate::values::Value;

    fn checked(others: Vec<Verdict>) -> Option<Checked> {
        let case = case("a.tsv:1".into(), "SUM\t[1]\t1\tx").ok()?;
        Some(Checked { case, formula: "=SUM(1)".into(), own: Verdict::Agrees, others })
    }

    #[test]
    fn engines_that_agree_on_another_value_come_first() {
        let two = || Verdict::Differs(Value::Number(2.0));
        let together = |others| checked(others).is_some_and(|one| agree_on_another(&one));
        assert!(together(vec![two(), Verdict::Unknown, two()]));
        assert!(!together(vec![two(), Verdict::Agrees]));
        assert!(!together(vec![two(), Verdict::Differs(Value::Number(3.0))]));
        assert!(!together(vec![two(), Verdict::Unknown]));
        assert!(!together(vec![Verdict::Agrees, Verdict::Agrees]));
    }

    #[test]
    fn the_report_counts_and_lists() {
        let checked: Vec<Checked> =
            checked(vec![Verdict::Differs(Value::Number(2.0)), Verdict::Agrees]).into_iter().collect();
        let text = write(&["One".into(), "Two".into()], &checked, &[("it needs a clock", 3)].into());
        assert!(text.contains("1 cases written as formulas, 3 left out"), "{text}");
        assert!(text.contains("| One | 1 | 0 | 0.00 % | 1 | 0 | 0 |"), "{text}");
        assert!(text.contains("| a.tsv:1 | =SUM(1) | 1 | 2 | ✓ | x |"), "{text}");
        assert!(text.contains("| SUM | 1 | 1 | 0 |"), "{text}");
    }
}
