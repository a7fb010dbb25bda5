//! ENCODEURL.

use crate::{Args, Function, Param};
use values::{Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[Function::plain("ENCODEURL", &[Param::text("text")], encodeurl)];

/// The text with everything but letters, digits and `-_.` as percent signs and bytes of UTF-8.
fn encodeurl(args: &Args<'_>) -> Result<Value> {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::new();
    for byte in args.text(0).bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            encoded.push(char::from(byte));
        } else {
            encoded.extend([
                '%',
                char::from(HEX[usize::from(byte >> 4)]),
                char::from(HEX[usize::from(byte & 15)]),
            ]);
        }
    }
    crate::text::result(encoded)
}
