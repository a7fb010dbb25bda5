//! Icons of our own drawing, as inline SVG: 20 px, one stroke width, coloured by the text around them.

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident = $path:literal;)*) => {
        $(
            $(#[$doc])*
            #[must_use]
            pub const fn $name() -> &'static str {
                concat!("<svg class=\"icon\" viewBox=\"0 0 20 20\" aria-hidden=\"true\" fill=\"none\" stroke=\"currentColor\" \
                         stroke-width=\"1.6\" stroke-linecap=\"round\" stroke-linejoin=\"round\">", $path, "</svg>")
            }
        )*
    };
}

icons! {
    /// The mark: a sheet that plays.
    mark = "<path d=\"M3.5 5.5a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2zM3.5 8h13M8 8v8.5\"/><path d=\"M11 10.6v3.8l3.2-1.9z\" fill=\"currentColor\" stroke-width=\"1\"/>";
    /// Add.
    plus = "<path d=\"M10 4v12M4 10h12\"/>";
    /// Send a file.
    upload = "<path d=\"M10 13V4M6.5 7.5 10 4l3.5 3.5M4 13.5V15a1.5 1.5 0 0 0 1.5 1.5h9A1.5 1.5 0 0 0 16 15v-1.5\"/>";
    /// Take a file.
    download = "<path d=\"M10 4v9M6.5 9.5 10 13l3.5-3.5M4 15.5h12\"/>";
    /// An input.
    input = "<path d=\"M3 6.5h14v7H3zM6 9v2\"/>";
    /// A result.
    output = "<path d=\"M4 7.5h12M4 12.5h12\"/>";
    /// A list.
    list = "<path d=\"M7 5.5h10M7 10h10M7 14.5h10M3.5 5.5h.01M3.5 10h.01M3.5 14.5h.01\"/>";
    /// A chart.
    chart = "<path d=\"M3.5 16.5h13M6 13.5v-4M10 13.5v-8M14 13.5v-6\"/>";
    /// A page.
    page = "<path d=\"M5.5 3.5h6l3 3v10h-9zM11.5 3.5v3h3\"/>";
    /// A section.
    section = "<path d=\"M4 5h12M4 9h12M4 13h7\"/>";
    /// People.
    people = "<path d=\"M8 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 16.5c.5-3 2.6-4.5 5.5-4.5s5 1.5 5.5 4.5M13 4a2.7 2.7 0 0 1 0 5.2M15 12.4c1.5.6 2.3 1.9 2.6 4.1\"/>";
    /// Up.
    up = "<path d=\"M10 16V4M5 9l5-5 5 5\"/>";
    /// Down.
    down = "<path d=\"M10 4v12M5 11l5 5 5-5\"/>";
    /// Take back.
    undo = "<path d=\"M7.5 5 4 8.5 7.5 12M4.5 8.5H12a4 4 0 0 1 0 8H9\"/>";
    /// Done.
    check = "<path d=\"m4.5 10.5 3.5 3.5 7.5-8\"/>";
    /// Look here.
    warning = "<path d=\"M10 3.5 17.5 16h-15zM10 8.5v3.5M10 14.2v.01\"/>";
    /// Worth knowing.
    info = "<path d=\"M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9.5V13M10 6.8v.01\"/>";
    /// Mail.
    mail = "<path d=\"M3 5.5h14v9H3zM3.5 6l6.5 5L16.5 6\"/>";
    /// A device.
    device = "<path d=\"M4 4.5h12v8.5H4zM2.5 16h15\"/>";
    /// A spreadsheet.
    sheet = "<path d=\"M4 3.5h12v13H4zM4 7.8h12M4 12.1h12M9 7.8v8.7\"/>";
    /// Shown.
    eye = "<path d=\"M2.5 10S5.2 5 10 5s7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5z\"/><circle cx=\"10\" cy=\"10\" r=\"2.2\"/>";
    /// Left out.
    hidden = "<path d=\"M3 3l14 14M8 5.3A7.6 7.6 0 0 1 10 5c4.800 0 7.500 5 7.500 5a12.600 12.600 0 0 1-2.200 2.700M5.500 6.700A12.200 12.200 0 0 0 2.500 10s2.700 5 7.500 5c1.100 0 2.100-.3 3-.7\"/>";
    /// A place to hold it by.
    grip = "<path d=\"M7.5 5v.01M7.5 10v.01M7.5 15v.01M12.5 5v.01M12.5 10v.01M12.5 15v.01\" stroke-width=\"2.2\"/>";
    /// Protection.
    lock = "<path d=\"M5 9h10v7.500H5zM7 9V6.500a3 3 0 0 1 6 0V9\"/>";
    /// Further.
    next = "<path d=\"M7.500 4.500 13 10l-5.500 5.500\"/>";
}

/// The icon of a part of an app.
#[must_use]
pub fn of_role(role: crate::creation::OutlineRole) -> &'static str {
    use crate::creation::OutlineRole::{Chart, Fixed, Input, List, Output, Page, Section};
    match role {
        Page => page(),
        Section | Fixed => section(),
        Input => input(),
        Output => output(),
        List => list(),
        Chart => chart(),
    }
}
