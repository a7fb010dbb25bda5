//! BAHTTEXT: an amount in Thai words. Rules of the words as results of Excel's show them.

use crate::numeric::decimal::{self, Direction};
use crate::{Args, Function, Param};
use values::{CellError, Result, Value};

pub(crate) const FUNCTIONS: &[Function] =
    &[Function::plain("BAHTTEXT", &[Param::number("number")], bahttext)];

const DIGITS: [&str; 10] = ["ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า"];
/// Words for the places of six digits, hundred thousands first.
const PLACES: [&str; 6] = ["แสน", "หมื่น", "พัน", "ร้อย", "สิบ", ""];
const MILLION: &str = "ล้าน";
const MINUS: &str = "ลบ";
const BAHT: &str = "บาท";
const SATANG: &str = "สตางค์";
const EVEN: &str = "ถ้วน";

/// The amount in baht and satang, rounded to the satang and to fifteen digits. An amount below zero keeps its minus
/// where it rounds to nothing.
fn bahttext(args: &Args<'_>) -> Result<Value> {
    let number = args.number(0);
    let (baht, satang) = amount(decimal::round(number, 2, Direction::Nearest).abs())?;
    let mut text = String::new();
    if number < 0.0 {
        text.push_str(MINUS);
    }
    let has_baht = baht.bytes().any(|digit| digit != b'0');
    let has_satang = satang != "00";
    if has_baht || !has_satang {
        push_whole(&mut text, &baht);
        text.push_str(BAHT);
    }
    if has_satang {
        push_six(&mut text, &satang, false);
        text.push_str(SATANG);
    } else {
        text.push_str(EVEN);
    }
    super::result(text)
}

/// The digits before the point and the two behind it, of fifteen significant ones.
fn amount(number: f64) -> Result<(String, String)> {
    let printed = format!("{number:.14e}");
    let (mantissa, exponent) = printed.split_once('e').ok_or(CellError::Value)?;
    let exponent: i32 = exponent.parse().map_err(|_| CellError::Value)?;
    let digits = mantissa.replace('.', "");
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    // Zeros in front, so that there is a digit before the point, and behind, so that there are two after it.
    let all = zeros(-exponent) + &digits + &zeros(exponent + 3 - digits.len() as i32);
    let (whole, rest) =
        all.split_at_checked(usize::try_from(exponent.max(0)).unwrap_or(0) + 1).ok_or(CellError::Value)?;
    Ok((whole.to_owned(), rest.get(..2).unwrap_or("00").to_owned()))
}

/// Digits of any number, in groups of six with "million" between them.
fn push_whole(text: &mut String, digits: &str) {
    if digits.bytes().all(|digit| digit == b'0') {
        text.push_str(DIGITS[0]);
        return;
    }
    let (head, tail) = digits.split_at(digits.len() % 6);
    if !head.is_empty() {
        push_six(text, head, false);
    }
    for (nth, group) in tail.as_bytes().chunks(6).enumerate() {
        let follows = nth > 0 || !head.is_empty();
        if follows {
            text.push_str(MILLION);
        }
        push_six(text, std::str::from_utf8(group).unwrap_or_default(), follows);
    }
}

/// At most six digits. A one at the end is "et" behind any other digit, be it before a million; a ten has no "one"
/// before it, twenty is "yi".
fn push_six(text: &mut String, digits: &str, follows: bool) {
    let places = &PLACES[PLACES.len() - digits.len().min(PLACES.len())..];
    let mut behind_another = follows;
    for (digit, place) in digits.bytes().map(|byte| usize::from(byte.wrapping_sub(b'0'))).zip(places) {
        let word = match (digit, *place) {
            (0, _) | (1, "สิบ") => "",
            (2, "สิบ") => "ยี่",
            (1, "") if behind_another => "เอ็ด",
            (digit, _) => DIGITS.get(digit).copied().unwrap_or_default(),
        };
        text.push_str(word);
        if digit > 0 {
            text.push_str(place);
        }
        behind_another |= digit > 0;
    }
}
