//! Everything a contributor does.

fn main() {}
