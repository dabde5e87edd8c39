//! What recorded loads and "add load" promise.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::types::{ExchangeType, FieldTable, ProblemCode};

fn points(text: &str, options: &RateOptions) -> (Vec<(f64, f64)>, f64) {
    match read_rates(text, options).expect(text) {
        LoadShape::Rates { points, last } => {
            let points = points
                .iter()
                .map(|p| (p.at.as_secs_f64(), p.rate))
                .collect();
            (points, last.as_secs_f64())
        }
        other => panic!("not rates: {other:?}"),
    }
}

#[test]
fn counts_beside_timestamps_become_rates_that_keep_the_total() {
    let text = "timestamp,value\n\
                2014-04-10 23:59:00,300\n2014-04-11 00:04:00,600.0\n2014-04-11T00:14:00Z,30\n";
    let options = RateOptions::default();
    let (rates, last) = points(text, &options);
    assert_eq!(rates, [(0.0, 1.0), (300.0, 1.0), (900.0, 0.05)]);
    assert_eq!(last, 600.0);
    let faster = RateOptions {
        time_scale: 60.0,
        ..options
    };
    let (rates, last) = points(text, &faster);
    assert_eq!(rates, [(0.0, 60.0), (5.0, 60.0), (15.0, 3.0)]);
    assert_eq!(last, 10.0);
}

#[test]
fn seconds_and_rates_are_taken_as_they_are() {
    let (rates, last) = points("# a comment\n10, 5\n11.5, 20\n", &RateOptions::default());
    assert_eq!(rates, [(0.0, 5.0), (1.5, 20.0)]);
    assert_eq!(last, 1.5);
    let counts = RateOptions {
        values: Some(RateValues::Counts),
        ..RateOptions::default()
    };
    assert_eq!(points("0,10\n2,10\n", &counts).0, [(0.0, 5.0), (2.0, 5.0)]);
}

#[test]
fn a_row_that_cannot_be_read_says_its_line() {
    let cases = [
        ("", ProblemCode::RatesEmpty, None),
        ("time,rate\n", ProblemCode::RatesEmpty, None),
        ("a,b\nc,d\n", ProblemCode::RateRowWrong, Some((2, 1))),
        ("0,1\n1,x\n", ProblemCode::RateRowWrong, Some((2, 3))),
        ("0,1\n1\n", ProblemCode::RateRowWrong, Some((2, 3))),
        ("0,1\n\n1,-3\n", ProblemCode::RateNegative, Some((3, 3))),
        ("0,1\n0,3\n", ProblemCode::RateRowUnordered, Some((2, 1))),
        (
            "0,1\n2014-04-10 00:00:00,3\n",
            ProblemCode::RateRowWrong,
            Some((2, 1)),
        ),
        (
            "2014-13-10 00:00:00,3\n2014-13-10 00:00:01,3\n",
            ProblemCode::RateRowWrong,
            Some((1, 1)),
        ),
        ("0,1\n1,NaN\n", ProblemCode::RateRowWrong, Some((2, 3))),
    ];
    for (text, code, line) in cases {
        let problem = read_rates(text, &RateOptions::default()).expect_err(text);
        assert_eq!((problem.code, problem.place.line), (code, line), "{text:?}");
    }
    let still = RateOptions {
        time_scale: 0.0,
        ..RateOptions::default()
    };
    let problem = read_rates("0,1\n", &still).expect_err("no scale");
    assert_eq!(problem.code, ProblemCode::NumberOutOfRange);
}

fn exchange(scenario: &mut Scenario, exchange_type: ExchangeType) -> NodeId {
    add(
        scenario,
        NodeKind::Exchange(Exchange {
            exchange_type,
            ..Exchange::default()
        }),
    )
}

/// The producer that a load puts on the one exchange of `scenario`.
fn loaded(scenario: &mut Scenario, source: NodeId) -> Producer {
    let edit = add_load(scenario, &[source], &[], &LoadOptions::default());
    let applied = scenario.apply(&edit).expect("a load fits");
    match &scenario.node(applied.nodes[0]).expect("it was made").kind {
        NodeKind::Producer(producer) => producer.clone(),
        other => panic!("not a producer: {other:?}"),
    }
}

#[test]
fn a_load_publishes_what_the_bindings_match() {
    let mut scenario = Scenario::new();
    let topic = exchange(&mut scenario, ExchangeType::Topic);
    for key in ["order.*.paid", "#", "order.eu.paid", "#"] {
        let queue = add(&mut scenario, NodeKind::Queue(Queue::default()));
        bind(&mut scenario, topic, queue, key).expect("a binding");
    }
    let keys = ["order.any.paid", "any", "order.eu.paid"].map(str::to_owned);
    assert_eq!(
        loaded(&mut scenario, topic).routing_key,
        Choice::Cycle(keys.to_vec())
    );

    let headers = exchange(&mut scenario, ExchangeType::Headers);
    let queue = add(&mut scenario, NodeKind::Queue(Queue::default()));
    let kind = Some(EdgeKind::Binding {
        binding_key: BindingKey::default(),
        arguments: FieldTable::new()
            .with("x-match", "any")
            .with("tier", "gold")
            .with("x-a", 1),
    });
    scenario
        .apply(&Edit::Connect {
            from: headers,
            to: queue,
            kind,
        })
        .expect("a binding");
    let made = loaded(&mut scenario, headers).headers;
    assert_eq!(made.len(), 1);
    assert_eq!(
        (made[0].name.as_str(), &made[0].value),
        ("tier", &Choice::Fixed("gold".into()))
    );
}

#[test]
fn a_load_names_queues_at_the_default_exchange_and_passes_over_internal_ones() {
    let (mut scenario, [_, exchange_id, ..]) = row();
    let name = String::new();
    let default = exchange(&mut scenario, ExchangeType::Direct);
    scenario
        .apply(&Edit::Rename {
            node: default,
            name,
        })
        .expect("the default exchange");
    let key = loaded(&mut scenario, default).routing_key;
    assert_eq!(key, Choice::Fixed("queue".to_owned()));
    let internal = NodeKind::Exchange(Exchange {
        internal: true,
        ..Exchange::default()
    });
    scenario
        .apply(&Edit::SetNode {
            node: exchange_id,
            kind: internal,
        })
        .expect("the same kind");
    let sources = [exchange_id, NodeId(999)];
    match add_load(&scenario, &sources, &[], &LoadOptions::default()) {
        Edit::Insert { nodes, edges } => assert!(nodes.is_empty() && edges.is_empty()),
        other => panic!("not an insert: {other:?}"),
    }
}

#[test]
fn a_load_stands_beside_what_is_there_and_is_one_step_to_undo() {
    let (mut scenario, _) = row();
    let queues: Vec<NodeId> = (0..100)
        .map(|_| add(&mut scenario, NodeKind::Queue(Queue::default())))
        .collect();
    for (id, position) in layout::arrange(&scenario, &slash()) {
        scenario
            .apply(&Edit::Move {
                nodes: vec![(id, position)],
            })
            .expect("it is there");
    }
    let edit = add_load(&scenario, &queues, &queues, &LoadOptions::default());
    let mut history = History::new(Rc::new(scenario));
    let made = history.apply(&edit).expect("a load fits");
    assert_eq!((made.nodes.len(), made.edges.len()), (200, 200));
    let nodes: Vec<&Node> = history
        .present()
        .nodes
        .values()
        .map(AsRef::as_ref)
        .collect();
    for (index, a) in nodes.iter().enumerate() {
        for b in &nodes[index + 1..] {
            let (dx, dy) = (a.position.x - b.position.x, a.position.y - b.position.y);
            assert!(
                dx.abs() >= 210 || dy.abs() >= 85,
                "{} and {} overlap",
                a.name,
                b.name
            );
        }
    }
    assert_eq!(history.undo(), Some(EditLabel::Insert));
    assert_eq!(history.undo_label(), None);
}
