//! Functions that Excel calls otherwise, or whose arguments stand in another order there.
//!
//! Source: OASIS OpenDocument 1.3, part 4, chapter 6, beside Excel's own definitions. Where a function takes an
//! argument that may be missing in OpenFormula and not in Excel, the value that it then has is written out.

/// Other names of the same functions; an empty one where Excel has none.
const NAMES: [(&str, &str); 32] = [
    ("B", "BINOM.DIST.RANGE"),
    // These go towards or away from zero as Excel's newer functions do.
    ("CEILING", "CEILING.MATH"),
    ("CHISQDIST", "CHISQ.DIST"),
    ("CHISQINV", "CHISQ.INV"),
    ("COM.SUN.STAR.SHEET.ADDIN.DATEFUNCTIONS.GETDAYSINMONTH", "DAYSINMONTH"),
    ("COM.SUN.STAR.SHEET.ADDIN.DATEFUNCTIONS.GETDAYSINYEAR", "DAYSINYEAR"),
    ("COM.SUN.STAR.SHEET.ADDIN.DATEFUNCTIONS.GETDIFFMONTHS", "MONTHS"),
    ("COM.SUN.STAR.SHEET.ADDIN.DATEFUNCTIONS.GETDIFFWEEKS", "WEEKS"),
    ("COM.SUN.STAR.SHEET.ADDIN.DATEFUNCTIONS.GETDIFFYEARS", "YEARS"),
    ("COM.SUN.STAR.SHEET.ADDIN.DATEFUNCTIONS.GETISLEAPYEAR", "ISLEAPYEAR"),
    ("COM.SUN.STAR.SHEET.ADDIN.DATEFUNCTIONS.GETWEEKSINYEAR", "WEEKSINYEAR"),
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
    ("ORG.LIBREOFFICE.WEEKNUM_EXCEL2003", "WEEKNUM"),
    ("ORG.LIBREOFFICE.WEEKNUM_OOO", ""),
    ("ORG.OPENOFFICE.CONVERT", "EUROCONVERT"),
    ("ORG.OPENOFFICE.ERRORTYPE", ""),
    ("SKEWP", "SKEW.P"),
];

/// What arguments are where they are missing, from the first on that may be: the function in Excel's spelling, how many
/// there always are, and the values of the others.
const DEFAULTS: [(&str, usize, &[&str]); 14] = [
    ("BINOMDIST", 3, &["TRUE"]),
    ("CHISQ.DIST", 2, &["TRUE"]),
    // What it gives is not rounded to the currency's cents.
    ("EUROCONVERT", 3, &["TRUE"]),
    ("EXPONDIST", 2, &["TRUE"]),
    ("F.DIST", 3, &["TRUE"]),
    ("GAMMADIST", 3, &["TRUE"]),
    ("LOGNORMDIST", 1, &["0", "1"]),
    ("NORMDIST", 1, &["0", "1", "TRUE"]),
    ("POISSON", 2, &["TRUE"]),
    ("ROUND", 1, &["0"]),
    ("ROUNDDOWN", 1, &["0"]),
    ("ROUNDUP", 1, &["0"]),
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

/// Functions that Excel does not have, and what gives the same there: how many arguments they have, and a formula in
/// which `§0` is the first of them. One that is needed more than once gets a name of its own, so it is calculated once.
///
/// Source: the help of LibreOffice for each function; for Easter Sunday the method of Meeus, Jones and Butcher.
const REWRITTEN: [(&str, usize, &str); 18] = [
    ("COLOR", 3, "((§0)*65536+(§1)*256+(§2))"),
    ("COLOR", 4, "((§3)*16777216+(§0)*65536+(§1)*256+(§2))"),
    ("DAYSINMONTH", 1, "DAY(EOMONTH(§0,0))"),
    ("DAYSINYEAR", 1, "LET(year_,YEAR(§0),DATE(year_+1,1,1)-DATE(year_,1,1))"),
    (
        "EASTERSUNDAY",
        1,
        "LET(year_,§0,a_,MOD(year_,19),b_,INT(year_/100),c_,MOD(year_,100),\
         h_,MOD(19*a_+b_-INT(b_/4)-INT((b_-INT((b_+8)/25)+1)/3)+15,30),\
         l_,MOD(32+2*MOD(b_,4)+2*INT(c_/4)-h_-MOD(c_,4),7),\
         n_,h_+l_-7*INT((a_+11*h_+22*l_)/451)+114,DATE(year_,INT(n_/31),MOD(n_,31)+1))",
    ),
    ("ISLEAPYEAR", 1, "N(DAY(DATE(YEAR(§0),3,0))=29)"),
    (
        "MONTHS",
        3,
        "LET(from_,§0,to_,§1,12*(YEAR(to_)-YEAR(from_))+MONTH(to_)-MONTH(from_)-IF(§2=1,0,\
         IF(from_<to_,N(DAY(from_)>DAY(to_)),-N(DAY(from_)<DAY(to_)))))",
    ),
    ("RAWSUBTRACT", 2, "((§0)-(§1))"),
    ("RAWSUBTRACT", 3, "((§0)-(§1)-(§2))"),
    ("RAWSUBTRACT", 4, "((§0)-(§1)-(§2)-(§3))"),
    ("REGEX", 2, "REGEXEXTRACT(§0,§1)"),
    ("REGEX", 3, "REGEXREPLACE(§0,§1,§2,1)"),
    // Without another text, the last argument tells which of those that fit is meant.
    ("REGEX.FIND", 4, "INDEX(REGEXEXTRACT(§0,§1,1),§3)"),
    ("REGEX", 4, "LET(which_,§3,REGEXREPLACE(§0,§1,§2,IF(which_=\"g\",0,which_)))"),
    ("ROUNDSIG", 2, "LET(number_,§0,IF(number_=0,0,ROUND(number_,(§1)-1-INT(LOG10(ABS(number_))))))"),
    (
        "WEEKS",
        3,
        "LET(from_,§0,to_,§1,IF(§2=1,(to_-WEEKDAY(to_,3)-from_+WEEKDAY(from_,3))/7,\
         TRUNC((to_-from_)/7)))",
    ),
    ("WEEKSINYEAR", 1, "ISOWEEKNUM(DATE(YEAR(§0),12,28))"),
    (
        "YEARS",
        3,
        "LET(from_,§0,to_,§1,IF(§2=1,YEAR(to_)-YEAR(from_),TRUNC((12*(YEAR(to_)-YEAR(from_))\
         +MONTH(to_)-MONTH(from_)-IF(from_<to_,N(DAY(from_)>DAY(to_)),-N(DAY(from_)<DAY(to_))))/12)))",
    ),
];

/// Functions with arguments that may be patterns.
const CRITERIA: [&str; 12] = [
    "AVERAGEIF",
    "AVERAGEIFS",
    "COUNTIF",
    "COUNTIFS",
    "HLOOKUP",
    "MATCH",
    "MAXIFS",
    "MINIFS",
    "SEARCH",
    "SUMIF",
    "SUMIFS",
    "VLOOKUP",
];

/// A bracket that is open while a formula is read: that of a function or one that only groups; or the whole formula.
pub(super) struct Call {
    /// The function in Excel's spelling, and where it begins.
    pub function: Option<(String, usize)>,
    /// Where its arguments begin.
    pub arguments: Vec<usize>,
    /// Whether the argument needs a bracket at its end.
    open_end: bool,
    /// Whether a comma in it already joins references.
    unites: bool,
}

impl Call {
    /// Begins a function's call. The error says that Excel has no such function.
    pub fn begin(name: &str, out: &mut String) -> Result<Call, String> {
        let name = function(name)?;
        let start = out.len();
        out.push_str(&name);
        out.push('(');
        Ok(Call { function: Some((name, start)), ..Call::at(out.len()) })
    }

    /// Begins a bracket that only groups.
    pub fn parentheses(out: &mut String) -> Call {
        out.push('(');
        // Its own brackets are those that joined references need.
        Call { unites: true, ..Call::at(out.len()) }
    }

    /// The formula outside of all brackets.
    pub fn whole() -> Call {
        Call::at(0)
    }

    fn at(start: usize) -> Call {
        Call { function: None, arguments: vec![start], open_end: false, unites: false }
    }

    /// Puts the sign between two references that are joined; without brackets around them, the second would be another
    /// argument.
    pub fn unite(&mut self, out: &mut String) -> Result<(), String> {
        if !self.unites {
            if self.open_end {
                return Err("it joins references by ~ next to AND or OR".to_owned());
            }
            self.open("(", out);
        }
        self.unites = true;
        out.push(',');
        Ok(())
    }

    /// Makes what the argument holds so far the first argument of a function; what follows becomes its second one.
    pub fn join_by(&mut self, function: &str, out: &mut String) -> Result<(), String> {
        if self.unites && self.open_end {
            return Err("it joins references by ~ next to AND or OR".to_owned());
        }
        self.close(out);
        self.open(&format!("{function}("), out);
        out.push(',');
        Ok(())
    }

    fn open(&mut self, text: &str, out: &mut String) {
        let start = self.arguments.last().copied().unwrap_or_default();
        out.insert_str(start, text);
        self.open_end = true;
    }

    /// Closes what was opened within the argument.
    pub fn close(&mut self, out: &mut String) {
        if self.open_end {
            out.push(')');
        }
        self.open_end = false;
    }

    /// Whether texts in it may be patterns.
    pub fn takes_criteria(&self) -> bool {
        self.function
            .as_ref()
            .is_some_and(|(name, _)| CRITERIA.iter().any(|function| name.eq_ignore_ascii_case(function)))
    }

    /// Ends an argument; another one follows.
    pub fn next_argument(&mut self, out: &mut String) {
        self.close(out);
        self.unites = self.function.is_none() && self.unites;
        out.push(',');
        self.arguments.push(out.len());
    }

    /// Ends it.
    pub fn end(mut self, out: &mut String) {
        self.close(out);
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
            if let Some(formula) = self.rewritten(name, out) {
                out.truncate(*start);
                out.push_str(&formula);
                return;
            }
        }
        out.push(')');
    }

    /// What stands for a function that Excel does not have, with its arguments put in.
    fn rewritten(&self, name: &str, out: &str) -> Option<String> {
        let count = self.arguments.len();
        let finds = name == "REGEX" && count == 4 && self.argument(2, out).is_empty();
        let name = if finds { "REGEX.FIND" } else { name };
        let (.., formula) = REWRITTEN.iter().find(|(own, args, _)| *own == name && *args == count)?;
        let mut text = String::new();
        let mut rest = *formula;
        // Each argument stands behind a sign that no formula has.
        while let Some((before, after)) = rest.split_once('§') {
            text.push_str(before);
            let place = after.chars().next()?.to_digit(10)?;
            text.push_str(self.argument(place as usize, out));
            rest = after.get(1..)?;
        }
        text.push_str(rest);
        Some(text)
    }

    fn argument<'a>(&self, place: usize, out: &'a str) -> &'a str {
        let from = self.arguments.get(place).copied().unwrap_or(out.len());
        let to = self.arguments.get(place + 1).map_or(out.len(), |next| next - 1);
        out.get(from..to).unwrap_or_default().trim()
    }

    /// The call so far as one of another function with the arguments in its order.
    fn reordered(&self, excel: &str, order: &[usize], out: &str) -> String {
        let arguments: Vec<&str> = order.iter().map(|place| self.argument(*place, out)).collect();
        format!("{excel}({}", arguments.join(","))
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
