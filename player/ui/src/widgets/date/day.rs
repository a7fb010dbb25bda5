//! Calendar dates and how a locale writes them.
//!
//! Days are counted with whole numbers only; there are no times and no time zones.
//!
//! Invariant: a [`Date`] exists in the Gregorian calendar and lies in the years 1900 to 9999.

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i32,
    month: u32,
    day: u32,
}

impl Date {
    /// The date, if it exists and lies in the years 1900 to 9999.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let exists = (1900..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// The year, 1900 to 9999.
    pub const fn year(self) -> i32 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u32 {
        self.month
    }

    /// The day of the month, 1 to 31.
    pub const fn day(self) -> u32 {
        self.day
    }

    /// Days since 1 January 1970.
    pub fn number(self) -> i64 {
        // Counted in years that begin in March, so that the leap day is the last day of a year.
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let month = i64::from((self.month + 9) % 12);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    /// The date that lies `days` later; nothing outside 1900 to 9999.
    pub fn plus_days(self, days: i64) -> Option<Self> {
        let number = self.number().checked_add(days)?.checked_add(719_468)?;
        let era = number.div_euclid(146_097);
        let day_of_era = number.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        Self::new(i32::try_from(year).ok()?, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
    }

    /// The same day `months` later, or the last day of that month; nothing outside 1900 to 9999.
    pub fn plus_months(self, months: i32) -> Option<Self> {
        let index = self.year.checked_mul(12)?.checked_add(self.month as i32 - 1)?.checked_add(months)?;
        let (year, month) = (index.div_euclid(12), index.rem_euclid(12) as u32 + 1);
        Self::new(year, month, self.day.min(days_in(year, month)))
    }

    /// The day of the week, 0 for Monday to 6 for Sunday.
    pub fn weekday(self) -> usize {
        // 1 January 1970 was a Thursday.
        (self.number() + 3).rem_euclid(7) as usize
    }
}

/// The number of days of a month.
fn days_in(year: i32, month: u32) -> u32 {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// In which order a locale writes day, month and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// 28.11.2026
    DayMonthYear,
    /// 11/28/2026
    MonthDayYear,
    /// 2026-11-28
    YearMonthDay,
}

/// How a locale writes dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateLocale {
    /// The order of the parts.
    pub order: DateOrder,
    /// What stands between the parts.
    pub separator: char,
    /// Whether day and month always have two digits.
    pub padded: bool,
    /// The first day of the week, 0 for Monday to 6 for Sunday.
    pub first_weekday: usize,
    /// The months, January to December.
    pub months: [String; 12],
    /// Short names of the days of the week, Monday to Sunday.
    pub weekdays: [String; 7],
    /// Letters for day, month and year in the pattern: `DMY`, in German `TMJ`.
    pub letters: [char; 3],
}

impl DateLocale {
    /// Dates as the United States write them.
    pub fn american() -> Self {
        let months = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        Self {
            order: DateOrder::MonthDayYear,
            separator: '/',
            padded: false,
            first_weekday: 6,
            months: months.map(str::to_owned),
            weekdays: ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"].map(str::to_owned),
            letters: ['D', 'M', 'Y'],
        }
    }

    /// Dates as ISO 8601 writes them, with English names.
    pub fn iso() -> Self {
        Self {
            order: DateOrder::YearMonthDay,
            separator: '-',
            padded: true,
            first_weekday: 0,
            ..Self::american()
        }
    }

    /// Dates as German writes them.
    pub fn german() -> Self {
        let months = [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ];
        Self {
            order: DateOrder::DayMonthYear,
            separator: '.',
            padded: true,
            first_weekday: 0,
            months: months.map(str::to_owned),
            weekdays: ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"].map(str::to_owned),
            letters: ['T', 'M', 'J'],
        }
    }

    /// The date as this locale writes it.
    pub fn text(&self, date: Date) -> String {
        let short = |number: u32| if self.padded { format!("{number:02}") } else { number.to_string() };
        self.joined(short(date.day), short(date.month), format!("{:04}", date.year))
    }

    /// The pattern that dates follow: `DD.MM.YYYY`.
    pub fn pattern(&self) -> String {
        let [day, month, year] = self.letters;
        let letters = |letter: char, count: usize| letter.to_string().repeat(count);
        self.joined(letters(day, 2), letters(month, 2), letters(year, 4))
    }

    fn joined(&self, day: String, month: String, year: String) -> String {
        let parts = match self.order {
            DateOrder::DayMonthYear => [day, month, year],
            DateOrder::MonthDayYear => [month, day, year],
            DateOrder::YearMonthDay => [year, month, day],
        };
        parts.join(&self.separator.to_string())
    }

    /// The date in what a person typed: the parts in this locale's order, or year first, with anything between
    /// them; without a year the year of `today`; two-digit years from 1930 to 2029, as spreadsheets read them.
    pub fn read(&self, text: &str, today: Date) -> Option<Date> {
        let parts: Vec<&str> =
            text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
        if parts.len() > 3 || parts.iter().any(|part| part.len() > 8) {
            return None;
        }
        let number = |part: &str| part.parse::<u32>().ok();
        match parts.as_slice() {
            // Eight digits without anything between them can only begin with the year.
            [all] if all.len() == 8 => self.made(number(&all[..4])?, number(&all[4..6])?, number(&all[6..])?),
            [first, second] => {
                let (first, second) = (number(first)?, number(second)?);
                let (day, month) =
                    if self.order == DateOrder::DayMonthYear { (first, second) } else { (second, first) };
                self.made(u32::try_from(today.year).ok()?, month, day)
            }
            [first, second, third] => {
                let year_first = first.len() == 4;
                let [first_number, second_number, third_number] =
                    [number(first)?, number(second)?, number(third)?];
                match self.order {
                    _ if year_first => self.made(first_number, second_number, third_number),
                    DateOrder::DayMonthYear => self.made(full_year(third)?, second_number, first_number),
                    DateOrder::MonthDayYear => self.made(full_year(third)?, first_number, second_number),
                    DateOrder::YearMonthDay => self.made(full_year(first)?, second_number, third_number),
                }
            }
            _ => None,
        }
    }

    fn made(&self, year: u32, month: u32, day: u32) -> Option<Date> {
        Date::new(i32::try_from(year).ok()?, month, day)
    }
}

/// The year in digits, two of them from 1930 to 2029.
fn full_year(digits: &str) -> Option<u32> {
    let year: u32 = digits.parse().ok()?;
    Some(match (digits.len(), year) {
        (1 | 2, 0..=29) => 2000 + year,
        (1 | 2, _) => 1900 + year,
        _ => year,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i32, month: u32, day: u32) -> Date {
        Date::new(year, month, day).unwrap()
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        for (year, month, day) in [
            (2026, 2, 29),
            (1900, 2, 29),
            (2026, 13, 1),
            (2026, 0, 1),
            (2026, 4, 31),
            (1899, 12, 31),
            (10_000, 1, 1),
        ] {
            assert_eq!(Date::new(year, month, day), None, "{year}-{month}-{day}");
        }
        assert!(Date::new(2000, 2, 29).is_some());
        assert!(Date::new(2024, 2, 29).is_some());
    }

    #[test]
    fn counting_days_there_and_back_meets_every_day_once() {
        let mut day = date(1900, 1, 1);
        let mut number = day.number();
        let mut weekday = day.weekday();
        assert_eq!(weekday, 0, "1 January 1900 was a Monday");
        while let Some(next) = day.plus_days(1) {
            assert_eq!(next.number(), number + 1);
            assert_eq!(next.weekday(), (weekday + 1) % 7);
            assert!(next > day);
            assert_eq!(next.plus_days(-1), Some(day));
            (day, number, weekday) = (next, number + 1, next.weekday());
        }
        assert_eq!(day, date(9999, 12, 31));
        assert_eq!(date(1970, 1, 1).number(), 0);
        assert_eq!(date(2026, 11, 21).weekday(), 5);
        assert_eq!(day.plus_days(i64::MAX), None);
    }

    #[test]
    fn months_end_where_they_end() {
        assert_eq!(date(2026, 1, 31).plus_months(1), Some(date(2026, 2, 28)));
        assert_eq!(date(2024, 3, 31).plus_months(-1), Some(date(2024, 2, 29)));
        assert_eq!(date(2026, 12, 5).plus_months(1), Some(date(2027, 1, 5)));
        assert_eq!(date(9999, 12, 5).plus_months(1), None);
        assert_eq!(date(1900, 1, 5).plus_months(-1), None);
    }

    #[test]
    fn what_people_type_is_read_in_their_order() {
        let today = date(2026, 11, 21);
        let cases: [(&DateLocale, &str, Option<Date>); 17] = [
            (&DateLocale::german(), "28.11.2026", Some(date(2026, 11, 28))),
            (&DateLocale::german(), "3.4.26", Some(date(2026, 4, 3))),
            (&DateLocale::german(), " 3. 4. ", Some(date(2026, 4, 3))),
            (&DateLocale::german(), "03/04/99", Some(date(1999, 4, 3))),
            (&DateLocale::german(), "2026-04-03", Some(date(2026, 4, 3))),
            (&DateLocale::german(), "20260403", Some(date(2026, 4, 3))),
            (&DateLocale::american(), "4/3/2026", Some(date(2026, 4, 3))),
            (&DateLocale::american(), "4/3", Some(date(2026, 4, 3))),
            (&DateLocale::american(), "13/4/2026", None),
            (&DateLocale::iso(), "26-4-3", Some(date(2026, 4, 3))),
            (&DateLocale::iso(), "2026-02-30", None),
            (&DateLocale::iso(), "tomorrow", None),
            (&DateLocale::iso(), "", None),
            (&DateLocale::iso(), "1-2-3-4", None),
            (&DateLocale::iso(), "99999999999999999999-1-1", None),
            (&DateLocale::german(), "28.11.202", None),
            (&DateLocale::german(), "٢٨.١١.٢٠٢٦", None),
        ];
        for (locale, text, expected) in cases {
            assert_eq!(locale.read(text, today), expected, "{text}");
        }
    }

    #[test]
    fn every_date_reads_back_from_its_own_text() {
        for locale in [DateLocale::german(), DateLocale::american(), DateLocale::iso()] {
            let mut day = Some(date(1900, 1, 1));
            while let Some(at) = day {
                assert_eq!(locale.read(&locale.text(at), date(2026, 1, 1)), Some(at));
                day = at.plus_days(97);
            }
        }
        assert_eq!(DateLocale::german().pattern(), "TT.MM.JJJJ");
        assert_eq!(DateLocale::iso().pattern(), "YYYY-MM-DD");
    }
}
