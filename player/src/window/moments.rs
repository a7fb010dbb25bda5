//! Moments as days and words of this computer's time zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ui::screens::Language;
use ui::widgets::Date;

/// The day on which a moment falls, given in milliseconds since 1970 (UTC).
pub(crate) fn day(ms: i64) -> Option<Date> {
    let moment = Timestamp::from_millisecond(ms).ok()?.to_zoned(TimeZone::system());
    Date::new(moment.year().into(), u32::try_from(moment.month()).ok()?, u32::try_from(moment.day()).ok()?)
}

/// Today.
pub(crate) fn today() -> Option<Date> {
    day(Timestamp::now().as_millisecond())
}

/// A moment in words: the time of a moment today, the day of any other.
pub(crate) fn words(ms: i64, language: &Language) -> String {
    let Ok(moment) = Timestamp::from_millisecond(ms) else { return String::new() };
    let moment = moment.to_zoned(TimeZone::system());
    match day(ms) {
        day if day == today() => format!("{}:{:02}", moment.hour(), moment.minute()),
        Some(day) => language.short_day(day),
        None => String::new(),
    }
}

/// Bytes in words.
pub(crate) fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{} kB", count.div_ceil(1_000)),
        _ => format!("{}.{} MB", count / 1_000_000, count % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_said_in_the_unit_that_fits() {
        for (count, words) in [(0, "0 B"), (999, "999 B"), (1_001, "2 kB"), (4_250_000, "4.2 MB")] {
            assert_eq!(bytes(count), words);
        }
    }

    #[test]
    fn a_moment_that_does_not_exist_has_no_day() {
        assert_eq!(day(i64::MAX), None);
        assert!(day(1_795_000_000_000).is_some());
    }
}
