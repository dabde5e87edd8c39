//! What the hand does now, and what a pointer event makes of it.
//!
//! A machine of few states: idle, pointing, dragging, brushing, connecting, placing, panning,
//! pinching. Deliberately not here: carrying out what comes of it; that is an [`Intent`] for the app.

use crate::editor::scene::Hit;
use crate::editor::snap::{snap, to_grid};
use crate::editor::{
    EdgeKey, PaletteItem, PointerButton, PointerInput, PointerPhase, Rect, Scene, Selection, Spot,
    Viewport,
};
use crate::scenario::{LinkKind, Scenario, link};
use crate::types::{NodeId, NodeSet, ProblemCode, SortedMap};

/// What the hand does.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Tool {
    /// Nothing.
    #[default]
    Idle,
    /// Pressed on something, and not moved yet.
    Pointing {
        /// Where, in CSS pixels.
        x: f64,
        /// Where, in CSS pixels.
        y: f64,
        /// On what.
        hit: Hit,
    },
    /// Moving boxes.
    Dragging {
        /// The box under the pointer.
        lead: NodeId,
        /// All that move.
        nodes: NodeSet,
        /// Where the pointer took hold.
        start: Spot,
        /// Moved so far.
        dx: f64,
        /// Moved so far.
        dy: f64,
    },
    /// Drawing a marquee.
    Brushing {
        /// One corner.
        start: Spot,
        /// The opposite corner.
        to: Spot,
        /// What was selected before.
        before: Selection,
    },
    /// Drawing a line.
    Connecting {
        /// From this box.
        from: NodeId,
        /// To here.
        to: Spot,
        /// To this box, when there is one.
        target: Option<NodeId>,
        /// Goes on after the button is up (click-click, or keys).
        sticky: bool,
    },
    /// Holding a thing of the palette.
    Placing {
        /// What.
        item: PaletteItem,
        /// Over this spot, once the pointer came to the stage.
        at: Option<Spot>,
    },
    /// Moving the view.
    Panning {
        /// Pointer's last place, in CSS pixels.
        x: f64,
        /// Pointer's last place, in CSS pixels.
        y: f64,
    },
    /// Two fingers.
    Pinching,
}

/// What comes of a gesture.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// Boxes were moved (or, with `copy`, copies of them).
    Move {
        /// Which.
        nodes: NodeSet,
        /// To the right.
        dx: f64,
        /// Downwards.
        dy: f64,
        /// Leave them and move copies.
        copy: bool,
    },
    /// A line was drawn.
    Link {
        /// From.
        from: NodeId,
        /// To.
        to: NodeId,
    },
    /// A thing was placed.
    Place {
        /// What.
        item: PaletteItem,
        /// Where.
        at: Spot,
    },
    /// A box was double-clicked.
    Open(NodeId),
    /// The bare stage, or something on it that is no box, was clicked: the picture may have a message
    /// there.
    Click(Spot),
    /// Another selection.
    Selected,
}

/// Selection, view, and what the hand does.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Editor {
    /// Which part of the stage is seen.
    pub viewport: Viewport,
    /// What is selected.
    pub selection: Selection,
    tool: Tool,
    hover: Option<Hit>,
    touches: SortedMap<i32, (f64, f64)>,
}

/// CSS pixels a pointer may move and still click.
const CLICK_REACH: f64 = 4.0;
/// CSS pixels round a box that still count as it when a line is dropped.
const DROP_REACH: f64 = 20.0;
/// A turn of a wheel of at least so many CSS pixels is a mouse's; touchpads send less.
const WHEEL_STEP_MIN: f64 = 40.0;
/// Zoom for each CSS pixel of wheel: about 1.2 for one click of it.
const WHEEL_ZOOM: f64 = 0.0018;
/// The same for a pinch, which comes in small steps.
const PINCH_ZOOM: f64 = 0.01;

impl Editor {
    /// What the hand does.
    #[must_use]
    pub const fn tool(&self) -> &Tool {
        &self.tool
    }

    /// What the pointer is over.
    #[must_use]
    pub fn hover(&self) -> Hit {
        self.hover.unwrap_or(Hit::Nothing)
    }

    /// Takes a thing of the palette in hand.
    pub fn hold(&mut self, item: PaletteItem) {
        self.tool = Tool::Placing { item, at: None };
    }

    /// Starts a line that is led by keys, or by a click on its end.
    pub fn connect_from(&mut self, from: NodeId, scene: &Scene) {
        if let Some(rect) = scene.rect(from) {
            self.tool = Tool::Connecting {
                from,
                to: rect.exit(),
                target: None,
                sticky: true,
            };
        }
    }

    /// Leads the line being drawn to a box.
    pub fn aim(&mut self, node: NodeId, scene: &Scene) {
        if let Tool::Connecting { to, target, .. } = &mut self.tool
            && let Some(rect) = scene.rect(node)
        {
            *to = rect.entry();
            *target = Some(node);
        }
    }

    /// The line being drawn, when it has a target: from, to.
    #[must_use]
    pub const fn aimed(&self) -> Option<(NodeId, NodeId)> {
        match self.tool {
            Tool::Connecting {
                from,
                target: Some(target),
                ..
            } => Some((from, target)),
            _ => None,
        }
    }

    /// Puts down whatever is in hand; `true` when there was something.
    pub fn put_down(&mut self, scene: &mut Scene) -> bool {
        scene.shift(None);
        if let Tool::Brushing { before, .. } = &mut self.tool {
            self.selection = std::mem::take(before);
        }
        std::mem::take(&mut self.tool) != Tool::Idle
    }

    /// Forgets what is no longer on the stage.
    pub fn prune(&mut self, scene: &mut Scene) {
        self.selection.prune(scene);
        let gone = match &self.tool {
            Tool::Dragging { nodes, .. } => nodes.iter().any(|node| !scene.has(*node)),
            Tool::Connecting { from, target, .. } => {
                !scene.has(*from) || target.is_some_and(|target| !scene.has(target))
            }
            Tool::Pointing {
                hit: Hit::Node(node) | Hit::Exit(node),
                ..
            } => !scene.has(*node),
            Tool::Idle
            | Tool::Pointing { .. }
            | Tool::Brushing { .. }
            | Tool::Placing { .. }
            | Tool::Panning { .. }
            | Tool::Pinching => false,
        };
        if gone {
            self.put_down(scene);
        }
        if let Some(Hit::Node(node) | Hit::Exit(node)) = self.hover
            && !scene.has(node)
        {
            self.hover = None;
        }
    }

    /// The link that would come of the line being drawn, or why none.
    #[must_use]
    pub fn link_verdict(&self, scenario: &Scenario) -> Option<Result<LinkKind, ProblemCode>> {
        self.aimed().map(|(from, to)| link(scenario, from, to))
    }

    /// A pointer did something.
    pub fn pointer(&mut self, input: PointerInput, scene: &mut Scene) -> Vec<Intent> {
        match input.phase {
            PointerPhase::Wheel { dx, dy } => {
                self.wheel(input, dx, dy);
                Vec::new()
            }
            PointerPhase::Down => self.down(input, scene),
            PointerPhase::Move => self.moved(input, scene),
            PointerPhase::Up => self.up(input, scene),
            PointerPhase::Cancel => {
                self.touches.remove(&input.pointer);
                self.put_down(scene);
                Vec::new()
            }
            PointerPhase::Leave => {
                self.hover = None;
                if let Tool::Placing { at, .. } = &mut self.tool {
                    *at = None;
                }
                Vec::new()
            }
            PointerPhase::Double => match self.hit(input, scene) {
                Hit::Node(node) => vec![Intent::Open(node)],
                Hit::Nothing | Hit::Exit(_) | Hit::Edge(_) => Vec::new(),
            },
        }
    }

    fn spot(&self, input: PointerInput) -> Spot {
        self.viewport.to_stage(input.x, input.y)
    }

    fn hit(&self, input: PointerInput, scene: &Scene) -> Hit {
        scene.hit(self.spot(input), self.viewport.zoom)
    }

    fn wheel(&mut self, input: PointerInput, dx: f64, dy: f64) {
        let by_wheel = dx == 0.0 && libm::fabs(dy) >= WHEEL_STEP_MIN;
        if input.modifiers.command() || (by_wheel && !input.modifiers.shift) {
            let step = if by_wheel { WHEEL_ZOOM } else { PINCH_ZOOM };
            let turn = (dy * step).clamp(-1.0, 1.0);
            self.viewport.zoom_about(input.x, input.y, libm::exp(-turn));
        } else if input.modifiers.shift && dx == 0.0 {
            self.viewport.pan(dy, 0.0);
        } else {
            self.viewport.pan(dx, dy);
        }
    }

    fn down(&mut self, input: PointerInput, scene: &mut Scene) -> Vec<Intent> {
        self.touches.insert(input.pointer, (input.x, input.y));
        if self.touches.len() > 1 {
            self.put_down(scene);
            self.tool = Tool::Pinching;
            return Vec::new();
        }
        if input.button == PointerButton::Middle {
            scene.shift(None);
            self.tool = Tool::Panning {
                x: input.x,
                y: input.y,
            };
            return Vec::new();
        }
        if input.button == PointerButton::Secondary {
            return Vec::new();
        }
        match &mut self.tool {
            // The click ends them, when the button goes up.
            Tool::Placing { .. } | Tool::Connecting { .. } => self.moved(input, scene),
            Tool::Idle
            | Tool::Pointing { .. }
            | Tool::Dragging { .. }
            | Tool::Brushing { .. }
            | Tool::Panning { .. }
            | Tool::Pinching => {
                scene.shift(None);
                self.tool = Tool::Pointing {
                    x: input.x,
                    y: input.y,
                    hit: self.hit(input, scene),
                };
                Vec::new()
            }
        }
    }

    fn moved(&mut self, input: PointerInput, scene: &mut Scene) -> Vec<Intent> {
        let before = self.touches.get(&input.pointer).copied();
        if before.is_some() {
            self.touches.insert(input.pointer, (input.x, input.y));
        }
        let spot = self.spot(input);
        let zoom = self.viewport.zoom;
        match &mut self.tool {
            Tool::Idle => self.hover = Some(self.hit(input, scene)),
            Tool::Pointing { x, y, hit } => {
                let (x, y, hit) = (*x, *y, *hit);
                if libm::hypot(input.x - x, input.y - y) > CLICK_REACH {
                    self.begin(input, (x, y), hit, scene);
                    return self.moved(input, scene);
                }
            }
            Tool::Dragging {
                lead,
                nodes,
                start,
                dx,
                dy,
            } => {
                (*dx, *dy) = (spot.x - start.x, spot.y - start.y);
                if !input.modifiers.command() {
                    scene.shift(None);
                    if let Some(rect) = scene.rect(*lead) {
                        let to = snap(scene, nodes, rect.centre.moved(*dx, *dy), zoom);
                        (*dx, *dy) = (to.x - rect.centre.x, to.y - rect.centre.y);
                    }
                }
                scene.shift(Some((nodes, *dx, *dy)));
            }
            Tool::Brushing { start, to, before } => {
                *to = spot;
                let inside = scene.nodes_in(&Rect::between(*start, spot));
                let nodes = before.nodes().iter().chain(&inside).copied();
                self.selection = Selection::of_nodes(nodes);
                return vec![Intent::Selected];
            }
            Tool::Connecting { to, target, .. } => {
                *to = spot;
                *target = drop_target(scene, spot, zoom);
                if let Some(rect) = target.and_then(|node| scene.rect(node)) {
                    *to = rect.entry();
                }
            }
            Tool::Placing { at, .. } => {
                *at = Some(Spot::new(to_grid(spot.x), to_grid(spot.y)));
            }
            Tool::Panning { x, y } => {
                let (dx, dy) = (*x - input.x, *y - input.y);
                (*x, *y) = (input.x, input.y);
                self.viewport.pan(dx, dy);
            }
            Tool::Pinching => self.pinch(input, before),
        }
        Vec::new()
    }

    /// The pointer moved away from where it was pressed: what begins depends on what was there.
    fn begin(&mut self, input: PointerInput, pressed: (f64, f64), hit: Hit, scene: &Scene) {
        let start = self.viewport.to_stage(pressed.0, pressed.1);
        self.tool = match hit {
            Hit::Node(node) => {
                if !self.selection.nodes().contains(&node) {
                    self.selection = Selection::of_nodes([node]);
                }
                Tool::Dragging {
                    lead: node,
                    nodes: self.selection.nodes().clone(),
                    start,
                    dx: 0.0,
                    dy: 0.0,
                }
            }
            Hit::Exit(from) => Tool::Connecting {
                from,
                to: scene.rect(from).map_or(start, |rect| rect.exit()),
                target: None,
                sticky: false,
            },
            Hit::Nothing | Hit::Edge(_) if input.modifiers.shift => Tool::Brushing {
                start,
                to: start,
                before: if input.modifiers.command() {
                    self.selection.clone()
                } else {
                    Selection::default()
                },
            },
            Hit::Nothing | Hit::Edge(_) => Tool::Panning {
                x: pressed.0,
                y: pressed.1,
            },
        };
    }

    fn up(&mut self, input: PointerInput, scene: &mut Scene) -> Vec<Intent> {
        self.touches.remove(&input.pointer);
        if input.button == PointerButton::Secondary {
            return Vec::new();
        }
        let spot = self.spot(input);
        let zoom = self.viewport.zoom;
        match std::mem::take(&mut self.tool) {
            Tool::Idle | Tool::Panning { .. } | Tool::Brushing { .. } => Vec::new(),
            Tool::Pinching => {
                if !self.touches.is_empty() {
                    self.tool = Tool::Pinching;
                }
                Vec::new()
            }
            Tool::Pointing { hit, .. } => self.click(input, hit, scene),
            Tool::Dragging { nodes, dx, dy, .. } => {
                scene.shift(None);
                if dx == 0.0 && dy == 0.0 {
                    return Vec::new();
                }
                vec![Intent::Move {
                    nodes,
                    dx,
                    dy,
                    copy: input.modifiers.alt,
                }]
            }
            Tool::Connecting { from, .. } => drop_target(scene, spot, zoom)
                .map(|to| Intent::Link { from, to })
                .into_iter()
                .collect(),
            Tool::Placing { item, .. } => vec![Intent::Place {
                item,
                at: Spot::new(to_grid(spot.x), to_grid(spot.y)),
            }],
        }
    }

    fn click(&mut self, input: PointerInput, hit: Hit, scene: &Scene) -> Vec<Intent> {
        let more = input.modifiers.shift || input.modifiers.command();
        match hit {
            Hit::Node(node) if more => self.selection.toggle(node),
            Hit::Node(node) => {
                self.selection = Selection::of_nodes([node]);
                return vec![Intent::Click(self.spot(input)), Intent::Selected];
            }
            Hit::Exit(node) => {
                self.selection = Selection::of_nodes([node]);
                self.connect_from(node, scene);
            }
            Hit::Edge(edge) => {
                self.selection = Selection::of_edge(edge);
                return vec![Intent::Click(self.spot(input)), Intent::Selected];
            }
            Hit::Nothing if more => {}
            Hit::Nothing => {
                self.selection = Selection::default();
                return vec![Intent::Click(self.spot(input)), Intent::Selected];
            }
        }
        vec![Intent::Selected]
    }

    fn pinch(&mut self, input: PointerInput, before: Option<(f64, f64)>) {
        let Some((old_x, old_y)) = before else {
            return;
        };
        let other = self
            .touches
            .iter()
            .find(|(pointer, _)| **pointer != input.pointer);
        let Some((_, (other_x, other_y))) = other else {
            return;
        };
        let (other_x, other_y) = (*other_x, *other_y);
        let apart = |x: f64, y: f64| libm::hypot(x - other_x, y - other_y).max(1.0);
        let middle_x = f64::midpoint(input.x, other_x);
        let middle_y = f64::midpoint(input.y, other_y);
        self.viewport
            .pan((old_x - input.x) / 2.0, (old_y - input.y) / 2.0);
        let factor = apart(input.x, input.y) / apart(old_x, old_y);
        self.viewport.zoom_about(middle_x, middle_y, factor);
    }
}

/// The box a line dropped at `spot` ends at.
fn drop_target(scene: &Scene, spot: Spot, zoom: f64) -> Option<NodeId> {
    match scene.hit(spot, zoom) {
        Hit::Node(node) | Hit::Exit(node) => Some(node),
        Hit::Nothing | Hit::Edge(_) => {
            let reach = DROP_REACH / zoom;
            scene
                .nodes()
                .filter(|node| node.rect.grown(reach).contains(spot))
                .min_by(|a, b| {
                    let off = |rect: &Rect| rect.entry().distance(spot);
                    off(&a.rect).total_cmp(&off(&b.rect))
                })
                .map(|node| node.id)
        }
    }
}

/// Lines that follow from an argument cannot be selected as a thing of their own to delete; this is
/// the box whose argument it is.
#[must_use]
pub const fn owner_of(edge: EdgeKey) -> Option<NodeId> {
    match edge {
        EdgeKey::Edge(_) => None,
        EdgeKey::DeadLetter(node) | EdgeKey::Alternate(node) => Some(node),
    }
}
