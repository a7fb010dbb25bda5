//! The writing systems of East Asia, which have numerals and eras of their own whatever the country.

/// A writing system with numerals of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EastAsian {
    Japanese,
    SimplifiedChinese,
    TraditionalChinese,
    Korean,
}

impl EastAsian {
    /// That of a Windows language identifier. Source: Microsoft, "Language identifiers".
    pub(crate) fn of_lcid(lcid: u16) -> Option<EastAsian> {
        // The low ten bits name the language, the rest the country.
        match (lcid & 0x3FF, lcid) {
            (0x11, _) => Some(EastAsian::Japanese),
            (0x12, _) => Some(EastAsian::Korean),
            // Taiwan, Hong Kong, Macao, and the script without a country.
            (0x04, 0x0404 | 0x0C04 | 0x1404 | 0x7C04) => Some(EastAsian::TraditionalChinese),
            (0x04, _) => Some(EastAsian::SimplifiedChinese),
            _ => None,
        }
    }

    /// That of a BCP 47 tag, `zh-TW`.
    pub(crate) fn of_tag(tag: &str) -> Option<EastAsian> {
        let mut parts = tag.split(['-', '_']);
        let language = parts.next().unwrap_or_default();
        let is = |code: &str| language.eq_ignore_ascii_case(code);
        if is("ja") {
            Some(EastAsian::Japanese)
        } else if is("ko") {
            Some(EastAsian::Korean)
        } else if is("zh") {
            let traditional = |part: &str| {
                ["TW", "HK", "MO", "Hant"].iter().any(|region| part.eq_ignore_ascii_case(region))
            };
            Some(if parts.any(traditional) {
                EastAsian::TraditionalChinese
            } else {
                EastAsian::SimplifiedChinese
            })
        } else {
            None
        }
    }
}
