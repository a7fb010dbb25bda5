//! Numbers as people write them: signs or parentheses, currency, thousands, decimals, exponent, percent.

use crate::Locale;
use crate::locale::is_space;
use crate::read::Read;
use crate::read::cursor::Cursor;

/// Digits beyond these count as zeros, as when they are typed into a cell.
const SIGNIFICANT: usize = 15;

/// Fewest digits between thousands separators, and behind the last: Excel reads 1,2345 but not 1,23.
const GROUP: usize = 3;

/// Fewest digits between separators where they stand as in India, 12,34,567.
const LAKH_GROUP: usize = 2;

/// No number of this size or more is read; the largest is 9.99999999999999E+307. Source: Microsoft's page on
/// specifications and limits.
const TYPED_LIMIT: f64 = 1e308;

/// What stands around the digits, each at most once.
#[derive(Default)]
struct Marks {
    negative: Option<bool>,
    parenthesis: bool,
    closed: bool,
    currency: bool,
    percent: bool,
}

/// The digits of a number.
#[derive(Default)]
struct Digits {
    mantissa: u64,
    significant: usize,
    /// Power of ten of the mantissa.
    exponent: i32,
    any: bool,
    grouped: bool,
    decimals: bool,
    scientific: bool,
}

/// Reads a number, if the whole text is one.
pub(crate) fn read_number(text: &str, locale: &Locale) -> Option<Read> {
    let mut cursor = Cursor::new(text);
    let mut marks = Marks::default();
    prefix(&mut cursor, &mut marks, locale)?;
    let mut digits = read_digits(&mut cursor, locale)?;
    suffix(&mut cursor, &mut marks, locale)?;
    if marks.parenthesis != marks.closed || (marks.currency && marks.percent) {
        return None;
    }
    if marks.percent {
        digits.exponent -= 2;
    }
    let number = digits.value()?;
    let negative = marks.negative == Some(true) || marks.parenthesis;
    // Zero has no sign in a cell.
    let number = if negative && number != 0.0 { -number } else { number };
    Some(Read { number, format: format_of(&marks, &digits) })
}

fn prefix(cursor: &mut Cursor<'_>, marks: &mut Marks, locale: &Locale) -> Option<()> {
    loop {
        cursor.spaces();
        if cursor.peek().is_some_and(|next| next.is_ascii_digit() || next == locale.decimal) {
            return Some(());
        }
        if take_currency(cursor, locale) {
            once(&mut marks.currency)?;
            continue;
        }
        match cursor.next()? {
            sign @ ('+' | '-' | '\u{2212}') if marks.negative.is_none() && !marks.parenthesis => {
                marks.negative = Some(sign != '+');
            }
            '(' if marks.negative.is_none() => once(&mut marks.parenthesis)?,
            '%' => once(&mut marks.percent)?,
            _ => return None,
        }
    }
}

fn suffix(cursor: &mut Cursor<'_>, marks: &mut Marks, locale: &Locale) -> Option<()> {
    loop {
        while cursor.peek().is_some_and(is_space) {
            cursor.next();
        }
        if cursor.at_end() {
            return Some(());
        }
        if take_currency(cursor, locale) {
            once(&mut marks.currency)?;
            continue;
        }
        match cursor.next()? {
            ')' => once(&mut marks.closed)?,
            '%' => once(&mut marks.percent)?,
            _ => return None,
        }
    }
}

fn once(mark: &mut bool) -> Option<()> {
    let first = !*mark;
    *mark = true;
    first.then_some(())
}

/// The currency of the locale, and the euro everywhere.
fn take_currency(cursor: &mut Cursor<'_>, locale: &Locale) -> bool {
    cursor.take(locale.currency) || cursor.take("€")
}

fn read_digits(cursor: &mut Cursor<'_>, locale: &Locale) -> Option<Digits> {
    let mut digits = Digits::default();
    let mut since_group: Option<usize> = None;
    let mut is_zero = true;
    let between = if locale.lakhs { LAKH_GROUP } else { GROUP };
    while let Some(next) = cursor.peek() {
        if let Some(digit) = next.to_digit(10) {
            digits.push(digit, false);
            is_zero &= digit == 0;
            since_group = since_group.map(|count| count + 1);
        } else if locale.is_group(next) && follows_digit(cursor) && digits.any {
            // Nothing but zeros is no first group: `0,123` is a number elsewhere, and text here.
            if since_group.is_some_and(|count| count < between) || (since_group.is_none() && is_zero) {
                return None;
            }
            since_group = Some(0);
            digits.grouped = true;
        } else {
            break;
        }
        cursor.next();
    }
    if since_group.is_some_and(|count| count < GROUP) {
        return None;
    }
    if cursor.take_char(locale.decimal) {
        digits.decimals = true;
        while let Some(digit) = cursor.peek().and_then(|next| next.to_digit(10)) {
            digits.push(digit, true);
            cursor.next();
        }
    }
    if !digits.any {
        return None;
    }
    read_exponent(cursor, &mut digits)?;
    Some(digits)
}

/// Whether a digit stands behind the next character.
fn follows_digit(cursor: &Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    ahead.next();
    ahead.peek().is_some_and(|next| next.is_ascii_digit())
}

fn read_exponent(cursor: &mut Cursor<'_>, digits: &mut Digits) -> Option<()> {
    let mut ahead = *cursor;
    if !(ahead.take_char('e') || ahead.take_char('E')) {
        return Some(());
    }
    let negative = ahead.take_char('-');
    if !negative {
        ahead.take_char('+');
    }
    // More digits than these are an overflow or zero all the same.
    let size = ahead.figures()?.value.min(100_000) as i32;
    digits.scientific = true;
    digits.exponent += if negative { -size } else { size };
    *cursor = ahead;
    Some(())
}

impl Digits {
    fn push(&mut self, digit: u32, behind_point: bool) {
        self.any = true;
        if self.mantissa == 0 && digit == 0 {
            self.exponent -= i32::from(behind_point);
        } else if self.significant < SIGNIFICANT {
            self.mantissa = self.mantissa * 10 + u64::from(digit);
            self.significant += 1;
            self.exponent -= i32::from(behind_point);
        } else {
            self.exponent += i32::from(!behind_point);
        }
    }

    /// The number, unless it is too large for one.
    fn value(&self) -> Option<f64> {
        if self.mantissa == 0 {
            return Some(0.0);
        }
        let value = if self.exponent == 0 {
            self.mantissa as f64
        } else {
            // The standard library's reading is correctly rounded; powers of ten in floating point are not.
            format!("{}e{}", self.mantissa, self.exponent).parse().ok()?
        };
        (value < TYPED_LIMIT).then_some(value)
    }
}

fn format_of(marks: &Marks, digits: &Digits) -> Option<u16> {
    match (marks.percent, marks.currency, digits.scientific, digits.grouped, digits.decimals) {
        (true, _, _, _, decimals) => Some(if decimals { 10 } else { 9 }),
        (_, true, _, _, decimals) => Some(if decimals { 8 } else { 6 }),
        (_, _, true, _, _) => Some(11),
        (_, _, _, true, decimals) => Some(if decimals { 4 } else { 3 }),
        _ => None,
    }
}
