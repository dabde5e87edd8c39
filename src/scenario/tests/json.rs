//! Our reader of JSON beside serde_json's.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::random::Random;
use super::*;
use crate::scenario::format::{Json, JsonObject, Number};
use serde_json::Value;

/// The same tree in our words.
fn ours(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => (*flag).into(),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(whole), _) => Json::Number(Number::Natural(whole)),
            (None, Some(whole)) => Json::Number(Number::Negative(whole)),
            (None, None) => Json::Number(Number::Float(number.as_f64().expect("a float"))),
        },
        Value::String(text) => text.as_str().into(),
        Value::Array(values) => values.iter().map(ours).collect(),
        Value::Object(map) => {
            let fields = map.iter().map(|(key, value)| (key.clone(), ours(value)));
            Json::Object(fields.collect())
        }
    }
}

/// What is wrong, where. Columns of serde_json count octets, and a line feed is to it the beginning
/// of the next line; to us it ends its own.
fn refusal(text: &str, error: &serde_json::Error) -> String {
    let (mut line, mut column) = (error.line(), error.column());
    let mut lines = text.split('\n');
    if column == 0 && line > 1 {
        line -= 1;
        column = lines.nth(line - 1).unwrap_or_default().chars().count() + 1;
    } else {
        let octets = lines.nth(line - 1).unwrap_or_default().as_bytes();
        let before = String::from_utf8_lossy(&octets[..column.min(octets.len())]);
        column = before.chars().count().max(1);
    }
    let said = error.to_string();
    let reason = said.split(" at line ").next().unwrap_or_default();
    let what = if error.is_eof() {
        "json-ends".to_owned()
    } else {
        format!("json-syntax {reason}")
    };
    format!("{what} at line {line}, column {column}")
}

fn our_refusal(problem: &Problem) -> String {
    let reason = problem.param("reason");
    let reason = reason.map_or(String::new(), |reason| format!(" {reason}"));
    format!("{}{reason} at {}", problem.code.code(), problem.place)
}

/// Both read the same, or refuse for the same reason at the same place.
fn check(seed: u64, text: &str) {
    let read = text.parse::<Json>();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match (read, serde_json::from_str::<Value>(text)) {
        (Ok(read), Ok(value)) => {
            assert_eq!(read, ours(&value), "seed {seed}: {text}");
            // Zeros have signs and fields an order that comparing does not see.
            let again = serde_json::from_str::<Value>(&read.to_string()).expect("JSON");
            assert_eq!(again.to_string(), value.to_string(), "seed {seed}: {text}");
        }
        (Err(problem), Err(error)) => {
            let (ours, theirs) = (our_refusal(&problem), refusal(text, &error));
            // Of an escape we tell the very character that is wrong, they the end of all four, which
            // may be the end of the text; of a number too large we tell its end.
            let both = |word| ours.contains(word) && theirs.contains(word);
            let cut = ours.contains("escape") && error.is_eof();
            let near = both("escape") || both("out of range") || cut;
            assert!(
                near || ours == theirs,
                "seed {seed}: {text:?}: {ours}, not {theirs}"
            );
        }
        (read, value) => panic!("seed {seed}: {text:?}: {read:?}, but {value:?}"),
    }
}

const WHOLE: &str = r#" {"a" : [1, -2, 0, -0, 0.5, -1e3, 1E+22, 2.5e-7, 18446744073709551615,
 18446744073709551616, -9223372036854775808, -9223372036854775809, 1e400, 123e-400],
 "text": "é \"\\\/\b\f\n\r\t \u00e9 \ud83d\ude00 \u0000 队列 😀", "": {}, "b": [[], {}, [{}]],
 "true": true, "false": false, "null": null, "a": "again", "text" : 0.30000000000000004 }
"#;

/// What texts are changed to: most of what means something somewhere.
const PIECES: [&str; 38] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u",
    "\\ud83d",
    "\\ude00",
    "\\u12",
    "\\x",
    "0",
    "00",
    "1",
    "-",
    "+",
    ".",
    "e",
    "E-",
    "e5",
    "9e99999999999",
    "t",
    "true",
    "nul",
    "false",
    " ",
    "\n",
    "\t",
    "\r",
    "\u{0}",
    "\u{1f}",
    "\u{7f}",
    "é",
    "😀",
    "\u{a0}",
    "\u{feff}",
];

#[test]
fn a_text_changed_anywhere_is_read_or_refused_as_serde_json_does() {
    let seed = 2026;
    println!("seed {seed}: cargo test scenario::tests::json");
    let mut random = Random::new(seed);
    let fine = WHOLE.replace("1e400, ", "");
    check(seed, WHOLE);
    check(seed, &fine);
    for text in [fine, format::write(&Random::new(7).scenario())] {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let place = |random: &mut Random| places[random.below(places.len() as u32) as usize];
        for _ in 0..TRIES {
            let mut changed = text.clone();
            let piece = PIECES[random.below(PIECES.len() as u32) as usize];
            let (one, other) = (place(&mut random), place(&mut random));
            match random.below(4) {
                0 => changed.insert_str(one, piece),
                1 => _ = changed.remove(one),
                2 => changed.replace_range(one.min(other)..one.max(other), piece),
                _ => changed.truncate(one),
            }
            check(seed, &changed);
        }
        for end in places.iter().take(2_000) {
            check(seed, &text[..*end]);
        }
    }
    for _ in 0..TRIES {
        let count = 1 + random.below(9);
        let pieces = (0..count).map(|_| PIECES[random.below(PIECES.len() as u32) as usize]);
        let pieces: String = pieces.collect();
        check(seed, &pieces);
        check(seed, &format!("\"{pieces}\""));
        check(seed, &format!("[{pieces}]"));
    }
}

const TRIES: usize = if cfg!(target_arch = "wasm32") {
    100
} else {
    2_000
};

#[test]
fn floats_are_written_as_the_standard_library_writes_them_for_programmers() {
    let mut random = Random::new(3);
    for _ in 0..TRIES {
        let bits = u64::from(random.below(u32::MAX)) << 32 | u64::from(random.below(u32::MAX));
        let plain = f64::from(random.below(1_000_000)) / [1.0, 10.0, 1e9, 1e-11][bits as usize % 4];
        for float in [
            f64::from_bits(bits),
            plain,
            -plain,
            -0.0,
            1e16,
            1e-4,
            9.9e-5,
        ] {
            if float.is_finite() {
                assert_eq!(Number::Float(float).to_string(), format!("{float:?}"));
            }
        }
    }
}

#[test]
fn of_a_key_that_comes_again_the_last_value_stands_at_the_first_place() {
    for count in [3, 16, 17, 1_000] {
        let fields = (0..count).map(|number| format!("\"{}\": {number}", number * 7 % 5));
        let fields: Vec<String> = fields.collect();
        check(0, &format!("{{{}}}", fields.join(",")));
        let fields = (0..count).map(|number| format!("\"{}\": {number}", number * 7919 % count));
        let fields: Vec<String> = fields.collect();
        check(0, &format!("{{{}}}", fields.join(",")));
    }
    let object = JsonObject::new().with("a", 1).with("b", 2).with("a", 3);
    assert_eq!(Json::from(object).to_string(), r#"{ "a": 3, "b": 2 }"#);
}

/// A file of fields alone, and many more than any has, is read at once and not field by field.
#[test]
fn a_hundred_thousand_fields_are_read() {
    let fields = (0..100_000_u32).map(|number| format!("\"{}\": 0", number.wrapping_mul(7919)));
    let fields: Vec<String> = fields.collect();
    let text = format!("{{{}}}", fields.join(","));
    let json: Json = text.parse().expect("JSON");
    assert_eq!(json.as_object().map(JsonObject::len), Some(100_000));
    definitions::import(&text).expect_err("no definitions file");
    format::read(&text).expect_err("no scenario file");
}
