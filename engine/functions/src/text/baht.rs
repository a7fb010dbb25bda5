//! BAHTTEXT: an amount in Thai words.

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

/// The amount in baht and satang, rounded to the satang.
fn bahttext(args: &Args<'_>) -> Result<Value> {
    let rounded = decimal::round(args.number(0), 2, Direction::Nearest);
    let printed = format!("{:.2}", rounded.abs());
    let (baht, satang) = printed.split_once('.').ok_or(CellError::Value)?;
    let mut text = String::new();
    if rounded < 0.0 {
        text.push_str(MINUS);
    }
    let has_baht = baht.bytes().any(|digit| digit != b'0');
    let has_satang = satang != "00";
    if has_baht || !has_satang {
        push_whole(&mut text, baht);
        text.push_str(BAHT);
    }
    if has_satang {
        push_six(&mut text, satang);
        text.push_str(SATANG);
    } else {
        text.push_str(EVEN);
    }
    super::result(text)
}

/// Digits of any number, in groups of six with "million" between them.
fn push_whole(text: &mut String, digits: &str) {
    if digits.bytes().all(|digit| digit == b'0') {
        text.push_str(DIGITS[0]);
        return;
    }
    let first = digits.len() % 6;
    let (head, tail) = digits.split_at(first);
    if !head.is_empty() {
        push_six(text, head);
    }
    for (nth, group) in tail.as_bytes().chunks(6).enumerate() {
        if nth > 0 || !head.is_empty() {
            text.push_str(MILLION);
        }
        push_six(text, std::str::from_utf8(group).unwrap_or_default());
    }
}

/// At most six digits. A one behind a ten is "et", a ten has no "one" before it, twenty is "yi".
fn push_six(text: &mut String, digits: &str) {
    let places = &PLACES[PLACES.len() - digits.len().min(PLACES.len())..];
    let mut before = 0;
    for (digit, place) in digits.bytes().map(|byte| usize::from(byte.wrapping_sub(b'0'))).zip(places) {
        let word = match (digit, *place) {
            (0, _) | (1, "สิบ") => "",
            (2, "สิบ") => "ยี่",
            (1, "") if before > 0 => "เอ็ด",
            (digit, _) => DIGITS.get(digit).copied().unwrap_or_default(),
        };
        text.push_str(word);
        if digit > 0 {
            text.push_str(place);
        }
        before = digit;
    }
}
