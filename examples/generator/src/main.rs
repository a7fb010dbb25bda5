//! Makes the example workbooks.

fn main() {}
