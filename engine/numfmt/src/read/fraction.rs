//! Mixed fractions, `1 1/2`. Without a whole number before it `1/2` is a date, so `0 1/2` is how a half is typed.

use crate::read::Read;
use crate::read::cursor::{Cursor, Figures};

/// The largest numerator and denominator, and the most figures of either, as found in Excel.
const MOST: u32 = 32_767;
const MOST_FIGURES: usize = 5;

/// Reads a whole number, one space and a fraction, if the whole text is that.
pub(crate) fn read_fraction(text: &str) -> Option<Read> {
    let mut cursor = Cursor::new(text);
    let negative = cursor.take_char('-');
    if !negative {
        cursor.take_char('+');
    }
    cursor.spaces();
    let whole = cursor.figures()?;
    if !cursor.take_char(' ') {
        return None;
    }
    let numerator = cursor.figures()?;
    if !cursor.take_char('/') {
        return None;
    }
    let denominator = cursor.figures()?;
    let fits = |part: Figures| part.length <= MOST_FIGURES && part.value <= MOST;
    if !cursor.at_end()
        || denominator.value == 0
        || whole.length > 9
        || !fits(numerator)
        || !fits(denominator)
    {
        return None;
    }
    let size = f64::from(whole.value) + f64::from(numerator.value) / f64::from(denominator.value);
    let number = if negative && size != 0.0 { -size } else { size };
    Some(Read { number, format: Some(if denominator.length > 1 { 13 } else { 12 }) })
}
