//! What the file format promises.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::random::Random;
use super::*;
use crate::types::ProblemCode;

#[test]
fn what_is_written_reads_as_the_same_document() {
    for seed in 0..300 {
        let scenario = Random::new(seed).scenario();
        let text = format::write(&scenario);
        let again = format::read(&text).unwrap_or_else(|problem| panic!("seed {seed}: {problem}"));
        assert_eq!(
            again, scenario,
            "seed {seed}; repeat with cargo test what_is_written_reads_as_the_same_document"
        );
        assert_eq!(format::write(&again), text, "seed {seed}");
    }
}

#[test]
fn a_small_file_is_short() {
    let (scenario, _) = row();
    expect_test::expect![[r#"
        {
          "version": 1,
          "seed": 0,
          "profile": "4.x",
          "nodes": [
            { "id": 1, "kind": "producer", "name": "producer", "position": [0, 0] },
            {
              "id": 2,
              "kind": "exchange",
              "name": "exchange",
              "position": [0, 0],
              "type": "direct"
            },
            { "id": 3, "kind": "queue", "name": "queue", "position": [0, 0] },
            { "id": 4, "kind": "consumer", "name": "consumer", "position": [0, 0] }
          ],
          "edges": [
            { "id": 1, "kind": "publish", "from": 1, "to": 2 },
            { "id": 2, "kind": "binding", "from": 2, "to": 3, "binding_key": "" },
            { "id": 3, "kind": "consume", "from": 3, "to": 4 }
          ]
        }
    "#]]
    .assert_eq(&format::write(&scenario));
}

/// Each broken file, what is said of it, and where.
const BROKEN: &[(&str, ProblemCode, &str)] = &[
    ("", ProblemCode::JsonEnds, "line 1, column 1"),
    (
        "{\n  \"version\": 1,\n}",
        ProblemCode::JsonSyntax,
        "line 3, column 1",
    ),
    (
        "{\"version\": 1",
        ProblemCode::JsonEnds,
        "line 1, column 13",
    ),
    ("[]", ProblemCode::FieldWrong, "line 1, column 1"),
    ("{}", ProblemCode::VersionMissing, "line 1, column 1"),
    (
        "{\"queues\": []}",
        ProblemCode::IsDefinitions,
        "line 1, column 1",
    ),
    (
        "{\n\"version\": 7}",
        ProblemCode::VersionUnknown,
        "line 2, column 12 (version)",
    ),
    (
        "{\"version\": 1, \"sped\": 3}",
        ProblemCode::FieldUnknown,
        "line 1, column 24 (sped)",
    ),
    (
        "{\"version\": 1, \"nodes\": [{}]}",
        ProblemCode::FieldMissing,
        "line 1, column 26 (nodes[0])",
    ),
    (
        "{\"version\": 1, \"nodes\": [\n {\"id\": 1, \"kind\": \"bank\", \"name\": \"b\"}]}",
        ProblemCode::FieldVariant,
        "line 2, column 20 (nodes[0].kind)",
    ),
    (
        "{\"version\": 1, \"nodes\": [{\"id\": 1, \"kind\": \"consumer\", \"name\": \"c\",\n\
         \"service\": \"4 parsecs\"}]}",
        ProblemCode::FieldWrong,
        "line 2, column 12 (nodes[0].service)",
    ),
    (
        "{\"version\": 1, \"nodes\": [{\"id\": 1, \"kind\": \"queue\", \"name\": \"q\", \"ttl\": 5}]}",
        ProblemCode::FieldUnknown,
        "line 1, column 73 (nodes[0].ttl)",
    ),
    (
        "{\"version\": 1, \"nodes\": [{\"id\": 1, \"kind\": \"queue\", \"name\": \"q\", \"vhost\": \"x\"}]}",
        ProblemCode::UnknownVhost,
        "line 1, column 75 (nodes[0].vhost)",
    ),
    (
        "{\"version\": 1, \"edges\": [{\"kind\": \"publish\", \"from\": 1, \"to\": 2}]}",
        ProblemCode::EdgeEndMissing,
        "line 1, column 54 (edges[0].from)",
    ),
    (
        "{\"version\": 1, \"nodes\": [{\"id\": -1, \"kind\": \"queue\", \"name\": \"q\"}]}",
        ProblemCode::FieldWrong,
        "line 1, column 33 (nodes[0].id)",
    ),
    (
        "{\"version\": 1, \"nodes\": [{\"id\": 4294967295, \"kind\": \"queue\", \"name\": \"q\"}]}",
        ProblemCode::NumberOutOfRange,
        "line 1, column 33 (nodes[0].id)",
    ),
    (
        "{\"version\": 1, \"speed\": 1e999}",
        ProblemCode::JsonSyntax,
        "line 1, column 29",
    ),
];

#[test]
fn a_broken_file_says_where_and_what() {
    for (text, code, place) in BROKEN {
        let problem = format::read(text).expect_err(text);
        assert_eq!(
            (problem.code, problem.place.to_string().as_str()),
            (*code, *place),
            "{text}"
        );
    }
}

#[test]
fn deep_nesting_is_refused_and_not_run_into() {
    let text = "[".repeat(1_000_000);
    let problem = format::read(&text).expect_err("too deep");
    assert_eq!(problem.code, ProblemCode::JsonTooDeep);
}

/// Every file cut at every octet is refused with a place, and never panics.
#[test]
fn a_file_cut_anywhere_is_refused_with_a_place() {
    let text = format::write(&Random::new(7).scenario());
    let whole = text.trim_end();
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        let problem = format::read(&whole[..end]).expect_err("cut");
        assert!(problem.place.line.is_some(), "cut at {end}: {problem}");
    }
}
