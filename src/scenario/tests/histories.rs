//! What undo and redo promise.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::random::Random;
use super::*;
use crate::scenario::limits::UNDO_STEPS_MAX;

fn move_to(node: NodeId, x: i32) -> Edit {
    let nodes = vec![(node, Point { x, y: 0 })];
    Edit::Move { nodes }
}

#[test]
fn undo_and_redo_walk_the_same_road_both_ways() {
    for seed in 0..50 {
        let mut random = Random::new(seed);
        let mut history = History::new(Rc::new(random.scenario()));
        let mut seen = vec![Rc::clone(history.present())];
        for _ in 0..20 {
            let _ = history.apply(&random.edit());
            if seen.last() != Some(history.present()) {
                seen.push(Rc::clone(history.present()));
            }
        }
        for expected in seen.iter().rev().skip(1) {
            history.undo().expect("a step");
            assert_eq!(history.present(), expected, "seed {seed}");
        }
        assert_eq!(history.undo(), None);
        for expected in seen.iter().skip(1) {
            history.redo().expect("a step");
            assert_eq!(history.present(), expected, "seed {seed}");
        }
        assert_eq!(history.redo(), None);
    }
}

#[test]
fn a_gesture_is_one_step_and_can_be_given_up() {
    let (scenario, [producer, ..]) = row();
    let start = Rc::new(scenario);
    let mut history = History::new(Rc::clone(&start));
    history.begin();
    for x in 1..10 {
        history.apply(&move_to(producer, x)).expect("a move");
    }
    history.end();
    let moved = Rc::clone(history.present());
    history.begin();
    history.apply(&move_to(producer, 99)).expect("a move");
    history.cancel();
    assert_eq!(history.present(), &moved);
    assert_eq!(history.undo(), Some(EditLabel::Move));
    assert_eq!(history.present(), &start);
    assert_eq!(history.undo_label(), None);
}

#[test]
fn what_changes_nothing_is_no_step() {
    let (scenario, [producer, ..]) = row();
    let mut history = History::new(Rc::new(scenario));
    history
        .apply(&move_to(producer, 0))
        .expect("a move to where it is");
    history.begin();
    history.apply(&move_to(producer, 7)).expect("there");
    history.apply(&move_to(producer, 0)).expect("and back");
    history.end();
    assert_eq!(history.undo_label(), None);
}

#[test]
fn only_so_many_steps_are_kept() {
    let (scenario, [producer, ..]) = row();
    let mut history = History::new(Rc::new(scenario));
    for x in 1..=(UNDO_STEPS_MAX as i32 + 50) {
        history.apply(&move_to(producer, x)).expect("a move");
    }
    let steps = std::iter::from_fn(|| history.undo()).count();
    assert_eq!(steps, UNDO_STEPS_MAX);
}
