//! Calls every function with arguments that nobody would write: no panic, no overflow, no endless loop, and no more
//! memory than the bounds on arrays and texts allow.

use crate::support::World;
use playsheet_functions::{self as functions, Body};
use serde_json::{Value as Json, json};
use values::Value;

/// Arguments at and beyond the edges.
fn hostile() -> Vec<Json> {
    let wide: Vec<Json> = (0..40).map(|n| json!(n as f64 / 7.0)).collect();
    vec![
        json!(null),
        json!({"empty": true}),
        json!(0),
        json!(-1),
        json!(1),
        json!(2),
        json!(0.5),
        json!(-0.0),
        json!(1e308),
        json!(-1e308),
        json!(5e-324),
        json!(9_007_199_254_740_993_i64),
        json!(2_958_465),
        json!(2_958_466),
        json!(1_048_576),
        json!(4_294_967_296_i64),
        json!(-9_223_372_036_854_775_808_i64),
        json!(true),
        json!(""),
        json!("a"),
        json!("1/0"),
        json!("*?~"),
        json!("((((((((("),
        json!("😀é漢\u{301}"),
        json!("x".repeat(32_767)),
        json!("<a><b>1</b></a>"),
        json!("//b[last()]"),
        json!({"error": "#N/A"}),
        json!([[1, "a", true], [{"error": "#DIV/0!"}, null, -3.5]]),
        json!([wide]),
        json!({"range": [[1, 2], ["x", null], [true, {"error": "#REF!"}]]}),
        json!({"range": [[null]]}),
        json!({"range": [[3], [1], [2]], "rows": 1_048_576}),
        json!({"range": [["k", 1]], "rows": 1_048_576, "cols": 16_384}),
        json!({"range": [[7]], "at": [1_048_575, 16_383]}),
        json!({"areas": [{"range": [[1]]}, {"range": [[2]]}]}),
        json!({"lambda": "SUM"}),
        json!({"lambda": "TRANSPOSE"}),
    ]
}

/// A repeatable sequence of choices.
struct Choices(u64);

impl Choices {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

#[test]
fn hostile_arguments_do_no_harm() {
    let hostile = hostile();
    let mut choices = Choices(1);
    for function in functions::all().filter(|function| !matches!(function.body, Body::Control(_))) {
        for round in 0..60 {
            let mut count = choices.below(function.params.len() + 3);
            while !function.accepts(count) {
                count = (count + 1) % 12;
            }
            let settings = json!({"budget": 100_000, "mode": if round % 2 == 0 { "cell" } else { "array" }});
            let mut world = World::new(&settings);
            let mut args: Vec<Value> =
                (0..count).map(|_| world.argument(&hostile[choices.below(hostile.len())])).collect();
            let result = functions::call(function, &mut args, world.mode, &world);
            assert_sound(function.name, &result);
            if let Value::Array(array) = &result {
                let made = array.len() as u64;
                assert!(made <= world.spent() + 100, "{} is not charged for {made} values", function.name);
            }
        }
    }
}

/// Numbers are finite, texts and arrays within their bounds.
fn assert_sound(name: &str, result: &Value) {
    match result {
        Value::Number(number) => assert!(number.is_finite(), "{name} gives {number}"),
        Value::Text(text) => assert!(text.encode_utf16().count() <= 32_767, "{name} gives too long a text"),
        Value::Array(array) => {
            assert!(array.len() <= 4_194_304, "{name} gives too large an array");
            for value in array.iter() {
                assert!(!matches!(value, Value::Array(_) | Value::Range(..)), "{name} nests {value:?}");
                assert_sound(name, value);
            }
        }
        _ => {}
    }
}

/// Long texts are not for free, wherever they come from and whether or not something comes of them.
#[test]
fn long_texts_are_charged() {
    let long = json!("ab".repeat(10_000));
    let cell = json!({"range": [["ab".repeat(10_000)]]});
    let calls = [
        ("SUBSTITUTE", vec![long.clone(), json!("a"), json!("c")], 600),
        ("SUBSTITUTE", vec![cell.clone(), json!("x"), json!("c")], 600),
        ("REPT", vec![json!("ab"), json!(10_000)], 300),
        ("CONCAT", vec![cell.clone(), json!("x")], 300),
        ("CONCAT", vec![cell.clone(), cell.clone()], 600),
        ("CONCATENATE", vec![long.clone(), long], 600),
        ("TEXTJOIN", vec![json!(","), json!(true), cell.clone()], 300),
        ("TEXTJOIN", vec![json!(","), json!(true), cell.clone(), cell], 600),
    ];
    for (name, args, least) in calls {
        let function = functions::find(name).unwrap();
        let mut world = World::new(&Json::Null);
        let mut args: Vec<Value> = args.iter().map(|arg| world.argument(arg)).collect();
        functions::call(function, &mut args, functions::Mode::Cell, &world);
        let spent = world.spent();
        assert!((least..3 * least).contains(&spent), "{name} spends {spent}");
    }
}
