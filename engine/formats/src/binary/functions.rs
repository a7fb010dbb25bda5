//! Functions by the numbers that formula tokens use.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A function of the table.
#[derive(Clone, Copy)]
pub(crate) struct BuiltIn {
    pub name: &'static str,
    /// How many arguments it takes where that is always the same number.
    pub args: Option<usize>,
}

/// The number of a function that is not in the table: its name is its first argument.
pub(crate) const BY_NAME: u16 = 255;

static TABLE: LazyLock<HashMap<u16, BuiltIn>> = LazyLock::new(|| {
    let lines = include_str!("functions.tsv").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut fields = line.split('\t');
            let number = fields.next()?.parse().ok()?;
            Some((number, BuiltIn { name: fields.next()?, args: fields.next()?.parse().ok() }))
        })
        .collect()
});

/// The function of a number.
pub(crate) fn built_in(number: u16) -> Option<BuiltIn> {
    TABLE.get(&number).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        let lines = include_str!("functions.tsv").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(TABLE.len(), lines);
        for (number, name, args) in
            [(4, "SUM", None), (15, "SIN", Some(1)), (219, "ADDRESS", None), (480, "IFERROR", Some(2))]
        {
            let found = built_in(number).unwrap();
            assert_eq!(found.name, name);
            assert!(args.is_none() || found.args == args);
        }
    }

    /// The numbers that the formats leave out, and that of functions that are called by their names.
    #[test]
    fn every_number_of_the_formats_has_its_function() {
        let holes: Vec<u16> = (0..=484).filter(|number| built_in(*number).is_none()).collect();
        assert_eq!(holes, [202, 203, 217, 218, 249, 250, BY_NAME, 333]);
    }
}
