//! Cell styles of the model as umya's.

use umya_spreadsheet::{HorizontalAlignmentValues, Style};
use workbook::{Alignment, CellStyle, Color, StyleId, Styles};

/// umya's style for each of the model's; `None` for the default.
pub(crate) struct StyleTable {
    styles: Vec<Option<Style>>,
}

impl StyleTable {
    pub fn new(styles: &Styles) -> StyleTable {
        let default = CellStyle::default();
        let one = |id: usize| {
            let style = styles.get(StyleId(u32::try_from(id).unwrap_or(0)));
            (*style != default).then(|| convert(style))
        };
        StyleTable { styles: (0..styles.len()).map(one).collect() }
    }

    /// The style of an id.
    pub fn get(&self, id: StyleId) -> Option<&Style> {
        self.styles.get(id.0 as usize)?.as_ref()
    }
}

fn convert(style: &CellStyle) -> Style {
    let mut new = Style::default();
    if style.number_format.as_str() != "General" {
        new.number_format_mut().set_format_code(style.number_format.as_str());
    }
    let font = &style.font;
    if font.bold || font.italic || font.strike || font.size_pt > 0.0 || font.color.is_some() {
        let target = new.font_mut();
        target.set_name("Calibri").set_family(2);
        target.set_size(if font.size_pt > 0.0 { f64::from(font.size_pt) } else { 11.0 });
        if font.bold {
            target.set_bold(true);
        }
        if font.italic {
            target.set_italic(true);
        }
        if font.strike {
            target.set_strikethrough(true);
        }
        if let Some(color) = font.color {
            target.color_mut().set_argb_str(argb(color));
        }
    }
    if let Some(fill) = style.fill {
        new.set_background_color_solid(argb(fill));
    }
    if style.bordered {
        // The model knows that there is a border, not which one.
        let borders = new.borders_mut();
        borders.left_mut().set_border_style("thin");
        borders.right_mut().set_border_style("thin");
        borders.top_mut().set_border_style("thin");
        borders.bottom_mut().set_border_style("thin");
    }
    let alignment = match style.alignment {
        Alignment::General => None,
        Alignment::Left => Some(HorizontalAlignmentValues::Left),
        Alignment::Center => Some(HorizontalAlignmentValues::Center),
        Alignment::Right => Some(HorizontalAlignmentValues::Right),
    };
    if let Some(alignment) = alignment {
        new.alignment_mut().set_horizontal(alignment);
    }
    if !style.locked || style.formula_hidden {
        let protection = new.protection_mut();
        protection.set_locked(style.locked);
        protection.set_hidden(style.formula_hidden);
    }
    new
}

/// A colour as umya reads it.
fn argb(color: Color) -> String {
    format!("FF{:02X}{:02X}{:02X}", color.red, color.green, color.blue)
}
