//! Playing: load it until it backs up, watch it drain, step, follow a message.

use super::*;
use crate::scenario::NodeKind;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A producer, a queue and a consumer in a row, linked.
fn chain(app: &mut App) -> (NodeId, NodeId, NodeId) {
    let producer = add(app, PaletteItem::Producer);
    let queue = add(app, PaletteItem::Queue);
    let consumer = add(app, PaletteItem::Consumer);
    for (from, to) in [(producer, queue), (queue, consumer)] {
        app.dispatch(Action::Link { from, to });
    }
    assert_eq!(app.stage().edges.len(), 2);
    (producer, queue, consumer)
}

#[test]
fn wire_it_load_it_until_it_backs_up_and_watch_it_drain() {
    let mut app = empty();
    let (producer, queue, consumer) = chain(&mut app);
    set(&mut app, producer, "load.rate", "20");
    set(&mut app, consumer, "service.value", "0.5");
    app.dispatch(Action::SetSpeed(10.0));
    play(&mut app, 2);
    let backlog = queue_depth(&app, queue);
    assert!(
        backlog > 100,
        "{backlog} messages after 20 seconds at 20 a second"
    );

    // Live: less load, faster work.
    set(&mut app, producer, "load.rate", "0");
    set(&mut app, consumer, "service.value", "0.01");
    set(&mut app, consumer, "prefetch", "100");
    let time_before = app.transport().seconds;
    play(&mut app, 6);
    assert!(
        app.transport().seconds > time_before,
        "an edit does not start over"
    );
    assert_eq!(queue_depth(&app, queue), 0);

    app.dispatch(Action::SelectNode {
        node: queue,
        add: false,
    });
    let charts = app.charts();
    assert_eq!(charts.len(), 3);
    let depth = &charts[1].series[0].points;
    let most = depth.iter().map(|point| point.1).fold(0.0, f64::max);
    assert!(most > 100.0, "{depth:?}");
    assert!(depth.last().is_some_and(|last| last.1 == 0.0));
    for chart in &charts {
        let table = app.chart_table(&chart.key);
        assert!(
            table.is_some_and(|table| !table.rows.is_empty()),
            "{}",
            chart.key
        );
        for (x, y) in chart.series.iter().flat_map(|series| &series.points) {
            assert!(
                x.is_finite() && y.is_finite() && *y <= chart.top,
                "{}",
                chart.key
            );
        }
    }
    assert!(!app.inspector().numbers.is_empty());
}

#[test]
fn a_step_is_one_event_and_says_what_it_did() {
    let mut app = app();
    let mut said = Vec::new();
    for _ in 0..40 {
        app.perform("step");
        let step = app.transport().last_step;
        said.push(step.unwrap_or_default());
    }
    assert!(
        said.iter().all(|sentence| !sentence.is_empty()),
        "{said:#?}"
    );
    assert!(
        said.iter().any(|sentence| sentence.contains("queue")),
        "{said:#?}"
    );
    assert!(!app.transport().playing);
}

#[test]
fn reset_goes_back_to_the_start_and_keeps_the_work() {
    let mut app = app();
    play(&mut app, 3);
    let document = app.document_text();
    let hash = app.simulation().trace_hash();
    app.perform("reset");
    assert_eq!(app.transport().seconds, 0.0);
    assert_eq!(app.document_text(), document);
    play(&mut app, 3);
    assert_eq!(app.simulation().trace_hash(), hash, "the same again");
}

#[test]
fn the_frame_rate_does_not_change_what_happens() {
    let mut fast = app();
    let mut slow = app();
    fast.perform("play");
    slow.perform("play");
    for _ in 0..300 {
        fast.begin_frame(10.0);
        while fast.work(7) == Work::More {}
        fast.end_frame();
    }
    for _ in 0..30 {
        slow.begin_frame(100.0);
        while slow.work(100_000) == Work::More {}
        slow.end_frame();
    }
    assert_eq!(fast.simulation().now(), slow.simulation().now());
    assert_eq!(
        fast.simulation().trace_hash(),
        slow.simulation().trace_hash()
    );
}

#[test]
fn a_machine_that_cannot_keep_up_says_the_speed_it_reaches() {
    let mut app = empty();
    let (producer, _, _) = chain(&mut app);
    set(&mut app, producer, "load.rate", "1000");
    app.dispatch(Action::SetSpeed(1000.0));
    app.perform("play");
    for _ in 0..60 {
        app.begin_frame(16.0);
        // A budget that is never enough.
        app.work(10);
        app.end_frame();
    }
    assert!(app.transport().behind.is_some(), "{:?}", app.transport());
    app.dispatch(Action::SetSpeed(0.1));
    assert!(app.transport().behind.is_none());
}

#[test]
fn when_nothing_can_happen_any_more_it_says_so() {
    let mut app = empty();
    let (producer, _, _) = chain(&mut app);
    set(&mut app, producer, "limit", "3");
    app.dispatch(Action::SetSpeed(100.0));
    play(&mut app, 3);
    let transport = app.transport();
    assert!(transport.ended.is_some(), "{transport:?}");
    assert!(!transport.playing);
}

#[test]
fn a_message_can_be_followed_to_where_it_is() {
    let mut app = empty();
    let (_, queue, consumer) = chain(&mut app);
    set(&mut app, consumer, "service.value", "1000");
    play(&mut app, 5);
    app.dispatch(Action::SelectNode {
        node: queue,
        add: false,
    });
    let messages = app.inspector().messages;
    assert!(messages.len() >= 2, "{messages:?}");
    app.dispatch(Action::Follow(Some(messages[1].0)));
    let journey = app.journey().unwrap_or_default();
    assert!(!journey.steps.is_empty(), "{journey:?}");
    assert!(
        journey.why.contains('1'),
        "one is ahead of it: {}",
        journey.why
    );
    assert!(journey.properties.len() >= 3);
    app.perform("unfollow");
    assert!(app.journey().is_none());
}

#[test]
fn the_numbers_in_the_boxes_follow_the_run() {
    let mut app = empty();
    let (_, queue, consumer) = chain(&mut app);
    set(&mut app, consumer, "service.value", "100");
    set(&mut app, queue, "max-length", "4");
    app.stage();
    play(&mut app, 10);
    app.stage();
    let numbers = app.numbers();
    let of = |node| numbers.iter().find(|numbers| numbers.id == node).cloned();
    let queue = of(queue).unwrap_or_default();
    assert_eq!(queue.level, Some(1.0), "{queue:?}");
    assert!(!queue.spark.is_empty());
    let consumer = of(consumer).unwrap_or_default();
    assert_eq!(consumer.slots, vec![2], "{consumer:?}");
    assert!(!app.narration().is_empty());
}

#[test]
fn a_crashed_consumer_gives_its_message_back() {
    let mut app = empty();
    let (producer, queue, consumer) = chain(&mut app);
    set(&mut app, producer, "limit", "1");
    set(&mut app, consumer, "service.value", "1000");
    play(&mut app, 4);
    assert_eq!(queue_depth(&app, queue), 0);
    app.dispatch(Action::SelectNode {
        node: consumer,
        add: false,
    });
    assert!(
        app.inspector()
            .actions
            .iter()
            .any(|action| action.id == "crash")
    );
    app.perform("crash");
    play(&mut app, 2);
    assert_eq!(queue_depth(&app, queue), 1);
}

#[test]
fn every_scenario_of_the_gallery_opens_and_plays() {
    let mut app = app();
    for entry in app.gallery() {
        assert!(!entry.title.is_empty() && !entry.description.is_empty());
        app.dispatch(Action::OpenGallery(entry.key.clone()));
        assert!(!app.stage().nodes.is_empty(), "{}", entry.key);
        play(&mut app, 2);
        assert!(app.transport().seconds > 0.0, "{}", entry.key);
        let _ = app.numbers();
        let _ = app.charts();
        assert_eq!(app.validate_invariants(), Ok(()), "{}", entry.key);
    }
}

#[test]
fn a_scenario_that_was_fetched_opens_like_one_that_was_there() {
    let (mut there, mut fetched) = (app(), app());
    let key = "work-queue".to_owned();
    let text = crate::scenario::gallery::text(&key).unwrap_or_default();
    let opened = there.dispatch(Action::OpenGallery(key.clone()));
    let came = |text: &str| Action::ScenarioCame {
        key: key.clone(),
        text: text.to_owned(),
    };
    assert_eq!(fetched.dispatch(came(text)), opened);
    assert_eq!(fetched.document_text(), there.document_text());
    // A server may answer with a page of its own, or with half of a file.
    for wrong in ["<!doctype html>", "", &text[..text.len() / 2]] {
        let said = fetched.dispatch(came(wrong));
        assert!(matches!(
            &said[..],
            [Request::Announce {
                assertive: true,
                ..
            }]
        ));
        assert_eq!(fetched.document_text(), there.document_text());
    }
}

#[test]
fn a_tag_shows_the_shape_of_its_load_and_nothing_for_a_steady_one() {
    let mut app = empty();
    let mut spark_of = |key: &str| {
        app.dispatch(Action::OpenGallery(key.to_owned()));
        app.stage();
        let producer = |id: NodeId| {
            let node = app.scenario().node(id);
            node.is_some_and(|node| matches!(node.kind, NodeKind::Producer(_)))
        };
        let found = app.numbers().into_iter().find(|of| producer(of.id));
        found.map(|of| of.spark).unwrap_or_default()
    };
    assert!(spark_of("hello-world").is_empty());
    let sale = spark_of("flash-sale");
    let top = sale.iter().copied().fold(0.0, f32::max);
    assert_eq!(top, 1.0);
    assert!(sale[0] < 0.2 && sale[sale.len() - 1] < 0.2, "{sale:?}");
}

#[test]
fn a_memory_limit_is_set_in_the_document_and_seen_while_it_runs() {
    let mut app = empty();
    let (producer, queue, consumer) = chain(&mut app);
    set(&mut app, producer, "load.rate", "50");
    set(&mut app, consumer, "service.value", "10");
    app.dispatch(Action::SelectNothing);
    assert_eq!(app.gauges(), [None, None]);
    let set_limit = |app: &mut App, octets: &str| {
        app.dispatch(Action::SetField {
            key: "memory-limit".to_owned(),
            value: octets.to_owned(),
        });
    };
    set_limit(&mut app, "a lot");
    assert!(field_error(&app, "memory-limit").is_some());
    set_limit(&mut app, "82000");
    assert_eq!(field_error(&app, "memory-limit"), None);
    assert!(app.gauges()[0].is_some() && app.gauges()[1].is_none());
    play(&mut app, 5);
    let gauge = app.gauges()[0].clone().expect("memory is limited");
    assert!(gauge.low && gauge.share >= 1.0, "{gauge:?}");
    assert!(gauge.text.contains("82 kB"), "{gauge:?}");
    assert_eq!(
        gauge.alarm,
        app.words().held_back(app.words().gauge_memory(), 1)
    );
    let numbers = app.numbers();
    let box_of = |node| numbers.iter().find(|numbers| numbers.id == node);
    let held = box_of(producer).expect("it is shown");
    assert_eq!(held.state, crate::app::view::NodeState::HeldBack);
    assert_eq!(held.note, app.words().wait_unblocked());
    let depth = queue_depth(&app, queue);
    assert!((90..=110).contains(&depth), "{depth}");

    // Undo takes the limit away while it runs: the publisher goes on.
    app.perform("undo");
    assert_eq!(app.gauges(), [None, None]);
    play(&mut app, 1);
    assert!(queue_depth(&app, queue) > depth + 100);
    app.perform("redo");
    assert!(app.gauges()[0].as_ref().is_some_and(|gauge| gauge.low));
}

#[test]
fn an_overdue_message_is_told_with_its_reason() {
    let mut app = empty();
    let (producer, _, consumer) = chain(&mut app);
    set(&mut app, producer, "limit", "1");
    set(&mut app, consumer, "service.value", "1000");
    app.dispatch(Action::SelectNothing);
    for (key, value) in [("profile", "3.x"), ("consumer-timeout", "10s")] {
        let (key, value) = (key.to_owned(), value.to_owned());
        app.dispatch(Action::SetField { key, value });
    }
    play(&mut app, 130);
    let told = app.narration().join("\n");
    assert!(told.contains("consumer timeout of 10s"), "{told}");
    assert!(told.contains("closes the channel"), "{told}");
}
