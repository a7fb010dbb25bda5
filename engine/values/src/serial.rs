//! Serial dates: days since the end of 1899, or since 1904 on the first Macintosh.
//!
//! The 1900 system counts a 29 February 1900 that never was (serial 60), as Lotus 1-2-3 did, and shows
//! serial 0 as 0 January 1900. Source: ECMA-376 part 1, 18.17.4.1.

use serde::{Deserialize, Serialize};

/// Which day is serial 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DateSystem {
    /// 1 is 1 January 1900.
    #[default]
    V1900,
    /// 0 is 1 January 1904.
    V1904,
}

/// A calendar date as Excel shows it; 1900-01-00 and 1900-02-29 are possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Civil {
    /// 1900 to 9999.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31; 0 for serial 0 of the 1900 system.
    pub day: u32,
}

/// The time within a day, rounded to the millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeOfDay {
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 59.
    pub second: u32,
    /// 0 to 999.
    pub millisecond: u32,
}

/// Days from 1 January 1970 of a proleptic Gregorian date; `month` may lie outside of 1 to 12.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year + (month - 1).div_euclid(12);
    let month = (month - 1).rem_euclid(12) + 1;
    // March is the first month of the reckoning, so that the leap day is a year's last.
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month as u32, day as u32)
}

/// Whether the year has a 29 February in the Gregorian calendar (1900 has none).
pub fn is_leap_year(year: i32) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

/// Days of a month of the Gregorian calendar; `month` from 1 to 12, other months give 31.
pub fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap_year(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days between 1970-01-01 and serial 0 of the 1900 system for dates after February 1900.
const UNIX_IN_1900: i64 = 25_569;
/// Serials of the 1904 system are this much smaller.
const OFFSET_1904: i64 = 1_462;

impl DateSystem {
    /// The largest serial, 31 December 9999.
    pub fn max_serial(self) -> i64 {
        match self {
            DateSystem::V1900 => 2_958_465,
            DateSystem::V1904 => 2_958_465 - OFFSET_1904,
        }
    }

    /// The serial of a date; months and days beyond their bounds run over, as in DATE.
    /// `None` where the result lies before serial 0 or after the year 9999.
    pub fn serial(self, year: i64, month: i64, day: i64) -> Option<i64> {
        if !(-10_000..=20_000).contains(&year) || month.abs() > 1_000_000 || day.abs() > 10_000_000 {
            return None;
        }
        // The month is settled first: the imaginary day shifts everything before March 1900.
        let first_of_month = days_from_civil(year, month, 1) + UNIX_IN_1900;
        let serial = match self {
            DateSystem::V1900 => {
                let first = if first_of_month <= 60 { first_of_month - 1 } else { first_of_month };
                first + day - 1
            }
            DateSystem::V1904 => first_of_month + day - 1 - OFFSET_1904,
        };
        (0..=self.max_serial()).contains(&serial).then_some(serial)
    }

    /// The date of a serial day; `None` outside of the calendar.
    pub fn civil(self, serial: i64) -> Option<Civil> {
        if !(0..=self.max_serial()).contains(&serial) {
            return None;
        }
        let days = match self {
            DateSystem::V1900 => match serial {
                0 => return Some(Civil { year: 1900, month: 1, day: 0 }),
                60 => return Some(Civil { year: 1900, month: 2, day: 29 }),
                1..60 => serial + 1,
                _ => serial,
            },
            DateSystem::V1904 => serial + OFFSET_1904,
        };
        let (year, month, day) = civil_from_days(days - UNIX_IN_1900);
        Some(Civil { year: i32::try_from(year).ok()?, month, day })
    }

    /// The day of the week, 0 for Sunday to 6 for Saturday, by Excel's reckoning, which is one day off
    /// before March 1900.
    pub fn weekday(self, serial: i64) -> u32 {
        let serial = if self == DateSystem::V1904 { serial + OFFSET_1904 } else { serial };
        (serial + 6).rem_euclid(7) as u32
    }
}

impl TimeOfDay {
    /// Milliseconds of a day.
    pub const DAY_MS: i64 = 86_400_000;

    /// Splits a serial into its day and the time within it, rounded to the millisecond;
    /// a time that rounds up to midnight belongs to the next day. `None` for numbers outside of the calendar.
    pub fn split(serial: f64) -> Option<(i64, TimeOfDay)> {
        if !serial.is_finite() || serial.abs() > 1e9 {
            return None;
        }
        let day = serial.floor();
        let ms = ((serial - day) * Self::DAY_MS as f64 + 0.5).floor() as i64;
        let (day, ms) = if ms >= Self::DAY_MS { (day as i64 + 1, 0) } else { (day as i64, ms) };
        Some((day, Self::from_ms(ms)))
    }

    /// The time `ms` milliseconds after midnight.
    pub fn from_ms(ms: i64) -> TimeOfDay {
        let ms = ms.rem_euclid(Self::DAY_MS);
        TimeOfDay {
            hour: (ms / 3_600_000) as u32,
            minute: (ms / 60_000 % 60) as u32,
            second: (ms / 1_000 % 60) as u32,
            millisecond: (ms % 1_000) as u32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i32, month: u32, day: u32) -> Option<Civil> {
        Some(Civil { year, month, day })
    }

    #[test]
    fn known_serials() {
        let v1900 = DateSystem::V1900;
        for (serial, civil) in [
            (0, date(1900, 1, 0)),
            (1, date(1900, 1, 1)),
            (59, date(1900, 2, 28)),
            (60, date(1900, 2, 29)),
            (61, date(1900, 3, 1)),
            (45_292, date(2024, 1, 1)),
            (2_958_465, date(9999, 12, 31)),
        ] {
            assert_eq!(v1900.civil(serial), civil);
        }
        assert_eq!(v1900.serial(2024, 1, 1), Some(45_292));
        assert_eq!(v1900.serial(1900, 3, 0), Some(60));
        assert_eq!(v1900.serial(1900, 1, 0), Some(0));
        assert_eq!(v1900.serial(2023, 14, -1), v1900.serial(2024, 1, 30));
        assert_eq!(DateSystem::V1904.civil(0), date(1904, 1, 1));
        assert_eq!(DateSystem::V1904.serial(2024, 1, 1), Some(45_292 - 1_462));
        assert_eq!(v1900.civil(-1), None);
        assert_eq!(v1900.serial(10_000, 1, 1), None);
    }

    #[test]
    fn every_day_reads_back() {
        for serial in 61..=DateSystem::V1900.max_serial() {
            let civil = DateSystem::V1900.civil(serial).unwrap();
            let back = DateSystem::V1900.serial(civil.year.into(), civil.month.into(), civil.day.into());
            assert_eq!(back, Some(serial));
        }
    }

    #[test]
    fn weekdays_and_times() {
        assert_eq!(DateSystem::V1900.weekday(1), 0, "Excel calls 1 January 1900 a Sunday");
        assert_eq!(DateSystem::V1900.weekday(45_292), 1, "1 January 2024 is a Monday");
        let (day, time) = TimeOfDay::split(45_292.75).unwrap();
        assert_eq!((day, time.hour, time.minute), (45_292, 18, 0));
        assert_eq!(TimeOfDay::split(0.999_999_999_9).unwrap().0, 1);
    }
}
