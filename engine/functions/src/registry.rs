//! Every function by its name.

use crate::Function;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The families, each a slice of declarations in a file of its own.
static FAMILIES: &[&[Function]] = &[];

static BY_NAME: LazyLock<FxHashMap<&'static str, &'static Function>> =
    LazyLock::new(|| all().map(|function| (function.name, function)).collect());

/// Every function of the library.
pub fn all() -> impl Iterator<Item = &'static Function> {
    FAMILIES.iter().flat_map(|family| family.iter())
}

/// The function of a name in upper case, without `_xlfn.` prefixes.
pub fn find(name: &str) -> Option<&'static Function> {
    BY_NAME.get(name).copied()
}
