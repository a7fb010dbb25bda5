//! Little-endian pieces of the binary formats, and the one thing that is read of their formulas.

/// The 16-bit number at a place.
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// The 32-bit number at a place.
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// The double at a place.
pub fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

/// Text of so many 16-bit units.
pub fn wide_text(bytes: &[u8], at: usize, units: usize) -> Option<String> {
    let bytes = bytes.get(at..at.checked_add(units.checked_mul(2)?)?)?;
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    Some(String::from_utf16_lossy(&units))
}

/// Whether a formula's tokens begin with the mark of a volatile one.
pub fn is_volatile(tokens: &[u8]) -> bool {
    tokens.starts_with(&[0x19, 0x01])
}
