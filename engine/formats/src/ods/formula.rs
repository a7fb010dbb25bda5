//! OpenFormula to Excel's notation.
//!
//! References stand in brackets with a dot before the cell, arguments are separated by semicolons, and some
//! functions have other names. Source: OASIS OpenDocument 1.3, part 4.

use super::functions::Call;

/// What a file says of all of its formulas.
#[derive(Clone, Copy, Default)]
pub(super) struct Source<'a> {
    /// Other files that this one remembers cells of, in the order in which texts number them.
    pub books: &'a [String],
    /// Whether criteria are regular expressions, where Excel's have wildcards.
    pub regexes: bool,
}

/// A formula without its `=`. The error says what has no counterpart.
pub(super) fn to_excel(text: &str, source: Source<'_>) -> Result<String, String> {
    let text = text.trim();
    if let Some(excel) = text.strip_prefix("msoxl:") {
        return Ok(excel.trim_start_matches('=').to_owned());
    }
    let text = without_language(text).unwrap_or(text);
    expression(text.strip_prefix('=').unwrap_or(text), source)
}

/// What stands behind the prefix that says that a text is OpenFormula; `None` where there is none.
pub(super) fn without_language(text: &str) -> Option<&str> {
    ["of:", "oooc:"].iter().find_map(|prefix| text.strip_prefix(prefix))
}

/// What a name stands for: a formula, or the address of a range.
pub(super) fn name_to_excel(text: &str, source: Source<'_>) -> Result<String, String> {
    let text = text.trim();
    if without_language(text).is_some() || text.starts_with("msoxl:") || text.starts_with('=') {
        to_excel(text, source)
    } else if text.parse::<f64>().is_err()
        && !text.contains('[')
        && (text.starts_with(['$', '\'']) || text.contains('.') && !text.contains('('))
    {
        reference(text, source.books)
    } else {
        expression(text, source)
    }
}

fn expression(text: &str, source: Source<'_>) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_array = 0_u32;
    // The formula as a whole, then the brackets that are open.
    let mut whole = Call::whole();
    let mut open: Vec<Call> = Vec::new();
    while let Some(c) = rest.chars().next() {
        let within = open.last_mut().unwrap_or(&mut whole);
        let taken = match c {
            '"' => text_constant(rest, source.regexes && within.takes_criteria(), &mut out)?,
            '\'' => copy_quoted(rest, '\'', &mut out)?,
            '[' => {
                let end = reference_end(rest).ok_or("a reference is not closed")?;
                out.push_str(&reference(rest.get(1..end).unwrap_or_default(), source.books)?);
                end + 1
            }
            // Some writers mark names so, as if they were absolute.
            '$' => 1,
            c if c.is_alphabetic() || c == '_' => {
                let (word, after) = word(rest);
                let gap = after.len() - after.trim_start().len();
                if let Some(function) = infix(word, &out) {
                    within.join_by(function, &mut out)?;
                    word.len()
                } else if after.trim_start().starts_with('(') {
                    open.push(Call::begin(word, &mut out)?);
                    word.len() + gap + 1
                } else {
                    out.push_str(word);
                    word.len()
                }
            }
            '(' => {
                open.push(Call::parentheses(&mut out));
                1
            }
            ')' => {
                match open.pop() {
                    Some(call) => call.end(&mut out),
                    None => out.push(')'),
                }
                1
            }
            ';' if in_array == 0 => {
                within.next_argument(&mut out);
                1
            }
            '~' => {
                within.unite(&mut out)?;
                1
            }
            c => sign(c, rest, &mut in_array, &mut out),
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    whole.close(&mut out);
    Ok(out)
}

/// The word that a text begins with, and what follows.
fn word(text: &str) -> (&str, &str) {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    text.split_at(text.find(|c: char| !is_part(c)).unwrap_or(text.len()))
}

/// Copies a text in quotes, as a pattern of Excel's where it is one of the other kind; gives how many bytes it took.
fn text_constant(rest: &str, is_pattern: bool, out: &mut String) -> Result<usize, String> {
    let from = out.len();
    let taken = copy_quoted(rest, '"', out)?;
    if is_pattern && let Some(pattern) = wildcards(out.get(from..).unwrap_or_default()) {
        out.truncate(from);
        out.push_str(&pattern);
    }
    Ok(taken)
}

/// The function that a word means where it stands between two operands, as in `(A1>0)AND(B1>0)`.
fn infix(word: &str, before: &str) -> Option<&'static str> {
    let function = ["AND", "OR"].into_iter().find(|name| word.eq_ignore_ascii_case(name))?;
    let last = before.trim_end().chars().next_back()?;
    (last.is_alphanumeric() || matches!(last, ')' | '}' | '"' | '%' | '_' | '!' | '?')).then_some(function)
}

/// Copies what is no word, text, reference or bracket; gives how many bytes it took.
fn sign(c: char, rest: &str, in_array: &mut u32, out: &mut String) -> usize {
    match c {
        '{' => *in_array += 1,
        '}' => *in_array = in_array.saturating_sub(1),
        _ => {}
    }
    out.push(match c {
        '|' if *in_array > 0 => ';',
        ';' => ',',
        // An intersection; errors, which end with the same sign, begin with `#`.
        '!' => ' ',
        c => c,
    });
    if c != '#' {
        return c.len_utf8();
    }
    let end = match rest.strip_prefix("#N/A") {
        Some(after) => rest.len() - after.len(),
        None => rest.find(['!', '?']).map_or(rest.len(), |end| end + 1),
    };
    out.push_str(rest.get(1..end).unwrap_or_default());
    end
}

/// A text with a regular expression as one with wildcards; `None` where it means itself, or more than they can say.
fn wildcards(text: &str) -> Option<String> {
    if !text.contains(".*") {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '.' if rest.next_if_eq(&'*').is_some() => out.push('*'),
            '.' => out.push('?'),
            '\\' => match rest.next().filter(char::is_ascii_punctuation)? {
                c @ ('*' | '?' | '~') => out.extend(['~', c]),
                c => out.push(c),
            },
            '*' | '?' | '~' | '+' | '[' | ']' | '(' | ')' | '{' | '}' | '|' | '^' | '$' => return None,
            c => out.push(c),
        }
    }
    Some(out)
}

/// Copies text in doubled quotes; gives how many bytes it took.
fn copy_quoted(text: &str, quote: char, out: &mut String) -> Result<usize, String> {
    let end = quoted_end(text, quote).ok_or("a text is not closed")?;
    out.push_str(text.get(..end).unwrap_or_default());
    Ok(end)
}

/// Where a text in quotes, with which `text` begins, is at its end.
pub(super) fn quoted_end(text: &str, quote: char) -> Option<usize> {
    let mut places = text.char_indices().skip(1).peekable();
    while let Some((place, c)) = places.next() {
        if c == quote && places.next_if(|(_, next)| *next == quote).is_none() {
            return Some(place + 1);
        }
    }
    None
}

/// Where the `]` of a reference stands: sheets in quotes may contain one.
fn reference_end(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        let step = rest.find([']', '\''])?;
        at += step;
        if text.get(at..)?.starts_with(']') {
            return Some(at);
        }
        at += quoted_end(text.get(at..)?, '\'')?;
    }
}

/// A reference without its brackets: `.A1`, `$Sheet2.B2:.C3`, `$'My sheet'.A1`.
fn reference(text: &str, books: &[String]) -> Result<String, String> {
    if text.contains("#REF!") {
        return Ok("#REF!".to_owned());
    }
    if let Some((target, inside)) = other_file(text) {
        let number = books.iter().position(|book| *book == target).ok_or_else(|| not_a(text))? + 1;
        let inside = reference(inside, &[])?;
        return Ok(match inside.strip_prefix('\'') {
            Some(quoted) => format!("'[{number}]{quoted}"),
            None => format!("[{number}]{inside}"),
        });
    }
    let (sheet, first, rest) = corner(text)?;
    let Some(rest) = rest.strip_prefix(':') else {
        return if rest.is_empty() {
            Ok(format!("{}{first}", prefix(sheet, None)))
        } else {
            Err(not_a(text))
        };
    };
    let (last_sheet, last, rest) = corner(rest)?;
    if !rest.is_empty() {
        return Err(not_a(text));
    }
    let last_sheet = last_sheet.filter(|last| Some(last) != sheet.as_ref());
    Ok(format!("{}{}", prefix(sheet, last_sheet), range(&first, &last)))
}

/// Another file, and what stands for something in it: `'file:///folder/book.ods'#$Sheet1.A1`.
pub(super) fn other_file(text: &str) -> Option<(String, &str)> {
    let quoted = text.strip_prefix('\'').map(|_| quoted_end(text, '\''))??;
    let (target, rest) = text.split_at_checked(quoted)?;
    let target = target.get(1..quoted - 1)?.replace("''", "'");
    Some((target, rest.strip_prefix('#')?))
}

fn not_a(text: &str) -> String {
    let shown: String = text.chars().take(60).collect();
    format!("{shown} is no reference to a cell of this file")
}

/// A sheet, if one is named, a cell, row or column, and what follows.
fn corner(text: &str) -> Result<(Option<String>, String, &str), String> {
    let plain = text.strip_prefix('$').unwrap_or(text);
    let (sheet, rest) = if plain.starts_with('\'') {
        let end = quoted_end(plain, '\'').ok_or_else(|| not_a(text))?;
        let name = plain.get(1..end - 1).unwrap_or_default().replace("''", "'");
        (Some(name), plain.get(end..).unwrap_or_default())
    } else if text.starts_with('.') {
        (None, text)
    } else if let Some(dot) =
        plain.find(['.', ':']).filter(|dot| plain.get(*dot..).is_some_and(|r| r.starts_with('.')))
    {
        (Some(plain.get(..dot).unwrap_or_default().to_owned()), plain.get(dot..).unwrap_or_default())
    } else {
        // The second corner of a range may come without a dot.
        (None, text)
    };
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '$')).unwrap_or(rest.len());
    let (cell, after) = rest.split_at(end);
    if cell.is_empty() || sheet.as_ref().is_some_and(|sheet| sheet.contains("file:") || sheet.contains('#')) {
        return Err(not_a(text));
    }
    Ok((sheet, cell.to_owned(), after))
}

/// The cells of a list of addresses, and of the corners of ranges in it: each with its sheet, without `$`.
pub(super) fn places(text: &str) -> impl Iterator<Item = (Option<String>, String)> + '_ {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (sheet, cell, after) = corner(rest.trim_start_matches([' ', ':'])).ok()?;
        rest = after;
        Some((sheet, cell.replace('$', "")))
    })
}

/// The address of a range with its sheet, as one that stays the same wherever it is used.
pub(super) fn absolute(address: &str) -> Option<String> {
    let mut corners = places(address);
    let (sheet, first) = corners.next()?;
    let (_, last) = corners.next().unwrap_or_else(|| (None, first.clone()));
    let fixed = |cell: &str| {
        let letters = cell.find(|c: char| c.is_ascii_digit())?;
        let (col, row) = cell.split_at(letters);
        Some(format!("${col}${row}"))
    };
    Some(format!("{}!{}:{}", formula::quote_sheet(&sheet?), fixed(&first)?, fixed(&last)?))
}

fn prefix(sheet: Option<String>, last: Option<String>) -> String {
    match (sheet, last) {
        (None, _) => String::new(),
        (Some(sheet), None) => format!("{}!", formula::quote_sheet(&sheet)),
        (Some(sheet), Some(last)) => {
            format!("'{}:{}'!", sheet.replace('\'', "''"), last.replace('\'', "''"))
        }
    }
}

/// A range of two corners; whole columns and rows, which are written with their ends, as such.
fn range(first: &str, last: &str) -> String {
    let split = |corner: &str| {
        let end = corner.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('$').len();
        let (col, row) = corner.split_at(end);
        (col.to_owned(), row.to_owned())
    };
    let ((first_col, first_row), (last_col, last_row)) = (split(first), split(last));
    let is = |part: &str, wanted: &str| part.trim_start_matches('$').eq_ignore_ascii_case(wanted);
    if is(&first_row, "1") && is(&last_row, "1048576") {
        format!("{first_col}:{last_col}")
    } else if is(&first_col, "A") && (is(&last_col, "XFD") || is(&last_col, "AMJ")) {
        format!("{first_row}:{last_row}")
    } else {
        format!("{first}:{last}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_of_the_case_file() {
        let books = ["file:///tmp/first.ods", "file:///tmp/it's.ods"].map(str::to_owned);
        for line in include_str!("../../cases/openformula.tsv").lines().filter(|l| !l.starts_with('#')) {
            let (open, excel) = line.split_once('\t').unwrap();
            match (to_excel(open, Source { books: &books, regexes: true }), excel) {
                (Err(_), "error") => {}
                (read, excel) => assert_eq!(read.as_deref(), Ok(excel), "{open}"),
            }
        }
    }

    #[test]
    fn without_regular_expressions_texts_stay() {
        let text = "of:=COUNTIF([.A1:.A9];\".*a\")";
        assert_eq!(to_excel(text, Source::default()).unwrap(), "COUNTIF(A1:A9,\".*a\")");
    }

    #[test]
    fn names_are_addresses_or_formulas() {
        for (text, excel) in [
            ("$Sheet1.$A$1", "Sheet1!$A$1"),
            ("$Sheet1.$A$1:.$B$2", "Sheet1!$A$1:$B$2"),
            ("$Sheet1.$A$1:$Sheet1.$B$2", "Sheet1!$A$1:$B$2"),
            ("$'My sheet'.$A$1:.$B$2", "'My sheet'!$A$1:$B$2"),
            ("of:=[.A1]*2", "A1*2"),
            ("0.19", "0.19"),
        ] {
            assert_eq!(name_to_excel(text, Source::default()).unwrap(), excel);
        }
    }

    #[test]
    fn any_beginning_of_a_formula_is_read_or_refused() {
        let text = "of:=SUM([$'It''s'.A1:.B2];{1;2|3;4};\"a\"\"b\")&[.#REF!]+#N/A";
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let _ = to_excel(&text[..end], Source::default());
            let _ = name_to_excel(&text[..end], Source::default());
        }
    }
}
