//! Made-up products for the list, and numbers as English writes them.

use playsheet_ui::widgets::{Chip, Column, Row, Tone};

/// The columns beside the names of the products.
pub const COLUMNS: [Column<'static>; 3] = [
    Column { heading: "Group", figures: false, sortable: true },
    Column { heading: "Stock", figures: true, sortable: true },
    Column { heading: "Price", figures: true, sortable: true },
];

/// A number with commas between thousands and so many decimals.
pub fn number(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) =
        text.split_once('.').map_or((text.as_str(), String::new()), |(w, r)| (w, format!(".{r}")));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{grouped}{rest}")
}

/// Name, group, stock and price of a product.
pub fn product(index: usize) -> (String, &'static str, usize, f64) {
    let things =
        ["Oak table", "Desk lamp", "Office chair", "Shelf", "Whiteboard", "Monitor arm", "Plant pot"];
    let groups = ["Furniture", "Light", "Furniture", "Storage", "Office", "Office", "Decoration"];
    let at = index % things.len();
    (
        format!("{} {}", things[at], 100 + index),
        groups[at],
        (index * 37) % 240,
        19.9 + (index * 131 % 977) as f64,
    )
}

/// A product as a row of the list.
pub fn row(index: usize) -> Row<'static> {
    let (name, group, stock, price) = product(index);
    let status = match stock {
        0..=9 => Chip::new("Sold out", Tone::Bad),
        10..=40 => Chip::new("Low stock", Tone::Warn),
        _ => Chip::new("In stock", Tone::Good),
    };
    Row {
        title: name.into(),
        subtitle: format!("Article {:05}", 70_000 + index).into(),
        values: vec![group.into(), stock.to_string().into(), format!("{} €", number(price, 2)).into()],
        status: Some(status),
    }
}
