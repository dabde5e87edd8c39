//! §6: routing.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::get_after;

/// What a topic binding matches among some keys.
fn topic(pattern: &str, keys: &[&str]) -> Vec<bool> {
    let setup = format!("1.1 queue q\n1.1 bind amq.topic -> q \"{pattern}\"");
    let matched = |key: &&str| get_after(&setup, &format!("1.1 publish amq.topic \"{key}\" a"));
    keys.iter().map(matched).collect()
}

#[test]
fn topic_patterns_match_what_was_measured() {
    let cases: [(&str, &[&str], &[&str]); 9] = [
        ("#", &["", "a", "a.b", "."], &[]),
        ("*", &["a", "#"], &["", "."]),
        ("a.#", &["a", "a.b", "a.", "a..b"], &["", ".a"]),
        ("a.#.b", &["a.b", "a.x.y.b", "a..b"], &["a", "a.b."]),
        ("#.b", &["b", "a.b", "a..b"], &["a.b."]),
        ("*.#", &["a", ".", "a.b", ".."], &[""]),
        ("#.", &[".", "..", "a.", "a.b."], &["", "a"]),
        ("*..*", &["..", "a..b"], &["."]),
        ("", &[""], &["."]),
    ];
    for (pattern, hits, misses) in cases {
        assert!(
            topic(pattern, hits).iter().all(|hit| *hit),
            "{pattern} misses one of {hits:?}"
        );
        assert!(
            topic(pattern, misses).iter().all(|hit| !hit),
            "{pattern} hits one of {misses:?}"
        );
    }
}

#[test]
fn wildcards_are_whole_words() {
    assert_eq!(topic("a*", &["ab", "a*"]), [false, true]);
    assert_eq!(topic("##", &["a", "##"]), [false, true]);
    assert_eq!(topic("**", &["a", "**"]), [false, true]);
}

#[test]
fn headers_match_what_was_measured() {
    for (arguments, headers, hit) in [
        ("", "", true),
        ("", "headers={a=1}", true),
        ("x-match=any", "headers={a=1}", false),
        ("a=5 b=1", "headers={a=5, b=1}", true),
        ("a=5 b=1", "headers={a=5}", false),
        ("x-match=any a=5 b=1", "headers={b=1}", true),
        ("x-match=any a=5 b=1", "headers={b=2}", false),
        ("a=5", "headers={a=i64(5)}", true),
        ("a=5", "headers={a=5.0}", true),
        ("a=5", "headers={a=\"5\"}", false),
        ("a=1", "headers={a=true}", false),
        ("a=void", "headers={a=anything}", true),
        ("a=void", "headers={b=1}", false),
        ("a=void", "", false),
        ("x-a=1", "headers={}", true),
        ("x-match=all-with-x x-a=1", "headers={}", false),
        ("x-match=all-with-x x-a=1", "headers={x-a=1}", true),
        ("x-match=any-with-x x-a=1 b=2", "headers={x-a=1}", true),
        ("x-match=any x-a=1", "headers={x-a=1}", false),
    ] {
        let setup = format!("1.1 queue q\n1.1 bind amq.headers -> q k {arguments}");
        let publish = format!("1.1 publish amq.headers other a {headers}");
        assert_eq!(
            get_after(&setup, &publish),
            hit,
            "{arguments} against {headers}"
        );
    }
}
