//! Numbers that look random and are the same every time.

/// A generator of evenly spread 64-bit numbers (splitmix64).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A generator of its own for each stream of a workload.
    pub fn new(stream: &str) -> Self {
        // FNV-1a, so that names that differ in one letter begin far apart.
        let seed = stream.bytes().fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A whole number from `first` up to, not including, `end`.
    pub fn within(&mut self, first: u32, end: u32) -> u32 {
        let span = u64::from(end.saturating_sub(first).max(1));
        first + (((self.next() >> 32) * span) >> 32) as u32
    }

    /// A number with two decimals from `first` to `last`, both given in hundredths.
    pub fn hundredths(&mut self, first: i32, last: i32) -> f64 {
        let span = last.abs_diff(first) + 1;
        (f64::from(first) + f64::from(self.within(0, span))) / 100.0
    }

    /// One of some things.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.within(0, from.len() as u32) as usize)
    }

    /// So many different numbers of a range, in no order.
    pub fn sample(&mut self, first: u32, end: u32, count: u32) -> Vec<u32> {
        let mut all: Vec<u32> = (first..end).collect();
        for place in 0..count.min(end - first) {
            let other = self.within(place, end - first);
            all.swap(place as usize, other as usize);
        }
        all.truncate(count as usize);
        all
    }
}
