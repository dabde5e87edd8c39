//! Programs outside: what they declare is seen, told, moved, left alone by edits, and kept.

use super::*;
use crate::app::Pipe;
use crate::sim::tests::wire::{consume, declare, opening, publish};
use crate::types::Outside;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A program called `tester` that has declared the queue `parcels`.
fn visited(app: &mut App) -> Pipe {
    let pipe = app.open_pipe();
    for octets in [opening(), declare(b"parcels")] {
        assert!(app.write_pipe(pipe, &octets));
    }
    pipe
}

fn outside(app: &mut App) -> Vec<NodeId> {
    let nodes = app.stage().nodes.iter().map(|node| node.id);
    nodes.filter(|id| id.as_outside().is_some()).collect()
}

#[test]
fn what_a_program_declares_is_drawn_and_told_by_its_name() {
    let mut app = empty();
    let pipe = visited(&mut app);
    assert_eq!(app.stage().nodes.len(), 1);
    assert!(app.write_pipe(pipe, &publish(b"parcels")));
    assert!(app.write_pipe(pipe, &consume(b"parcels")));
    let stage = app.stage();
    let mut names: Vec<&str> = stage.nodes.iter().map(|node| node.label.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["parcels", "tester", "tester"]);
    let shapes: Vec<EdgeShape> = stage.edges.iter().map(|edge| edge.shape).collect();
    assert_eq!(shapes, [EdgeShape::Consume, EdgeShape::Publish]);
    let told = app.narration().join("\n");
    assert!(
        told.contains("tester") && told.contains("parcels"),
        "{told}"
    );
    assert!(!app.transport().playing);
    assert_eq!(app.transport().seconds, 0.0);
    app.close_pipe(pipe);
    // The program is gone; its queue is durable and stays.
    assert_eq!(outside(&mut app).len(), 1);
    app.validate_invariants().expect("what must hold");
}

#[test]
fn it_is_no_part_of_the_document_until_it_is_kept() {
    let mut app = empty();
    visited(&mut app);
    let before = app.document_text();
    let node = outside(&mut app)[0];
    assert!(matches!(node.as_outside(), Some(Outside::Queue(_))));
    app.dispatch(Action::SelectNode { node, add: false });
    assert_eq!(app.inspector().title, "parcels");
    for id in [
        "delete",
        "duplicate",
        "cut",
        "copy",
        "paste",
        "arrange",
        "purge",
    ] {
        app.perform(id);
    }
    app.dispatch(Action::Link {
        from: node,
        to: node,
    });
    app.dispatch(Action::SetField {
        key: "name".to_owned(),
        value: "other".to_owned(),
    });
    assert_eq!(app.document_text(), before);
    app.validate_invariants().expect("what must hold");
    app.perform("adopt");
    assert_eq!(outside(&mut app), []);
    assert!(app.document_text().contains("parcels"));
    app.perform("undo");
    assert_eq!(app.document_text(), before);
}

#[test]
fn it_can_be_moved_and_stays_where_it_was_put() {
    let mut app = empty();
    let pipe = visited(&mut app);
    let node = outside(&mut app)[0];
    let place = |app: &mut App| {
        let view = app.stage().nodes.iter().find(|view| view.id == node);
        view.map(|view| (view.x, view.y))
    };
    let (x, y) = place(&mut app).expect("a box");
    app.move_by(&crate::types::set_of([node].into_iter()), 40.0, 16.0);
    assert_eq!(place(&mut app), Some((x + 40.0, y + 16.0)));
    app.write_pipe(pipe, &declare(b"another"));
    assert_eq!(place(&mut app), Some((x + 40.0, y + 16.0)));
    assert_eq!(outside(&mut app).len(), 2);
}

#[test]
fn pipes_end_with_their_run() {
    let mut app = empty();
    let pipe = visited(&mut app);
    assert!(app.pipes_wait());
    let fetched = app.read_pipe(pipe, 0).expect("an open pipe");
    assert!(!fetched.octets.is_empty() && !fetched.over);
    assert!(!app.pipes_wait());
    app.perform("reset");
    assert!(app.pipes_wait());
    assert_eq!(app.read_pipe(pipe, 0), None);
    assert!(app.write_pipe(pipe, b"more"));
    app.close_pipe(pipe);
    assert_eq!(outside(&mut app), []);
}

#[test]
fn a_run_with_an_open_pipe_does_not_end_by_itself() {
    let mut app = empty();
    let pipe = visited(&mut app);
    play(&mut app, 1);
    assert!(app.transport().playing);
    assert!(app.transport().seconds > 0.5);
    app.close_pipe(pipe);
}
