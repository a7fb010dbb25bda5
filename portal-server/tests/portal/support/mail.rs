//! Reads the mails that the portal wrote.

use std::path::Path;

/// One mail.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The head, unfolded.
    pub head: String,
    /// The plain-text body, decoded.
    pub text: String,
    /// The HTML body, decoded.
    pub html: String,
}

impl Mail {
    /// A field of the head.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    /// Reads a mail as it travels.
    pub fn parse(raw: &str) -> Self {
        let raw = raw.replace("\r\n", "\n");
        let (head, body) = raw.split_once("\n\n").unwrap();
        let head = head.replace("\n ", " ").replace("\n\t", " ");
        let boundary = head.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let marker = format!("--{boundary}");
        let part = |kind: &str| {
            let found = body.split(&marker).find(|part| part.contains(&format!("Content-Type: {kind}")));
            let (head, body) = found.unwrap().trim_start().split_once("\n\n").unwrap();
            decode(head, body)
        };
        Self { text: part("text/plain"), html: part("text/html"), head }
    }
}

fn decode(head: &str, body: &str) -> String {
    if head.contains("quoted-printable") {
        let joined = body.replace("=\n", "");
        let mut bytes = Vec::new();
        let mut rest = joined.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'=' {
                let hex = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
            } else {
                bytes.push(byte);
            }
        }
        return String::from_utf8(bytes).unwrap();
    }
    if head.contains("base64") {
        use base64::Engine;
        let packed: String = body.split_whitespace().collect();
        let bytes = base64::engine::general_purpose::STANDARD.decode(packed).unwrap();
        return String::from_utf8(bytes).unwrap();
    }
    body.to_owned()
}

/// The mails in a mailbox folder to an address, oldest first.
pub fn read_folder(folder: &Path, to: &str) -> Vec<Mail> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mails = files.iter().map(|file| Mail::parse(&std::fs::read_to_string(file).unwrap()));
    mails.filter(|mail| mail.field("To") == Some(to)).collect()
}
