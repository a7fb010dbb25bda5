//! Every function by its name.

use crate::Function;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The categories; each is a list of families, a slice of declarations in a file of its own.
static CATEGORIES: &[&[&[Function]]] = &[
    crate::database::FAMILIES,
    crate::date::FAMILIES,
    crate::engineering::FAMILIES,
    crate::financial::FAMILIES,
    crate::information::FAMILIES,
    crate::logical::FAMILIES,
    crate::lookup::FAMILIES,
    crate::math::FAMILIES,
    crate::outside::FAMILIES,
    crate::statistical::FAMILIES,
    crate::text::FAMILIES,
    crate::web::FAMILIES,
];

static BY_NAME: LazyLock<FxHashMap<&'static str, &'static Function>> =
    LazyLock::new(|| all().map(|function| (function.name, function)).collect());

/// Every function of the library.
pub fn all() -> impl Iterator<Item = &'static Function> {
    CATEGORIES.iter().flat_map(|families| families.iter()).flat_map(|family| family.iter())
}

/// The form of GETPIVOTDATA that takes the pivot table and a text that describes a cell of it.
pub fn pivot_description() -> &'static Function {
    &crate::lookup::DESCRIBED
}

/// The function of a name in upper case, without `_xlfn.` prefixes.
pub fn find(name: &str) -> Option<&'static Function> {
    BY_NAME.get(name).copied()
}
