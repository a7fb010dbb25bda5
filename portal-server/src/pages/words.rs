//! Times and sizes in words, for the pages.

use time::OffsetDateTime;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A moment as people write it, in UTC: `21 Nov 2026, 20:05`.
pub fn moment(ms: i64) -> String {
    let Ok(at) = OffsetDateTime::from_unix_timestamp(ms.div_euclid(1_000)) else { return String::new() };
    let month = MONTHS.get(usize::from(u8::from(at.month())).saturating_sub(1)).copied().unwrap_or_default();
    format!("{} {month} {}, {:02}:{:02}", at.day(), at.year(), at.hour(), at.minute())
}

/// How long ago something was, in words; a date where it was long ago.
pub fn ago(ms: i64, now_ms: i64) -> String {
    let minutes = now_ms.saturating_sub(ms).max(0) / 60_000;
    match minutes {
        0 => "just now".to_owned(),
        1 => "a minute ago".to_owned(),
        2..60 => format!("{minutes} minutes ago"),
        60..120 => "an hour ago".to_owned(),
        120..1_440 => format!("{} hours ago", minutes / 60),
        1_440..2_880 => "yesterday".to_owned(),
        2_880..10_080 => format!("{} days ago", minutes / 1_440),
        _ => moment(ms).split(',').next().unwrap_or_default().to_owned(),
    }
}

/// A number of things: `1 input`, `3 inputs`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// A size in bytes in words.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} bytes"),
        1_024..1_048_576 => format!("{} KB", bytes.div_ceil(1_024)),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_words() {
        let now = 1_795_294_800_000;
        for (before_ms, words) in [
            (0, "just now"),
            (61_000, "a minute ago"),
            (30 * 60_000, "30 minutes ago"),
            (90 * 60_000, "an hour ago"),
            (5 * 3_600_000, "5 hours ago"),
            (30 * 3_600_000, "yesterday"),
            (80 * 3_600_000, "3 days ago"),
        ] {
            assert_eq!(ago(now - before_ms, now), words);
        }
        assert_eq!(moment(0), "1 Jan 1970, 00:00");
        assert_eq!(ago(0, now), "1 Jan 1970");
        assert_eq!(
            (size(10), size(8_455), size(26_214_400)),
            ("10 bytes".into(), "9 KB".into(), "25.0 MB".into())
        );
        assert_eq!(
            (count(1, "input", "inputs"), count(0, "input", "inputs")),
            ("1 input".into(), "0 inputs".into())
        );
    }
}
