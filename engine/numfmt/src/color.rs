//! Colours that a format code can ask for.

/// A colour of a format section: one of eight names or an entry of the workbook's palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Color {
    /// `[Black]`.
    Black,
    /// `[Blue]`.
    Blue,
    /// `[Cyan]`.
    Cyan,
    /// `[Green]`.
    Green,
    /// `[Magenta]`.
    Magenta,
    /// `[Red]`.
    Red,
    /// `[White]`.
    White,
    /// `[Yellow]`.
    Yellow,
    /// `[Color12]`: an entry of the palette, 1 to 56.
    Indexed(u8),
}

const NAMES: [(&str, Color); 8] = [
    ("black", Color::Black),
    ("blue", Color::Blue),
    ("cyan", Color::Cyan),
    ("green", Color::Green),
    ("magenta", Color::Magenta),
    ("red", Color::Red),
    ("white", Color::White),
    ("yellow", Color::Yellow),
];

/// Excel's default palette, entries 1 to 56, as 0xRRGGBB. Source: ECMA-376 part 1, 18.8.27, indices 8 to 63.
const PALETTE: [u32; 56] = [
    0x000000, 0xFFFFFF, 0xFF0000, 0x00FF00, 0x0000FF, 0xFFFF00, 0xFF00FF, 0x00FFFF, 0x800000, 0x008000,
    0x000080, 0x808000, 0x800080, 0x008080, 0xC0C0C0, 0x808080, 0x9999FF, 0x993366, 0xFFFFCC, 0xCCFFFF,
    0x660066, 0xFF8080, 0x0066CC, 0xCCCCFF, 0x000080, 0xFF00FF, 0xFFFF00, 0x00FFFF, 0x800080, 0x800000,
    0x008080, 0x0000FF, 0x00CCFF, 0xCCFFFF, 0xCCFFCC, 0xFFFF99, 0x99CCFF, 0xFF99CC, 0xCC99FF, 0xFFCC99,
    0x3366FF, 0x33CCCC, 0x99CC00, 0xFFCC00, 0xFF9900, 0xFF6600, 0x666699, 0x969696, 0x003366, 0x339966,
    0x003300, 0x333300, 0x993300, 0x993366, 0x333399, 0x333333,
];

impl Color {
    /// Reads what stands between the brackets, in any case: `Red`, `Color12`, `color 3`.
    pub(crate) fn from_code(code: &str) -> Option<Color> {
        if let Some((_, color)) = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(code)) {
            return Some(*color);
        }
        let (word, number) = code.split_at_checked(5)?;
        if !word.eq_ignore_ascii_case("color") {
            return None;
        }
        let index = number.trim().parse().ok()?;
        (1..=56).contains(&index).then_some(Color::Indexed(index))
    }

    /// Red, green and blue in Excel's default palette.
    pub fn rgb(self) -> [u8; 3] {
        let value = match self {
            Color::Black => 0x000000,
            Color::Blue => 0x0000FF,
            Color::Cyan => 0x00FFFF,
            Color::Green => 0x00FF00,
            Color::Magenta => 0xFF00FF,
            Color::Red => 0xFF0000,
            Color::White => 0xFFFFFF,
            Color::Yellow => 0xFFFF00,
            Color::Indexed(index) => {
                PALETTE.get(usize::from(index).wrapping_sub(1)).copied().unwrap_or(0x000000)
            }
        };
        let [_, red, green, blue] = u32::to_be_bytes(value);
        [red, green, blue]
    }
}
