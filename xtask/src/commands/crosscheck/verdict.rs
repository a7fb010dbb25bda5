//! Whether an engine gives what a case expects.

use crate::values::{Tolerance, Value};
use serde_json::Value as Json;

/// Results may differ in the last digits: engines take different ways to the same number.
const TOLERANCE: Tolerance = Tolerance { relative: 1e-9, absolute: 1e-12 };

/// What an engine made of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// What the case expects.
    Agrees,
    /// Something else: the first cell that differs.
    Differs(Value),
    /// It does not know the function.
    Unknown,
    /// It did not come to an end, and why.
    Failed(String),
}

/// Compares the cells of a result with the expected ones, row by row.
pub fn judge(expected: &[Vec<Json>], found: &[Value]) -> Verdict {
    let cells: Vec<&Json> = expected.iter().flatten().collect();
    if cells.len() != found.len() {
        return Verdict::Failed(format!("{} of {} cells", found.len(), cells.len()));
    }
    match cells.iter().zip(found).find(|(expected, found)| !agrees(expected, found)) {
        None => Verdict::Agrees,
        Some((_, found)) if is_unknown(found) => Verdict::Unknown,
        Some((_, found)) => Verdict::Differs(found.clone()),
    }
}

fn agrees(expected: &Json, found: &Value) -> bool {
    if let (Some(near), Some(within)) = (expected["near"].as_f64(), expected["within"].as_f64()) {
        // A documented figure has fewer digits than a result.
        let tolerance = Tolerance { relative: within, absolute: 1e-300 };
        return Value::Number(near).agrees(found, tolerance);
    }
    let expected = match expected["error"].as_str() {
        Some(error) => Value::Error(error.into()),
        None => Value::from_json(expected),
    };
    expected.agrees(&renamed(found), TOLERANCE)
}

/// Engines say so in different words. 539 is an array within a formula that LibreOffice cannot hold.
fn is_unknown(found: &Value) -> bool {
    const WORDS: [&str; 5] = ["#NAME?", "#N/IMPL!", "Err:508", "Err:509", "Err:539"];
    matches!(found, Value::Error(error) if WORDS.contains(&error.as_str()))
}

/// An error by Excel's name: LibreOffice has a number of its own for a search that finds nothing.
fn renamed(found: &Value) -> Value {
    match found {
        Value::Error(error) if error == "Err:523" => Value::Error("#NUM!".into()),
        found => found.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn one(expected: Json, found: Value) -> Verdict {
        judge(&[vec![expected]], &[found])
    }

    #[test]
    fn values_are_judged_by_kind() {
        assert_eq!(one(json!(1.0), Value::Number(1.0 + 1e-12)), Verdict::Agrees);
        assert_eq!(one(json!("a"), Value::Text("b".into())), Verdict::Differs(Value::Text("b".into())));
        assert_eq!(one(json!({"error": "#N/A"}), Value::Error("#N/A".into())), Verdict::Agrees);
        assert_eq!(one(json!({"error": "#NUM!"}), Value::Error("Err:523".into())), Verdict::Agrees);
        assert_eq!(one(json!(null), Value::Empty), Verdict::Agrees);
        assert_eq!(one(json!(true), Value::Number(1.0)), Verdict::Differs(Value::Number(1.0)));
    }

    #[test]
    fn documented_figures_are_near() {
        let near = json!({"near": 0.123, "within": 0.001});
        assert_eq!(one(near.clone(), Value::Number(0.12305)), Verdict::Agrees);
        assert_eq!(one(near, Value::Number(0.124)), Verdict::Differs(Value::Number(0.124)));
    }

    #[test]
    fn a_name_that_is_not_known_is_no_disagreement() {
        assert_eq!(one(json!(1), Value::Error("#NAME?".into())), Verdict::Unknown);
        assert_eq!(one(json!(1), Value::Error("Err:539".into())), Verdict::Unknown);
        assert_eq!(one(json!({"error": "#NAME?"}), Value::Error("#NAME?".into())), Verdict::Agrees);
    }

    #[test]
    fn every_cell_of_a_table_counts() {
        let expected = [vec![json!(1), json!(2)]];
        assert_eq!(judge(&expected, &[Value::Number(1.0), Value::Number(2.0)]), Verdict::Agrees);
        assert_eq!(
            judge(&expected, &[Value::Number(1.0), Value::Number(3.0)]),
            Verdict::Differs(Value::Number(3.0))
        );
        assert_eq!(judge(&expected, &[Value::Number(1.0)]), Verdict::Failed("1 of 2 cells".into()));
    }
}
