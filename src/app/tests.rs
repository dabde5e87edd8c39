//! User stories of the app without a browser: what somebody does at the page, and what they see.

use super::view::EdgeShape;
use super::{
    Action, App, KeyPress, Language, Modifiers, PaletteItem, PointerButton, PointerInput,
    PointerKind, PointerPhase, Request, ShellFailure, Start, Work,
};
use crate::types::{NodeId, set_of};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod editing;
mod running;
mod wild;
mod wire;

fn app() -> App {
    App::new(Start {
        width: 1000.0,
        height: 600.0,
        ..Start::default()
    })
}

/// The page with an empty stage.
fn empty() -> App {
    let mut app = app();
    app.perform("new");
    app
}

/// The node that is to have the focus.
fn focused(requests: &[Request]) -> Option<NodeId> {
    requests.iter().find_map(|request| match request {
        Request::Focus(node) => Some(*node),
        _ => None,
    })
}

/// Adds a thing and says which node it became.
fn add(app: &mut App, item: PaletteItem) -> NodeId {
    let requests = app.dispatch(Action::Add(item));
    focused(&requests).unwrap_or_else(|| panic!("{item:?} was not added: {requests:?}"))
}

fn set(app: &mut App, node: NodeId, key: &str, value: &str) {
    app.dispatch(Action::SelectNode { node, add: false });
    app.dispatch(Action::SetField {
        key: key.to_owned(),
        value: value.to_owned(),
    });
    assert_eq!(field_error(app, key), None, "{key} = {value}");
}

fn field_error(app: &App, key: &str) -> Option<String> {
    let sections = app.inspector().sections;
    let mut fields = sections.into_iter().flat_map(|section| section.fields);
    fields.find(|field| field.key == key)?.error
}

fn field(app: &App, key: &str) -> String {
    let sections = app.inspector().sections;
    let mut fields = sections.into_iter().flat_map(|section| section.fields);
    match fields.find(|field| field.key == key) {
        Some(field) => field.value,
        None => panic!("no field {key}"),
    }
}

/// Plays for some seconds of wall time, sixty frames a second.
fn play(app: &mut App, seconds: u32) {
    if !app.transport().playing {
        app.perform("play");
    }
    for _ in 0..seconds * 60 {
        app.begin_frame(1000.0 / 60.0);
        while app.work(1000) == Work::More {}
        app.end_frame();
    }
}

fn pointer(app: &mut App, phase: PointerPhase, x: f64, y: f64) -> Vec<Request> {
    app.pointer(PointerInput {
        phase,
        x,
        y,
        pointer: 1,
        kind: PointerKind::Mouse,
        button: PointerButton::Main,
        modifiers: Modifiers::default(),
    })
}

fn press(app: &mut App, key: &str) -> Option<Vec<Request>> {
    app.key(&KeyPress {
        key: key.to_owned(),
        on_stage: true,
        ..KeyPress::default()
    })
}

fn command(app: &mut App, key: &str) -> Option<Vec<Request>> {
    app.key(&KeyPress {
        key: key.to_owned(),
        modifiers: Modifiers {
            ctrl: true,
            ..Modifiers::default()
        },
        ..KeyPress::default()
    })
}

/// Where a node's box stands on the stage element.
fn on_element(app: &App, node: NodeId) -> (f64, f64) {
    match app.scene().rect(node) {
        Some(rect) => app.editor.viewport.to_element(rect.centre),
        None => panic!("node {node} is not on the stage"),
    }
}

fn exit_on_element(app: &App, node: NodeId) -> (f64, f64) {
    match app.scene().rect(node) {
        Some(rect) => app.editor.viewport.to_element(rect.exit()),
        None => panic!("node {node} is not on the stage"),
    }
}

fn queue_depth(app: &App, node: NodeId) -> u64 {
    let ready = app.simulation().queue_of(node).map(|queue| {
        let run = app.simulation();
        run.with_broker(|broker| broker.queue_view(queue).map_or(0, |view| view.ready))
    });
    ready.unwrap_or_default() as u64
}

#[test]
fn the_page_opens_on_hello_world_drawn_and_ready() {
    let mut app = app();
    let stage = app.stage();
    assert!(stage.nodes.len() >= 3, "{stage:?}");
    assert!(stage.edges.len() >= 2);
    assert!(stage.nodes.iter().all(|node| !node.description.is_empty()));
    let transport = app.transport();
    assert!(!transport.playing);
    assert_eq!(transport.time, "00:00:00.000");
    assert_eq!(app.validate_invariants(), Ok(()));
}

fn remembered(requests: &[Request]) -> Option<String> {
    requests.iter().find_map(|request| match request {
        Request::Remember { text } => Some(text.clone()),
        _ => None,
    })
}

fn play_label(app: &App) -> String {
    app.action("play")
        .map(|play| play.label)
        .unwrap_or_default()
}

#[test]
fn the_language_is_the_one_to_begin_in_and_then_the_one_remembered() {
    let mut app = App::new(Start {
        language: Some(Language::Chinese),
        ..Start::default()
    });
    assert_eq!(app.preferences().language, Language::Chinese);
    assert_eq!(play_label(&app), "播放");
    app.perform("language-en");
    let kept = remembered(&app.perform("language-zh-CN"));
    let again = |language| {
        App::new(Start {
            language,
            preferences: kept.clone(),
            ..Start::default()
        })
    };
    assert_eq!(again(None).preferences().language, Language::Chinese);
    // The texts that are there count, whatever was remembered meanwhile.
    let english = again(Some(Language::English));
    assert_eq!(english.preferences().language, Language::English);
}

#[test]
fn a_language_whose_texts_are_missing_is_asked_for_and_spoken_when_they_came() {
    let mut app = App::new(Start {
        missing_languages: vec![Language::Chinese],
        ..Start::default()
    });
    let asked = app.perform("language-zh-CN");
    assert_eq!(asked, [Request::LoadTexts(Language::Chinese)]);
    assert_eq!(play_label(&app), "Play", "nothing changes yet");
    let came = app.dispatch(Action::TextsCame(Language::Chinese));
    assert!(remembered(&came).is_some_and(|kept| kept.contains("language=zh-CN")));
    assert_eq!(play_label(&app), "播放");
    app.perform("language-en");
    assert_eq!(play_label(&app), "Play");
    app.perform("language-zh-CN");
    assert_eq!(play_label(&app), "播放", "once there, they stay");
}

#[test]
fn texts_that_do_not_come_are_said_and_nothing_changes() {
    let missing = || {
        App::new(Start {
            missing_languages: vec![Language::Chinese],
            ..Start::default()
        })
    };
    let mut app = missing();
    app.dispatch(Action::SetLanguage(Language::Chinese));
    let said = app.dispatch(Action::Failed(ShellFailure::Texts));
    assert!(matches!(
        &said[..],
        [Request::Announce {
            assertive: true,
            ..
        }]
    ));
    assert_eq!(app.preferences().language, Language::English);
    // Who has chosen again meanwhile is not turned round by what comes late.
    let mut app = missing();
    app.dispatch(Action::SetLanguage(Language::Chinese));
    app.dispatch(Action::SetLanguage(Language::English));
    assert_eq!(app.dispatch(Action::TextsCame(Language::Chinese)), []);
    assert_eq!(app.preferences().language, Language::English);
}

#[test]
fn work_survives_a_reload_and_a_broken_store_loses_nothing() {
    let mut app = empty();
    add(&mut app, PaletteItem::Queue);
    let mut again = App::new(Start {
        document: Some(app.document_text()),
        ..Start::default()
    });
    assert_eq!(again.stage().nodes.len(), 1);
    assert!(again.begin().is_empty());

    let mut broken = App::new(Start {
        document: Some("{ not json".to_owned()),
        ..Start::default()
    });
    let offered = broken.begin();
    assert!(
        offered.iter().any(|request| matches!(request,
            Request::Download { text, .. } if text == "{ not json")),
        "{offered:?}"
    );
    assert!(broken.stage().nodes.len() >= 3);
}

#[test]
fn lines_on_the_stage_say_what_they_are() {
    let mut app = app();
    for edge in &app.stage().edges {
        assert!(!edge.description.is_empty());
        assert!(edge.path.starts_with('M'));
        assert!(matches!(
            edge.shape,
            EdgeShape::Publish | EdgeShape::Binding | EdgeShape::Consume
        ));
    }
}

#[test]
fn what_the_annex_does_is_done_when_it_came() {
    let mut app = App::new(Start {
        annex_missing: true,
        ..Start::default()
    });
    let own = app.document_text();
    let open = |name: &str, text: &str| Action::Open {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let with_policy = r#"{ "vhosts": [{ "name": "/" }], "policies": [{ "vhost": "/", "name": "short",
        "pattern": ".*", "apply-to": "queues", "definition": { "max-length": 5 } }] }"#;
    let mut with_policies = App::new(Start::default());
    with_policies.dispatch(open("definitions.json", with_policy));
    let with_policies = with_policies.document_text();
    let asked = app.dispatch(open("own.json", &own));
    assert!(!asks_for_annex(&asked), "our own files need none");
    for action in [
        open("definitions.json", r#"{ "vhosts": [{ "name": "shop" }] }"#),
        open("rates.csv", "0,5\n1,7\n"),
        open("with-policies.json", &with_policies),
        Action::Perform("arrange".to_owned()),
        Action::Perform("export".to_owned()),
        Action::Perform("add-load".to_owned()),
        Action::Duplicate {
            nodes: set_of([NodeId(1), NodeId(2)].into_iter()),
            dx: 50.0,
            dy: 0.0,
        },
    ] {
        let mut app = App::new(Start {
            annex_missing: true,
            ..Start::default()
        });
        let mut there = App::new(Start::default());
        assert_eq!(
            app.dispatch(action.clone()),
            [Request::LoadAnnex(action.clone())]
        );
        assert_eq!(app.document_text(), there.document_text(), "nothing yet");
        let came = Action::AnnexCame(Box::new(action.clone()));
        assert_eq!(app.dispatch(came), there.dispatch(action.clone()));
        assert_eq!(app.document_text(), there.document_text());
        assert!(
            !asks_for_annex(&app.dispatch(action)),
            "once there, it stays"
        );
    }
    let said = app.dispatch(Action::Failed(ShellFailure::Annex));
    assert!(matches!(
        &said[..],
        [Request::Announce {
            assertive: true,
            ..
        }]
    ));
}

fn asks_for_annex(requests: &[Request]) -> bool {
    let of_annex = |request: &Request| matches!(request, Request::LoadAnnex(_));
    requests.iter().any(of_annex)
}
