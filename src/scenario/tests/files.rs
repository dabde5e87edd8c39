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

#[test]
fn a_field_table_survives_json_in_order() {
    let json = r#"{ "z": 1, "a": "\"quoted\"\t中\u0007", "t": { "deep": [true, null, 2.5] } }"#;
    let table = format::read_field_value(json).expect("a table");
    assert_eq!(format::write_field_value(&table), json);
    let problem = format::read_field_value("[18446744073709551615]").expect_err("no field");
    assert_eq!(problem.place.to_string(), "line 1, column 2 ([0])");
}

/// Settings that do not fit, each in a node of that kind.
const MISFITS: &[(&str, &str)] = &[
    (
        "producer",
        r#""load": {"shape": "ramp", "from": 1, "to": "2", "over": "1s"}"#,
    ),
    (
        "producer",
        r#""load": {"shape": "ramp", "from": 1, "to": 2, "ovr": "1s"}"#,
    ),
    (
        "producer",
        r#""load": {"shape": "ramp", "from": 1, "to": 2, "over": "1s", "x": 1}"#,
    ),
    (
        "producer",
        r#""load": {"shape": "rates", "points": [{"at": 3}], "last": "1s"}"#,
    ),
    ("producer", r#""load": {"shape": "flat"}"#),
    (
        "producer",
        r#""load": {"shape": "constant", "rate": 1, "arrivals": "odd"}"#,
    ),
    ("producer", r#""priority": 256"#),
    ("producer", r#""limit": 1.5"#),
    ("producer", r#""size": "10""#),
    (
        "producer",
        r#""latency": {"distribution": "uniform", "min": "1ms", "max": "x"}"#,
    ),
    ("producer", r#""routing_key": {"drawn": [["a", 1], ["b"]]}"#),
    (
        "producer",
        r#""headers": [{"name": "h", "value": {"cycled": []}}]"#,
    ),
    (
        "producer",
        r#""outages": [{"at": "1s", "last": "2s", "what": "cut"}]"#,
    ),
    ("consumer", r#""ack_mode": "never""#),
    ("consumer", r#""failures": {"share": "half"}"#),
    ("exchange", r#""durable": "true""#),
    (
        "queue",
        r#""arguments": {"x-max-length": {"a": [18446744073709551615]}}"#,
    ),
    ("queue", r#""position": [1, 2, 3]"#),
];

#[test]
fn a_setting_that_does_not_fit_is_named_where_it_stands() {
    let node = |kind: &str, settings: &str| {
        format!(
            "{{\"version\": 1, \"nodes\": [{{\"id\": 1, \"kind\": \"{kind}\", \"name\": \"n\", {settings}}}]}}"
        )
    };
    let mut said = String::new();
    for (kind, settings) in MISFITS {
        let problem = format::read(&node(kind, settings)).expect_err(settings);
        let params: Vec<&str> = problem
            .params
            .iter()
            .map(|(_, word)| word.as_str())
            .collect();
        let (code, path) = (problem.code, &problem.place.path);
        said.push_str(&format!("{code} {path}: {}\n", params.join("; ")));
    }
    expect_test::expect![[r#"
        field-wrong nodes[0].load.to: not expected; "2"; number
        field-missing nodes[0].load: over
        field-unknown nodes[0].load.x: x; shape, from, to, over, arrivals
        field-wrong nodes[0].load.points[0].at: not expected; 3; text
        field-variant nodes[0].load.shape: flat; constant, bursts, ramp, step, spike, sine, times, rates
        field-variant nodes[0].load.arrivals: odd; regular, poisson
        field-wrong nodes[0].priority: not expected; 256; whole number; 0; 255
        field-wrong nodes[0].limit: not expected; 1.5; whole number from; 0
        field-wrong nodes[0].size: not expected; "10"; number or distribution
        field-wrong nodes[0].latency.max: not expected; "x"; time
        field-wrong nodes[0].routing_key.drawn[1]: wrong length; 1; array of 2
        field-variant nodes[0].headers[0].value: cycled; fixed, cycle, drawn
        field-unknown nodes[0].outages[0].last: last; at, lasts, what
        field-variant nodes[0].ack_mode: never; manual, automatic
        field-wrong nodes[0].failures.share: not expected; "half"; number
        field-wrong nodes[0].durable: not expected; "true"; true or false
        field-wrong nodes[0].arguments.x-max-length.a[0]: number too wide; 18446744073709551615
        field-wrong nodes[0].position: wrong length; 3; array of 2
    "#]].assert_eq(&said);
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

#[test]
fn what_the_broker_has_is_read_and_checked() {
    let of = |broker: &str| {
        let text = format!(r#"{{"version": 1, "broker": {broker}}}"#);
        format::read(&text)
    };
    let usual = of("{}").expect("all may be left out");
    assert_eq!(usual.broker, BrokerSettings::default());
    assert_eq!(usual.broker.disk_limit(), None);
    let low = of(r#"{"memory_limit": 0, "disk_free": 60000000}"#).expect("a document");
    assert_eq!(low.broker.disk_limit(), Some(10_000_000));
    let codes = |scenario: &Scenario| {
        let problems = validate(scenario);
        let problems = problems.into_iter();
        problems.map(|it| format!("{it}")).collect::<Vec<_>>()
    };
    assert_eq!(codes(&usual), [""; 0]);
    assert!(codes(&low)[0].contains("alarm-from-start"), "{low:?}");
    let narrow = of(r#"{"disk_free": 50000000}"#).expect("a document");
    assert!(codes(&narrow)[0].contains("broker.disk_free"));
    for (broker, place) in [
        (r#"{"memory_limit": -1}"#, "broker.memory_limit"),
        (r#"{"disk_free_limit": "50MB"}"#, "broker.disk_free_limit"),
        (r#"{"memory": 1}"#, "broker"),
    ] {
        let problem = of(broker).expect_err("it is no such thing");
        assert!(problem.place.to_string().contains(place), "{problem}");
    }
}
