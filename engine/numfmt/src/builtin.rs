//! The formats that files name by number alone.
//!
//! Source: ECMA-376 part 1, 18.8.30, and Excel for the ones that the standard leaves to the country (5 to 8 and
//! 41 to 44), in the United States. 14 follows the standard's "mm-dd-yy" only in name: Excel shows the short
//! date of the region. Ids 23 to 36 are reserved for East Asia and show General elsewhere.

use crate::Locale;
use std::borrow::Cow;

/// The last id that can be built in.
const LAST: usize = 49;

const CODES: [Option<&str>; LAST + 1] = [
    Some("General"),
    Some("0"),
    Some("0.00"),
    Some("#,##0"),
    Some("#,##0.00"),
    Some("\"$\"#,##0_);\\(\"$\"#,##0\\)"),
    Some("\"$\"#,##0_);[Red]\\(\"$\"#,##0\\)"),
    Some("\"$\"#,##0.00_);\\(\"$\"#,##0.00\\)"),
    Some("\"$\"#,##0.00_);[Red]\\(\"$\"#,##0.00\\)"),
    Some("0%"),
    Some("0.00%"),
    Some("0.00E+00"),
    Some("# ?/?"),
    Some("# ??/??"),
    Some("m/d/yyyy"),
    Some("d-mmm-yy"),
    Some("d-mmm"),
    Some("mmm-yy"),
    Some("h:mm AM/PM"),
    Some("h:mm:ss AM/PM"),
    Some("h:mm"),
    Some("h:mm:ss"),
    Some("m/d/yyyy h:mm"),
    None,
    None,
    None,
    None,
    None,
    None,
    None,
    None,
    None,
    None,
    None,
    None,
    None,
    None,
    Some("#,##0_);\\(#,##0\\)"),
    Some("#,##0_);[Red]\\(#,##0\\)"),
    Some("#,##0.00_);\\(#,##0.00\\)"),
    Some("#,##0.00_);[Red]\\(#,##0.00\\)"),
    Some("_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"_);_(@_)"),
    Some("_(\"$\"* #,##0_);_(\"$\"* \\(#,##0\\);_(\"$\"* \"-\"_);_(@_)"),
    Some("_(* #,##0.00_);_(* \\(#,##0.00\\);_(* \"-\"??_);_(@_)"),
    Some("_(\"$\"* #,##0.00_);_(\"$\"* \\(#,##0.00\\);_(\"$\"* \"-\"??_);_(@_)"),
    Some("mm:ss"),
    Some("[h]:mm:ss"),
    Some("mm:ss.0"),
    Some("##0.0E+0"),
    Some("@"),
];

/// The code of a built-in format in the United States. `None` for ids that have none: those are the file's own,
/// or General.
pub fn builtin(id: u16) -> Option<&'static str> {
    CODES.get(usize::from(id)).copied().flatten()
}

/// The code of a built-in format as Excel shows it in a region: with the region's currency and short date, always in
/// the notation of files.
pub fn builtin_in(id: u16, locale: &Locale) -> Option<Cow<'static, str>> {
    let code = builtin(id)?;
    if locale.currency == "$" && !locale.currency_after && locale.language() == "en" && !matches!(id, 14 | 22)
    {
        return Some(Cow::Borrowed(code));
    }
    Some(match id {
        14 => Cow::Borrowed(locale.short_date),
        22 => Cow::Owned(format!("{} h:mm", locale.short_date)),
        5..=8 => Cow::Owned(currency_code(id, locale)),
        37..=40 if locale.language() != "en" => Cow::Owned(plain_code(id)),
        41..=44 => Cow::Owned(accounting_code(id, locale)),
        _ => Cow::Borrowed(code),
    })
}

fn digits(two: bool) -> &'static str {
    if two { "#,##0.00" } else { "#,##0" }
}

fn with_currency(number: &str, locale: &Locale) -> String {
    let currency = locale.currency;
    if locale.currency_after {
        format!("{number}\\ \"{currency}\"")
    } else {
        format!("\"{currency}\"{number}")
    }
}

/// Outside of the United States currencies have a minus sign, not parentheses.
fn currency_code(id: u16, locale: &Locale) -> String {
    let number = with_currency(digits(id > 6), locale);
    let color = if id.is_multiple_of(2) { "[Red]" } else { "" };
    format!("{number};{color}\\-{number}")
}

fn plain_code(id: u16) -> String {
    let number = digits(id > 38);
    let color = if id.is_multiple_of(2) { "[Red]" } else { "" };
    format!("{number};{color}\\-{number}")
}

fn accounting_code(id: u16, locale: &Locale) -> String {
    let number = digits(id > 42);
    let dash = if id > 42 { "\"-\"??" } else { "\"-\"" };
    let currency = if id.is_multiple_of(2) { locale.currency } else { "" };
    let (before, after) = match (currency.is_empty(), locale.currency_after) {
        (true, _) => (String::new(), String::new()),
        (false, false) => (format!("\"{currency}\""), String::new()),
        (false, true) => (String::new(), format!("\\ \"{currency}\"")),
    };
    format!("_-{before}* {number}{after}_-;\\-{before}* {number}{after}_-;_-{before}* {dash}{after}_-;_-@_-")
}
