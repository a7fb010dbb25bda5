//! What a format code shows, for guessing what a cell holds and for CELL("format").

use crate::code::section::{DateShape, NumberShape, Section, Shape, SystemPattern, Token};

/// What a format shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// No format.
    General,
    /// Digits, perhaps with words around them.
    Number,
    /// A number with a currency.
    Currency,
    /// A currency or number that fills the width of the cell, with its sign at the edge.
    Accounting,
    /// A number times a hundred with a percent sign.
    Percent,
    /// A number with an exponent.
    Scientific,
    /// A number as a fraction.
    Fraction,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A date with a time of day.
    DateTime,
    /// An elapsed time, `[h]:mm`.
    Duration,
    /// Text, `@`.
    Text,
    /// Words only, whatever the number.
    Words,
}

/// What the first section of a format shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// In one word.
    pub kind: Kind,
    /// Digits behind the decimal point; for times, of the second.
    pub decimals: usize,
    /// Whether thousands are separated.
    pub grouping: bool,
    /// The currency, as the code writes it.
    pub currency: Option<Box<str>>,
    /// Whether negative numbers have a colour of their own.
    pub negative_color: bool,
    /// Whether positive numbers, or all, stand in parentheses or leave room for one.
    pub parentheses: bool,
    /// The code of `CELL("format")` for dates and times, `D1` to `D9`.
    date_code: &'static str,
}

impl Class {
    /// What `CELL("format")` gives: `G`, `F0`, `,2`, `C2-`, `P0`, `S2`, `D4`; with `-` for coloured negative
    /// numbers and `()` for parentheses. Source: Microsoft's page on CELL.
    pub fn cell_code(&self) -> String {
        let mut code = match self.kind {
            Kind::General | Kind::Text | Kind::Fraction | Kind::Words | Kind::Duration => "G".to_owned(),
            Kind::Currency => format!("C{}", self.decimals),
            Kind::Accounting if self.currency.is_some() => format!("C{}", self.decimals),
            Kind::Number | Kind::Accounting => {
                format!("{}{}", if self.grouping { ',' } else { 'F' }, self.decimals)
            }
            Kind::Percent => format!("P{}", self.decimals),
            Kind::Scientific => format!("S{}", self.decimals),
            Kind::Date | Kind::Time | Kind::DateTime => self.date_code.to_owned(),
        };
        if self.negative_color {
            code.push('-');
        }
        if self.parentheses {
            code.push_str("()");
        }
        code
    }
}

/// Classifies the number sections of a code.
pub(crate) fn classify(sections: &[Section]) -> Class {
    let mut class = Class {
        kind: Kind::General,
        decimals: 0,
        grouping: false,
        currency: None,
        negative_color: sections.get(1).is_some_and(|section| section.color.is_some()),
        parentheses: false,
        date_code: "G",
    };
    let Some(first) = sections.first() else {
        return class;
    };
    class.currency.clone_from(&first.currency);
    class.parentheses = literals(first).any(|text| text.contains('('));
    match &first.shape {
        Shape::Number(number) => describe_number(&mut class, first, number),
        Shape::Scientific { number, .. } => {
            class.kind = Kind::Scientific;
            class.decimals = number.fraction;
        }
        Shape::Fraction(_) => class.kind = Kind::Fraction,
        Shape::Date(date) => describe_date(&mut class, first, date),
        Shape::System(SystemPattern::LongDate) => (class.kind, class.date_code) = (Kind::Date, "D4"),
        Shape::System(SystemPattern::LongTime) => (class.kind, class.date_code) = (Kind::Time, "D8"),
        Shape::Plain if first.tokens.contains(&Token::General) => class.kind = Kind::General,
        Shape::Plain if first.shows_text() => class.kind = Kind::Text,
        Shape::Plain => class.kind = Kind::Words,
    }
    class
}

fn describe_number(class: &mut Class, section: &Section, number: &NumberShape) {
    class.decimals = number.fraction;
    class.grouping = number.grouping;
    let fills = section.tokens.iter().any(|token| matches!(token, Token::Fill(_)));
    class.kind = if number.percent {
        Kind::Percent
    } else if fills {
        Kind::Accounting
    } else if section.currency.is_some() {
        Kind::Currency
    } else {
        Kind::Number
    };
    if class.kind == Kind::Percent {
        class.currency = None;
    }
}

fn describe_date(class: &mut Class, section: &Section, date: &DateShape) {
    use crate::code::section::DatePart as Part;
    class.decimals = date.subsecond;
    class.currency = None;
    class.kind = match (date.elapsed.is_some(), date.has_date, date.has_time) {
        (true, false, _) => Kind::Duration,
        (_, true, true) => Kind::DateTime,
        (_, true, false) => Kind::Date,
        _ => Kind::Time,
    };
    let has = |wanted: fn(&Part) -> bool| {
        section.tokens.iter().any(|token| matches!(token, Token::Date(part) if wanted(part)))
    };
    let year = has(|part| matches!(part, Part::Year(_) | Part::EraYear { .. } | Part::BuddhistYear(_)));
    let day = has(|part| matches!(part, Part::Day { .. }));
    let word = has(|part| matches!(part, Part::MonthShort | Part::MonthLong));
    let month = has(|part| matches!(part, Part::Month { .. }));
    let second = has(|part| matches!(part, Part::Second { .. }));
    class.date_code = match (class.kind, year, day) {
        (Kind::Date, true, true) if word => "D1",
        (Kind::Date, false, true) if word => "D2",
        (Kind::Date, true, false) if word => "D3",
        (Kind::Date, false, true) if month => "D5",
        (Kind::Date, false, true) => "G",
        (Kind::Date | Kind::DateTime, ..) => "D4",
        (Kind::Time, ..) => match (date.twelve_hours, second) {
            (true, true) => "D6",
            (true, false) => "D7",
            (false, true) => "D8",
            (false, false) => "D9",
        },
        _ => "G",
    };
}

fn literals(section: &Section) -> impl Iterator<Item = &str> {
    section.tokens.iter().filter_map(|token| match token {
        Token::Literal(text) => Some(&**text),
        _ => None,
    })
}
