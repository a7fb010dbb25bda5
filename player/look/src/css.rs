//! The tokens as CSS custom properties, for the portal's stylesheet.
//!
//! Invariant: the text is the same on every call, ends with a newline and holds nothing but declarations made
//! from `tokens.toml`.

use std::fmt::{self, Write};

use crate::tokens::{Palette, Theme, Tokens};

impl Tokens {
    /// The stylesheet that defines the custom properties: the light theme and all measures on `:root`; the dark
    /// theme where the system asks for it, unless `data-theme="light"` is set on the root element; the dark
    /// theme wherever `data-theme="dark"` is set; and no motion where the system asks for less.
    ///
    /// Names are those of `tokens.toml`: `--bg`, `--text-2`, `--series-1`, `--size-body`, `--leading-body`,
    /// `--weight-semibold`, `--space-item`, `--radius-card`, `--control-height`, `--focus-ring`, `--shadow`,
    /// `--motion-quick`, `--ease`.
    pub fn css_custom_properties(&self) -> String {
        let mut css = String::with_capacity(6 * 1024);
        // Writing to a String cannot fail; the Result only comes with the trait.
        let written = self.write_css(&mut css);
        debug_assert!(written.is_ok());
        css
    }

    fn write_css(&self, css: &mut String) -> fmt::Result {
        writeln!(css, ":root {{")?;
        self.write_theme(css, "  ", Theme::Light)?;
        self.write_measures(css)?;
        writeln!(css, "}}\n@media (prefers-color-scheme: dark) {{\n  :root:not([data-theme=\"light\"]) {{")?;
        self.write_theme(css, "    ", Theme::Dark)?;
        writeln!(css, "  }}\n}}\n[data-theme=\"dark\"] {{")?;
        self.write_theme(css, "  ", Theme::Dark)?;
        writeln!(css, "}}\n@media (prefers-reduced-motion: reduce) {{\n  :root {{")?;
        for name in ["quick", "calm", "glow"] {
            writeln!(css, "    --motion-{name}: 0ms;")?;
        }
        writeln!(css, "  }}\n}}")
    }

    fn write_theme(&self, css: &mut String, indent: &str, theme: Theme) -> fmt::Result {
        let palette: &Palette = self.palette(theme);
        let scheme = if theme == Theme::Light { "light" } else { "dark" };
        writeln!(css, "{indent}color-scheme: {scheme};")?;
        for (name, colour) in palette.named() {
            writeln!(css, "{indent}--{name}: {colour};")?;
        }
        for (number, colour) in palette.series.iter().enumerate() {
            writeln!(css, "{indent}--series-{}: {colour};", number + 1)?;
        }
        let [light, dark] = self.shadow.opacity_percent;
        let opacity = if theme == Theme::Light { light } else { dark };
        let (offset, blur) = (self.shadow.offset_px, self.shadow.blur_px);
        writeln!(css, "{indent}--shadow: 0 {offset}px {blur}px rgb(0 0 0 / {opacity}%);")
    }

    fn write_measures(&self, css: &mut String) -> fmt::Result {
        for (name, step) in self.type_scale.named() {
            writeln!(css, "  --size-{name}: {}px;\n  --leading-{name}: {}px;", step.size_px, step.line_px)?;
        }
        for (name, weight) in self.weight.named() {
            writeln!(css, "  --weight-{name}: {weight};")?;
        }
        for (name, px) in self.space.named() {
            writeln!(css, "  --space-{name}: {px}px;")?;
        }
        for (name, px) in self.radius.named() {
            writeln!(css, "  --radius-{name}: {px}px;")?;
        }
        for (name, px) in self.control.named() {
            writeln!(css, "  --control-{name}: {px}px;")?;
        }
        for (name, px) in self.focus.named() {
            writeln!(css, "  --focus-{name}: {px}px;")?;
        }
        for (name, ms) in self.motion.named() {
            writeln!(css, "  --motion-{name}: {ms}ms;")?;
        }
        writeln!(css, "  --ease: cubic-bezier(0.2, 0, 0, 1);")
    }
}
