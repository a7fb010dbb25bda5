//! Dates, times and durations in the notation of ISO 8601, as .xlsx and .ods write them.

use values::DateSystem;

/// `2024-01-31`, with or without `T12:30:00.5` and a zone, which is dropped as Excel drops it.
pub(crate) fn serial(text: &str, system: DateSystem) -> Option<f64> {
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let serial = system.serial(year, month, day)? as f64;
    let Some(time) = time else { return Some(serial) };
    let time = time.trim_end_matches('Z').split(['+', '-']).next()?;
    let mut parts = time.splitn(3, ':').map(|part| part.parse::<f64>().ok());
    let (hours, minutes) = (parts.next()??, parts.next().flatten().unwrap_or(0.0));
    let seconds = parts.next().flatten().unwrap_or(0.0);
    let serial = serial + (hours * 3_600.0 + minutes * 60.0 + seconds) / 86_400.0;
    serial.is_finite().then_some(serial)
}

/// `PT12H30M15.5S`, as a part of a day.
pub(crate) fn duration(text: &str) -> Option<f64> {
    let (sign, text) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let (days, time) = text.strip_prefix('P')?.split_once('T')?;
    let mut seconds = match days.strip_suffix('D') {
        Some(days) => days.parse::<f64>().ok()? * 86_400.0,
        None if days.is_empty() => 0.0,
        None => return None,
    };
    let mut rest = time;
    for (unit, worth) in [('H', 3_600.0), ('M', 60.0), ('S', 1.0)] {
        if let Some((count, after)) = rest.split_once(unit) {
            seconds += count.parse::<f64>().ok()? * worth;
            rest = after;
        }
    }
    let days = sign * seconds / 86_400.0;
    (rest.is_empty() && days.is_finite()).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_durations() {
        let serial = |text| serial(text, DateSystem::V1900);
        assert_eq!(serial("2024-01-31"), Some(45_322.0));
        assert_eq!(serial("2024-01-31T12:00:00Z"), Some(45_322.5));
        assert_eq!(serial("2024-01-31T18:00:00.000+02:00"), Some(45_322.75));
        assert_eq!(serial("2024-13-31T"), None);
        assert_eq!(serial("2024-01-31Tnan"), None);
        assert_eq!(duration("PT12H30M00S"), Some(12.5 / 24.0));
        assert_eq!(duration("-PT36H"), Some(-1.5));
        assert_eq!(duration("P1DT6H"), Some(1.25));
        assert_eq!(duration("PTinfH"), None);
        assert_eq!(duration("12:30"), None);
    }
}
