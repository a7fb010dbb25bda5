//! The room `export` against files: what is written is read back, by the reader of `formats` and by plain looks into
//! the container.

mod examples;
mod fixtures;
mod hostile;
mod losses;
mod new_workbooks;
mod support;
