//! Keeps the moving picture in step with the stage and the run, one frame after another.
//!
//! Deliberately not here: pixels (`picture`), and the wall clock, whose time comes in.

use super::App;
use super::picture::{Camera, ColourBy, DrawOptions, Ground, Picture, Place, Road};
use super::preferences::Colouring;
use super::view::{EdgeShape, StageView};
use crate::editor::{EdgeKey, Scene, SceneEdge, Spot};
use crate::scenario::{EdgeKind, Scenario};
use crate::sim::Simulation;
use crate::types::MessageId;

/// Points by which a line is known to the picture; between them marks go straight.
const ROAD_POINTS: usize = 24;
/// Of a long stretch of trace between two frames only the end can still be seen.
const RECORDS_A_FRAME_MAX: u64 = 20_000;
/// How near a click has to be to a message, in CSS pixels.
const REACH_CSS: f64 = 9.0;

/// How the next frame is to look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrameLook {
    /// The frame's time on the shell's clock, in milliseconds.
    pub wall_ms: f64,
    /// Device pixels per CSS pixel.
    pub pixel_ratio: f64,
    /// Step instead of gliding.
    pub reduced_motion: bool,
    /// The theme in force.
    pub ground: Ground,
}

/// The picture, and up to where it has followed stage and run.
#[derive(Debug, Clone, Default)]
pub(super) struct Film {
    picture: Picture,
    /// Which run, and up to which record of it.
    run_number: u64,
    cursor: u64,
    stage_version: Option<u64>,
}

impl Film {
    fn follow_run(&mut self, run: &Simulation, run_number: u64, wall_ms: f64) {
        if self.run_number != run_number {
            self.run_number = run_number;
            self.cursor = 0;
            self.picture.reset();
        }
        let next = run.next_sequence();
        let from = self.cursor.max(next.saturating_sub(RECORDS_A_FRAME_MAX));
        let picture = &mut self.picture;
        run.records_since(from, |record| picture.follow(record, run, wall_ms));
        self.cursor = next;
    }

    fn follow_stage(&mut self, stage: &StageView, scene: &Scene, scenario: &Scenario) {
        if self.stage_version == Some(stage.version) {
            return;
        }
        self.stage_version = Some(stage.version);
        let places = stage.nodes.iter().map(|node| Place {
            node: node.id,
            shape: node.shape,
            x: node.x as f32,
            y: node.y as f32,
            width: node.width as f32,
            height: node.height as f32,
        });
        // A mark may come from a box outside of the view, so lines are those of all that is near.
        let shown = |edge: &&SceneEdge| {
            stage
                .nodes
                .iter()
                .any(|node| node.id == edge.from || node.id == edge.to)
        };
        let roads = scene
            .edges()
            .filter(shown)
            .filter_map(|edge| road(scene, scenario, edge));
        self.picture
            .set_stage(roads.collect(), places.collect(), stage.distant.clone());
    }
}

fn road(scene: &Scene, scenario: &Scenario, edge: &SceneEdge) -> Option<Road> {
    let shape = match edge.key {
        EdgeKey::Edge(id) => match scenario.edge(id)?.kind {
            EdgeKind::Publish => EdgeShape::Publish,
            EdgeKind::Binding { .. } => EdgeShape::Binding,
            EdgeKind::Consume => EdgeShape::Consume,
        },
        EdgeKey::DeadLetter(_) => EdgeShape::DeadLetter,
        EdgeKey::Alternate(_) => EdgeShape::Alternate,
    };
    let path = scene.path(edge);
    let points = (0..ROAD_POINTS).map(|step| {
        let spot = path.point_at(step as f64 / (ROAD_POINTS - 1) as f64);
        (spot.x as f32, spot.y as f32)
    });
    Some(Road {
        from: edge.from,
        to: edge.to,
        shape,
        points: points.collect(),
    })
}

impl App {
    /// Draws the next frame of messages and gives the picture, to be put on the canvas.
    pub fn draw(&mut self, look: FrameLook) -> &mut Picture {
        self.stage();
        let Self {
            film,
            run,
            run_number,
            stage,
            scene,
            shown,
            history,
            ..
        } = self;
        let scenario = shown.as_ref().unwrap_or_else(|| history.present());
        film.follow_run(run, *run_number, look.wall_ms);
        film.follow_stage(stage, scene, scenario);
        let camera = Camera {
            pan_x: stage.pan_x,
            pan_y: stage.pan_y,
            zoom: stage.zoom,
            pixel_ratio: look.pixel_ratio,
            width: self.editor.viewport.width,
            height: self.editor.viewport.height,
        };
        let options = DrawOptions {
            ground: look.ground,
            colour_by: match self.preferences.colouring {
                Colouring::RoutingKey => ColourBy::RoutingKey,
                Colouring::Producer => ColourBy::Producer,
                Colouring::Age => ColourBy::Age,
            },
            reduced_motion: look.reduced_motion,
        };
        film.picture.draw(run, camera, options, look.wall_ms);
        &mut film.picture
    }

    /// The message whose mark is at this place of the stage, when there is one.
    #[must_use]
    pub fn message_at(&self, spot: Spot) -> Option<MessageId> {
        let reach = REACH_CSS / self.stage.zoom.max(f64::MIN_POSITIVE);
        self.film.picture.message_at(spot.x, spot.y, reach)
    }
}
