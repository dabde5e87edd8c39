//! What patterns promise: they match what Erlang's `re` matches, and refuse what it refuses.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::Pattern;

/// Patterns, and which of the texts of the first entry they match, as Erlang 25's `re` was measured
/// to do it, without the option `unicode`, which RabbitMQ does not give either.
const MEASURED: &str = include_str!("measured.txt");

#[test]
fn patterns_match_what_erlang_matches_and_refuse_what_it_refuses() {
    let lines: Vec<&str> = MEASURED.lines().collect();
    let quoted = lines[1].split('"').skip(1).step_by(2);
    let texts: Vec<String> = quoted.map(|text| text.replace("\\n", "\n")).collect();
    assert_eq!(texts.len(), 38, "{texts:?}");
    for entry in lines[2..].chunks(2) {
        let told = match Pattern::new(entry[0]) {
            Err(error) => format!("    refused: {error}"),
            Ok(pattern) => {
                let matched = texts.iter().filter(|text| pattern.is_match(text));
                let words: Vec<String> = matched.map(|text| format!(" {text:?}")).collect();
                format!("   {}", words.concat())
            }
        };
        assert_eq!(told, entry[1], "{}", entry[0]);
    }
}

#[test]
fn letters_are_those_of_latin_1() {
    let count = |class: &str| {
        let pattern = Pattern::new(class).expect("readable");
        let is_one = |octet: &u8| {
            let super::Op::One(set) = pattern.ops[0] else {
                return false;
            };
            set.has(*octet)
        };
        (0..=u8::MAX).filter(is_one).map(usize::from).sum::<usize>()
    };
    // Sums of the octets that Erlang 25 matches.
    let measured = [
        ("\\w", 19_861),
        ("[[:alpha:]]", 19_241),
        ("[[:upper:]]", 8_217),
        ("[[:lower:]]", 11_024),
        ("[[:alnum:]]", 19_766),
        ("[[:punct:]]", 7_627),
        ("[[:print:]]", 27_425),
        ("[[:graph:]]", 27_393),
        ("[[:cntrl:]]", 5_215),
        ("[[:xdigit:]]", 1_527),
        ("[[:blank:]]", 41),
        ("\\s", 87),
        ("\\h", 201),
        ("\\S", 32_553),
        ("(?i)[\\xe0-\\xfe]", 13_611),
        ("(?i)[A-Z]", 4_862),
    ];
    for (class, sum) in measured {
        assert_eq!(count(class), sum, "{class}");
    }
}

#[test]
fn what_is_not_understood_is_refused_and_not_guessed() {
    for text in [
        "(a)\\1", "(?>a)", "a*+", "(?x)a", "(?1)", "\\pL", "\\Qa\\E", "(?|a|b)",
    ] {
        let error = Pattern::new(text).expect_err(text);
        assert!(error.reason.contains("not supported"), "{text}: {error}");
    }
    assert!(Pattern::new(&"(".repeat(1000)).is_err());
    assert!(Pattern::new("((((a{99}){99}){99}){99})").is_err());
}

/// The patterns with which others are brought to a halt.
#[test]
fn no_pattern_takes_long() {
    let text = "a".repeat(255);
    for hard in [
        "^(a+)+$",
        "^(a|aa)+b$",
        "(a*)*b",
        "(?=(a+)+b)a",
        "^(?:(?!(?:a*)*b).)*c$",
        "(?<=(a|aa)+b)c",
        "^(a?){250}a{250}$",
    ] {
        let pattern = Pattern::new(hard).expect(hard);
        // What counts is that there is an answer at all.
        let _ = pattern.is_match(&text);
    }
}

/// A pattern of the part of the language that a second reader understands the same way.
#[cfg(not(target_arch = "wasm32"))]
fn arbitrary(random: &mut impl FnMut(usize) -> usize, depth: usize) -> String {
    let simple = [
        "a", "b", "c", "A", ".", "\\d", "\\w", "\\s", "[ab]", "[^a]", "[a-c1]", "\\.", "^", "$",
        "\\b", "1", "-", "x", "\\W", "\\B",
    ];
    let mut text = String::new();
    for _ in 0..=random(3) {
        let choice = if depth == 0 { 0 } else { random(12) };
        let atom = match choice {
            0..6 => simple[random(simple.len())].to_owned(),
            6 => format!("({})", arbitrary(random, depth - 1)),
            7 => format!(
                "(?:{}|{})",
                arbitrary(random, depth - 1),
                arbitrary(random, depth - 1)
            ),
            8 => format!("(?={})", arbitrary(random, depth - 1)),
            9 => format!("(?!{})", arbitrary(random, depth - 1)),
            10 => format!("(?i:{})", arbitrary(random, depth - 1)),
            _ => format!("(?<{}{})", ["=", "!"][random(2)], simple[random(6)]),
        };
        let plain = choice < 8 && !["^", "$", "\\b", "\\B"].contains(&atom.as_str());
        text.push_str(&atom);
        if plain && random(3) == 0 {
            text.push_str(["*", "+", "?", "{2}", "{1,3}", "*?", "{2,}", "{0,1}?"][random(8)]);
        }
    }
    text
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn random_patterns_match_as_a_second_engine_matches() {
    let seed = std::env::var("BROKERLAB_SEED").ok();
    let seed: u64 = seed.and_then(|text| text.parse().ok()).unwrap_or(0);
    let again = "BROKERLAB_SEED=... cargo test --lib random_patterns";
    let mut compared = 0;
    for seed in seed..seed + 600 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005);
            state = state.wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let text = arbitrary(&mut random, 3);
        let Ok(other) = fancy_regex::Regex::new(&text) else {
            continue;
        };
        let pattern = match Pattern::new(&text) {
            Ok(pattern) => pattern,
            Err(error) => panic!("{text}: {error}; seed {seed}: {again}"),
        };
        for _ in 0..20 {
            let length = random(8);
            let subject: String = (0..length)
                .map(|_| ["a", "b", "c", "A", "1", "-", ".", "x"][random(8)])
                .collect();
            let Ok(expected) = other.is_match(&subject) else {
                continue;
            };
            compared += 1;
            let found = pattern.is_match(&subject);
            assert_eq!(
                found, expected,
                "{text} on {subject:?}; seed {seed}: {again}"
            );
        }
    }
    assert!(compared > 5_000, "only {compared} compared");
}
