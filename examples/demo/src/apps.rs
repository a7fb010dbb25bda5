//! The example apps, built into the program.

use sha2::{Digest, Sha256};

/// A spreadsheet with its definition.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The file's name without its ending.
    pub name: &'static str,
    /// The app definition, XML.
    pub definition: &'static str,
    /// The .xlsx file.
    pub spreadsheet: &'static [u8],
}

macro_rules! example {
    ($name:literal) => {
        Example {
            name: $name,
            definition: include_str!(concat!("../../", $name, ".xml")),
            spreadsheet: include_bytes!(concat!("../../", $name, ".xlsx")),
        }
    };
}

/// All of them, the simplest first.
pub const EXAMPLES: [Example; 6] = [
    example!("bmi"),
    example!("loan"),
    example!("quote"),
    example!("catalogue"),
    example!("budget"),
    example!("shifts"),
];

impl Example {
    /// Tells whether what was published is still this.
    pub fn content(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.definition.as_bytes());
        hash.update([0]);
        hash.update(self.spreadsheet);
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
