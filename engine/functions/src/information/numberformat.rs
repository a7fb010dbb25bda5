//! The short codes that CELL gives for number formats. Source: the table on Microsoft's page on CELL.

/// The code of a number format: `G` for General, `F2` for `0.00`, `D1` for dates like `d-mmm-yy`.
pub(super) fn code(format: &str) -> String {
    let sections: Vec<String> = format.split(';').map(bare).collect();
    let first = sections.first().map(String::as_str).unwrap_or_default();
    let mut code = base_code(first);
    if colours_negatives(format) {
        code.push('-');
    }
    if has_parentheses(format) {
        code.push_str("()");
    }
    code
}

/// Whether negative values are shown in a colour.
pub(super) fn colours_negatives(format: &str) -> bool {
    const COLOURS: [&str; 8] = ["black", "blue", "cyan", "green", "magenta", "red", "white", "yellow"];
    let Some(section) = format.split(';').nth(1) else { return false };
    let section = section.to_ascii_lowercase();
    section.contains("[color") || COLOURS.iter().any(|colour| section.contains(&format!("[{colour}]")))
}

/// Whether positive or all values are shown in parentheses.
pub(super) fn has_parentheses(format: &str) -> bool {
    format.split(';').next().is_some_and(|section| bare_keeping_quotes(section).contains('('))
}

/// The section without literals, escapes, fills, paddings, colours and conditions; elapsed-time brackets and
/// currency signs stay.
fn bare(section: &str) -> String {
    let section = bare_keeping_quotes(section);
    let mut rest = String::new();
    let mut quoted = false;
    for c in section.chars() {
        match c {
            '"' => quoted = !quoted,
            '$' | '€' | '£' | '¥' => rest.push('$'),
            _ if quoted => {}
            c => rest.extend(c.to_lowercase()),
        }
    }
    rest
}

fn bare_keeping_quotes(section: &str) -> String {
    let mut rest = String::new();
    let mut chars = section.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' | '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                if inside.starts_with('$') && !inside.starts_with("$-") {
                    rest.push('$');
                } else if matches!(inside.chars().next(), Some('h' | 'H' | 'm' | 'M' | 's' | 'S'))
                    && inside.chars().all(|c| matches!(c, 'h' | 'H' | 'm' | 'M' | 's' | 'S'))
                {
                    rest.push_str(&inside);
                }
            }
            c => rest.push(c),
        }
    }
    rest
}

fn base_code(section: &str) -> String {
    if section.is_empty() || section.contains("general") || section == "@" || section.contains("?/") {
        return "G".to_owned();
    }
    if section.contains(['d', 'm', 'y', 'h', 's']) {
        return date_code(section).to_owned();
    }
    let places = section
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.chars().take_while(|c| matches!(c, '0' | '#' | '?')).count());
    let letter = if section.contains("e+") || section.contains("e-") {
        "S"
    } else if section.contains('%') {
        "P"
    } else if section.contains('$') {
        "C"
    } else if section.contains(',') {
        ","
    } else if section.contains(['0', '#', '?']) {
        "F"
    } else {
        return "G".to_owned();
    };
    format!("{letter}{places}")
}

fn date_code(section: &str) -> &'static str {
    let has = |part: &str| section.contains(part);
    if !has("d") && !has("y") && has("h") {
        return match (has("am/pm") || has("a/p"), has("s")) {
            (true, true) => "D6",
            (true, false) => "D7",
            (false, true) => "D8",
            (false, false) => "D9",
        };
    }
    match (has("d"), has("mmm"), has("y")) {
        (true, true, true) => "D1",
        (true, true, false) => "D2",
        (false, true, true) => "D3",
        (true, false, true) => "D4",
        (true, false, false) if has("m") => "D5",
        _ => "G",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_documented_table() {
        for (format, expected) in [
            ("General", "G"),
            ("0", "F0"),
            ("#,##0", ",0"),
            ("0.00", "F2"),
            ("#,##0.00", ",2"),
            ("$#,##0_);($#,##0)", "C0"),
            ("$#,##0_);[Red]($#,##0)", "C0-"),
            ("$#,##0.00_);($#,##0.00)", "C2"),
            ("$#,##0.00_);[Red]($#,##0.00)", "C2-"),
            ("0%", "P0"),
            ("0.00%", "P2"),
            ("0.00E+00", "S2"),
            ("# ?/?", "G"),
            ("m/d/yy", "D4"),
            ("m/d/yy h:mm", "D4"),
            ("d-mmm-yy", "D1"),
            ("d-mmm", "D2"),
            ("mmm-yy", "D3"),
            ("mm/dd", "D5"),
            ("h:mm AM/PM", "D7"),
            ("h:mm:ss AM/PM", "D6"),
            ("h:mm", "D9"),
            ("h:mm:ss", "D8"),
            ("(0)", "F0()"),
        ] {
            assert_eq!(code(format), expected, "{format}");
        }
    }
}
