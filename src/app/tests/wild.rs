//! Somebody hits every key: random actions, pointers, keys and texts. Nothing panics, what must hold
//! holds after each, and undoing everything gives the start back.

use super::*;
use crate::app::{Colouring, Theme};
use crate::types::EdgeId;
use rand_core::Rng;
use rand_pcg::Pcg32;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Programs and their lengths; a program that found something once is added to `SEEDS`.
const PROGRAMS: u64 = 60;
const LENGTH: u32 = 120;
const SEEDS: [u64; 1] = [1];

struct Hand(Pcg32);

impl Hand {
    fn below(&mut self, limit: u32) -> u32 {
        self.0.next_u32() % limit.max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let index = self.below(u32::try_from(from.len()).unwrap_or(1));
        &from[index as usize]
    }

    fn number(&mut self) -> f64 {
        match self.below(12) {
            0 => f64::NAN,
            1 => f64::INFINITY,
            2 => -1e300,
            3 => 0.0,
            _ => f64::from(self.below(1400)) - 200.0,
        }
    }

    fn node(&mut self) -> NodeId {
        NodeId(self.below(12))
    }

    fn text(&mut self) -> String {
        (*self.pick(&[
            "",
            " ",
            "0",
            "1",
            "-1",
            "2.5",
            "1e400",
            "NaN",
            "5s",
            "250ms",
            "abc",
            "true",
            "false",
            "a = b",
            "x = {",
            "1s\n2s",
            "9s 4\n1s 3",
            "poisson",
            "spike",
            "ramp",
            "rates",
            "times",
            "lognormal",
            "uniform",
            "cut at 1s for 2s",
            "crash at 1s",
            "pause",
            "topic",
            "fanout",
            "名称",
            "\u{0}",
            "drop-head",
            "18446744073709551615",
            "reject",
            "automatic",
            "#.#.#",
            "red *3\nblue",
            "drawn",
            "cycle",
            "(default)",
            "stream",
            "k = 1 | 2 | x",
        ]))
        .to_owned()
    }

    fn file(&mut self) -> (String, String) {
        let name = *self.pick(&["a.json", "b.csv", "c.txt", ""]);
        let text = *self.pick(&[
            "", "{", "[]", "null", "{\"version\":1}", "{\"version\":99}", "{\"queues\":[]}",
            "time,rate\n0,1\n10,5\n", "time,rate\n0,x", "\u{feff}{}", "a,b,c\n1,2\n",
            "{\"vhosts\":[{\"name\":\"/\"}],\"queues\":[{\"name\":\"q\",\"vhost\":\"/\",\"durable\":true,\"auto_delete\":false,\"arguments\":{}}],\"exchanges\":[],\"bindings\":[]}",
        ]);
        (name.to_owned(), text.to_owned())
    }
}

fn keys_of_fields(app: &App) -> Vec<String> {
    let sections = app.inspector().sections;
    let fields = sections.into_iter().flat_map(|section| section.fields);
    fields.map(|field| field.key).collect()
}

fn action(hand: &mut Hand, app: &App) -> Action {
    match hand.below(22) {
        0 => Action::Hold(*hand.pick(&PaletteItem::ALL)),
        1..=3 => Action::Add(*hand.pick(&PaletteItem::ALL)),
        4 => Action::Place {
            item: *hand.pick(&PaletteItem::ALL),
            x: hand.number(),
            y: hand.number(),
        },
        5..=7 => Action::Link {
            from: hand.node(),
            to: hand.node(),
        },
        8 | 9 => Action::SelectNode {
            node: hand.node(),
            add: hand.below(3) == 0,
        },
        10 => Action::SelectEdge(EdgeId(hand.below(12))),
        11 => Action::Reveal(hand.node()),
        12..=15 => {
            let keys = keys_of_fields(app);
            let key = if keys.is_empty() {
                "nothing".to_owned()
            } else {
                hand.pick(&keys).clone()
            };
            Action::SetField {
                key,
                value: hand.text(),
            }
        }
        16 => Action::SetSpeed(hand.number()),
        17 => Action::Follow(Some(crate::types::MessageId(u64::from(hand.below(20))))),
        18 => {
            let (name, text) = hand.file();
            Action::Open { name, text }
        }
        19 => Action::AddLoad {
            exchanges: vec![hand.node()],
            queues: vec![hand.node(), hand.node()],
            rate: hand.text(),
            service: hand.text(),
        },
        20 => Action::SetVhost("/".to_owned()),
        _ => match hand.below(4) {
            0 => Action::SetLanguage(*hand.pick(&Language::ALL)),
            1 => Action::SetTheme(*hand.pick(&Theme::ALL)),
            2 => Action::SetColouring(*hand.pick(&Colouring::ALL)),
            _ => Action::SetZoom(hand.number()),
        },
    }
}

fn phase(hand: &mut Hand) -> PointerPhase {
    match hand.below(12) {
        0..=2 => PointerPhase::Down,
        3..=6 => PointerPhase::Move,
        7 | 8 => PointerPhase::Up,
        9 => PointerPhase::Cancel,
        10 => PointerPhase::Double,
        _ => PointerPhase::Wheel {
            dx: hand.number(),
            dy: hand.number(),
        },
    }
}

fn modifiers(hand: &mut Hand) -> Modifiers {
    Modifiers {
        shift: hand.below(4) == 0,
        ctrl: hand.below(4) == 0,
        alt: hand.below(6) == 0,
        meta: false,
    }
}

fn something(hand: &mut Hand, app: &mut App) -> String {
    match hand.below(10) {
        0..=3 => {
            let action = action(hand, app);
            let said = format!("{action:?}");
            app.dispatch(action);
            said
        }
        4 | 5 => {
            let input = PointerInput {
                phase: phase(hand),
                x: hand.number(),
                y: hand.number(),
                pointer: i32::try_from(hand.below(2)).unwrap_or(0),
                kind: PointerKind::Mouse,
                button: *hand.pick(&[
                    PointerButton::Main,
                    PointerButton::Main,
                    PointerButton::Middle,
                    PointerButton::Secondary,
                ]),
                modifiers: modifiers(hand),
            };
            app.pointer(input);
            format!("{input:?}")
        }
        6 => {
            let ids: Vec<String> = app.actions().into_iter().map(|action| action.id).collect();
            let id = hand.pick(&ids).clone();
            app.perform(&id);
            id
        }
        7 => some_key(hand, app),
        _ => {
            app.begin_frame(hand.number());
            let work = app.work(u64::from(hand.below(400)));
            app.end_frame();
            format!("frame {work:?}")
        }
    }
}

fn some_key(hand: &mut Hand, app: &mut App) -> String {
    let key = *hand.pick(&[
        "l",
        "Enter",
        "Escape",
        "ArrowLeft",
        "ArrowRight",
        "ArrowUp",
        "ArrowDown",
        "Delete",
        "z",
        "y",
        "a",
        "c",
        "v",
        "d",
        " ",
        ".",
        "f",
        "1",
        "7",
        "é",
        "Dead",
    ]);
    let press = KeyPress {
        key: key.to_owned(),
        modifiers: modifiers(hand),
        on_stage: hand.below(3) != 0,
        node: Some(hand.node()),
    };
    app.key(&press);
    format!("{press:?}")
}

fn look_at_everything(app: &mut App) {
    app.stage();
    let _ = app.numbers();
    let _ = app.inspector();
    let _ = app.transport();
    let _ = app.charts();
    let _ = app.journey();
    let _ = app.problems();
    let _ = app.palette();
    let _ = app.vhosts();
    let _ = app.load_choices();
    let _ = app.narration();
}

fn program(seed: u64) {
    let mut hand = Hand(Pcg32::new(seed, 7));
    let mut app = app();
    let start = app.document_text();
    for step in 0..LENGTH {
        let what = something(&mut hand, &mut app);
        if step % 8 == 0 {
            look_at_everything(&mut app);
        }
        if let Err(broken) = app.validate_invariants() {
            panic!("seed {seed}, step {step}, after {what}: {broken}");
        }
    }
    look_at_everything(&mut app);
    // Whatever is in hand is put down first: a gesture under way is no step.
    app.perform("escape");
    while app.action("undo").is_some_and(|action| action.enabled) {
        app.perform("undo");
    }
    assert_eq!(
        app.document_text(),
        start,
        "seed {seed}: undoing everything"
    );
}

#[test]
fn whatever_is_done_nothing_breaks_and_undo_leads_back() {
    for seed in SEEDS.into_iter().chain(1000..1000 + PROGRAMS) {
        println!("seed {seed}; repeat with: cargo test --lib app::tests::wild (seeds in SEEDS)");
        program(seed);
    }
}
