//! Format codes as lexemes. One pass, no backtracking; every lexeme takes at least one character.

use crate::FormatError;
use crate::code::notation::{Letter, Notation};
use crate::color::Color;

/// A digit placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digit {
    /// `0`: a zero where the number has no digit.
    Zero,
    /// `#`: nothing where the number has no digit.
    Optional,
    /// `?`: a space where the number has no digit.
    Space,
}

/// How a condition compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

/// `[>=100]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Condition {
    pub(crate) comparison: Comparison,
    pub(crate) limit: f64,
}

/// How `AM/PM` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AmPm {
    /// `AM/PM`: the locale's words.
    Words,
    /// `A/P` or `a/p`: the letters as given, before and after noon.
    Letters(char, char),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lexeme {
    Digit(Digit),
    /// 1 to 9: the denominator of a fraction, otherwise itself.
    Figure(char),
    /// The decimal separator as written.
    Point(char),
    /// The thousands separator as written.
    Group(char),
    Percent,
    Slash,
    Exponent {
        plus: bool,
        symbol: char,
    },
    General,
    Text,
    Literal(String),
    Char(char),
    Pad(char),
    Fill(char),
    /// A run of one date letter.
    Date(Letter, usize),
    Elapsed(Letter, usize),
    AmPm(AmPm),
    Color(Color),
    Condition(Condition),
    /// `[$€-407]`: the currency, and what follows the hyphen.
    Locale {
        currency: String,
        code: String,
    },
    /// `[DBNum1]` to `[DBNum4]` with its number: other numerals; without one, some that only other programs know.
    Numerals(Option<u8>),
    /// `B1` or `B2`: Gregorian or Hijri calendar.
    Calendar {
        hijri: bool,
    },
    Separator,
}

pub(crate) struct Lexer<'a> {
    chars: &'a [char],
    at: usize,
    notation: &'a Notation,
    /// Whether the section has a digit placeholder so far: only then is `E` an exponent.
    digit_seen: bool,
    /// Whether a typed space can separate thousands: not beside a slash, where `# ?/?` needs it.
    spaces_group: bool,
}

/// The lexemes of a code.
pub(crate) fn lex(code: &[char], notation: &Notation) -> Result<Vec<Lexeme>, FormatError> {
    let spaces_group = notation.spaces_group && !code.contains(&'/');
    let mut lexer = Lexer { chars: code, at: 0, notation, digit_seen: false, spaces_group };
    let mut lexemes = Vec::with_capacity(code.len());
    while let Some(character) = lexer.peek(0) {
        let lexeme = lexer.lexeme(character)?;
        match lexeme {
            Lexeme::Digit(_) => lexer.digit_seen = true,
            Lexeme::Separator => lexer.digit_seen = false,
            _ => {}
        }
        lexemes.push(lexeme);
    }
    Ok(lexemes)
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn take(&mut self, count: usize, lexeme: Lexeme) -> Result<Lexeme, FormatError> {
        self.at += count;
        Ok(lexeme)
    }

    fn lexeme(&mut self, character: char) -> Result<Lexeme, FormatError> {
        if let Some(length) = self.general_word() {
            return self.take(length, Lexeme::General);
        }
        match character {
            '0' => self.take(1, Lexeme::Digit(Digit::Zero)),
            '#' => self.take(1, Lexeme::Digit(Digit::Optional)),
            '?' => self.take(1, Lexeme::Digit(Digit::Space)),
            '1'..='9' => self.take(1, Lexeme::Figure(character)),
            '%' => self.take(1, Lexeme::Percent),
            '/' => self.take(1, Lexeme::Slash),
            '@' => self.take(1, Lexeme::Text),
            ';' => self.take(1, Lexeme::Separator),
            '"' => self.quoted(),
            '[' => self.bracket(),
            '\\' => self.escaped().map(Lexeme::Char),
            '_' => self.escaped().map(Lexeme::Pad),
            '*' => self.escaped().map(Lexeme::Fill),
            _ if character == self.notation.decimal => self.take(1, Lexeme::Point(character)),
            _ if self.is_group(character) => self.take(1, Lexeme::Group(character)),
            _ => self.letter(character),
        }
    }

    /// The length of the word for General, if it stands here.
    fn general_word(&self) -> Option<usize> {
        ["general", self.notation.general.as_str()].into_iter().find_map(|word| {
            let mut length = 0;
            for expected in word.chars() {
                let found = self.peek(length)?;
                if !found.to_lowercase().eq(expected.to_lowercase()) {
                    return None;
                }
                length += 1;
            }
            (length > 0).then_some(length)
        })
    }

    /// A space groups only between digits, where a typed space cannot mean anything else.
    fn is_group(&self, character: char) -> bool {
        if character == ' ' {
            let follows_digit = self.at > 0 && matches!(self.chars.get(self.at - 1), Some('0' | '#' | '?'));
            return self.spaces_group && follows_digit && matches!(self.peek(1), Some('0' | '#' | '?'));
        }
        self.notation.is_group(character)
    }

    fn letter(&mut self, character: char) -> Result<Lexeme, FormatError> {
        if let Some(style) = self.am_pm() {
            let length = if style == AmPm::Words { 5 } else { 3 };
            return self.take(length, Lexeme::AmPm(style));
        }
        match (character, self.peek(1)) {
            ('E' | 'e', Some(sign @ ('+' | '-'))) if self.digit_seen => {
                return self.take(2, Lexeme::Exponent { plus: sign == '+', symbol: character });
            }
            ('B' | 'b', Some(calendar @ ('1' | '2'))) => {
                return self.take(2, Lexeme::Calendar { hijri: calendar == '2' });
            }
            _ => {}
        }
        if let Some(letter) = self.notation.letter(character) {
            let mut count = 1;
            while self.peek(count).and_then(|next| self.notation.letter(next)) == Some(letter) {
                count += 1;
            }
            // Two letters `a` are no weekday, as three or four are.
            if letter != Letter::Weekday || count >= 3 {
                return self.take(count, Lexeme::Date(letter, count));
            }
        }
        if matches!(character, 'E' | 'N' | 'n') {
            return Err(FormatError::Unquoted { position: self.at, character });
        }
        self.take(1, Lexeme::Char(character))
    }

    fn am_pm(&self) -> Option<AmPm> {
        let same = |ahead: usize, expected: char| {
            self.peek(ahead).is_some_and(|found| found.eq_ignore_ascii_case(&expected))
        };
        if "am/pm".chars().enumerate().all(|(ahead, expected)| same(ahead, expected)) {
            return Some(AmPm::Words);
        }
        if same(0, 'a') && same(1, '/') && same(2, 'p') {
            return Some(AmPm::Letters(self.peek(0)?, self.peek(2)?));
        }
        None
    }

    fn quoted(&mut self) -> Result<Lexeme, FormatError> {
        let start = self.at;
        let mut text = String::new();
        self.at += 1;
        while let Some(character) = self.peek(0) {
            self.at += 1;
            if character == '"' {
                return Ok(Lexeme::Literal(text));
            }
            text.push(character);
        }
        Err(FormatError::Unfinished { position: start, character: '"' })
    }

    /// The character behind `\`, `_` or `*`.
    fn escaped(&mut self) -> Result<char, FormatError> {
        let Some(escaped) = self.peek(1) else {
            let character = self.peek(0).unwrap_or('\\');
            return Err(FormatError::Unfinished { position: self.at, character });
        };
        self.at += 2;
        Ok(escaped)
    }

    fn bracket(&mut self) -> Result<Lexeme, FormatError> {
        let start = self.at;
        let rest = self.chars.get(start + 1..).unwrap_or_default();
        let Some(length) = rest.iter().position(|character| *character == ']') else {
            return Err(FormatError::Unfinished { position: start, character: '[' });
        };
        let content: String = rest.iter().take(length).collect();
        self.at = start + length + 2;
        match bracket_meaning(&content, self.notation) {
            Some(lexeme) => Ok(lexeme),
            None => Err(FormatError::UnknownBracket { position: start, content }),
        }
    }
}

fn bracket_meaning(content: &str, notation: &Notation) -> Option<Lexeme> {
    if let Some(locale) = content.strip_prefix('$') {
        let (currency, code) = locale.split_once('-').unwrap_or((locale, ""));
        return Some(Lexeme::Locale { currency: currency.to_owned(), code: code.to_owned() });
    }
    if let Some(condition) = condition(content, notation) {
        return Some(Lexeme::Condition(condition));
    }
    if let Some(color) = Color::from_code(content) {
        return Some(Lexeme::Color(color));
    }
    // What older versions wrote before `[$-409]`: the calendar's name.
    match content.to_ascii_uppercase().as_str() {
        "ENG" => return Some(Lexeme::Calendar { hijri: false }),
        "HIJ" => return Some(Lexeme::Calendar { hijri: true }),
        "JPN" | "TWN" => return Some(Lexeme::Numerals(None)),
        _ => {}
    }
    let after = |word: &str| {
        let (start, rest) = content.split_at_checked(word.len())?;
        start.eq_ignore_ascii_case(word).then_some(rest)
    };
    if let Some(style) = after("dbnum") {
        return Some(Lexeme::Numerals(style.parse().ok().filter(|style| matches!(style, 1..=4))));
    }
    if after("natnum").is_some() {
        return Some(Lexeme::Numerals(None));
    }
    elapsed(content, notation)
}

fn elapsed(content: &str, notation: &Notation) -> Option<Lexeme> {
    let mut letters = content.chars().map(|character| notation.letter(character));
    let first = letters.next()??;
    let unit = match first {
        Letter::Month | Letter::Minute => Letter::Minute,
        Letter::Hour | Letter::Second => first,
        _ => return None,
    };
    letters.all(|letter| letter == Some(first)).then(|| Lexeme::Elapsed(unit, content.chars().count()))
}

fn condition(content: &str, notation: &Notation) -> Option<Condition> {
    const OPERATORS: [(&str, Comparison); 6] = [
        ("<=", Comparison::LessOrEqual),
        ("<>", Comparison::NotEqual),
        (">=", Comparison::GreaterOrEqual),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
        ("=", Comparison::Equal),
    ];
    let (operator, comparison) = OPERATORS.iter().find(|(operator, _)| content.starts_with(operator))?;
    let number = content.get(operator.len()..)?.trim();
    let plain = !number.is_empty()
        && number.chars().all(|character| {
            character.is_ascii_digit()
                || matches!(character, '+' | '-' | '.' | 'e' | 'E')
                || character == notation.decimal
        });
    let limit: f64 = number.replace(notation.decimal, ".").parse().ok()?;
    (plain && limit.is_finite()).then_some(Condition { comparison: *comparison, limit })
}
