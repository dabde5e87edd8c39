//! Real files through the page's own door: opened, looked at, loaded, played, undone.
//!
//! The files are other people's and stand beside the package, not in it; without them the tests say
//! so and pass.

use brokerlab::app::{Action, App, DOM_NODES_MAX, Request, Start, Work};
use std::path::Path;

fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(folder);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: no files at {}", folder.display());
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?.to_owned();
            let text = std::fs::read_to_string(&path).ok()?;
            name.ends_with(ending).then_some((name, text))
        })
        .collect();
    files.sort();
    files
}

fn app() -> App {
    App::new(Start {
        width: 1440.0,
        height: 900.0,
        ..Start::default()
    })
}

fn play(app: &mut App, frames: u32) {
    if !app.transport().playing {
        app.perform("play");
    }
    for _ in 0..frames {
        app.begin_frame(16.0);
        while app.work(500) == Work::More {}
        app.end_frame();
    }
}

fn refused(requests: &[Request]) -> Option<&str> {
    requests.iter().find_map(|request| match request {
        Request::Announce {
            text,
            assertive: true,
        } => Some(text.as_str()),
        _ => None,
    })
}

#[test]
fn every_definitions_file_opens_or_says_why_and_undo_brings_the_old_work_back() {
    for (name, text) in files("definitions", ".json") {
        let mut app = app();
        let before = app.document_text();
        let requests = app.dispatch(Action::Open {
            name: name.clone(),
            text,
        });
        if let Some(reason) = refused(&requests) {
            assert!(reason.contains(&name), "{name}: {reason}");
            assert_eq!(app.document_text(), before, "{name}: nothing half-opened");
            continue;
        }
        for vhost in app.vhosts() {
            app.dispatch(Action::SetVhost(vhost.name.clone()));
            let stage = app.stage();
            assert_eq!(stage.total_nodes, vhost.nodes, "{name} {}", vhost.name);
            assert!(stage.nodes.len() <= DOM_NODES_MAX, "{name} {}", vhost.name);
            let seen = stage.nodes.len() + stage.distant.len();
            assert_eq!(
                seen, vhost.nodes,
                "{name} {}: all in view at first",
                vhost.name
            );
        }
        let choices = app.load_choices();
        let ids = |list: Vec<(_, String, bool)>| {
            let all = list.into_iter().take(20);
            all.map(|choice| choice.0).collect::<Vec<_>>()
        };
        app.dispatch(Action::AddLoad {
            exchanges: ids(choices.exchanges),
            queues: ids(choices.queues),
            rate: "5".to_owned(),
            service: "10ms".to_owned(),
        });
        play(&mut app, 6);
        assert_eq!(app.validate_invariants(), Ok(()), "{name}");
        while app.action("undo").is_some_and(|action| action.enabled) {
            app.perform("undo");
        }
        assert_eq!(app.document_text(), before, "{name}");
    }
}

#[test]
fn every_recorded_trace_becomes_a_producers_load() {
    for (name, text) in files("traces", ".csv") {
        let mut app = app();
        let nodes = app.stage().total_nodes;
        let requests = app.dispatch(Action::Open {
            name: name.clone(),
            text,
        });
        assert_eq!(refused(&requests), None, "{name}");
        assert_eq!(app.stage().total_nodes, nodes + 1, "{name}");
        play(&mut app, 6);
    }
}
