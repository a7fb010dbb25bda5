//! The bundled fonts: Inter (variable, 100 to 900) for text and figures, Hack for formulas.
//!
//! Inter's figures are proportional by default and tabular on request (the OpenType feature `tnum`), and not
//! every text stack can ask for features. [`sans`] therefore hands out Inter with its character map changed so
//! that the digits 0 to 9 are the tabular ones; nothing else differs. A browser can use [`SANS`] as it is with
//! `font-variant-numeric: tabular-nums`.
//!
//! Both fonts are open: Inter under the SIL Open Font License 1.1, Hack under MIT and the Bitstream Vera
//! licence; their texts come with the crates `ttf-inter` and `epaint_default_fonts`.
//!
//! Invariant: every read of font bytes is checked; a font that does not have the expected tables is handed out
//! unchanged.

use std::borrow::Cow;

/// Inter, a variable TrueType font with the axis `wght` from 100 to 900, with proportional figures.
pub const SANS: &[u8] = ttf_inter::REGULAR;

/// Hack, the mono font.
pub const MONO: &[u8] = epaint_default_fonts::HACK_REGULAR;

/// Where Inter keeps its tabular figures: ten code points of the private use area, 0 to 9.
const TABULAR_ZERO: u32 = 0xE071;
const ZERO: u32 = 0x30;
const NINE: u32 = 0x39;

/// Inter with tabular figures for the digits.
pub fn sans() -> Cow<'static, [u8]> {
    with_tabular_figures(SANS).map_or(Cow::Borrowed(SANS), Cow::Owned)
}

/// A run of characters that map to a run of glyphs (a group of a `cmap` subtable of format 12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    first: u32,
    last: u32,
    glyph: u32,
}

/// The font with its digits mapped to the tabular figures, or nothing if it lacks them.
fn with_tabular_figures(font: &[u8]) -> Option<Vec<u8>> {
    let record = table_record(font, b"cmap")?;
    let cmap = usize::try_from(be32(font, record + 8)?).ok()?;
    let runs = redirect_digits(&read_runs(font, cmap)?)?;
    let table = write_cmap(&runs)?;

    let mut changed = font.to_vec();
    changed.resize(font.len().next_multiple_of(4), 0);
    let offset = u32::try_from(changed.len()).ok()?;
    changed.extend_from_slice(&table);
    let mut entry = Vec::with_capacity(12);
    entry.extend_from_slice(&checksum(&table).to_be_bytes());
    entry.extend_from_slice(&offset.to_be_bytes());
    entry.extend_from_slice(&u32::try_from(table.len()).ok()?.to_be_bytes());
    changed.get_mut(record + 4..record + 16)?.copy_from_slice(&entry);
    Some(changed)
}

/// The position of a table's record in the table directory.
fn table_record(font: &[u8], tag: &[u8; 4]) -> Option<usize> {
    let count = usize::from(be16(font, 4)?);
    (0..count).map(|i| 12 + i * 16).find(|&at| font.get(at..at + 4) == Some(tag.as_slice()))
}

/// The runs of the `cmap` table's full-range Unicode subtable (format 12).
fn read_runs(font: &[u8], cmap: usize) -> Option<Vec<Run>> {
    let count = usize::from(be16(font, cmap + 2)?);
    let subtable = (0..count)
        .filter_map(|i| be32(font, cmap + 4 + i * 8 + 4))
        .map(|offset| cmap + offset as usize)
        .find(|&at| be16(font, at) == Some(12))?;
    let groups = be32(font, subtable + 12)? as usize;
    (0..groups)
        .map(|i| {
            let at = subtable + 16 + i * 12;
            Some(Run { first: be32(font, at)?, last: be32(font, at + 4)?, glyph: be32(font, at + 8)? })
        })
        .collect()
}

/// The same runs, except that the digits map to the tabular figures.
fn redirect_digits(runs: &[Run]) -> Option<Vec<Run>> {
    let glyph_of = |character: u32| {
        runs.iter()
            .find(|run| (run.first..=run.last).contains(&character))
            .map(|run| run.glyph + (character - run.first))
    };
    let mut changed: Vec<Run> = Vec::with_capacity(runs.len() + 12);
    for run in runs {
        if run.first < ZERO {
            changed.push(Run { last: run.last.min(ZERO - 1), ..*run });
        }
        if run.last > NINE {
            let first = run.first.max(NINE + 1);
            changed.push(Run { first, last: run.last, glyph: run.glyph + (first - run.first) });
        }
    }
    for digit in 0..=NINE - ZERO {
        let character = ZERO + digit;
        changed.push(Run { first: character, last: character, glyph: glyph_of(TABULAR_ZERO + digit)? });
    }
    changed.sort_by_key(|run| run.first);
    Some(changed)
}

/// A `cmap` table with one subtable of format 12.
fn write_cmap(runs: &[Run]) -> Option<Vec<u8>> {
    let length = u32::try_from(16 + runs.len() * 12).ok()?;
    let mut table = Vec::new();
    // Version 0, one subtable: platform 3 (Windows), encoding 10 (all of Unicode), at byte 12.
    for half in [0u16, 1, 3, 10, 0, 12] {
        table.extend_from_slice(&half.to_be_bytes());
    }
    // Format 12, reserved, length, language, number of groups.
    table.extend_from_slice(&[0, 12, 0, 0]);
    for word in [length, 0, u32::try_from(runs.len()).ok()?] {
        table.extend_from_slice(&word.to_be_bytes());
    }
    for run in runs {
        for word in [run.first, run.last, run.glyph] {
            table.extend_from_slice(&word.to_be_bytes());
        }
    }
    Some(table)
}

/// The checksum of a table whose length is a multiple of four.
fn checksum(table: &[u8]) -> u32 {
    table.chunks_exact(4).fold(0u32, |sum, word| sum.wrapping_add(be32(word, 0).unwrap_or_default()))
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes)
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs_of(font: &[u8]) -> Vec<Run> {
        let record = table_record(font, b"cmap").unwrap();
        read_runs(font, be32(font, record + 8).unwrap() as usize).unwrap()
    }

    fn glyph(runs: &[Run], character: u32) -> Option<u32> {
        runs.iter().find(|r| (r.first..=r.last).contains(&character)).map(|r| r.glyph + (character - r.first))
    }

    #[test]
    fn digits_are_tabular_and_nothing_else_changes() {
        let changed = sans();
        assert!(matches!(changed, Cow::Owned(_)), "Inter was handed out unchanged");
        let (before, after) = (runs_of(SANS), runs_of(&changed));
        for character in 0..=0x1_FFFF {
            let expected = match character {
                ZERO..=NINE => glyph(&before, character - ZERO + TABULAR_ZERO),
                _ => glyph(&before, character),
            };
            assert_eq!(glyph(&after, character), expected, "U+{character:04X}");
        }
        assert!((ZERO..=NINE).all(|digit| glyph(&after, digit) != glyph(&before, digit)));
    }

    #[test]
    fn runs_are_sorted_and_apart() {
        let runs = runs_of(&sans());
        assert!(runs.windows(2).all(|pair| pair[0].last < pair[1].first));
    }

    #[test]
    fn a_font_without_the_tables_is_left_alone() {
        assert_eq!(with_tabular_figures(b""), None);
        assert_eq!(with_tabular_figures(&[0; 64]), None);
        assert_eq!(with_tabular_figures(&SANS[..2000]), None);
        assert_eq!(with_tabular_figures(MONO), None);
    }
}
