//! From a definitions file to a document.
//!
//! Ids follow the order of the file: exchanges, the predeclared exchanges that bindings use,
//! queues; so an exported file imports to the same document. Deliberately not here: single entries
//! (`entry.rs`), and where boxes stand (`layout`).

use super::entry::{BINDING_KEYS, BindingEntry, EXCHANGE_KEYS, Fields, Named, QUEUE_KEYS, no_key};
use super::looks_like;
use super::policies::{is_operator_policy, policies_of};
use crate::scenario::edit::check_node;
use crate::scenario::format::{Json, JsonObject, flat, json, refuse_at, shown, table, too_long};
use crate::scenario::limits::{EDGES_MAX, NODES_MAX, VHOSTS_MAX};
use crate::scenario::locate::Path;
use crate::scenario::validate::predeclared;
use crate::scenario::{
    Edge, EdgeKind, Exchange, Node, NodeKind, Point, Problem, Queue, Scenario, Shape, layout,
    validate,
};
use crate::types::{
    BindingKey, EdgeId, FieldTable, NodeId, Phrase, ProblemCode, Profile, ShortText, SortedMap,
    VhostName,
};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::rc::Rc;

/// A document made from a definitions file.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The document, laid out.
    pub scenario: Scenario,
    /// What could not be honoured and what is worth knowing, each with its path in the file.
    pub problems: Vec<Problem>,
    /// How many of them, from the first on, are of the file alone. The others
    /// [`validate`](crate::scenario::validate) finds in the document too, in the same order.
    pub of_file: usize,
}

/// Opens a definitions file.
///
/// # Errors
/// When it is no JSON, no definitions file, or one that RabbitMQ refuses as a whole.
pub fn import(text: &str) -> Result<Imported, Problem> {
    let top = Path::default();
    let refuse = |path: &Path, code| refuse_at(text, path, Problem::new(code));
    let value = json(text)?;
    let Json::Object(map) = &value else {
        return Err(refuse(&top, ProblemCode::NotDefinitions));
    };
    if map.get("nodes").is_some() && map.get("version").is_some() {
        return Err(refuse(&top, ProblemCode::IsScenario));
    }
    if !looks_like(&value) {
        return Err(refuse(&top, ProblemCode::NotDefinitions));
    }
    if let Some(path) = orphan(map) {
        return Err(refuse(&path, ProblemCode::DefinitionsWithoutVhost));
    }
    let mut import = Import::new(map);
    import.vhosts();
    import.exchanges()?;
    import.queues()?;
    import.bindings()?;
    import.carry();
    Ok(import.finish())
}

/// The first queue, exchange or binding without a virtual host, in a file that does not say of
/// which virtual host it is. RabbitMQ refuses such a file.
fn orphan(map: &JsonObject) -> Option<Path> {
    if text(map, "original_vhost_name").is_some() {
        return None;
    }
    ["queues", "exchanges", "bindings"]
        .iter()
        .find_map(|section| {
            let entries = map.get(section)?.as_array()?;
            let without = |entry: &Json| {
                entry
                    .as_object()
                    .is_some_and(|entry| entry.get("vhost").is_none())
            };
            let index = entries.iter().position(without)?;
            Some(Path::default().key(section).index(index))
        })
}

/// What tells a name from those on other virtual hosts and of other shapes, as one text.
fn key(vhost: &VhostName, shape: Shape, name: &str) -> String {
    let vhost = vhost.as_str();
    format!("{} {} {vhost}{name}", shape.word(), vhost.len())
}

/// Numbers by texts: of ten thousands of names, in whatever order.
type ByText = IndexMap<String, u32, FxBuildHasher>;

/// The text that stands there, when it is one.
fn text<'a>(map: &'a JsonObject, key: &str) -> Option<&'a str> {
    map.get(key).and_then(Json::as_str)
}

/// An entry of a section as it stands in the file.
struct Entry<'a> {
    path: Path,
    value: &'a Json,
    map: &'a JsonObject,
}

impl Entry<'_> {
    /// `vhost` is the virtual host of entries that name none.
    fn fields<'a>(&'a self, vhost: Option<&'a str>) -> Fields<'a> {
        Fields {
            map: self.map,
            path: &self.path,
            vhost,
        }
    }
}

struct Import<'a> {
    map: &'a JsonObject,
    /// The virtual host of entries that name none.
    vhost: Option<&'a str>,
    default_types: SortedMap<&'a str, &'a str>,
    scenario: Scenario,
    problems: Vec<Problem>,
    /// The id of each name.
    ids: ByText,
    paths: SortedMap<NodeId, Path>,
    edge_paths: SortedMap<EdgeId, Path>,
    /// Entries that are kept and not shown, by section.
    left_over: SortedMap<&'static str, Vec<Json>>,
    /// `section.key` of each unknown key.
    keys_seen: ByText,
}

impl<'a> Import<'a> {
    fn new(map: &'a JsonObject) -> Self {
        let profile = match text(map, "rabbit_version") {
            Some(version) if version.starts_with("3.") => Profile::V3,
            Some(_) | None => Profile::V4,
        };
        Self {
            map,
            vhost: text(map, "original_vhost_name"),
            default_types: SortedMap::new(),
            scenario: Scenario {
                seed: 1,
                profile,
                ..Scenario::default()
            },
            problems: Vec::new(),
            ids: ByText::default(),
            paths: SortedMap::new(),
            edge_paths: SortedMap::new(),
            left_over: SortedMap::new(),
            keys_seen: ByText::default(),
        }
    }

    /// The entries of a section; a section that is no array is a problem and has none.
    fn section(&mut self, name: &'static str) -> &'a [Json] {
        match self.map.get(name) {
            None | Some(Json::Null) => &[],
            Some(Json::Array(entries)) => entries,
            // Old RabbitMQ versions write what is empty as an empty object.
            Some(Json::Object(map)) if map.is_empty() => &[],
            Some(other) => {
                self.problems.push(
                    Problem::new(ProblemCode::EntryBroken)
                        .at_path(name)
                        .with_phrase("reason", Phrase::NotExpected)
                        .with("given", shown(other))
                        .with_phrase("expected", Phrase::Array),
                );
                self.keep(name, other);
                &[]
            }
        }
    }

    fn vhosts(&mut self) {
        for (index, entry) in self.section("vhosts").iter().enumerate() {
            let path = Path::default().key("vhosts").index(index);
            let name = match entry {
                Json::Object(map) => text(map, "name"),
                Json::String(name) => Some(name.as_str()),
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) => None,
            };
            match name.map(|name| (name, VhostName::new(name))) {
                Some((name, Ok(vhost))) => {
                    if let Some(kind) = default_type(entry) {
                        self.default_types.insert(name, kind);
                    }
                    if self.scenario.vhosts.contains(&vhost) {
                        self.twice(name, &path);
                    } else if self.scenario.vhosts.len() < VHOSTS_MAX {
                        self.scenario.vhosts.push(vhost);
                    }
                }
                Some((_, Err(error))) => self.problems.push(too_long(broken(&path), &error)),
                None => self.problems.push(no_key(broken(&path), "name")),
            }
        }
        if let Some(name) = self.vhost {
            let vhost = VhostName::truncated(name);
            if !self.scenario.vhosts.contains(&vhost) {
                self.scenario.vhosts.push(vhost);
            }
            if let Some(kind) = text(self.map, "default_queue_type") {
                self.default_types.insert(name, kind);
            }
        }
    }

    fn twice(&mut self, name: &str, path: &Path) {
        self.problems.push(
            Problem::new(ProblemCode::EntryTwice)
                .at_path(path.to_string())
                .with("name", name),
        );
    }

    /// The entries of a section that are objects, each with its path; the others are kept and not
    /// shown.
    fn entries(&mut self, section: &'static str, known: &[&str]) -> Vec<Entry<'a>> {
        let entries = self.section(section);
        let mut objects = Vec::with_capacity(entries.len());
        for (index, value) in entries.iter().enumerate() {
            let path = Path::default().key(section).index(index);
            match value {
                Json::Object(map) => {
                    self.note_keys(section, known, map, &path);
                    objects.push(Entry { path, value, map });
                }
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
                    let problem = broken(&path)
                        .with_phrase("reason", Phrase::NotExpected)
                        .with("given", shown(value))
                        .with_phrase("expected", Phrase::Object);
                    self.problems.push(problem);
                    self.keep(section, value);
                }
            }
        }
        objects
    }

    /// Keeps an entry that is not shown.
    fn keep(&mut self, section: &'static str, entry: &Json) {
        self.left_over.or_default(section).push(entry.clone());
    }

    /// What was read of an entry; one that cannot be read is kept and not shown.
    fn read<T>(
        &mut self,
        section: &'static str,
        entry: &Entry<'_>,
        read: Result<T, Problem>,
    ) -> Option<T> {
        match read {
            Ok(what) => Some(what),
            Err(problem) => {
                self.problems.push(problem);
                self.keep(section, entry.value);
                None
            }
        }
    }

    /// Each unknown key once a section, or a large file would say the same ten thousand times.
    fn note_keys(
        &mut self,
        section: &'static str,
        known: &[&str],
        map: &'a JsonObject,
        path: &Path,
    ) {
        for (key, _) in map.iter() {
            if !known.contains(&key) && is_new(&mut self.keys_seen, format!("{section}.{key}")) {
                self.problems.push(
                    Problem::new(ProblemCode::KeyIgnored)
                        .at_path(path.key(key).to_string())
                        .with("key", key),
                );
            }
        }
    }

    fn known_vhost(&mut self, vhost: &VhostName, path: &Path) {
        if !self.scenario.vhosts.contains(vhost) {
            self.scenario.vhosts.push(vhost.clone());
            self.problems.push(
                Problem::new(ProblemCode::VhostUndeclared)
                    .at_path(path.to_string())
                    .with("vhost", vhost),
            );
        }
    }

    fn exchanges(&mut self) -> Result<(), Problem> {
        for entry in self.entries("exchanges", &EXCHANGE_KEYS) {
            let exchange = entry.fields(self.vhost).exchange();
            if let Some(exchange) = self.read("exchanges", &entry, exchange) {
                self.add("exchanges", entry, exchange.map(NodeKind::Exchange))?;
            }
        }
        self.predeclared_exchanges()
    }

    /// Predeclared exchanges are in no file; those that bindings use get a box. What is wrong with
    /// a binding is said when bindings are read, once queues are there.
    fn predeclared_exchanges(&mut self) -> Result<(), Problem> {
        let Some(Json::Array(bindings)) = self.map.get("bindings") else {
            return Ok(());
        };
        for (index, value) in bindings.iter().enumerate() {
            let Some(map) = value.as_object() else {
                continue;
            };
            let path = Path::default().key("bindings").index(index);
            let entry = Entry { path, value, map };
            let Ok(binding) = entry.fields(self.vhost).binding() else {
                continue;
            };
            let ends = [
                Some(&binding.source),
                (!binding.to_queue).then_some(&binding.destination),
            ];
            for name in ends.into_iter().flatten() {
                let known = self.id(&binding.vhost, Shape::Exchange, name).is_some();
                if name.is_empty() || known {
                    continue;
                }
                if let Some(exchange_type) = predeclared(name) {
                    let exchange = Exchange {
                        exchange_type: exchange_type.clone(),
                        internal: name == "amq.rabbitmq.trace",
                        ..Exchange::default()
                    };
                    self.known_vhost(&binding.vhost, &entry.path);
                    let exchange = Named {
                        name: name.clone(),
                        vhost: binding.vhost.clone(),
                        what: NodeKind::Exchange(exchange),
                    };
                    self.insert(entry.path.clone(), exchange)?;
                }
            }
        }
        Ok(())
    }

    fn queues(&mut self) -> Result<(), Problem> {
        for entry in self.entries("queues", &QUEUE_KEYS) {
            let queue = self.queue(&entry);
            if let Some(queue) = self.read("queues", &entry, queue) {
                self.add("queues", entry, queue.map(NodeKind::Queue))?;
            }
        }
        Ok(())
    }

    fn queue(&mut self, entry: &Entry<'_>) -> Result<Named<Queue>, Problem> {
        let fields = entry.fields(self.vhost);
        let mut queue = fields.queue()?;
        let default = self.default_types.get(queue.vhost.as_str()).copied();
        let notice = fields.take_type(&mut queue, default)?;
        self.problems.extend(notice);
        Ok(queue)
    }

    /// Adds an entry of a section, unless its name is taken.
    fn add(
        &mut self,
        section: &'static str,
        entry: Entry<'_>,
        node: Named<NodeKind>,
    ) -> Result<(), Problem> {
        self.known_vhost(&node.vhost, &entry.path);
        let shape = node.what.shape();
        // The default exchange is there without being declared.
        let default = node.name.is_empty() && shape == Shape::Exchange;
        if default || self.id(&node.vhost, shape, &node.name).is_some() {
            self.twice(&node.name, &entry.path);
            self.keep(section, entry.value);
            return Ok(());
        }
        self.insert(entry.path, node)
    }

    /// Who has that name.
    fn id(&self, vhost: &VhostName, shape: Shape, name: &str) -> Option<NodeId> {
        let id = self.ids.get(&key(vhost, shape, name));
        id.copied().map(NodeId)
    }

    fn insert(&mut self, path: Path, node: Named<NodeKind>) -> Result<(), Problem> {
        if self.scenario.nodes.len() >= NODES_MAX {
            return Err(Problem::new(ProblemCode::TooManyNodes)
                .at_path(path.to_string())
                .with("max", NODES_MAX));
        }
        let id = self.scenario.next_node_id();
        let node = Node {
            id,
            name: node.name,
            vhost: node.vhost,
            position: Point::default(),
            kind: node.what,
        };
        if let Err(problem) = check_node(&node) {
            let inner = problem.place.path.clone();
            self.problems
                .push(problem.at_path(format!("{path}.{inner}")));
            return Ok(());
        }
        let key = key(&node.vhost, node.kind.shape(), &node.name);
        self.ids.insert(key, id.0);
        self.paths.insert(id, path);
        self.scenario.nodes.insert(id, Rc::new(node));
        Ok(())
    }

    fn bindings(&mut self) -> Result<(), Problem> {
        let mut seen = ByText::default();
        for entry in self.entries("bindings", &BINDING_KEYS) {
            let binding = entry.fields(self.vhost).binding();
            let Some(binding) = self.read("bindings", &entry, binding) else {
                continue;
            };
            let path = entry.path;
            if binding.source.is_empty() {
                self.problems
                    .push(Problem::new(ProblemCode::ImplicitBinding).at_path(path.to_string()));
                continue;
            }
            let Some((from, to)) = self.ends(&binding, &path) else {
                self.keep("bindings", entry.value);
                continue;
            };
            let (key, arguments) = (Json::from(binding.key.as_str()), table(&binding.arguments));
            if !is_new(&mut seen, format!("{from} {to} {key} {arguments}")) {
                self.twice(&binding.key, &path);
                continue;
            }
            if self.scenario.edges.len() >= EDGES_MAX {
                return Err(Problem::new(ProblemCode::TooManyEdges)
                    .at_path(path.to_string())
                    .with("max", EDGES_MAX));
            }
            self.bind(from, to, &binding.key, binding.arguments, path);
        }
        Ok(())
    }

    fn bind(&mut self, from: NodeId, to: NodeId, key: &str, arguments: FieldTable, path: Path) {
        let id = self.scenario.next_edge_id();
        let kind = EdgeKind::Binding {
            binding_key: BindingKey::truncated(key),
            arguments,
        };
        self.edge_paths.insert(id, path);
        let edge = Rc::new(Edge { id, from, to, kind });
        self.scenario.edges.insert(id, edge);
    }

    /// The nodes a binding joins; a problem for the first that is not there.
    fn ends(&mut self, binding: &BindingEntry, path: &Path) -> Option<(NodeId, NodeId)> {
        let shape = if binding.to_queue {
            Shape::Queue
        } else {
            Shape::Exchange
        };
        let ends = [
            ("source", Shape::Exchange, &binding.source),
            ("destination", shape, &binding.destination),
        ]
        .map(|(key, shape, name)| {
            let id = self.id(&binding.vhost, shape, name);
            if id.is_none() {
                self.problems.push(
                    Problem::new(ProblemCode::ReferenceMissing)
                        .at_path(path.key(key).to_string())
                        .with("what", shape.word())
                        .with("name", name)
                        .with("vhost", &binding.vhost),
                );
            }
            id
        });
        ends[0].zip(ends[1])
    }

    /// Everything the stage does not show goes along as it is.
    fn carry(&mut self) {
        let mut carried = Vec::new();
        for (key, value) in self.map.iter() {
            let value = match key {
                "exchanges" | "queues" | "bindings" => continue,
                "vhosts" => {
                    let more = self
                        .section("vhosts")
                        .iter()
                        .filter(|entry| entry.as_object().is_none_or(|map| map.len() > 1));
                    let more: Vec<Json> = more.cloned().collect();
                    if more.is_empty() {
                        continue;
                    }
                    more.into()
                }
                _ => value.clone(),
            };
            carried.push((key.to_owned(), value));
        }
        // Only these three are taken apart; the others stand there whole.
        for section in ["exchanges", "queues", "bindings"] {
            if let Some(entries) = self.left_over.remove(section) {
                carried.push((section.to_owned(), entries.into()));
            }
        }
        self.scenario.carried = carried.into_iter().collect();
        self.note_kept();
    }

    fn note_kept(&mut self) {
        for (path, policy, read) in policies_of(self.map) {
            let problem =
                read.map_or_else(|problem| problem, |read| applied(policy, &read.name, &path));
            self.problems.push(problem);
        }
        for section in [
            "users",
            "permissions",
            "topic_permissions",
            "parameters",
            "global_parameters",
        ] {
            // Operator policies have been told of.
            let others = self.section(section).iter();
            let count = others.filter(|it| !is_operator_policy(it)).count();
            if count > 0 {
                self.problems.push(
                    Problem::new(ProblemCode::Kept)
                        .at_path(section)
                        .with("what", section)
                        .with("count", count),
                );
            }
        }
    }

    fn finish(mut self) -> Imported {
        if self.scenario.vhosts.is_empty() {
            self.scenario.vhosts.push(VhostName::truncated("/"));
        }
        layout::arrange_all(&mut self.scenario);
        let of_file = self.problems.len();
        for mut problem in validate(&self.scenario) {
            let place = &problem.place;
            let node = place.node.and_then(|node| self.paths.get(&node));
            let edge = place.edge.and_then(|edge| self.edge_paths.get(&edge));
            if let Some(path) = edge.or(node) {
                let mut full = path.to_string();
                if !place.path.is_empty() {
                    full.push('.');
                    // The file's word for it.
                    full.push_str(&place.path.replace("binding_key", "routing_key"));
                }
                problem.place.path = full;
            }
            self.problems.push(problem);
        }
        Imported {
            scenario: self.scenario,
            problems: self.problems,
            of_file,
        }
    }
}

/// Whether the text was not there before.
fn is_new(seen: &mut ByText, text: String) -> bool {
    seen.insert(text, 0).is_none()
}

/// The default queue type of a virtual host, which newer files say twice.
fn default_type(vhost: &Json) -> Option<&str> {
    vhost
        .get("default_queue_type")
        .or_else(|| vhost.get("metadata")?.get("default_queue_type"))
        .and_then(Json::as_str)
}

fn applied(policy: &Json, name: &ShortText, path: &Path) -> Problem {
    let text = |key: &str| policy.get(key).and_then(Json::as_str).unwrap_or_default();
    let keys = policy
        .get("definition")
        .and_then(Json::as_object)
        .map_or_else(String::new, |definition| {
            let keys: Vec<String> = definition
                .iter()
                .map(|(key, value)| format!("{key} = {}", flat(value)))
                .collect();
            keys.join(", ")
        });
    let target = match text("apply-to") {
        "" => "all",
        target => target,
    };
    Problem::new(ProblemCode::PolicyApplied)
        .at_path(path.to_string())
        .with("name", name)
        .with("pattern", text("pattern"))
        .with("target", target)
        .with("keys", keys)
}

fn broken(path: &Path) -> Problem {
    Problem::new(ProblemCode::EntryBroken).at_path(path.to_string())
}
