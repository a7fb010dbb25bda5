//! Formula text to tree and back.
