//! Building: placing, linking, editing, undoing, opening files.

use super::*;
use crate::app::view::{Cursor, ExchangeShape, NodeShape};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn dragging_from_a_handle_links_and_one_gesture_is_one_step() {
    let mut app = empty();
    let queue = add(&mut app, PaletteItem::Queue);
    let consumer = add(&mut app, PaletteItem::Consumer);
    app.perform("fit");
    let (x, y) = exit_on_element(&app, queue);
    let (to_x, to_y) = on_element(&app, consumer);
    pointer(&mut app, PointerPhase::Down, x, y);
    for step in 1..=10 {
        let share = f64::from(step) / 10.0;
        let (x, y) = (x + (to_x - x) * share, y + (to_y - y) * share);
        pointer(&mut app, PointerPhase::Move, x, y);
    }
    assert!(app.stage().preview.is_some());
    pointer(&mut app, PointerPhase::Up, to_x, to_y);
    assert_eq!(app.stage().edges.len(), 1);
    assert!(app.stage().preview.is_none());
    command(&mut app, "z");
    assert_eq!(app.stage().edges.len(), 0);
    assert_eq!(app.stage().nodes.len(), 2);
}

#[test]
fn clicking_a_handle_and_then_a_node_links_too() {
    let mut app = empty();
    let producer = add(&mut app, PaletteItem::Producer);
    let exchange = add(&mut app, PaletteItem::Topic);
    app.perform("fit");
    let (x, y) = exit_on_element(&app, producer);
    pointer(&mut app, PointerPhase::Down, x, y);
    pointer(&mut app, PointerPhase::Up, x, y);
    let (x, y) = on_element(&app, exchange);
    pointer(&mut app, PointerPhase::Move, x, y);
    let target = app.stage().nodes.iter().find(|node| node.id == exchange);
    assert_eq!(target.and_then(|node| node.link_target), Some(true));
    pointer(&mut app, PointerPhase::Down, x, y);
    pointer(&mut app, PointerPhase::Up, x, y);
    assert_eq!(app.stage().edges.len(), 1);
}

#[test]
fn keys_alone_can_place_link_and_delete() {
    let mut app = empty();
    let queue = add(&mut app, PaletteItem::Queue);
    let consumer = add(&mut app, PaletteItem::Consumer);
    set(&mut app, queue, "x", "0");
    set(&mut app, queue, "y", "0");
    set(&mut app, consumer, "x", "400");
    set(&mut app, consumer, "y", "0");
    app.dispatch(Action::SelectNode {
        node: queue,
        add: false,
    });
    assert!(press(&mut app, "l").is_some());
    assert!(press(&mut app, "ArrowRight").is_some());
    assert!(press(&mut app, "Enter").is_some());
    assert_eq!(app.stage().edges.len(), 1);
    assert!(press(&mut app, "Delete").is_some());
    assert_eq!(app.stage().edges.len(), 0);
    // A letter means nothing while the stage has not the focus.
    let elsewhere = KeyPress {
        key: "l".to_owned(),
        ..KeyPress::default()
    };
    assert!(app.key(&elsewhere).is_none());
}

#[test]
fn a_wrong_link_says_why_and_changes_nothing() {
    let mut app = empty();
    let producer = add(&mut app, PaletteItem::Producer);
    let consumer = add(&mut app, PaletteItem::Consumer);
    app.perform("fit");
    let before = app.document_text();
    let (x, y) = exit_on_element(&app, producer);
    pointer(&mut app, PointerPhase::Down, x, y);
    let (x, y) = on_element(&app, consumer);
    pointer(&mut app, PointerPhase::Move, x, y);
    let stage = app.stage();
    assert_eq!(stage.cursor, Cursor::Refused);
    assert!(!stage.hint.is_empty());
    let hint = stage.hint.clone();
    let requests = pointer(&mut app, PointerPhase::Up, x, y);
    assert!(
        requests.iter().any(|request| matches!(request,
            Request::Announce { text, assertive: true } if *text == hint)),
        "{requests:?}"
    );
    assert_eq!(
        app.stage().hint,
        hint,
        "the reason stays until the next action"
    );
    assert_eq!(app.document_text(), before);
}

#[test]
fn moving_is_one_undo_step_and_does_not_disturb_the_run() {
    let mut app = app();
    play(&mut app, 3);
    app.perform("play");
    let node = app.stage().nodes[0].id;
    let before = (app.simulation().trace_hash(), app.document_text());
    let (x, y) = on_element(&app, node);
    pointer(&mut app, PointerPhase::Down, x, y);
    pointer(&mut app, PointerPhase::Move, x + 60.0, y + 90.0);
    pointer(&mut app, PointerPhase::Up, x + 60.0, y + 90.0);
    assert_ne!(app.document_text(), before.1);
    assert_eq!(app.simulation().trace_hash(), before.0);
    command(&mut app, "z");
    assert_eq!(app.document_text(), before.1);
    command(&mut app, "y");
    assert_ne!(app.document_text(), before.1);
}

#[test]
fn a_wrong_number_stays_in_its_field_with_the_reason() {
    let mut app = empty();
    let producer = add(&mut app, PaletteItem::Producer);
    set(&mut app, producer, "load.rate", "2.5");
    let before = app.document_text();
    app.dispatch(Action::SetField {
        key: "load.rate".to_owned(),
        value: "twelve".to_owned(),
    });
    assert_eq!(field(&app, "load.rate"), "twelve");
    assert!(field_error(&app, "load.rate").is_some());
    assert_eq!(app.document_text(), before);
    app.dispatch(Action::SetField {
        key: "load.rate".to_owned(),
        value: "12".to_owned(),
    });
    assert_eq!(field_error(&app, "load.rate"), None);
    assert_eq!(field(&app, "load.rate"), "12");
}

#[test]
fn queue_arguments_have_friendly_fields_and_the_rest_stays_whole() {
    let mut app = empty();
    let queue = add(&mut app, PaletteItem::Queue);
    set(&mut app, queue, "message-ttl", "5000");
    set(
        &mut app,
        queue,
        "arguments",
        "x-custom = 7\nx-note = hello world",
    );
    set(&mut app, queue, "max-length", "10");
    set(&mut app, queue, "dead-letter-exchange", "(default)");
    assert_eq!(field(&app, "message-ttl"), "5000");
    assert_eq!(
        field(&app, "arguments"),
        "x-custom = 7\nx-note = hello world"
    );
    assert_eq!(field(&app, "dead-letter-exchange"), "(default)");
    set(&mut app, queue, "message-ttl", "");
    assert_eq!(field(&app, "message-ttl"), "");
    assert_eq!(field(&app, "max-length"), "10");
}

#[test]
fn copies_have_names_of_their_own_and_their_lines() {
    let mut app = app();
    let nodes = app.stage().nodes.len();
    let edges = app.stage().edges.len();
    command(&mut app, "a");
    command(&mut app, "c");
    command(&mut app, "v");
    app.perform("fit");
    assert_eq!(app.stage().nodes.len(), 2 * nodes);
    assert_eq!(app.stage().edges.len(), 2 * edges);
    command(&mut app, "z");
    assert_eq!(app.stage().nodes.len(), nodes);
}

#[test]
fn what_cannot_be_opened_says_where_and_leaves_the_work() {
    let mut app = app();
    let before = app.document_text();
    for (name, text) in [
        ("broken.json", "{\n  \"version\": 1,\n  oops"),
        ("empty.json", "  "),
        ("list.json", "[1, 2, 3]"),
        ("number.json", "12"),
        ("broken.csv", "no,rates\nhere,at all"),
    ] {
        let requests = app.dispatch(Action::Open {
            name: name.to_owned(),
            text: text.to_owned(),
        });
        assert!(
            requests.iter().any(|request| matches!(request,
                Request::Announce { text, assertive: true } if text.contains(name))),
            "{name}: {requests:?}"
        );
        assert_eq!(app.document_text(), before, "{name}");
    }
    let requests = app.dispatch(Action::Open {
        name: "broken.json".to_owned(),
        text: "{\n  \"version\": 1,\n  oops".to_owned(),
    });
    assert!(
        requests.iter().any(|request| matches!(request,
            Request::Announce { text, .. } if text.contains("line 3"))),
        "{requests:?}"
    );
}

#[test]
fn opening_puts_the_old_work_on_the_undo_stack() {
    let mut app = app();
    let before = app.document_text();
    let text = r#"{"vhosts": [{"name": "/"}, {"name": "shop"}],
        "exchanges": [], "bindings": [],
        "queues": [{"name": "orders", "vhost": "shop", "durable": true, "arguments": {}}]}"#;
    app.dispatch(Action::Open {
        name: "definitions.json".to_owned(),
        text: text.to_owned(),
    });
    assert_eq!(app.vhosts().len(), 2);
    assert!(app.stage().nodes.iter().any(|node| node.label == "orders"));
    command(&mut app, "z");
    assert_eq!(app.document_text(), before);
    assert!(app.stage().nodes.len() >= 3);
}

#[test]
fn a_problem_of_a_file_is_listed_once_where_it_stands_and_goes_when_it_is_mended() {
    let mut app = app();
    let text = r#"{"vhosts": [{"name": "/"}],
        "queues": [{"name": "orders", "vhost": "/", "arguments": {"x-max-length": -5}}, 5]}"#;
    app.dispatch(Action::Open {
        name: "definitions.json".to_owned(),
        text: text.to_owned(),
    });
    let of_length = |app: &App| -> Vec<_> {
        let all = app.problems().into_iter();
        all.filter(|problem| problem.text.contains("x-max-length"))
            .collect()
    };
    let [problem] = of_length(&app).try_into().expect("one problem");
    assert_eq!(problem.place, "queues[0].arguments.x-max-length");
    let node = problem.node.expect("a queue on the stage");
    app.dispatch(Action::SelectNode { node, add: false });
    app.dispatch(Action::SetField {
        key: "max-length".to_owned(),
        value: "5".to_owned(),
    });
    app.stage();
    assert_eq!(of_length(&app), []);
    let left = app.problems();
    assert!(
        left.iter().any(|problem| problem.place == "queues[1]"),
        "{left:?}"
    );
}

#[test]
fn every_action_has_words_in_both_languages_and_keys_do_not_clash() {
    let mut app = app();
    for language in Language::ALL {
        app.dispatch(Action::SetLanguage(language));
        for action in app.actions() {
            assert!(!action.label.is_empty(), "{}", action.id);
        }
    }
    let mut keys: Vec<(String, String)> = app
        .actions()
        .into_iter()
        .filter(|action| !action.shortcut.is_empty() && action.id != "accept")
        .map(|action| (action.shortcut, action.id))
        .collect();
    keys.sort();
    for pair in keys.windows(2) {
        assert_ne!(pair[0].0, pair[1].0, "{} and {}", pair[0].1, pair[1].1);
    }
}

#[test]
fn a_recorded_load_becomes_the_selected_producers_or_a_new_one() {
    let mut app = empty();
    let csv = "seconds,rate\n0,2\n10,20\n20,4\n";
    let open = |app: &mut App| {
        app.dispatch(Action::Open {
            name: "trace.csv".to_owned(),
            text: csv.to_owned(),
        })
    };
    open(&mut app);
    assert_eq!(app.stage().nodes.len(), 1);
    assert_eq!(field(&app, "load.shape"), "rates");
    let producer = add(&mut app, PaletteItem::Producer);
    app.dispatch(Action::SelectNode {
        node: producer,
        add: false,
    });
    open(&mut app);
    assert_eq!(app.stage().nodes.len(), 2);
    assert_eq!(field(&app, "load.points").lines().count(), 3);
}

#[test]
fn load_is_added_where_it_is_wanted_in_one_step() {
    let mut app = empty();
    let exchange = add(&mut app, PaletteItem::Fanout);
    let queue = add(&mut app, PaletteItem::Queue);
    app.dispatch(Action::Link {
        from: exchange,
        to: queue,
    });
    app.dispatch(Action::SelectNothing);
    let choices = app.load_choices();
    let ticked = |list: &[(NodeId, String, bool)]| -> Vec<NodeId> {
        let ticked = list.iter().filter(|choice| choice.2);
        ticked.map(|choice| choice.0).collect()
    };
    assert_eq!(ticked(&choices.exchanges), vec![exchange]);
    assert_eq!(ticked(&choices.queues), vec![queue]);
    app.dispatch(Action::AddLoad {
        exchanges: vec![exchange],
        queues: vec![queue],
        rate: choices.rate,
        service: choices.service,
    });
    app.perform("fit");
    assert_eq!(app.stage().nodes.len(), 4);
    assert_eq!(app.stage().edges.len(), 3);
    play(&mut app, 5);
    let delivered = app.simulation().stats().totals().delivered;
    assert!(delivered > 0);
    command(&mut app, "z");
    assert_eq!(app.stage().nodes.len(), 2);
}

#[test]
fn a_key_acts_on_the_node_that_has_the_focus() {
    let mut app = empty();
    let focused = add(&mut app, PaletteItem::Queue);
    let selected = add(&mut app, PaletteItem::Queue);
    let press = |key: &str| KeyPress {
        key: key.to_owned(),
        on_stage: true,
        node: Some(focused),
        ..KeyPress::default()
    };
    // Playing is about no node, so what is selected stays.
    assert!(app.key(&press(" ")).is_some());
    assert!(app.editor.selection.nodes().contains(&selected));
    assert!(app.key(&press("Delete")).is_some());
    assert!(app.scene().has(selected) && !app.scene().has(focused));
}

#[test]
fn lines_are_gone_through_changed_and_deleted_by_keys_alone() {
    let mut app = empty();
    let exchange = add(&mut app, PaletteItem::Direct);
    let first = add(&mut app, PaletteItem::Queue);
    let second = add(&mut app, PaletteItem::Queue);
    let producer = add(&mut app, PaletteItem::Producer);
    for (from, to) in [(producer, exchange), (exchange, first), (exchange, second)] {
        app.dispatch(Action::Link { from, to });
    }
    app.dispatch(Action::SelectNode {
        node: exchange,
        add: false,
    });
    let ends = |app: &mut App| {
        let edge = app.stage().edges.iter().find(|edge| edge.selected).cloned();
        edge.map(|edge| (edge.from, edge.to))
    };
    // Those that lead away come first, and after the last the first again.
    let expected = [
        (exchange, first),
        (exchange, second),
        (producer, exchange),
        (exchange, first),
    ];
    for wanted in expected {
        let requests = press(&mut app, "e").unwrap_or_default();
        assert_eq!(ends(&mut app), Some(wanted));
        let focus = |request: &Request| matches!(request, Request::FocusEdge(_));
        assert!(requests.iter().any(focus), "the focus goes along");
    }
    let requests = press(&mut app, "Enter").unwrap_or_default();
    let field = "binding-key".to_owned();
    assert!(requests.contains(&Request::FocusField { key: field }));
    press(&mut app, "ArrowDown");
    assert_eq!(ends(&mut app), Some((exchange, second)));
    let requests = press(&mut app, "Delete").unwrap_or_default();
    assert_eq!(app.stage().edges.len(), 2);
    assert!(requests.contains(&Request::Focus(exchange)));
    app.dispatch(Action::SelectNode {
        node: producer,
        add: false,
    });
    press(&mut app, "e");
    press(&mut app, "ArrowRight");
    assert_eq!(app.editor.selection.node(), Some(exchange));
}

#[test]
fn what_runs_is_drawn_and_described_as_running_and_what_does_not_says_so() {
    let mut app = empty();
    let exchange = add(&mut app, PaletteItem::Topic);
    let queue = add(&mut app, PaletteItem::Queue);
    let words = app.words();
    let mut shown = |node: NodeId, key: &str, value: &str| {
        set(&mut app, node, key, value);
        app.dispatch(Action::SelectNode { node, add: false });
        let view = app.stage();
        let drawn = view.nodes.iter().find(|view| view.id == node);
        (drawn.map(|view| view.shape), app.inspector().help)
    };
    for (name, shape) in [
        ("topic", ExchangeShape::Topic),
        ("x-consistent-hash", ExchangeShape::ConsistentHash),
        ("x-random", ExchangeShape::Random),
        ("x-local-random", ExchangeShape::Random),
        ("x-delayed-message", ExchangeShape::Delayed),
    ] {
        let (drawn, help) = shown(exchange, "type", name);
        assert_eq!(drawn, Some(NodeShape::Exchange(shape)), "{name}");
        assert_ne!(help, words.help_other_exchange(), "{name}");
    }
    for name in ["", "classic", "quorum"] {
        let (drawn, help) = shown(queue, "queue-type", name);
        assert_eq!(drawn, Some(NodeShape::Queue), "{name}");
        assert_eq!(help, words.help_queue(), "{name}");
    }
    let stream = shown(queue, "queue-type", "stream");
    assert_eq!(
        stream,
        (
            Some(NodeShape::OtherQueue),
            words.help_other_queue().to_owned()
        )
    );
}

#[test]
fn a_delivery_limit_has_a_field_and_is_no_other_argument() {
    let mut app = empty();
    let queue = add(&mut app, PaletteItem::Queue);
    set(&mut app, queue, "queue-type", "quorum");
    set(&mut app, queue, "delivery-limit", "3");
    assert_eq!(field(&app, "delivery-limit"), "3");
    assert_eq!(field(&app, "arguments"), "");
}

#[test]
fn all_that_is_selected_is_copied_and_pasted() {
    let mut app = empty();
    for _ in 0..3 {
        add(&mut app, PaletteItem::Queue);
    }
    for (action, nodes) in [
        ("select-all", 3),
        ("copy", 3),
        ("paste", 6),
        ("duplicate", 9),
        ("cut", 6),
        ("paste", 9),
    ] {
        let asked = app.perform(action);
        assert_eq!(app.stage().nodes.len(), nodes, "after {action}");
        let focused = focused(&asked);
        let copies = ["paste", "duplicate"].contains(&action);
        assert_eq!(focused.is_some(), copies, "after {action}");
        if let Some(node) = focused {
            let view = app.stage();
            let mut selected = view.nodes.iter().filter(|view| view.selected);
            assert!(selected.any(|view| view.id == node), "after {action}");
        }
    }
}
