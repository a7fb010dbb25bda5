//! Regular expressions, compiled within bounds.
//!
//! Matching takes time in proportion to the text whatever the pattern, which is why patterns that look around or
//! back (`(?=…)`, `\1`) are not understood: they are `#VALUE!`, as faulty ones are.

use regex::{Regex, RegexBuilder};
use values::{CellError, Result};

/// Most bytes that a compiled pattern may take.
const MAX_COMPILED: usize = 1 << 20;

/// Compiles a pattern.
pub(crate) fn compile(pattern: &str, case_insensitive: bool) -> Result<Regex> {
    RegexBuilder::new(pattern)
        .case_insensitive(case_insensitive)
        .size_limit(MAX_COMPILED)
        .build()
        .map_err(|_| CellError::Value)
}
