//! Reading a document, and saying where and why it cannot be read.
//!
//! Fields are taken one by one, so that an error knows its path; the line and column are looked up
//! afterwards. Deliberately not here: files and their names.

use super::VERSION;
use crate::scenario::edit::{check_edge_kind, check_node, check_options};
use crate::scenario::limits::{
    EDGES_MAX, FILE_OCTETS_MAX, ID_MAX, JSON_DEPTH_MAX, NODES_MAX, VHOSTS_MAX,
};
use crate::scenario::locate::{Path, line_and_column, locate};
use crate::scenario::{
    Edge, EdgeKind, Node, NodeKind, Options, Point, Problem, Scenario, link_shapes,
};
use crate::types::{BindingKey, EdgeId, FieldTable, NodeId, ProblemCode, VhostName};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Reads a scenario file.
///
/// # Errors
/// The first thing that is wrong, with line, column and path.
pub fn read(text: &str) -> Result<Scenario, Problem> {
    let value = json(text)?;
    Reader { text }.scenario(value)
}

/// Parses any JSON within the limits.
pub(in crate::scenario) fn json(text: &str) -> Result<Value, Problem> {
    if text.len() > FILE_OCTETS_MAX {
        return Err(Problem::new(ProblemCode::FileTooLarge)
            .with("octets", text.len())
            .with("max", FILE_OCTETS_MAX));
    }
    // Some editors put a byte order mark before the text.
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(offset) = too_deep(body) {
        let (line, column) = line_and_column(body, offset);
        return Err(Problem::new(ProblemCode::JsonTooDeep)
            .with("max", JSON_DEPTH_MAX)
            .at_line(line, column));
    }
    serde_json::from_str(body).map_err(|error| {
        let line = u32::try_from(error.line()).unwrap_or(u32::MAX);
        let column = u32::try_from(error.column()).unwrap_or(u32::MAX);
        let code = match error.classify() {
            serde_json::error::Category::Eof => ProblemCode::JsonEnds,
            serde_json::error::Category::Syntax
            | serde_json::error::Category::Data
            | serde_json::error::Category::Io => ProblemCode::JsonSyntax,
        };
        let message = error.to_string();
        let reason = message.split(" at line ").next().unwrap_or(&message);
        Problem::new(code)
            .with("reason", reason)
            .at_line(line, column.max(1))
    })
}

/// Where objects and arrays first stand too deeply within each other.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for (offset, octet) in text.bytes().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                if depth > JSON_DEPTH_MAX {
                    return Some(offset);
                }
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// A problem at a path of `text`, with its line and column.
pub(in crate::scenario) fn refuse_at(text: &str, path: &Path, problem: Problem) -> Problem {
    let (line, column) = locate(text, path);
    problem.at_path(path.to_string()).at_line(line, column)
}

/// What serde says, as a problem: its sentences have few forms.
fn problem_of(message: &str) -> Problem {
    let quoted = |text: &str| text.split('`').nth(1).unwrap_or(text).to_owned();
    let expected = |text: &str| {
        text.split_once(", expected ")
            .map_or_else(String::new, |(_, rest)| rest.replace('`', ""))
    };
    let expected_one = expected(message).trim_start_matches("one of ").to_owned();
    if message.starts_with("unknown field ") {
        Problem::new(ProblemCode::FieldUnknown)
            .with("field", quoted(message))
            .with("expected", expected_one)
    } else if message.starts_with("missing field ") {
        Problem::new(ProblemCode::FieldMissing).with("field", quoted(message))
    } else if message.starts_with("unknown variant ") {
        Problem::new(ProblemCode::FieldVariant)
            .with("given", quoted(message))
            .with("expected", expected_one)
    } else {
        Problem::new(ProblemCode::FieldWrong).with("reason", message)
    }
}

struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn refuse(&self, path: &Path, problem: Problem) -> Problem {
        refuse_at(self.text, path, problem)
    }

    fn wrong(&self, path: &Path, reason: &str) -> Problem {
        self.refuse(path, problem_of(reason))
    }

    fn decode<T: DeserializeOwned>(&self, value: Value, path: &Path) -> Result<T, Problem> {
        serde_path_to_error::deserialize(value).map_err(|error| {
            let path = path.below(error.path());
            self.wrong(&path, &error.inner().to_string())
        })
    }

    fn take<T: DeserializeOwned>(
        &self,
        map: &mut Map<String, Value>,
        key: &str,
        path: &Path,
    ) -> Result<Option<T>, Problem> {
        match map.shift_remove(key) {
            None => Ok(None),
            Some(value) => self.decode(value, &path.key(key)).map(Some),
        }
    }

    fn need<T: DeserializeOwned>(
        &self,
        map: &mut Map<String, Value>,
        key: &str,
        path: &Path,
    ) -> Result<T, Problem> {
        self.take(map, key, path)?.ok_or_else(|| {
            let problem = Problem::new(ProblemCode::FieldMissing).with("field", key);
            self.refuse(path, problem)
        })
    }

    fn object(&self, value: Value, path: &Path) -> Result<Map<String, Value>, Problem> {
        match value {
            Value::Object(map) => Ok(map),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => Err(self.wrong(path, "expected an object, { .. }")),
        }
    }

    fn list(
        &self,
        map: &mut Map<String, Value>,
        key: &str,
        max: usize,
        code: ProblemCode,
    ) -> Result<Vec<Value>, Problem> {
        let path = Path::default().key(key);
        match map.shift_remove(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) if values.len() <= max => Ok(values),
            Some(Value::Array(_)) => Err(self.refuse(&path, Problem::new(code).with("max", max))),
            Some(_) => Err(self.wrong(&path, "expected an array, [ .. ]")),
        }
    }

    fn version(&self, map: &mut Map<String, Value>) -> Result<(), Problem> {
        let top = Path::default();
        match map.shift_remove("version") {
            Some(Value::Number(number)) if number.as_u64() == Some(VERSION) => Ok(()),
            Some(other) => Err(self.refuse(
                &top.key("version"),
                Problem::new(ProblemCode::VersionUnknown)
                    .with("given", other)
                    .with("known", VERSION),
            )),
            None if crate::scenario::definitions::looks_like(map) => {
                Err(self.refuse(&top, Problem::new(ProblemCode::IsDefinitions)))
            }
            None => Err(self.refuse(
                &top,
                Problem::new(ProblemCode::VersionMissing).with("known", VERSION),
            )),
        }
    }

    fn scenario(&self, value: Value) -> Result<Scenario, Problem> {
        let top = Path::default();
        let mut map = self.object(value, &top)?;
        self.version(&mut map)?;
        // Editors look for it; it says nothing to us.
        map.shift_remove("$schema");
        let options = Options {
            title: self.take(&mut map, "title", &top)?,
            description: self.take(&mut map, "description", &top)?,
            seed: self.take(&mut map, "seed", &top)?,
            profile: self.take(&mut map, "profile", &top)?,
            duration: Some(self.take(&mut map, "duration", &top)?),
            speed: Some(self.take(&mut map, "speed", &top)?),
        };
        check_options(&options).map_err(|problem| self.found(&top, problem))?;
        let vhosts: Option<Vec<VhostName>> = self.take(&mut map, "vhosts", &top)?;
        let mut scenario = Scenario {
            title: options.title.unwrap_or_default(),
            description: options.description.unwrap_or_default(),
            seed: options.seed.unwrap_or_default(),
            profile: options.profile.unwrap_or_default(),
            vhosts: vhosts.unwrap_or_else(|| vec![VhostName::truncated("/")]),
            duration: options.duration.flatten(),
            speed: options.speed.flatten(),
            carried: self.take(&mut map, "carried", &top)?.unwrap_or_default(),
            ..Scenario::default()
        };
        self.check_vhosts(&scenario.vhosts)?;
        let nodes = self.list(&mut map, "nodes", NODES_MAX, ProblemCode::TooManyNodes)?;
        for (index, value) in nodes.into_iter().enumerate() {
            self.node(&mut scenario, value, &top.key("nodes").index(index))?;
        }
        let edges = self.list(&mut map, "edges", EDGES_MAX, ProblemCode::TooManyEdges)?;
        for (index, value) in edges.into_iter().enumerate() {
            self.edge(&mut scenario, value, &top.key("edges").index(index))?;
        }
        if let Some(key) = map.keys().next() {
            let problem = Problem::new(ProblemCode::FieldUnknown)
                .with("field", key)
                .with("expected", TOP_LEVEL_KEYS);
            return Err(self.refuse(&top.key(key), problem));
        }
        Ok(scenario)
    }

    fn check_vhosts(&self, vhosts: &[VhostName]) -> Result<(), Problem> {
        let path = Path::default().key("vhosts");
        if vhosts.is_empty() {
            return Err(self.refuse(
                &path,
                Problem::new(ProblemCode::LastVhost).with("vhost", ""),
            ));
        }
        if vhosts.len() > VHOSTS_MAX {
            let problem = Problem::new(ProblemCode::TooManyVhosts).with("max", VHOSTS_MAX);
            return Err(self.refuse(&path, problem));
        }
        let mut sorted: Vec<&VhostName> = vhosts.iter().collect();
        sorted.sort();
        match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            None => Ok(()),
            Some(pair) => Err(self.refuse(
                &path,
                Problem::new(ProblemCode::VhostTaken).with("vhost", pair[0]),
            )),
        }
    }

    fn node(&self, scenario: &mut Scenario, value: Value, path: &Path) -> Result<(), Problem> {
        let mut map = self.object(value, path)?;
        let id: NodeId = self.need(&mut map, "id", path)?;
        self.check_id(id.0, path)?;
        let word: String = self.need(&mut map, "kind", path)?;
        let name: String = self.need(&mut map, "name", path)?;
        let vhost: Option<VhostName> = self.take(&mut map, "vhost", path)?;
        let vhost = vhost.unwrap_or_else(|| VhostName::truncated("/"));
        let position: Option<(i32, i32)> = self.take(&mut map, "position", path)?;
        let (x, y) = position.unwrap_or_default();
        let rest = Value::Object(map);
        let kind = match word.as_str() {
            "producer" => NodeKind::Producer(self.decode(rest, path)?),
            "exchange" => NodeKind::Exchange(self.decode(rest, path)?),
            "queue" => NodeKind::Queue(self.decode(rest, path)?),
            "consumer" => NodeKind::Consumer(self.decode(rest, path)?),
            other => {
                let problem = Problem::new(ProblemCode::FieldVariant)
                    .with("given", other)
                    .with("expected", "producer, exchange, queue, consumer");
                return Err(self.refuse(&path.key("kind"), problem));
            }
        };
        let position = Point { x, y };
        let node = Node {
            id,
            name,
            vhost,
            position,
            kind,
        };
        if !scenario.vhosts.contains(&node.vhost) {
            let problem = Problem::new(ProblemCode::UnknownVhost).with("vhost", &node.vhost);
            return Err(self.refuse(&path.key("vhost"), problem));
        }
        check_node(&node).map_err(|problem| self.found(path, problem))?;
        if scenario.nodes.insert(id, Arc::new(node)).is_some() {
            let problem = Problem::new(ProblemCode::IdTwice).with("id", id);
            return Err(self.refuse(&path.key("id"), problem));
        }
        Ok(())
    }

    fn edge(&self, scenario: &mut Scenario, value: Value, path: &Path) -> Result<(), Problem> {
        let mut map = self.object(value, path)?;
        let id: Option<EdgeId> = self.take(&mut map, "id", path)?;
        let id = id.unwrap_or_else(|| scenario.next_edge_id());
        self.check_id(id.0, path)?;
        let word: String = self.need(&mut map, "kind", path)?;
        let from: NodeId = self.need(&mut map, "from", path)?;
        let to: NodeId = self.need(&mut map, "to", path)?;
        let rest = Value::Object(map);
        let kind = match word.as_str() {
            "publish" => {
                let Nothing {} = self.decode(rest, path)?;
                EdgeKind::Publish
            }
            "consume" => {
                let Nothing {} = self.decode(rest, path)?;
                EdgeKind::Consume
            }
            "binding" => {
                let twin: BindingTwin = self.decode(rest, path)?;
                EdgeKind::Binding {
                    binding_key: twin.binding_key,
                    arguments: twin.arguments,
                }
            }
            other => {
                let problem = Problem::new(ProblemCode::FieldVariant)
                    .with("given", other)
                    .with("expected", "publish, binding, consume");
                return Err(self.refuse(&path.key("kind"), problem));
            }
        };
        self.check_ends(scenario, from, to, &kind, path)?;
        check_edge_kind(&kind).map_err(|problem| self.found(path, problem))?;
        let edge = Arc::new(Edge { id, from, to, kind });
        if scenario.edges.insert(id, edge).is_some() {
            let problem = Problem::new(ProblemCode::IdTwice).with("id", id);
            return Err(self.refuse(&path.key("id"), problem));
        }
        Ok(())
    }

    fn check_id(&self, id: u32, path: &Path) -> Result<(), Problem> {
        if id <= ID_MAX {
            return Ok(());
        }
        let problem = Problem::new(ProblemCode::NumberOutOfRange)
            .with("given", id)
            .with("expected", format!("0 .. {ID_MAX}"));
        Err(self.refuse(&path.key("id"), problem))
    }

    fn check_ends(
        &self,
        scenario: &Scenario,
        from: NodeId,
        to: NodeId,
        kind: &EdgeKind,
        path: &Path,
    ) -> Result<(), Problem> {
        let end = |id: NodeId, key: &str| {
            scenario.node(id).ok_or_else(|| {
                let problem = Problem::new(ProblemCode::EdgeEndMissing).with("id", id);
                self.refuse(&path.key(key), problem)
            })
        };
        let (start, goal) = (end(from, "from")?, end(to, "to")?);
        let refuse = |code| {
            let problem = Problem::new(code)
                .with("from", &start.name)
                .with("to", &goal.name);
            Err(self.refuse(path, problem))
        };
        match link_shapes(start.kind.shape(), goal.kind.shape()) {
            Err(code) => refuse(code),
            Ok(meaning) if !meaning.fits(kind) => refuse(ProblemCode::EdgeKindMismatch),
            Ok(_) if start.vhost != goal.vhost => refuse(ProblemCode::LinkAcrossVhosts),
            Ok(_) => Ok(()),
        }
    }

    /// A problem that knows its path within the value at `path`.
    fn found(&self, path: &Path, problem: Problem) -> Problem {
        let mut path = path.clone();
        for key in problem.place.path.split('.').filter(|key| !key.is_empty()) {
            path = path.key(key);
        }
        self.refuse(&path, problem)
    }
}

const TOP_LEVEL_KEYS: &str = "version, title, description, seed, profile, vhosts, duration, \
                              speed, nodes, edges, carried";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct BindingTwin {
    binding_key: BindingKey,
    arguments: FieldTable,
}
