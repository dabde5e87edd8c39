//! Reading a document, and saying where and why it cannot be read.
//!
//! Fields are asked for one by one at a [`Cursor`], so that an error knows its path; the line and
//! column are looked up afterwards. Deliberately not here: the settings of each kind of node
//! ([`node`](super::node)), and files and their names.

use super::cursor::{Cursor, Fields, Read, Refusal};
use super::node::{read_settings, usual};
use super::pretty::flat;
use super::{Json, VERSION, json};
use crate::scenario::definitions::looks_like;
use crate::scenario::edit::{check_edge_kind, check_node, check_options};
use crate::scenario::limits::{EDGES_MAX, ID_MAX, NODES_MAX, VHOSTS_MAX};
use crate::scenario::locate::{Path, locate};
use crate::scenario::{
    BrokerSettings, Edge, EdgeKind, LocalText, Node, Options, Point, Problem, Scenario, Shape,
    link_shapes,
};
use crate::types::{
    BindingKey, EdgeId, FieldTable, NodeId, Phrase, ProblemCode, Profile, VhostName,
};
use std::rc::Rc;

/// Reads a scenario file.
///
/// # Errors
/// The first thing that is wrong, with line, column and path.
pub fn read(text: &str) -> Result<Scenario, Problem> {
    let value = json(text)?;
    read_scenario(&Cursor::top(&value))
        .map_err(|refusal| refuse_at(text, &refusal.path, refusal.problem))
}

/// A problem at a path of `text`, with its line and column.
pub(in crate::scenario) fn refuse_at(text: &str, path: &Path, problem: Problem) -> Problem {
    let (line, column) = locate(text, path);
    problem.at_path(path.to_string()).at_line(line, column)
}

fn version(fields: &mut Fields<'_>) -> Read<()> {
    let given = fields.find("version");
    let top = fields.object();
    let Some(given) = given else {
        let is_definitions = looks_like(top.value());
        return Err(top.refuse(if is_definitions {
            Problem::new(ProblemCode::IsDefinitions)
        } else {
            Problem::new(ProblemCode::VersionMissing).with("known", VERSION)
        }));
    };
    if given.value() == &Json::from(VERSION) {
        return Ok(());
    }
    let problem = Problem::new(ProblemCode::VersionUnknown);
    Err(given.refuse(
        problem
            .with("given", flat(given.value()))
            .with("known", VERSION),
    ))
}

fn read_scenario(top: &Cursor<'_>) -> Read<Scenario> {
    let mut fields = top.fields()?;
    version(&mut fields)?;
    let mut scenario = Scenario::new();
    fields.set("title", &mut scenario.title, read_local_text)?;
    fields.set("description", &mut scenario.description, read_local_text)?;
    fields.set("seed", &mut scenario.seed, Cursor::u64)?;
    fields.set("profile", &mut scenario.profile, |name| {
        name.one_of(&Profile::ALL.map(|profile| (profile.name(), profile)))
    })?;
    fields.set("broker", &mut scenario.broker, read_broker)?;
    fields.set("vhosts", &mut scenario.vhosts, read_vhosts)?;
    fields.set("duration", &mut scenario.duration, |span| {
        span.span().map(Some)
    })?;
    fields.set("speed", &mut scenario.speed, |speed| {
        speed.number().map(Some)
    })?;
    check_options(&Options {
        title: Some(scenario.title.clone()),
        description: Some(scenario.description.clone()),
        seed: Some(scenario.seed),
        profile: Some(scenario.profile),
        broker: Some(scenario.broker),
        duration: Some(scenario.duration),
        speed: Some(scenario.speed),
    })
    .map_err(|problem| top.refuse_within(problem))?;
    if let Some(nodes) = fields.find("nodes") {
        check_length(&nodes, NODES_MAX, ProblemCode::TooManyNodes)?;
        for node in nodes.items()? {
            read_node(&mut scenario, &node)?;
        }
    }
    if let Some(edges) = fields.find("edges") {
        check_length(&edges, EDGES_MAX, ProblemCode::TooManyEdges)?;
        for edge in edges.items()? {
            read_edge(&mut scenario, &edge)?;
        }
    }
    if let Some(carried) = fields.find("carried") {
        let Json::Object(map) = carried.value() else {
            return Err(carried.mismatch(Phrase::Object));
        };
        scenario.carried.clone_from(map);
    }
    // Editors look for it; it says nothing to us.
    fields.find("$schema");
    fields.finish()?;
    Ok(scenario)
}

fn check_length(at: &Cursor<'_>, max: usize, code: ProblemCode) -> Read<()> {
    if at.items()?.len() <= max {
        return Ok(());
    }
    Err(at.refuse(Problem::new(code).with("max", max)))
}

pub(in crate::scenario) fn read_local_text(at: &Cursor<'_>) -> Read<LocalText> {
    match at.value() {
        Json::String(text) => Ok(LocalText {
            en: text.clone(),
            zh: text.clone(),
        }),
        Json::Object(_) => {
            let mut fields = at.fields()?;
            let mut text = LocalText::default();
            fields.set("en", &mut text.en, Cursor::owned_text)?;
            fields.set("zh", &mut text.zh, Cursor::owned_text)?;
            fields.finish()?;
            Ok(text)
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) => {
            Err(at.mismatch(Phrase::LocalText))
        }
    }
}

fn read_broker(at: &Cursor<'_>) -> Read<BrokerSettings> {
    let mut fields = at.fields()?;
    let mut broker = BrokerSettings::default();
    let some = |octets: &Cursor<'_>| octets.u64().map(Some);
    fields.set("memory_limit", &mut broker.memory_limit, some)?;
    fields.set("disk_free", &mut broker.disk_free, some)?;
    fields.set("disk_free_limit", &mut broker.disk_free_limit, Cursor::u64)?;
    let timeout = &mut broker.consumer_timeout;
    fields.set("consumer_timeout", timeout, Cursor::span)?;
    fields.set("queue_time", &mut broker.queue_time, Cursor::span)?;
    fields.finish()?;
    Ok(broker)
}

fn read_vhosts(at: &Cursor<'_>) -> Read<Vec<VhostName>> {
    let vhosts = at.list(Cursor::vhost)?;
    if vhosts.is_empty() {
        let problem = Problem::new(ProblemCode::LastVhost).with("vhost", "");
        return Err(at.refuse(problem));
    }
    check_length(at, VHOSTS_MAX, ProblemCode::TooManyVhosts)?;
    let mut numbered = vhosts.iter().enumerate();
    match numbered.find(|(number, vhost)| vhosts[..*number].contains(vhost)) {
        None => Ok(vhosts),
        Some((_, twice)) => {
            Err(at.refuse(Problem::new(ProblemCode::VhostTaken).with("vhost", twice)))
        }
    }
}

fn read_position(at: &Cursor<'_>) -> Read<Point> {
    let (x, y) = at.pair()?;
    Ok(Point {
        x: x.i32()?,
        y: y.i32()?,
    })
}

/// A number that may be an id.
fn read_id(at: &Cursor<'_>) -> Read<u32> {
    let id = at.u32()?;
    if id <= ID_MAX {
        return Ok(id);
    }
    let problem = Problem::new(ProblemCode::NumberOutOfRange)
        .with("given", id)
        .with("expected", format!("0 .. {ID_MAX}"));
    Err(at.refuse(problem))
}

fn id_twice(fields: &Fields<'_>, id: u32) -> Box<Refusal> {
    let problem = Problem::new(ProblemCode::IdTwice).with("id", id);
    fields.object().refuse_within(problem.at_path("id"))
}

const SHAPES: [(&str, Shape); 4] = [
    ("producer", Shape::Producer),
    ("exchange", Shape::Exchange),
    ("queue", Shape::Queue),
    ("consumer", Shape::Consumer),
];

fn read_node(scenario: &mut Scenario, at: &Cursor<'_>) -> Read<()> {
    let mut fields = at.fields()?;
    let id = NodeId(read_id(&fields.need("id")?)?);
    let shape = fields.need("kind")?.one_of(&SHAPES)?;
    let name = fields.need("name")?.owned_text()?;
    let mut vhost = VhostName::truncated("/");
    fields.set("vhost", &mut vhost, Cursor::vhost)?;
    let mut position = Point::default();
    fields.set("position", &mut position, read_position)?;
    let mut kind = usual(shape);
    read_settings(&mut fields, &mut kind)?;
    let node = Node {
        id,
        name,
        vhost,
        position,
        kind,
    };
    if !scenario.vhosts.contains(&node.vhost) {
        let problem = Problem::new(ProblemCode::UnknownVhost).with("vhost", &node.vhost);
        return Err(at.refuse_within(problem.at_path("vhost")));
    }
    check_node(&node).map_err(|problem| at.refuse_within(problem))?;
    if scenario.nodes.insert(id, Rc::new(node)).is_some() {
        return Err(id_twice(&fields, id.0));
    }
    fields.finish()
}

fn read_edge(scenario: &mut Scenario, at: &Cursor<'_>) -> Read<()> {
    let mut fields = at.fields()?;
    let id = match fields.find("id") {
        Some(id) => EdgeId(read_id(&id)?),
        None => scenario.next_edge_id(),
    };
    let word = fields.need("kind")?;
    let from = fields.need("from")?;
    let to = fields.need("to")?;
    let kind = match word.text()? {
        "publish" => EdgeKind::Publish,
        "consume" => EdgeKind::Consume,
        "binding" => {
            let (mut binding_key, mut arguments) = (BindingKey::default(), FieldTable::new());
            fields.set("binding_key", &mut binding_key, Cursor::binding_key)?;
            fields.set("arguments", &mut arguments, Cursor::table)?;
            EdgeKind::Binding {
                binding_key,
                arguments,
            }
        }
        _ => return Err(word.none_of(&["publish", "binding", "consume"])),
    };
    let (start, goal) = (read_end(scenario, &from)?, read_end(scenario, &to)?);
    if let Err(code) = check_ends(start, goal, &kind) {
        let problem = Problem::new(code);
        return Err(at.refuse(problem.with("from", &start.name).with("to", &goal.name)));
    }
    check_edge_kind(&kind).map_err(|problem| at.refuse_within(problem))?;
    let edge = Edge {
        id,
        from: start.id,
        to: goal.id,
        kind,
    };
    if scenario.edges.insert(id, Rc::new(edge)).is_some() {
        return Err(id_twice(&fields, id.0));
    }
    fields.finish()
}

/// The node at one end of an edge.
fn read_end<'a>(scenario: &'a Scenario, at: &Cursor<'_>) -> Read<&'a Node> {
    let id = NodeId(at.u32()?);
    scenario
        .node(id)
        .ok_or_else(|| at.refuse(Problem::new(ProblemCode::EdgeEndMissing).with("id", id)))
}

fn check_ends(start: &Node, goal: &Node, kind: &EdgeKind) -> Result<(), ProblemCode> {
    let meaning = link_shapes(start.kind.shape(), goal.kind.shape())?;
    if !meaning.fits(kind) {
        return Err(ProblemCode::EdgeKindMismatch);
    }
    if start.vhost != goal.vhost {
        return Err(ProblemCode::LinkAcrossVhosts);
    }
    Ok(())
}
