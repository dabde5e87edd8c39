//! What the picture promises: it shows what the trace says, where and when the trace says it.

use super::*;
use crate::app::view::EdgeShape;
use crate::broker::DropReason;
use crate::sim::{Parcel, TraceKind};
use crate::types::{ConnectionId, CopyId, ExchangeName, Outside};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const PRODUCER: NodeId = NodeId(1);
const QUEUE: NodeId = NodeId(2);

/// A stage of one producer and one queue, 200 units apart, and a run that stands at `now`.
#[derive(Default)]
struct World {
    now: SimTime,
    keys: Vec<RoutingKey>,
}

impl Atlas for World {
    fn now(&self) -> SimTime {
        self.now
    }
    fn node_of_queue(&self, _: QueueId) -> Option<NodeId> {
        Some(QUEUE)
    }
    fn node_of_exchange(&self, _: ExchangeId) -> Option<NodeId> {
        None
    }
    fn publish_target(&self, _: NodeId, _: &str, _: &str) -> Option<NodeId> {
        Some(QUEUE)
    }
    fn waiting(&self, _: NodeId, most: usize, visit: &mut dyn FnMut(Waiting<'_>)) -> (u64, u64) {
        for (index, routing_key) in self.keys.iter().take(most).enumerate() {
            let message = MessageId(100 + index as u64);
            let enqueued_at = SimTime::ZERO;
            visit(Waiting {
                message,
                routing_key,
                redelivered: false,
                enqueued_at,
            });
        }
        (self.keys.len() as u64, 0)
    }
}

fn stage() -> Picture {
    let mut picture = Picture::default();
    let points = (0..=20)
        .map(|step| (50.0 + 10.0 * step as f32, 100.0))
        .collect();
    let road = Road {
        from: PRODUCER,
        to: QUEUE,
        shape: EdgeShape::Publish,
        points,
    };
    let (width, height) = (208.0, 72.0);
    let place = Place {
        node: QUEUE,
        shape: NodeShape::Queue,
        x: 250.0,
        y: 200.0,
        width,
        height,
    };
    picture.set_stage(vec![road], vec![place], Vec::new());
    picture
}

const CAMERA: Camera = Camera {
    pan_x: 0.0,
    pan_y: 0.0,
    zoom: 1.0,
    pixel_ratio: 1.0,
    width: 400.0,
    height: 300.0,
};

fn departed(number: u64, at: u64, arrives: u64) -> TraceRecord {
    let kind = TraceKind::Departed {
        node: PRODUCER,
        parcel: Parcel::Publish,
        number,
        arrives_at: SimTime::from_millis(arrives),
        message: None,
        exchange: ExchangeName::default(),
        routing_key: RoutingKey::truncated("hello"),
    };
    TraceRecord {
        at: SimTime::from_millis(at),
        sequence: number,
        kind,
    }
}

fn alpha(picture: &mut Picture, x: usize, y: usize) -> u8 {
    picture.pixmap_mut().pixel(x, y)[3]
}

#[test]
fn a_mark_stands_at_its_share_of_the_latency() {
    let mut picture = stage();
    let mut world = World::default();
    picture.follow(&departed(0, 0, 100), &world, 0.0);
    for (now, x) in [(0, 50), (25, 100), (50, 150), (99, 248)] {
        world.now = SimTime::from_millis(now);
        picture.draw(&world, CAMERA, DrawOptions::default(), 0.0);
        assert_eq!(alpha(&mut picture, x, 100), 255, "at {now} ms it is at {x}");
        let elsewhere = if x == 50 { 150 } else { 50 };
        assert_eq!(
            alpha(&mut picture, elsewhere, 100),
            0,
            "at {now} ms it is nowhere else"
        );
    }
    world.now = SimTime::from_millis(100);
    picture.draw(&world, CAMERA, DrawOptions::default(), 0.0);
    assert_eq!(alpha(&mut picture, 250, 100), 0, "it has arrived");
    assert_eq!(picture.under_way(), 0);
}

#[test]
fn wall_time_moves_nothing_that_has_a_latency() {
    let mut picture = stage();
    let world = World {
        now: SimTime::from_millis(50),
        ..World::default()
    };
    picture.follow(&departed(0, 0, 100), &world, 0.0);
    for wall_ms in [0.0, 5_000.0] {
        picture.draw(&world, CAMERA, DrawOptions::default(), wall_ms);
        assert_eq!(alpha(&mut picture, 150, 100), 255);
    }
}

#[test]
fn many_at_one_place_are_one_mark_with_a_number() {
    let mut picture = stage();
    let world = World {
        now: SimTime::from_millis(50),
        ..World::default()
    };
    for number in 0..40 {
        picture.follow(&departed(number, 0, 100), &world, 0.0);
    }
    picture.draw(&world, CAMERA, DrawOptions::default(), 0.0);
    let palette = Palette::on(Ground::Light);
    let pixmap = picture.pixmap_mut();
    let written = (130..170).flat_map(|x| (90..110).map(move |y| (x, y)));
    let written = written
        .filter(|(x, y)| pixmap.pixel(*x, *y) == palette.on_mark)
        .count();
    assert!(written > 4, "two digits are written on it");
}

#[test]
fn waiting_messages_stand_in_order_from_the_head_and_can_be_clicked() {
    let mut picture = stage();
    let keys = ["a", "b", "c"]
        .iter()
        .filter_map(|key| RoutingKey::new(key).ok())
        .collect();
    let world = World {
        keys,
        ..World::default()
    };
    picture.draw(&world, CAMERA, DrawOptions::default(), 0.0);
    let head = f64::from(250.0 + 208.0 * READY_SHARE.1 - MARK_PITCH / 2.0);
    let y = f64::from(200.0 + 72.0 * TUBE_SHARE);
    for index in 0..3_u64 {
        let x = head - f64::from(MARK_PITCH) * index as f64;
        assert_eq!(picture.message_at(x, y, 4.0), Some(MessageId(100 + index)));
    }
    assert_eq!(picture.message_at(10.0, 10.0, 4.0), None);
}

#[test]
fn what_is_dropped_falls_with_a_word_and_is_gone_after_a_while() {
    let mut picture = stage();
    let world = World::default();
    let kind = TraceKind::Dropped {
        queue: QueueId(0),
        copy: Some(CopyId(0)),
        message: MessageId(7),
        reason: DropReason::Expired,
        was_unacked: false,
    };
    for sequence in 0..3 {
        let record = TraceRecord {
            at: SimTime::ZERO,
            sequence,
            kind: kind.clone(),
        };
        picture.follow(&record, &world, 10.0);
    }
    picture.draw(&world, CAMERA, DrawOptions::default(), 100.0);
    assert_eq!(picture.words().len(), 1, "what falls together is one word");
    assert_eq!(
        (picture.words()[0].kind, picture.words()[0].count),
        (WordKind::Expired, 3)
    );
    picture.draw(&world, CAMERA, DrawOptions::default(), 3_000.0);
    assert!(picture.words().is_empty());
}

#[test]
fn only_bands_that_changed_are_uploaded() {
    let mut picture = stage();
    let mut world = World {
        now: SimTime::from_millis(50),
        ..World::default()
    };
    picture.follow(&departed(0, 0, 100), &world, 0.0);
    picture.draw(&world, CAMERA, DrawOptions::default(), 0.0);
    picture.pixmap_mut().changed(|_| {});
    picture.draw(&world, CAMERA, DrawOptions::default(), 0.0);
    let mut bands = Vec::new();
    picture.pixmap_mut().changed(|rect| bands.push(rect));
    assert!(
        bands.iter().all(|rect| rect.y == 64 && rect.width < 20),
        "{bands:?}"
    );
    world.now = SimTime::from_millis(200);
    picture.draw(&world, CAMERA, DrawOptions::default(), 0.0);
    let mut last = Vec::new();
    picture.pixmap_mut().changed(|rect| last.push(rect));
    assert_eq!(last, bands, "what disappeared is uploaded once more");
}

#[test]
fn reduced_motion_steps_and_changes_nothing_in_simulated_time() {
    let mut picture = stage();
    let options = DrawOptions {
        reduced_motion: true,
        ..DrawOptions::default()
    };
    let mut world = World::default();
    picture.follow(&departed(0, 0, 100), &world, 0.0);
    let mut places = std::collections::BTreeSet::new();
    for now in 0..100 {
        world.now = SimTime::from_millis(now);
        picture.draw(&world, CAMERA, options, 0.0);
        let x = (0..400).find(|x| alpha(&mut picture, *x, 100) > 0);
        places.insert(x);
    }
    assert!((2..=6).contains(&places.len()), "{places:?}");
}

#[test]
fn every_colour_stands_out_from_its_ground() {
    fn luminance(colour: pixmap::Rgba) -> f64 {
        let channel = |octet: u8| {
            let value = f64::from(octet) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                libm::pow((value + 0.055) / 1.055, 2.4)
            }
        };
        0.2126 * channel(colour[0]) + 0.7152 * channel(colour[1]) + 0.0722 * channel(colour[2])
    }
    for ground in [Ground::Light, Ground::Dark, Ground::Projector] {
        let palette = Palette::on(ground);
        let below = luminance(palette.ground);
        for colour in palette
            .marks
            .into_iter()
            .chain([palette.neutral, palette.alarm])
        {
            let here = luminance(colour);
            let contrast = (here.max(below) + 0.05) / (here.min(below) + 0.05);
            assert!(contrast >= 3.0, "{ground:?} {colour:?} has {contrast:.2}:1");
        }
    }
}

#[test]
fn a_stage_of_any_size_or_place_never_panics() {
    let mut picture = stage();
    let world = World {
        now: SimTime::from_millis(50),
        ..World::default()
    };
    for number in 0..10 {
        picture.follow(&departed(number, 0, 100), &world, 0.0);
    }
    for size in [
        0.0,
        1.0,
        63.0,
        64.0,
        65.0,
        9_000.0,
        f64::NAN,
        -5.0,
        f64::INFINITY,
    ] {
        for pan in [0.0, 1e12, -1e12, f64::NAN] {
            for zoom in [0.0, 0.01, 1.0, 1e6] {
                let camera = Camera {
                    pan_x: pan,
                    zoom,
                    width: size,
                    height: 80.0,
                    ..CAMERA
                };
                picture.draw(&world, camera, DrawOptions::default(), f64::NAN);
            }
        }
    }
}

#[test]
fn a_message_keeps_the_colour_of_its_key_behind_the_exchange() {
    let mut picture = stage();
    let mut world = World::default();
    let mut colours = [0, 1].map(|number| {
        let mut sent = departed(number, 0, 100);
        if let TraceKind::Departed { routing_key, .. } = &mut sent.kind {
            *routing_key = RoutingKey::truncated(["red", "blue"][number as usize]);
        }
        world.now = SimTime::ZERO;
        picture.follow(&sent, &world, 0.0);
        world.now = SimTime::from_millis(100);
        let (message, via) = (MessageId(number), ExchangeId(0));
        let published = TraceKind::Published {
            node: PRODUCER,
            parcel: Some(number),
            message,
            exchange: via,
        };
        let (at, sequence) = (world.now, number);
        let kind = published;
        picture.follow(&TraceRecord { at, sequence, kind }, &world, 0.0);
        picture.travels.look(message).key
    });
    colours.sort();
    assert_eq!(colours, [Some(0), Some(1)]);
}

#[test]
fn programs_outside_are_told_apart_by_their_colours() {
    let colour_of = |connection: u32, colour_by: ColourBy| {
        let producer = NodeId::outside(Outside::Producer(ConnectionId(connection)));
        let mut picture = stage();
        let mut road = picture.roads[0].clone();
        road.from = producer;
        picture.set_stage(vec![road], Vec::new(), Vec::new());
        let (message, via) = (MessageId(1), ExchangeId(0));
        let published = TraceKind::Published {
            node: producer,
            parcel: None,
            message,
            exchange: via,
        };
        let enqueued = TraceKind::Enqueued {
            queue: QueueId(0),
            copy: CopyId(1),
            message,
            via,
        };
        for kind in [published, enqueued] {
            let (at, sequence) = (SimTime::ZERO, 0);
            let record = TraceRecord { at, sequence, kind };
            picture.follow(&record, &World::default(), 0.0);
        }
        let options = DrawOptions {
            colour_by,
            ..DrawOptions::default()
        };
        picture.draw(&World::default(), CAMERA, options, 200.0);
        let mut pixels = (0..400).map(|x| picture.pixmap_mut().pixel(x, 100));
        pixels.find(|pixel| pixel[3] == 255).expect("it glides")
    };
    for colour_by in [ColourBy::RoutingKey, ColourBy::Producer] {
        let colours: Vec<_> = (1..=8).map(|it| colour_of(it, colour_by)).collect();
        for (index, colour) in colours.iter().enumerate() {
            assert!(!colours[..index].contains(colour), "{colours:?}");
        }
    }
}
