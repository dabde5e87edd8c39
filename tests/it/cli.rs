//! What the command `brokerlab` promises: results on standard output, problems on standard error,
//! exit codes, and a JSON report that fits its published schema.

use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn brokerlab(arguments: &[&str]) -> Output {
    with_input(arguments, "")
}

fn with_input(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_brokerlab"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A command that refuses its arguments does not read, which is no failure of the test.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("the command ends")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn definitions(name: &str) -> Option<PathBuf> {
    let path = package().join("../shared/data/definitions").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no definitions files at ../shared/data/definitions");
    None
}

#[test]
fn a_run_prints_tables_and_nothing_on_standard_error() {
    let output = brokerlab(&["run", "hello-world"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stderr(&output), "");
    let text = stdout(&output);
    assert!(
        text.contains("10 published, 10 delivered, 10 acknowledged"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'), "no colours into a pipe");
}

#[test]
fn the_json_report_fits_its_schema() {
    let path = package().join("docs/report.schema.json");
    let text = std::fs::read_to_string(path).expect("the schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    for name in [
        "hello-world",
        "fresh-broker",
        "retry",
        "prefetch",
        "headers-exchange",
    ] {
        let output = brokerlab(&["run", name, "--json", "--for", "5s"]);
        let report: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
        let wrong = check(&schema, &schema, &report, "report");
        assert_eq!(wrong, Vec::<String>::new(), "{name}");
    }
}

/// As much of JSON Schema as the report's schema uses; what it does not know it refuses.
fn check(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, rule) in schema.as_object().expect("a schema is an object") {
        let fits = match key.as_str() {
            "$schema" | "$defs" | "title" | "description" | "pattern" => true,
            "$ref" => {
                let name = rule.as_str().and_then(|path| path.strip_prefix("#/$defs/"));
                let target = name
                    .and_then(|name| root["$defs"].get(name))
                    .expect("a definition");
                wrong.extend(check(root, target, value, at));
                true
            }
            "anyOf" => {
                let options = rule.as_array().expect("a list");
                options
                    .iter()
                    .any(|option| check(root, option, value, at).is_empty())
            }
            "const" => rule == value,
            "enum" => rule.as_array().expect("a list").contains(value),
            "minimum" => value.as_f64() >= rule.as_f64(),
            "type" => match rule {
                Value::Array(kinds) => kinds.iter().any(|kind| is_a(kind, value)),
                kind => is_a(kind, value),
            },
            "items" => {
                let items = value.as_array().map_or(&[][..], Vec::as_slice);
                for (index, item) in items.iter().enumerate() {
                    wrong.extend(check(root, rule, item, &format!("{at}[{index}]")));
                }
                true
            }
            "properties" => {
                for (name, rule) in rule.as_object().expect("an object") {
                    if let Some(inner) = value.get(name) {
                        wrong.extend(check(root, rule, inner, &format!("{at}.{name}")));
                    }
                }
                true
            }
            "required" => {
                let names = rule
                    .as_array()
                    .expect("a list")
                    .iter()
                    .filter_map(Value::as_str);
                names.into_iter().all(|name| value.get(name).is_some())
            }
            "additionalProperties" => value.as_object().is_some_and(|map| {
                map.keys()
                    .all(|name| schema["properties"].get(name).is_some())
            }),
            other => panic!("the schema uses {other}, which this test does not know"),
        };
        if !fits {
            wrong.push(format!("{at}: {key} {rule} does not allow {value}"));
        }
    }
    wrong
}

fn is_a(kind: &Value, value: &Value) -> bool {
    match kind.as_str().expect("a word") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the schema uses the type {other}"),
    }
}

#[test]
fn the_same_seed_gives_the_same_report_and_another_another() {
    let run = |seed: &str| stdout(&brokerlab(&["run", "work-queue", "--json", "--seed", seed]));
    assert_eq!(run("5"), run("5"));
    let hash =
        |text: &str| serde_json::from_str::<Value>(text).expect("JSON")["trace_hash"].clone();
    assert_ne!(hash(&run("5")), hash(&run("6")));
}

#[test]
fn exit_codes_tell_what_went_wrong_and_errors_say_where() {
    let cases: [(&[&str], &str, i32, &str); 9] = [
        (&["run", "no-such-file.json"], "", 3, "no-such-file.json: "),
        (
            &["run", "-"],
            "{\n \"version\": 9}",
            1,
            "-: line 2, column 13 (version): ",
        ),
        (
            &["run", "-"],
            "{\"queues\": []}",
            1,
            "definitions file of RabbitMQ",
        ),
        (
            &["import", "-"],
            "{\"queues\": [}",
            1,
            "-: line 1, column 13: This is not JSON",
        ),
        (&["run"], "", 2, "Usage: brokerlab run"),
        (
            &["run", "hello-world", "--for", "soon"],
            "",
            2,
            "250ms, 1.5s",
        ),
        (&["gallery", "nothing"], "", 2, "brokerlab gallery"),
        (
            &["route", "topic-exchange", "-e", "nowhere"],
            "",
            1,
            "no exchange 'nowhere'",
        ),
        (
            &["route", "hello-world", "-e", "", "--vhost", "x"],
            "",
            2,
            "no virtual host 'x'",
        ),
    ];
    for (arguments, input, code, says) in cases {
        let output = with_input(arguments, input);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(
            stderr(&output).contains(says),
            "{arguments:?}: {}",
            stderr(&output)
        );
        assert_eq!(stdout(&output), "", "{arguments:?}");
    }
}

#[test]
fn strict_fails_when_the_broker_refuses_something() {
    assert_eq!(brokerlab(&["run", "fresh-broker"]).status.code(), Some(0));
    assert_eq!(
        brokerlab(&["run", "fresh-broker", "--strict"])
            .status
            .code(),
        Some(1)
    );
    assert_eq!(
        brokerlab(&["run", "work-queue", "--strict"]).status.code(),
        Some(0)
    );
}

#[test]
fn a_route_says_why_and_why_not_at_each_hop() {
    let arguments = [
        "route",
        "topic-exchange",
        "-e",
        "events",
        "-k",
        "order.eu.paid",
    ];
    let output = brokerlab(&arguments);
    assert_eq!(output.status.code(), Some(0));
    let text = stdout(&output);
    for line in [
        "'events' (topic): published here",
        " no  'order.*.created' -> 'created': word 3 is 'paid', not 'created'",
        "yes  '*.eu.*' -> 'europe'",
        "Queue 'audit' gets a copy, by 'events'.",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    let headers = ["--header", "format=pdf", "--header", "pages:=40"];
    let output = brokerlab(
        &[
            &["route", "headers-exchange", "-e", "documents"][..],
            &headers,
        ]
        .concat(),
    );
    assert!(
        stdout(&output).contains("Queue 'long-pdf' gets a copy"),
        "{}",
        stdout(&output)
    );
    let output = brokerlab(&["route", "headers-exchange", "-e", "documents", "--json"]);
    assert_eq!(output.status.code(), Some(1), "no header, no queue");
    let json: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert_eq!(json["unroutable"], Value::Bool(true));
}

#[test]
fn an_imported_file_runs_and_comes_out_again() {
    let (Some(path), Some(routed)) = (
        definitions("033-job-queue-cluster-federation-quorum.json"),
        definitions("087-game-scheduler-dlx-ttl.json"),
    ) else {
        return;
    };
    let path = path.to_string_lossy().into_owned();
    let routed = routed.to_string_lossy().into_owned();
    let scenario = brokerlab(&["import", &path]);
    assert_eq!(scenario.status.code(), Some(0), "{}", stderr(&scenario));
    assert!(
        stderr(&scenario).contains("are kept for export"),
        "{}",
        stderr(&scenario)
    );
    let run = with_input(&["run", "-"], &stdout(&scenario));
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let out = with_input(&["export", "-"], &stdout(&scenario));
    let again = with_input(&["import", "-"], &stdout(&out));
    assert_eq!(stdout(&again), stdout(&scenario));
    let routed = brokerlab(&[
        "route",
        &routed,
        "-e",
        "game_scheduler",
        "-k",
        "game.created",
    ]);
    assert!(
        stdout(&routed).contains("Queue 'api_events' gets a copy"),
        "{}",
        stdout(&routed)
    );
}

#[test]
fn exchanges_of_plugins_are_explained_and_come_out_as_they_went_in() {
    let exchange = |name: &str, kind: &str, arguments: Value| {
        serde_json::json!({
            "name": name, "vhost": "/", "type": kind, "durable": true, "auto_delete": false,
            "internal": false, "arguments": arguments,
        })
    };
    let queue = |name: &str| {
        serde_json::json!({
            "name": name, "vhost": "/", "durable": true, "auto_delete": false, "arguments": {},
        })
    };
    let binding = |source: &str, to: &str, key: &str| {
        serde_json::json!({
            "source": source, "vhost": "/", "destination": to, "destination_type": "queue",
            "routing_key": key, "arguments": {},
        })
    };
    let by_topic = serde_json::json!({"x-delayed-type": "topic"});
    let file = serde_json::json!({
        "vhosts": [{"name": "/"}],
        "exchanges": [
            exchange("later", "x-delayed-message", by_topic.clone()),
            exchange("chance", "x-random", serde_json::json!({})),
        ],
        "queues": [queue("a"), queue("b")],
        "bindings": [
            binding("later", "a", "x.#"), binding("chance", "a", ""), binding("chance", "b", ""),
        ],
    });
    let file = file.to_string();
    let route = |rest: &[&str]| {
        let output = with_input(&[&["route", "-"], rest].concat(), &file);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output)
    };
    let told = route(&["-e", "later", "-k", "x.y", "--header", "x-delay:=5000"]);
    assert!(told.contains("waits here for 5000 ms"), "{told}");
    assert!(told.contains("Queue 'a' gets a copy"), "{told}");
    let told = route(&["-e", "chance"]);
    assert!(told.contains("one of 2, by chance"), "{told}");
    assert!(told.contains("Queue 'b' may get a copy"), "{told}");
    let opened = with_input(&["import", "-"], &file);
    assert_eq!(stderr(&opened), "", "nothing to say about it");
    let out = with_input(&["export", "-"], &stdout(&opened));
    let out: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    assert_eq!(out["exchanges"][0]["arguments"], by_topic);
}

#[test]
fn help_has_examples_and_exit_codes() {
    for command in ["run", "import", "export", "route"] {
        let help = stdout(&brokerlab(&[command, "--help"]));
        assert!(help.contains("Example"), "{command}");
        assert!(help.contains(&format!("brokerlab {command}")), "{command}");
    }
    assert!(stdout(&brokerlab(&["--help"])).contains("Exit codes"));
}
