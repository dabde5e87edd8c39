//! Promises of the geometry: marks stay on lines, zooming keeps the point, hits find what is there.

use super::edge_path::Course;
use super::room::Places;
use super::scene::{Direction, Hit};
use super::{EdgeKey, PathGeometry, Rect, Scene, Spot, Viewport};
use crate::scenario::{Edge, EdgeKind, Node, Point, Queue, Scenario};
use crate::types::{EdgeId, FieldTable, NodeId, VhostName, set_of};
use std::rc::Rc;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn rect(x: f64, y: f64) -> Rect {
    Rect {
        centre: Spot::new(x, y),
        width: 100.0,
        height: 50.0,
    }
}

fn near(a: Spot, b: Spot) -> bool {
    a.distance(b) < 1e-6
}

fn vhost() -> VhostName {
    VhostName::truncated("/")
}

fn three_in_a_row() -> Scenario {
    let mut scenario = Scenario {
        vhosts: vec![vhost()],
        ..Scenario::default()
    };
    let kinds = [
        super::PaletteItem::Producer.kind(),
        super::PaletteItem::Direct.kind(),
        super::PaletteItem::Queue.kind(),
    ];
    for (index, kind) in (0..).zip(kinds) {
        let id = NodeId(index as u32 + 1);
        let node = Node {
            id,
            name: format!("n{index}"),
            vhost: vhost(),
            position: Point {
                x: index * 300,
                y: 0,
            },
            kind,
        };
        scenario.nodes.insert(id, Rc::new(node));
    }
    for (id, kind) in [
        (1, EdgeKind::Publish),
        (
            2,
            EdgeKind::Binding {
                binding_key: Default::default(),
                arguments: FieldTable::new(),
            },
        ),
    ] {
        let edge = Edge {
            id: EdgeId(id),
            from: NodeId(id),
            to: NodeId(id + 1),
            kind,
        };
        scenario.edges.insert(EdgeId(id), Rc::new(edge));
    }
    scenario
}

#[test]
fn a_mark_starts_at_the_exit_and_ends_at_the_entry() {
    let (from, to) = (rect(0.0, 0.0), rect(400.0, 120.0));
    let path = PathGeometry::between(&from, &to, Course::Forward, 0, 1);
    assert!(near(path.point_at(0.0), from.exit()));
    assert!(near(path.point_at(1.0), to.entry()));
    assert!(near(path.point_at(f64::NAN), from.exit()));
    assert!(near(path.point_at(7.0), to.entry()));
    // Equal shares are equal ways: half of it is half the length away along the line.
    let half: f64 = (0..50)
        .map(|step| {
            let share = f64::from(step) / 100.0;
            path.point_at(share).distance(path.point_at(share + 0.01))
        })
        .sum();
    assert!((half - path.length() / 2.0).abs() < 1.0, "{half}");
}

#[test]
fn lines_between_one_pair_fan_out_and_a_loop_leaves_its_box() {
    let (from, to) = (rect(0.0, 0.0), rect(400.0, 0.0));
    let middle = |index| {
        PathGeometry::between(&from, &to, Course::Forward, index, 3)
            .point_at(0.5)
            .y
    };
    assert!(middle(0) < middle(1) && middle(1) < middle(2));
    let own = PathGeometry::between(&from, &from, Course::Forward, 0, 1);
    assert!(own.point_at(0.5).y < from.top());
    for course in [Course::Forward, Course::Side] {
        for (x, y) in [(-400.0, 0.0), (0.0, 300.0), (0.0, -300.0), (1.0, 1.0)] {
            let path = PathGeometry::between(&from, &rect(x, y), course, 0, 1);
            assert!(path.length().is_finite() && path.length() > 0.0);
            assert!(path.bounds().contains(path.point_at(0.3)));
        }
    }
}

#[test]
fn zooming_keeps_what_is_under_the_pointer() {
    let mut viewport = Viewport::default();
    let under = viewport.to_stage(300.0, 200.0);
    for factor in [1.5, 0.3, 100.0, 0.0001, f64::NAN, -1.0] {
        viewport.zoom_about(300.0, 200.0, factor);
        assert!(near(viewport.to_stage(300.0, 200.0), under));
    }
    viewport.fit(&rect(1000.0, 1000.0));
    assert!(viewport.seen().contains(Spot::new(1000.0, 1000.0)));
    viewport.pan(f64::INFINITY, f64::NAN);
    viewport.resize(f64::NAN, -5.0);
    assert!(viewport.to_stage(1.0, 1.0).x.is_finite());
}

#[test]
fn a_hit_finds_box_connection_point_and_line() {
    let scene = Scene::new(&three_in_a_row(), &vhost());
    assert_eq!(scene.hit(Spot::new(0.0, 0.0), 1.0), Hit::Node(NodeId(1)));
    let exit = scene.rect(NodeId(1)).map(|rect| rect.exit());
    assert_eq!(
        exit.map(|spot| scene.hit(spot, 1.0)),
        Some(Hit::Exit(NodeId(1)))
    );
    assert_eq!(
        scene.hit(Spot::new(170.0, 2.0), 1.0),
        Hit::Edge(EdgeKey::Edge(EdgeId(1)))
    );
    assert_eq!(scene.hit(Spot::new(150.0, 200.0), 1.0), Hit::Nothing);
}

#[test]
fn a_drag_takes_lines_along_and_back() {
    let mut scene = Scene::new(&three_in_a_row(), &vhost());
    let end = |scene: &Scene| {
        scene
            .edge(EdgeKey::Edge(EdgeId(1)))
            .map(|edge| scene.path(edge).point_at(1.0).y)
    };
    assert_eq!(end(&scene), Some(0.0));
    scene.shift(Some((&set_of([NodeId(2)].into_iter()), 0.0, 40.0)));
    assert_eq!(end(&scene), Some(40.0));
    scene.shift(None);
    assert_eq!(end(&scene), Some(0.0));
}

#[test]
fn arguments_draw_their_lines() {
    let mut scenario = three_in_a_row();
    let queue = Queue {
        arguments: FieldTable::new()
            .with("x-dead-letter-exchange", "")
            .with("x-dead-letter-routing-key", "n2"),
        ..Queue::default()
    };
    if let Some(node) = scenario.nodes.get_mut(&NodeId(3)) {
        Rc::make_mut(node).kind = crate::scenario::NodeKind::Queue(queue);
    }
    let scene = Scene::new(&scenario, &vhost());
    let line = scene.edge(EdgeKey::DeadLetter(NodeId(3)));
    assert_eq!(
        line.map(|line| (line.from, line.to)),
        Some((NodeId(3), NodeId(3)))
    );
}

#[test]
fn arrows_find_the_nearest_box_ahead_and_new_boxes_find_room() {
    let scene = Scene::new(&three_in_a_row(), &vhost());
    assert_eq!(
        scene.neighbour(NodeId(1), Direction::Right),
        Some(NodeId(2))
    );
    assert_eq!(scene.neighbour(NodeId(3), Direction::Left), Some(NodeId(2)));
    assert_eq!(scene.neighbour(NodeId(1), Direction::Up), None);
    let spot = scene.free_spot(Spot::new(0.0, 0.0), (148.0, 56.0));
    assert_eq!(scene.hit(spot, 1.0), Hit::Nothing);
}

/// The place found by marking is the one found by trying each against every box.
#[test]
fn the_nearest_room_is_found_as_by_trying_every_place() {
    let mut state = 5_u64;
    let mut below = |end: f64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 40) as f64 / (1_u64 << 24) as f64 * end
    };
    for boxes in [0, 1, 30, 300, 3_000] {
        let size = (60.0 + below(120.0), 30.0 + below(60.0));
        let wanted = Spot::new(below(400.0) - 200.0, below(400.0) - 200.0);
        let others: Vec<Rect> = (0..boxes)
            .map(|_| rect(below(8_000.0) - 4_000.0, below(8_000.0) - 4_000.0))
            .collect();
        let mut places = Places::new(wanted, size);
        for other in &others {
            places.take(other);
        }
        let mut naive = None;
        'tries: for reach in 0..40_i32 {
            for column in -(reach / 3)..=reach / 3 {
                let row = reach - column.abs() * 3;
                for row in [row, -row] {
                    let (width, height) = size;
                    let dx = f64::from(column) * (width + 24.0);
                    let centre = wanted.moved(dx, f64::from(row) * (height + 24.0));
                    let place = Rect {
                        centre,
                        width,
                        height,
                    };
                    if !others
                        .iter()
                        .any(|other| other.overlaps(&place.grown(12.0)))
                    {
                        naive = Some(centre);
                        break 'tries;
                    }
                }
            }
        }
        assert_eq!(places.nearest_free(), naive, "{boxes} boxes");
    }
}
