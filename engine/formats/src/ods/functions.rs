//! Functions that Excel calls otherwise, or whose arguments stand in another order there.
//!
//! Source: OASIS OpenDocument 1.3, part 4, chapter 6, beside Excel's own definitions. Where a function takes an
//! argument that may be missing in OpenFormula and not in Excel, the value that it then has is written out.

/// Other names of the same functions; an empty one where Excel has none.
const NAMES: [(&str, &str); 25] = [
    ("B", "BINOM.DIST.RANGE"),
    // These go towards or away from zero as Excel's newer functions do.
    ("CEILING", "CEILING.MATH"),
    ("CHISQDIST", "CHISQ.DIST"),
    ("CHISQINV", "CHISQ.INV"),
    ("ERRORTYPE", "ERROR.TYPE"),
    ("FDIST", "F.DIST"),
    ("FINV", "F.INV"),
    ("FLOOR", "FLOOR.MATH"),
    ("FORMULA", "FORMULATEXT"),
    ("JIS", "DBCS"),
    ("LEGACY.CHIDIST", "CHIDIST"),
    ("LEGACY.CHIINV", "CHIINV"),
    ("LEGACY.CHITEST", "CHITEST"),
    ("LEGACY.FDIST", "FDIST"),
    ("LEGACY.FINV", "FINV"),
    ("LEGACY.NORMSDIST", "NORMSDIST"),
    ("LEGACY.NORMSINV", "NORMSINV"),
    ("LEGACY.TDIST", "TDIST"),
    ("MULTIPLE.OPERATIONS", ""),
    ("ORG.LIBREOFFICE.FORECAST.ETS.MULT", ""),
    ("ORG.LIBREOFFICE.RAWSUBTRACT", ""),
    ("ORG.LIBREOFFICE.REGEX", ""),
    ("ORG.LIBREOFFICE.WEEKNUM_EXCEL2003", "WEEKNUM"),
    ("ORG.LIBREOFFICE.WEEKNUM_OOO", ""),
    ("SKEWP", "SKEW.P"),
];

/// What arguments are where they are missing, from the first on that may be: the function in Excel's spelling, how many
/// there always are, and the values of the others.
const DEFAULTS: [(&str, usize, &[&str]); 10] = [
    ("BINOMDIST", 3, &["TRUE"]),
    ("CHISQ.DIST", 2, &["TRUE"]),
    ("EXPONDIST", 2, &["TRUE"]),
    ("F.DIST", 3, &["TRUE"]),
    ("GAMMADIST", 3, &["TRUE"]),
    ("LOGNORMDIST", 1, &["0", "1"]),
    ("NORMDIST", 1, &["0", "1", "TRUE"]),
    ("POISSON", 2, &["TRUE"]),
    ("LOGINV", 1, &["0", "1"]),
    ("WEIBULL", 3, &["TRUE"]),
];

/// Functions with more arguments than Excel's: how many, what Excel calls that one, and which of the arguments it takes
/// at each place.
const LONGER: [(&str, usize, &str, &[usize]); 3] = [
    ("BETADIST", 6, "BETA.DIST", &[0, 1, 2, 5, 3, 4]),
    ("HYPGEOMDIST", 5, "HYPGEOM.DIST", &[0, 1, 2, 3, 4]),
    ("LOGNORMDIST", 4, "LOGNORM.DIST", &[0, 1, 2, 3]),
];

/// A bracket that is open while a formula is read: that of a function or one that only groups.
pub(super) struct Call {
    /// The function in Excel's spelling, and where it begins.
    pub function: Option<(String, usize)>,
    /// Where its arguments begin.
    pub arguments: Vec<usize>,
}

impl Call {
    /// Begins a function's call. The error says that Excel has no such function.
    pub fn begin(name: &str, out: &mut String) -> Result<Call, String> {
        let name = function(name)?;
        let start = out.len();
        out.push_str(&name);
        out.push('(');
        Ok(Call { function: Some((name, start)), arguments: vec![out.len()] })
    }

    /// Begins a bracket that only groups.
    pub fn parentheses(out: &mut String) -> Call {
        out.push('(');
        Call { function: None, arguments: vec![out.len()] }
    }

    /// Ends it.
    pub fn end(self, out: &mut String) {
        if let Some((name, start)) = &self.function
            && out.len() > self.arguments.first().copied().unwrap_or_default()
        {
            let count = self.arguments.len();
            if let Some((.., excel, order)) =
                LONGER.iter().find(|(own, most, ..)| name.eq_ignore_ascii_case(own) && *most == count)
            {
                let call = self.reordered(excel, order, out);
                out.truncate(*start);
                out.push_str(&call);
            } else if let Some((_, always, values)) =
                DEFAULTS.iter().find(|(own, ..)| name.eq_ignore_ascii_case(own))
            {
                for value in values.iter().skip(count.saturating_sub(*always)) {
                    out.push(',');
                    out.push_str(value);
                }
            }
        }
        out.push(')');
    }

    /// The call so far as one of another function with the arguments in its order.
    fn reordered(&self, excel: &str, order: &[usize], out: &str) -> String {
        let argument = |place: &usize| {
            let from = self.arguments.get(*place).copied().unwrap_or(out.len());
            let to = self.arguments.get(place + 1).map_or(out.len(), |next| next - 1);
            out.get(from..to).unwrap_or_default()
        };
        format!("{excel}({}", order.iter().map(argument).collect::<Vec<_>>().join(","))
    }
}

/// What Excel calls a function.
fn function(name: &str) -> Result<String, String> {
    const PREFIXES: [&str; 4] =
        ["COM.MICROSOFT.", "ORG.LIBREOFFICE.", "ORG.OPENOFFICE.", "COM.SUN.STAR.SHEET.ADDIN.ANALYSIS.GET"];
    let upper = name.to_ascii_uppercase();
    match NAMES.iter().find(|(other, _)| *other == upper) {
        Some((_, "")) => Err(format!("{name} is not known in Excel")),
        Some((_, excel)) => Ok((*excel).to_owned()),
        None => {
            let plain = PREFIXES.iter().find_map(|prefix| upper.strip_prefix(prefix));
            Ok(plain.map_or_else(|| name.to_owned(), str::to_owned))
        }
    }
}
