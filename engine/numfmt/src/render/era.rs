//! Eras of the Japanese calendar. A year changes its era within: the first year of one is the last of the other.

use values::Civil;

/// An era.
pub(crate) struct Era {
    /// Its first day as year, month and day.
    from: (i32, u32, u32),
    /// What `g`, `gg` and `ggg` show.
    pub(crate) names: [&'static str; 3],
}

/// The newest first. Source: the eras of Windows' Japanese calendar; Reiwa by the government's order of 2019.
const ERAS: [Era; 5] = [
    Era { from: (2019, 5, 1), names: ["R", "令", "令和"] },
    Era { from: (1989, 1, 8), names: ["H", "平", "平成"] },
    Era { from: (1926, 12, 25), names: ["S", "昭", "昭和"] },
    Era { from: (1912, 7, 30), names: ["T", "大", "大正"] },
    Era { from: (1868, 1, 25), names: ["M", "明", "明治"] },
];

impl Era {
    /// The era of a day; serials begin after the first of the table.
    pub(crate) fn of(civil: Civil) -> &'static Era {
        let day = (civil.year, civil.month, civil.day);
        let [.., first] = &ERAS;
        ERAS.iter().find(|era| era.from <= day).unwrap_or(first)
    }

    /// A year counted from the beginning of the era, which is 1.
    pub(crate) fn year(&self, civil: Civil) -> u64 {
        u64::try_from(civil.year - self.from.0 + 1).unwrap_or(0)
    }
}
