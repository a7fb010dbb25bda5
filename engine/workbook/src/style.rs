//! Cell styles, as far as they matter for showing a value or for guessing what a cell is for.

use std::collections::HashMap;
use values::Text;

/// A style of one workbook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StyleId(pub u32);

/// An opaque colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Color {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
}

/// Font properties that headings and inputs are recognised by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Font {
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Struck through.
    pub strike: bool,
    /// Size in points; 0 where the file does not say.
    pub size_pt: f32,
    /// Colour, where it is not the automatic one.
    pub color: Option<Color>,
}

/// Horizontal alignment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alignment {
    /// By the kind of value.
    #[default]
    General,
    /// Left.
    Left,
    /// Centred, across cells too.
    Center,
    /// Right.
    Right,
}

/// What a cell looks like and whether it may be changed.
#[derive(Clone, Debug, PartialEq)]
pub struct CellStyle {
    /// The number-format code, `General` by default.
    pub number_format: Text,
    /// Protected once the sheet is; Excel's default.
    pub locked: bool,
    /// Formula hidden once the sheet is protected.
    pub formula_hidden: bool,
    /// The font.
    pub font: Font,
    /// The fill, where there is one.
    pub fill: Option<Color>,
    /// Whether any side has a border.
    pub bordered: bool,
    /// Horizontal alignment.
    pub alignment: Alignment,
    /// The named style, such as `Input` or `Heading 1`.
    pub named_style: Option<Text>,
}

impl Default for CellStyle {
    fn default() -> Self {
        CellStyle {
            number_format: Text::from("General"),
            locked: true,
            formula_hidden: false,
            font: Font::default(),
            fill: None,
            bordered: false,
            alignment: Alignment::default(),
            named_style: None,
        }
    }
}

/// All styles of a workbook; the first is the default.
#[derive(Clone, Debug)]
pub struct Styles {
    styles: Vec<CellStyle>,
    /// Number formats are few and styles many: the distinct codes.
    formats: HashMap<Text, ()>,
}

impl Default for Styles {
    fn default() -> Self {
        Styles { styles: vec![CellStyle::default()], formats: HashMap::new() }
    }
}

impl Styles {
    /// Adds a style, sharing the text of its number format with the others of that format.
    pub fn push(&mut self, mut style: CellStyle) -> StyleId {
        match self.formats.get_key_value(&style.number_format) {
            Some((code, ())) => style.number_format = code.clone(),
            None => {
                self.formats.insert(style.number_format.clone(), ());
            }
        }
        self.styles.push(style);
        StyleId((self.styles.len() - 1) as u32)
    }

    /// The style, the default one for an id that does not exist.
    pub fn get(&self, id: StyleId) -> &CellStyle {
        self.styles.get(id.0 as usize).unwrap_or(&self.styles[0])
    }

    /// How many there are, at least 1.
    pub fn len(&self) -> usize {
        self.styles.len()
    }

    /// Never true; here because `len` is.
    pub fn is_empty(&self) -> bool {
        self.styles.is_empty()
    }
}
