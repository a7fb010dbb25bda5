//! Number-format codes to text.
