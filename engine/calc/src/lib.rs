//! Dependency graph and recalculation.
