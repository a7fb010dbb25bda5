//! Shows the product working from end to end.

fn main() {}
