//! A value for each row, kept as runs of equal ones: formulas, styles and hidden rows repeat for long.

use formula::Slide;
use values::Row;

/// Runs in row order that do not overlap; rows between them have no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runs<T> {
    runs: Vec<(u32, u32, T)>,
}

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Runs { runs: Vec::new() }
    }
}

impl<T: Copy + PartialEq> Runs<T> {
    /// The value of a row.
    pub fn get(&self, row: Row) -> Option<T> {
        let place = self.runs.partition_point(|(_, last, _)| *last < row.0);
        self.runs.get(place).filter(|(first, _, _)| *first <= row.0).map(|(_, _, value)| *value)
    }

    /// Gives a row a value, or takes it away.
    pub fn set(&mut self, row: Row, value: Option<T>) {
        self.set_span(row, row, value);
    }

    /// Gives all rows from `first` to `last` a value, or takes it away.
    pub fn set_span(&mut self, first: Row, last: Row, value: Option<T>) {
        let (first, last) = (first.0, last.0);
        // Readers fill columns from the top: most values extend or follow the last run.
        if let Some(end) = self.runs.last_mut()
            && end.1 < first
        {
            match value {
                Some(value) if end.1 + 1 == first && end.2 == value => end.1 = last,
                Some(value) => self.runs.push((first, last, value)),
                None => {}
            }
            return;
        }
        let from = self.runs.partition_point(|(_, end, _)| *end < first);
        let to = self.runs.partition_point(|(start, _, _)| *start <= last);
        let mut with = Vec::with_capacity(3);
        if let Some(run) = self.runs[from..to].first().filter(|run| run.0 < first) {
            with.push((run.0, first - 1, run.2));
        }
        with.extend(value.map(|value| (first, last, value)));
        if let Some(run) = self.runs[from..to].last().filter(|run| run.1 > last) {
            with.push((last + 1, run.1, run.2));
        }
        let count = with.len();
        self.runs.splice(from..to, with);
        self.join(from.saturating_sub(1), from + count);
    }

    /// Lets rows come or go on a sheet of `limit` rows; new ones get `fill`.
    pub fn slide(&mut self, slide: Slide, limit: u32, fill: Option<T>) {
        let (at, count) = slide.range();
        let mut slid = Runs::default();
        for (first, last, value) in std::mem::take(&mut self.runs) {
            let parts = match slide {
                Slide::Insert { .. } if first < at && at <= last => [Some((first, at - 1)), Some((at, last))],
                _ => [Some((first, last)), None],
            };
            for (first, last) in parts.into_iter().flatten() {
                let (to_first, to_last) = match slide {
                    Slide::Insert { .. } => (slide.place(first, limit), slide.place(last, limit)),
                    Slide::Delete { .. } if first >= at && last - at < count => continue,
                    Slide::Delete { .. } => (
                        Some(slide.place(first, limit).unwrap_or(at)),
                        slide.place(last, limit).or_else(|| at.checked_sub(1)),
                    ),
                };
                if let Some(to_first) = to_first {
                    slid.set_span(Row(to_first), Row(to_last.unwrap_or(limit - 1)), Some(value));
                }
            }
        }
        *self = slid;
        if let (Slide::Insert { .. }, Some(_)) = (slide, fill) {
            self.set_span(Row(at), Row((at.saturating_add(count) - 1).min(limit - 1)), fill);
        }
    }

    /// Joins equal neighbours among the runs `from..=to`.
    fn join(&mut self, from: usize, to: usize) {
        let mut place = from;
        let mut end = to.min(self.runs.len().saturating_sub(1));
        while place < end {
            let (a, b) = (self.runs[place], self.runs[place + 1]);
            if a.1 + 1 == b.0 && a.2 == b.2 {
                self.runs[place].1 = b.1;
                self.runs.remove(place + 1);
                end -= 1;
            } else {
                place += 1;
            }
        }
    }

    /// The runs as (first row, last row, value).
    pub fn iter(&self) -> impl Iterator<Item = (Row, Row, T)> {
        self.runs.iter().map(|(first, last, value)| (Row(*first), Row(*last), *value))
    }

    /// The runs that touch the rows from `first` to `last`, whole.
    pub fn touching(&self, first: Row, last: Row) -> impl Iterator<Item = (Row, Row, T)> {
        let from = self.runs.partition_point(|(_, end, _)| *end < first.0);
        self.runs[from..]
            .iter()
            .take_while(move |(start, _, _)| *start <= last.0)
            .map(|(first, last, value)| (Row(*first), Row(*last), *value))
    }

    /// How many runs there are.
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// Whether no row has a value.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_and_go_as_in_a_list() {
        let mut state = 5_u64;
        let mut next = |bound: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u32 % bound
        };
        for _ in 0..500 {
            let (mut runs, mut rows) = (Runs::default(), vec![None; 60]);
            for _ in 0..12 {
                let first = next(60);
                let last = (first + next(9)).min(59);
                let value = Some(next(3)).filter(|value| *value > 0);
                runs.set_span(Row(first), Row(last), value);
                rows[first as usize..=last as usize].fill(value);
            }
            let (at, count) = (next(60), 1 + next(9));
            let fill = Some(next(3)).filter(|value| *value > 0);
            let (start, len) = (at as usize, count as usize);
            if next(2) == 0 {
                runs.slide(Slide::Insert { at, count }, 60, fill);
                rows.splice(start..start, vec![fill; len]);
                rows.truncate(60);
            } else {
                runs.slide(Slide::Delete { at, count }, 60, fill);
                rows.drain(start..(start + len).min(60));
                rows.resize(60, None);
            }
            for (row, value) in rows.iter().enumerate() {
                assert_eq!(runs.get(Row(row as u32)), *value, "row {row} of {runs:?}");
            }
            assert_eq!(runs.get(Row(60)), None);
        }
    }

    #[test]
    fn behaves_as_a_map_of_rows() {
        let mut runs = Runs::default();
        let mut rows = [None; 200];
        let mut state = 99_u64;
        for _ in 0..5_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let first = (state >> 33) as usize % 200;
            let last = (first + (state >> 50) as usize % 9).min(199);
            let value = [None, Some(1), Some(2), Some(3)][(state >> 20) as usize % 4];
            runs.set_span(Row(first as u32), Row(last as u32), value);
            rows[first..=last].fill(value);
        }
        for (row, value) in rows.iter().enumerate() {
            assert_eq!(runs.get(Row(row as u32)), *value);
        }
        for pair in runs.runs.windows(2) {
            assert!(pair[0].1 < pair[1].0, "overlap: {pair:?}");
            assert!(pair[0].1 + 1 < pair[1].0 || pair[0].2 != pair[1].2, "not joined: {pair:?}");
        }
    }
}
