//! View models as plain objects, in the words of JavaScript.
//!
//! The shapes here are a promise to scripts; view models may change without them. Deliberately not
//! here: how a value crosses into JavaScript.

use crate::app::view::{ExchangeShape, NodeNumbers, NodeShape};
use crate::app::{App, Request};
use crate::types::SortedMap;
use serde::Serialize;

/// A sentence the page would show.
#[derive(Debug, Serialize)]
pub(super) struct Said {
    text: String,
    refused: bool,
}

/// What the page would say.
pub(super) fn announcements(requests: &[Request]) -> Vec<Said> {
    requests
        .iter()
        .filter_map(|request| match request {
            Request::Announce { text, assertive } => Some(Said {
                text: text.clone(),
                refused: *assertive,
            }),
            Request::Save
            | Request::Download { .. }
            | Request::OpenFile { .. }
            | Request::CopyText { .. }
            | Request::Remember { .. }
            | Request::Focus(_)
            | Request::FocusEdge(_)
            | Request::FocusField { .. }
            | Request::Show(_)
            | Request::Present(_)
            | Request::LoadTexts(_)
            | Request::LoadScenario(_)
            | Request::LoadAnnex(_) => None,
        })
        .collect()
}

#[derive(Debug, Serialize)]
pub(super) struct Scenario {
    key: String,
    title: String,
    description: String,
}

pub(super) fn gallery(app: &App) -> Vec<Scenario> {
    app.gallery()
        .into_iter()
        .map(|entry| Scenario {
            key: entry.key,
            title: entry.title,
            description: entry.description,
        })
        .collect()
}

#[derive(Debug, Serialize)]
pub(super) struct NamedAction {
    id: String,
    label: String,
    shortcut: String,
    enabled: bool,
    checked: Option<bool>,
}

pub(super) fn actions(app: &App) -> Vec<NamedAction> {
    app.actions()
        .into_iter()
        .map(|action| NamedAction {
            id: action.id,
            label: action.label,
            shortcut: action.shortcut,
            enabled: action.enabled,
            checked: action.checked,
        })
        .collect()
}

#[derive(Debug, Serialize)]
struct Node {
    id: u32,
    kind: &'static str,
    name: String,
    state: &'static str,
    main: String,
    second: String,
    note: String,
}

#[derive(Debug, Serialize)]
struct Edge {
    from: u32,
    to: u32,
    label: String,
}

#[derive(Debug, Serialize)]
struct Problem {
    severity: u8,
    text: String,
    place: String,
}

/// Where everything stands.
#[derive(Debug, Serialize)]
pub(super) struct Snapshot {
    seconds: f64,
    time: String,
    playing: bool,
    ended: Option<String>,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    problems: Vec<Problem>,
}

pub(super) fn snapshot(app: &mut App) -> Snapshot {
    let stage = app.stage().clone();
    let mut numbers: SortedMap<_, NodeNumbers> = app
        .numbers()
        .into_iter()
        .map(|numbers| (numbers.id, numbers))
        .collect();
    let nodes = stage
        .nodes
        .into_iter()
        .map(|view| {
            let numbers = numbers.remove(&view.id).unwrap_or_default();
            Node {
                id: view.id.0,
                kind: kind(view.shape),
                name: view.label,
                state: numbers.state.name(),
                main: numbers.main,
                second: numbers.second,
                note: numbers.note,
            }
        })
        .collect();
    let edges = stage
        .edges
        .into_iter()
        .map(|view| Edge {
            from: view.from.0,
            to: view.to.0,
            label: view.label,
        })
        .collect();
    let problems = app
        .problems()
        .into_iter()
        .map(|problem| Problem {
            severity: problem.severity,
            text: problem.text,
            place: problem.place,
        })
        .collect();
    let transport = app.transport();
    Snapshot {
        seconds: transport.seconds,
        time: transport.time,
        playing: transport.playing,
        ended: transport.ended,
        nodes,
        edges,
        problems,
    }
}

const fn kind(shape: NodeShape) -> &'static str {
    match shape {
        NodeShape::Producer => "producer",
        NodeShape::Exchange(exchange) => match exchange {
            ExchangeShape::Direct => "direct",
            ExchangeShape::Fanout => "fanout",
            ExchangeShape::Topic => "topic",
            ExchangeShape::Headers => "headers",
            ExchangeShape::ConsistentHash => "consistent-hash",
            ExchangeShape::Random => "random",
            ExchangeShape::Delayed => "delayed",
            ExchangeShape::Other => "other-exchange",
        },
        NodeShape::Queue => "queue",
        NodeShape::OtherQueue => "other-queue",
        NodeShape::Consumer => "consumer",
    }
}
