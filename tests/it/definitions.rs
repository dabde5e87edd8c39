//! Every real definitions file opens, lays itself out, says what it cannot honour, and comes out
//! again as the same document; the broken ones say where and why.
//!
//! The files are other people's and stand beside the package, not in it; without them the tests say
//! so and pass.

use brokerlab::editor::{Rect, geometry::rect_of};
use brokerlab::scenario::definitions::{Imported, export, import};
use brokerlab::scenario::{EdgeKind, LoadOptions, Problem, Scenario, Shape, add_load, format};
use brokerlab::sim::Simulation;
use brokerlab::types::{ProblemCode, SimTime, VhostName};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

/// Files RabbitMQ refuses: their names begin so.
const REFUSED: [&str; 3] = ["050-odd", "074-bad", "097-bad"];

fn files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/definitions");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: no definitions files at ../shared/data/definitions");
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?.to_owned();
            let text = std::fs::read_to_string(&path).ok()?;
            name.ends_with(".json").then_some((name, text))
        })
        .collect();
    files.sort();
    files
}

/// Each file RabbitMQ accepts: its name, what it became, and its JSON.
fn accepted() -> Vec<(String, Imported, Value)> {
    files()
        .into_iter()
        .filter(|(name, _)| !REFUSED.iter().any(|refused| name.starts_with(refused)))
        .map(|(name, text)| {
            let imported = import(&text).unwrap_or_else(|problem| panic!("{name}: {problem}"));
            let json = serde_json::from_str(&text).expect("it imported");
            (name, imported, json)
        })
        .collect()
}

fn entries<'a>(json: &'a Value, section: &str) -> &'a [Value] {
    json.get(section)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn count(scenario: &Scenario, shape: Shape) -> usize {
    scenario
        .nodes
        .values()
        .filter(|node| node.kind.shape() == shape)
        .count()
}

fn how_many(problems: &[Problem], code: ProblemCode, path: &str) -> usize {
    problems
        .iter()
        .filter(|problem| problem.code == code && problem.place.path.starts_with(path))
        .count()
}

#[test]
fn every_file_rabbitmq_accepts_opens_whole() {
    for (
        name,
        Imported {
            scenario, problems, ..
        },
        json,
    ) in &accepted()
    {
        let twice = |section| how_many(problems, ProblemCode::EntryTwice, section);
        let broken = how_many(problems, ProblemCode::EntryBroken, "");
        assert_eq!(broken, 0, "{name}: {problems:?}");
        let queues = entries(json, "queues").len() - twice("queues");
        assert_eq!(count(scenario, Shape::Queue), queues, "{name}");
        // Predeclared exchanges that bindings use stand on the stage without being in the file.
        let declared = entries(json, "exchanges").len() - twice("exchanges");
        let listed = |name: &str| {
            entries(json, "exchanges")
                .iter()
                .any(|e| e.get("name").and_then(Value::as_str) == Some(name))
        };
        let implied = scenario
            .nodes
            .values()
            .filter(|n| n.kind.shape() == Shape::Exchange && !listed(&n.name))
            .count();
        assert_eq!(
            count(scenario, Shape::Exchange),
            declared + implied,
            "{name}"
        );
        let missing: BTreeSet<&str> = problems
            .iter()
            .filter(|problem| problem.code == ProblemCode::ReferenceMissing)
            .filter_map(|problem| problem.place.path.split('.').next())
            .collect();
        let left_out = missing.len()
            + twice("bindings")
            + how_many(problems, ProblemCode::ImplicitBinding, "bindings");
        let bindings = entries(json, "bindings").len() - left_out;
        assert_eq!(scenario.edges.len(), bindings, "{name}");
        for vhost in entries(json, "vhosts") {
            let vhost = vhost.get("name").and_then(Value::as_str).expect("a name");
            assert!(
                scenario.vhosts.contains(&VhostName::truncated(vhost)),
                "{name}: {vhost}"
            );
        }
    }
}

#[test]
fn an_exported_file_imports_to_the_same_document() {
    for (name, Imported { scenario, .. }, _) in &accepted() {
        let text = export(scenario);
        let again = import(&text).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert_eq!(again.scenario, *scenario, "{name}");
        assert_eq!(export(&again.scenario), text, "{name}");
    }
}

#[test]
fn what_the_stage_does_not_show_comes_out_as_it_came_in() {
    for (name, Imported { scenario, .. }, json) in &accepted() {
        let out: Value = serde_json::from_str(&export(scenario)).expect("JSON");
        for (key, value) in json.as_object().expect("an object") {
            if !["vhosts", "exchanges", "queues", "bindings"].contains(&key.as_str()) {
                assert_eq!(out.get(key), Some(value), "{name}: {key}");
            }
        }
        for vhost in entries(json, "vhosts") {
            assert!(entries(&out, "vhosts").contains(vhost), "{name}: {vhost}");
        }
    }
}

#[test]
fn an_imported_document_can_be_saved_and_opened() {
    for (name, Imported { scenario, .. }, _) in &accepted() {
        let text = format::write(scenario);
        let again = format::read(&text).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert_eq!(again, *scenario, "{name}");
    }
}

#[test]
fn no_two_boxes_overlap() {
    for (name, Imported { scenario, .. }, _) in &accepted() {
        for vhost in &scenario.vhosts {
            let boxes: Vec<Rect> = scenario
                .nodes
                .values()
                .filter(|node| node.vhost == *vhost)
                .map(|node| rect_of(node))
                .collect();
            assert_eq!(overlap(&boxes), None, "{name} on {vhost}");
        }
    }
}

/// Two boxes that overlap; only neighbours in a coarse grid are compared.
fn overlap(boxes: &[Rect]) -> Option<(Rect, Rect)> {
    let square = |x: f64| libm::floor(x / 300.0) as i64;
    let mut grid: BTreeMap<(i64, i64), Vec<Rect>> = BTreeMap::new();
    for rect in boxes {
        let (column, row) = (square(rect.centre.x), square(rect.centre.y));
        for x in column - 1..=column + 1 {
            for y in row - 1..=row + 1 {
                let beside = grid.get(&(x, y)).map_or(&[][..], Vec::as_slice);
                if let Some(other) = beside.iter().find(|other| other.overlaps(rect)) {
                    return Some((*rect, *other));
                }
            }
        }
        grid.entry((column, row)).or_default().push(*rect);
    }
    None
}

#[test]
fn every_problem_names_a_place_that_is_in_the_file() {
    for (name, Imported { problems, .. }, json) in &accepted() {
        for problem in problems {
            let steps = problem.place.path.replace('[', ".[").replace(']', "");
            let mut here = json;
            for step in steps.split('.').take_while(|step| *step != "arguments") {
                here = match step.strip_prefix('[') {
                    Some(index) => &here[index.parse::<usize>().expect("a number")],
                    // What is missing may be the field itself.
                    None => here.get(step).unwrap_or(here),
                };
            }
            assert!(
                !problem.place.path.is_empty() && !here.is_null(),
                "{name}: {problem}"
            );
        }
    }
}

#[test]
fn broken_files_say_line_and_column_and_the_odd_one_is_refused_as_a_whole() {
    let mut said = Vec::new();
    for (name, text) in files() {
        if REFUSED.iter().any(|refused| name.starts_with(refused)) {
            let problem = import(&text).expect_err(&name);
            said.push(format!("{} {} {}", &name[..3], problem.code, problem.place));
        }
    }
    if said.is_empty() {
        return;
    }
    assert_eq!(
        said,
        [
            "050 definitions-without-vhost line 6, column 5 (queues[0])",
            "074 json-syntax line 88, column 3",
            "097 json-syntax line 6, column 29",
        ]
    );
}

#[test]
fn a_file_of_a_single_virtual_host_says_which_in_one_place() {
    let text = r#"{
        "original_vhost_name": "shop",
        "default_queue_type": "quorum",
        "exchanges": [{"name": "orders", "type": "topic"}],
        "queues": [{"name": "paid"}, {"name": "log", "type": "classic", "arguments": []}],
        "bindings": [
            {"source": "orders", "destination": "paid", "destination_type": "queue",
             "routing_key": "order.*.paid"},
            {"source": "amq.topic", "destination": "log", "routing_key": null}
        ]
    }"#;
    let Imported { scenario, .. } = import(text).expect("it opens");
    assert_eq!(scenario.vhosts, [VhostName::truncated("shop")]);
    let shown: Vec<String> = scenario
        .nodes
        .values()
        .map(|node| {
            format!(
                "{} {} on {}",
                node.kind.shape().word(),
                node.name,
                node.vhost
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "exchange orders on shop",
            "exchange amq.topic on shop",
            "queue paid on shop",
            "queue log on shop",
        ]
    );
    let keys: Vec<&str> = scenario
        .edges
        .values()
        .filter_map(|edge| match &edge.kind {
            EdgeKind::Binding { binding_key, .. } => Some(binding_key.as_str()),
            EdgeKind::Publish | EdgeKind::Consume => None,
        })
        .collect();
    assert_eq!(keys, ["order.*.paid", ""]);
    let again = import(&export(&scenario)).expect("its export opens");
    assert_eq!(again.scenario, scenario);
}

/// Real mistakes, in small: what is said of each, and where.
#[test]
fn what_cannot_be_honoured_is_listed_with_its_path() {
    let text = r##"{
        "rabbit_version": "4.1.0",
        "users": [{"name": "guest"}],
        "vhosts": [{"name": "/"}],
        "policies": [{"vhost": "/", "name": "ttl", "pattern": "^q", "apply-to": "queues",
                      "definition": {"message-ttl": 1000}}],
        "exchanges": [
            {"name": "hash", "vhost": "/", "type": "x-modulus-hash", "arguments": {}},
            {"name": "odd", "vhost": "/", "type": "sideways", "description": "?"},
            {"name": "hash", "vhost": "/", "type": "direct"}
        ],
        "queues": [
            {"name": "q", "vhost": "/", "durable": false, "arguments":
                {"x-message-ttl": "soon", "x-dead-letter-exchange": "gone"}},
            {"name": "s", "vhost": "/", "type": "stream", "arguments": {}},
            {"vhost": "/"},
            {"name": "far", "vhost": "elsewhere", "durable": "true"}
        ],
        "bindings": [
            {"source": "", "vhost": "/", "destination": "q"},
            {"source": "missing", "vhost": "/", "destination": "q", "destination_type": "queue"}
        ]
    }"##;
    let Imported {
        problems, scenario, ..
    } = import(text).expect("it opens");
    let said: Vec<String> = problems
        .iter()
        .map(|problem| format!("{} {}", problem.code, problem.place.path))
        .collect();
    assert_eq!(
        said,
        [
            "key-ignored exchanges[1].description",
            "entry-twice exchanges[2]",
            "queue-type-taken queues[1]",
            "entry-broken queues[2]",
            "vhost-undeclared queues[3]",
            "implicit-binding bindings[0]",
            "reference-missing bindings[1].source",
            "policy-applied policies[0]",
            "kept users",
            "exchange-type-plugin exchanges[0].type",
            "exchange-type-unknown exchanges[1].type",
            "argument-wrong queues[0].arguments.x-message-ttl",
            "transient-shared-queue queues[0].durable",
            "dead-letter-exchange-missing queues[0].arguments.x-dead-letter-exchange",
            "queue-type-not-run queues[1].arguments.x-queue-type",
        ]
    );
    let again = import(&export(&scenario)).expect("its export opens");
    assert_eq!(again.scenario, scenario, "what is not shown is kept");
}

#[test]
fn other_files_are_refused_with_a_word_on_what_they_are() {
    for (text, code) in [
        ("[]", ProblemCode::NotDefinitions),
        ("{\"a\": 1}", ProblemCode::NotDefinitions),
        ("{\"version\": 1, \"nodes\": []}", ProblemCode::IsScenario),
        ("", ProblemCode::JsonEnds),
    ] {
        assert_eq!(import(text).expect_err(text).code, code, "{text}");
    }
}

/// Real files with octets changed at random never panic, and what opens can be exported.
#[test]
fn damaged_files_never_panic() {
    use rand_core::{Rng as _, SeedableRng as _};
    let seed = 2026;
    let mut random = rand_pcg::Pcg32::seed_from_u64(seed);
    for (name, text) in files().iter().filter(|(_, text)| text.len() < 20_000) {
        for _ in 0..40 {
            let mut octets = text.clone().into_bytes();
            for _ in 0..=random.next_u32() % 3 {
                let at = random.next_u32() as usize % octets.len();
                octets[at] = b"{}[]\",:0a "[random.next_u32() as usize % 10];
            }
            let damaged = String::from_utf8_lossy(&octets);
            if let Ok(Imported { scenario, .. }) = import(&damaged) {
                let again = import(&export(&scenario));
                let again = again.unwrap_or_else(|p| panic!("seed {seed}, {name}: {p}\n{damaged}"));
                assert_eq!(again.scenario.nodes, scenario.nodes, "seed {seed}, {name}");
            }
        }
    }
}

/// A load on every exchange and queue of every file runs, and nothing published is lost sight of.
#[test]
fn every_file_runs_under_a_load() {
    // Each with its queues' consumers is a client of its own; the largest files only show more of
    // them.
    const NODES_MAX: usize = 300;
    for (name, Imported { scenario, .. }, _) in &accepted() {
        if scenario.nodes.len() > NODES_MAX {
            continue;
        }
        let of = |shape| {
            let nodes = scenario
                .nodes
                .values()
                .filter(move |node| node.kind.shape() == shape);
            nodes.map(|node| node.id).collect::<Vec<_>>()
        };
        let (exchanges, queues) = (of(Shape::Exchange), of(Shape::Queue));
        let mut loaded = scenario.clone();
        let edit = add_load(scenario, &exchanges, &queues, &LoadOptions::default());
        loaded
            .apply(&edit)
            .unwrap_or_else(|problem| panic!("{name}: {problem}"));
        for vhost in &loaded.vhosts {
            let boxes: Vec<Rect> = loaded
                .nodes
                .values()
                .filter(|node| node.vhost == *vhost)
                .map(|node| rect_of(node))
                .collect();
            assert_eq!(overlap(&boxes), None, "{name} on {vhost}");
        }
        let mut run = Simulation::new(Rc::new(loaded));
        run.run_until(SimTime::from_secs(5), u64::MAX);
        let stats = run.stats();
        let (mut entered, mut left) = (0, 0);
        for (_, queue) in stats.queues() {
            entered += queue.enqueued.total();
            let inside: u64 = queue.drops.total().saturating_sub(queue.refused);
            left += queue.settled.total() + inside + queue.ready.now() + queue.unacked.now();
        }
        assert_eq!(entered, left, "{name}");
    }
}
