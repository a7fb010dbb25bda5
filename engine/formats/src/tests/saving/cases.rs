//! Cases from `cases/patch.txt` and `cases/patch_places.txt`: a sheet's part before and after.

use super::*;
use crate::patch::NewFormula;
use formula::{Shift, Slide};
use values::{CellError, Rect};
use workbook::ArrayKind;

const CASES: [&str; 2] =
    [include_str!("../../../cases/patch.txt"), include_str!("../../../cases/patch_places.txt")];

#[derive(Default)]
struct Case {
    name: String,
    before: String,
    after: String,
    cells: BTreeMap<Cell, Content>,
    places: Vec<Shift>,
    renamed: BTreeMap<SheetId, values::Text>,
    effects: Vec<String>,
}

fn value(text: &str) -> Value {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    match (inner, text) {
        (Some(inner), _) => inner.replace("\"\"", "\"").into(),
        (None, "TRUE") => true.into(),
        (None, "FALSE") => false.into(),
        (None, "empty") => Value::Empty,
        (None, error) if error.starts_with('#') => error.parse::<CellError>().unwrap().into(),
        (None, number) => number.parse::<f64>().unwrap().into(),
    }
}

fn change(line: &str) -> (Cell, Content) {
    let mut words = line.splitn(3, ' ');
    let (at, kind, rest) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
    let new = |text: &str, array| {
        let (text, result) = text.rsplit_once(" -> ").unwrap();
        Content::Formula(NewFormula { text: text.into(), value: value(result), array })
    };
    let area = || rest.split_once(' ').map(|(area, rest)| (area.parse::<Rect>().unwrap(), rest)).unwrap();
    let content = match kind {
        "value" => Content::Value(value(rest)),
        "result" => Content::Result { value: value(rest), fills: None },
        "fills" => Content::Result { value: value(area().1), fills: Some(area().0) },
        "formula" => new(rest, None),
        "array" => new(area().1, Some((area().0, ArrayKind::Legacy))),
        "spill" => new(area().1, Some((area().0, ArrayKind::Dynamic))),
        other => panic!("{other} is no change"),
    };
    (cell(at), content)
}

/// `insert rows 2 3`
fn shift(line: &str) -> Shift {
    let words: Vec<&str> = line.split(' ').collect();
    let [kind, axis, at, count] = words[..] else { panic!("{line}") };
    let count = count.parse().unwrap();
    let sheet = SheetId(0);
    let slide = |at: u32| match kind {
        "insert" => Slide::Insert { at, count },
        _ => Slide::Delete { at, count },
    };
    match axis {
        "rows" => Shift::Rows { sheet, slide: slide(at.parse::<u32>().unwrap() - 1) },
        _ => Shift::Cols { sheet, slide: slide(u32::from(at.parse::<values::Col>().unwrap().0)) },
    }
}

/// `move A1:B2 D5`
fn block(from: &str, to: &str) -> Shift {
    let from: Rect = from.parse().unwrap();
    let last = cell(to).moved(i64::from(from.rows()) - 1, i64::from(from.cols()) - 1).unwrap();
    let area = |rect| values::Area { sheet: SheetId(0), rect };
    Shift::Move { from: area(from), to: area(Rect::new(cell(to), last)) }
}

impl Case {
    fn changes(&self) -> Changes {
        let (places, renamed) = (self.places.clone(), self.renamed.clone());
        Changes { places, renamed, ..on_sheet(0, self.cells.clone()) }
    }
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut text: Option<fn(&mut Case) -> &mut String> = None;
    let mut is_head = true;
    for line in CASES.into_iter().flat_map(str::lines) {
        is_head |= line.starts_with("What saving ");
        if let Some(name) = line.strip_prefix("# ") {
            cases.push(Case { name: name.to_owned(), ..Case::default() });
            (text, is_head) = (None, false);
            continue;
        }
        let Some(case) = cases.last_mut().filter(|_| !is_head) else { continue };
        if let Some(start) = line.strip_prefix("<< ") {
            case.before = start.to_owned();
            text = Some(|case| &mut case.before);
        } else if let Some(start) = line.strip_prefix(">> ") {
            case.after = start.to_owned();
            text = Some(|case| &mut case.after);
        } else if let Some(effects) = line.strip_prefix("! ") {
            case.effects = effects.split(' ').map(str::to_owned).collect();
        } else if let Some((from, to)) = line.strip_prefix("move ").and_then(|rest| rest.split_once(' ')) {
            case.places.push(block(from, to));
            text = None;
        } else if let Some(name) = line.strip_prefix("rename Sheet1 ") {
            case.renamed.insert(SheetId(0), name.into());
            text = None;
        } else if line.starts_with("insert ") || line.starts_with("delete ") {
            case.places.push(shift(line));
            text = None;
        } else if line.starts_with(|c: char| c.is_ascii_uppercase()) {
            case.cells.extend([change(line)]);
            text = None;
        } else if let Some(text) = text.filter(|_| !line.is_empty()) {
            let text = text(case);
            text.push('\n');
            text.push_str(line);
        }
    }
    cases
}

const CHAIN: &str = "xl/calcChain.xml";

fn file(sheet: &str) -> Vec<u8> {
    let relations = ["worksheet", "sharedStrings", "calcChain"]
        .into_iter()
        .zip(["worksheets/sheet1.xml", "sharedStrings.xml", "calcChain.xml"])
        .map(|(kind, target)| (kind.to_owned(), target.to_owned()));
    xlsx(&[sheet])
        .with("xl/_rels/workbook.xml.rels", relations_part(&relations.collect::<Vec<_>>()))
        .with("xl/sharedStrings.xml", "<sst><si><t>zero</t></si><si><t>one</t></si></sst>")
        .with(CHAIN, "<calcChain><c r=\"A1\" i=\"1\"/></calcChain>")
        .bytes()
}

#[test]
fn sheets_change_as_the_cases_say() {
    let cases = cases();
    assert!(cases.len() > 40, "{} cases", cases.len());
    for case in &cases {
        let original = file(&case.before);
        let saved = match save(&original, &case.changes(), &Limits::default()) {
            Ok(saved) => saved,
            Err(error) => panic!("{}: {error}", case.name),
        };
        let sheet = part(&saved.bytes, "xl/worksheets/sheet1.xml");
        let start = part(&original, "xl/worksheets/sheet1.xml").find(&case.before).unwrap();
        let end = sheet.len() - "</worksheet>".len();
        assert_eq!(&sheet[start..end], case.after, "{}", case.name);
        let chain_gone = part(&saved.bytes, CHAIN).is_empty();
        let mut effects = Vec::new();
        effects.extend(chain_gone.then(|| "chain".to_owned()));
        effects.extend(saved.calculates_on_opening.then(|| "calculate".to_owned()));
        assert_eq!(effects, case.effects, "{}", case.name);
        let calculates =
            part(&saved.bytes, "xl/workbook.xml").contains("<calcPr fullCalcOnLoad=\"1\"/></workbook>");
        assert_eq!(calculates, saved.calculates_on_opening, "{}", case.name);
        assert_eq!(
            part(&saved.bytes, "xl/_rels/workbook.xml.rels").contains("calcChain"),
            !chain_gone,
            "{}",
            case.name
        );
    }
}

/// Whatever is changed, reading the file back gives the changed cells.
#[test]
fn cases_read_back_as_they_were_meant() {
    for case in cases() {
        // A newer error comes back as the one it is written as.
        if case
            .cells
            .values()
            .any(|content| matches!(content, Content::Result { value: Value::Error(CellError::Spill), .. }))
        {
            continue;
        }
        let loaded = load(&saved(&file(&case.before), &case.changes()).bytes, "x.xlsx");
        let sheet = &loaded.workbook.sheets[0];
        for (at, content) in &case.cells {
            let (expected, text) = match content {
                Content::Value(value) => (value, Some(None)),
                Content::Result { value, .. } => (value, None),
                Content::Formula(new) => (&new.value, Some(Some(new.text.as_str()))),
            };
            assert!(
                sheet.grid.get(*at).same(expected),
                "{}: {at} is {}",
                case.name,
                show(sheet.grid.get(*at))
            );
            let template = sheet.formula(*at).or_else(|| sheet.arrays.get(at).map(|array| array.template));
            let print = |template| {
                formula::print(
                    loaded.workbook.templates.get(template),
                    *at,
                    &loaded.workbook,
                    formula::Style::File,
                )
            };
            if let Some(text) = text {
                assert_eq!(template.map(print).as_deref(), text, "{}: {at}", case.name);
            }
        }
    }
}
