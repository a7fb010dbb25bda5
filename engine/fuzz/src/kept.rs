//! Inputs as lines of text, so that those of a target are one file that people and git can read.
//!
//! A line of `corpus/TARGET.txt` is an input. A line of `cases/TARGET.txt` is an input that found something: a name for what
//! it was, a tab, the input. Lines that begin with `# ` say something to people.

/// An input as a line: printable ASCII stays, other bytes become `\n`, `\t` or `\xNN`.
pub fn line(input: &[u8]) -> String {
    let mut line = String::new();
    for byte in input {
        match byte {
            b'\\' => line.push_str("\\\\"),
            b'\n' => line.push_str("\\n"),
            b'\t' => line.push_str("\\t"),
            // A line must not look like one for people.
            b'#' if line.is_empty() => push_byte(&mut line, *byte),
            0x20..0x7F => line.push(char::from(*byte)),
            _ => push_byte(&mut line, *byte),
        }
    }
    line
}

fn push_byte(line: &mut String, byte: u8) {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    line.push_str("\\x");
    line.push(DIGITS[usize::from(byte >> 4)]);
    line.push(DIGITS[usize::from(byte & 15)]);
}

/// The input that a line is; `None` where it is no such line.
pub fn input(line: &str) -> Option<Vec<u8>> {
    let mut input = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        input.extend_from_slice(&rest.as_bytes()[..at]);
        let (escaped, taken) = match rest.as_bytes().get(at + 1)? {
            b'\\' => (b'\\', 2),
            b'n' => (b'\n', 2),
            b't' => (b'\t', 2),
            b'x' => (u8::from_str_radix(rest.get(at + 2..at + 4)?, 16).ok()?, 4),
            _ => return None,
        };
        input.push(escaped);
        rest = &rest[at + taken..];
    }
    input.extend_from_slice(rest.as_bytes());
    Some(input)
}

/// The lines of a file that are inputs, with the name of each, or its number where it has none.
///
/// # Errors
/// The number of the first line that is none.
pub fn inputs(text: &str) -> Result<Vec<(String, Vec<u8>)>, usize> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with("# ") && !line.is_empty());
    lines
        .map(|(number, line)| {
            let (name, line) = match line.split_once('\t') {
                Some((name, line)) => (name.to_owned(), line),
                None => (format!("line {}", number + 1), line),
            };
            Ok((name, input(line).ok_or(number + 1)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_input_is_a_line_and_an_input_again() {
        let all: Vec<u8> = (0..=255).chain("é\u{2028}\\x".bytes()).collect();
        for bytes in [&all[..], b"", b"# a", b"#", b"a\tb\\n\n", b"\xF5\x5F\x09\x08"] {
            let line = line(bytes);
            assert!(line.bytes().all(|byte| (0x20..0x7F).contains(&byte)), "{line}");
            assert!(!line.starts_with('#'));
            assert_eq!(input(&line).as_deref(), Some(bytes), "{line}");
        }
        assert_eq!(line(b"a\xF5b"), "a\\xf5b");
        for wrong in ["\\", "\\q", "\\x1", "\\xgg"] {
            assert_eq!(input(wrong), None);
        }
    }

    #[test]
    fn lines_have_names_or_numbers() {
        let read = inputs("# about\n\nab\nwhat it was\tc\\n\n").unwrap();
        assert_eq!(
            read,
            [("line 3".to_owned(), b"ab".to_vec()), ("what it was".to_owned(), b"c\n".to_vec())]
        );
        assert_eq!(inputs("a\n\\q\n"), Err(2));
    }
}
