//! The registry of named actions: menus, buttons, keys, the list of all actions and scripts read it.
//!
//! Deliberately not here: actions that carry a value (`action.rs`).

use super::{
    Action, App, Colouring, Dialog, KeyPress, Language, PaletteItem, Request, Theme, describe,
    session::edit_name, view::ActionView,
};
use crate::editor::scene::Direction;
use crate::editor::{Chord, Selection, Tool};
use crate::scenario::Shape;
use crate::sim::OperatorAction;
use crate::text::Words;
use crate::types::NodeId;

/// Stage units an arrow key moves a box by: one line of the grid.
const NUDGE: f64 = 8.0;
/// One click of the zoom buttons.
const ZOOM_STEP: f64 = 1.25;

/// A named action.
struct Entry {
    id: &'static str,
    label: fn(Words) -> &'static str,
    keys: &'static [&'static str],
    enabled: fn(&App) -> bool,
    perform: fn(&mut App),
    of_annex: bool,
}

impl Entry {
    /// Done by code of the annex.
    const fn of_annex(self) -> Self {
        Self {
            of_annex: true,
            ..self
        }
    }
}

const fn entry(
    id: &'static str,
    label: fn(Words) -> &'static str,
    keys: &'static [&'static str],
    enabled: fn(&App) -> bool,
    perform: fn(&mut App),
) -> Entry {
    Entry {
        id,
        label,
        keys,
        enabled,
        perform,
        of_annex: false,
    }
}

fn always(_: &App) -> bool {
    true
}

fn has_selection(app: &App) -> bool {
    !app.editor.selection.is_empty()
}

fn has_nodes(app: &App) -> bool {
    !app.editor.selection.nodes().is_empty()
}

fn has_one(app: &App) -> bool {
    app.editor.selection.node().is_some()
}

fn is_connecting(app: &App) -> bool {
    matches!(app.editor.tool(), Tool::Connecting { .. })
}

fn has_any_node(app: &App) -> bool {
    app.scene.node_count() > 0
}

static ENTRIES: &[Entry] = &[
    entry(
        "play",
        Words::act_play,
        &["Space"],
        always,
        App::toggle_play,
    ),
    entry("step", Words::act_step, &["."], always, App::step),
    entry(
        "reset",
        Words::act_reset,
        &["Shift+R"],
        always,
        App::reset_run,
    ),
    entry("slower", Words::act_slower, &["["], always, |app| {
        app.playback.step_speed(false);
    }),
    entry("faster", Words::act_faster, &["]"], always, |app| {
        app.playback.step_speed(true);
    }),
    entry(
        "undo",
        Words::act_undo,
        &["Ctrl+Z"],
        |app| app.history.undo_label().is_some(),
        App::undo,
    ),
    entry(
        "redo",
        Words::act_redo,
        &["Ctrl+Shift+Z", "Ctrl+Y"],
        |app| app.history.redo_label().is_some(),
        App::redo,
    ),
    entry("new", Words::act_new, &[], always, App::new_document),
    entry("open", Words::act_open, &["Ctrl+O"], always, |app| {
        app.request(Request::OpenFile {
            accept: ".json,.csv",
        });
    }),
    entry("save", Words::act_save, &["Ctrl+S"], always, App::save),
    entry("export", Words::act_export, &[], always, App::export).of_annex(),
    entry("adopt", Words::act_adopt, &[], App::has_outside, App::adopt).of_annex(),
    entry("gallery", Words::act_gallery, &["G"], always, |app| {
        app.request(Request::Show(Dialog::Gallery));
    }),
    entry("add-load", Words::act_add_load, &[], has_any_node, |app| {
        app.request(Request::Show(Dialog::AddLoad));
    })
    .of_annex(),
    entry(
        "delete",
        Words::act_delete,
        &["Delete", "Backspace"],
        has_selection,
        App::delete_selected,
    ),
    entry(
        "duplicate",
        Words::act_duplicate,
        &["Ctrl+D"],
        has_nodes,
        |app| {
            let nodes = app.editor.selection.nodes().clone();
            app.duplicate_by(nodes, 4.0 * NUDGE, 4.0 * NUDGE);
        },
    ),
    entry("copy", Words::act_copy, &["Ctrl+C"], has_nodes, App::copy).of_annex(),
    entry("cut", Words::act_cut_out, &["Ctrl+X"], has_nodes, |app| {
        app.copy();
        app.delete_selected();
    })
    .of_annex(),
    entry(
        "paste",
        Words::act_paste,
        &["Ctrl+V"],
        |app| !app.clipboard.nodes.is_empty(),
        App::paste,
    )
    .of_annex(),
    entry(
        "select-all",
        Words::act_select_all,
        &["Ctrl+A"],
        has_any_node,
        |app| {
            let all: Vec<NodeId> = app.scene.nodes().map(|node| node.id).collect();
            app.select(Selection::of_nodes(all));
        },
    ),
    entry(
        "escape",
        Words::act_escape,
        &["Escape"],
        |app| *app.editor.tool() != Tool::Idle || has_selection(app) || app.presenting,
        App::escape,
    ),
    entry("link", Words::act_link, &["L"], has_one, |app| {
        if let Some(node) = app.editor.selection.node() {
            app.editor.connect_from(node, &app.scene);
        }
    }),
    entry(
        "accept",
        Words::act_accept,
        &["Enter"],
        is_connecting,
        |app| {
            if let Some((from, to)) = app.editor.aimed() {
                app.link(from, to);
            }
        },
    ),
    entry(
        "rename",
        Words::act_rename,
        &["F2", "Enter"],
        has_one,
        |app| {
            if let Some(node) = app.editor.selection.node() {
                app.open_node(node);
            }
        },
    ),
    entry(
        "arrange",
        Words::act_arrange,
        &[],
        has_any_node,
        App::arrange,
    )
    .of_annex(),
    entry(
        "fit",
        Words::act_fit,
        &["F", "Ctrl+1"],
        has_any_node,
        App::fit,
    ),
    entry(
        "zoom-selection",
        Words::act_zoom_selection,
        &["Shift+F"],
        has_nodes,
        |app| {
            if let Some(bounds) = app.scene.bounds_of(app.editor.selection.nodes()) {
                app.editor.viewport.fit(&bounds);
            }
        },
    ),
    entry(
        "zoom-in",
        Words::act_zoom_in,
        &["Ctrl+=", "+"],
        always,
        |app| {
            app.zoom(ZOOM_STEP);
        },
    ),
    entry(
        "zoom-out",
        Words::act_zoom_out,
        &["Ctrl+-", "-"],
        always,
        |app| {
            app.zoom(1.0 / ZOOM_STEP);
        },
    ),
    entry(
        "zoom-reset",
        Words::act_zoom_reset,
        &["Ctrl+0"],
        always,
        |app| {
            let factor = 1.0 / app.editor.viewport.zoom;
            app.zoom(factor);
        },
    ),
    entry("present", Words::act_present, &["P"], always, |app| {
        app.presenting = !app.presenting;
        app.request(Request::Present(app.presenting));
    }),
    entry("problems", Words::act_problems, &[], always, |app| {
        app.request(Request::Show(Dialog::Problems));
    }),
    entry(
        "actions",
        Words::act_actions,
        &["Ctrl+K", "?"],
        always,
        |app| {
            app.request(Request::Show(Dialog::Actions));
        },
    )
    .of_annex(),
    entry(
        "go-left",
        Words::act_go_left,
        &["ArrowLeft"],
        has_any_node,
        |app| {
            app.go(Direction::Left);
        },
    ),
    entry(
        "go-right",
        Words::act_go_right,
        &["ArrowRight"],
        has_any_node,
        |app| {
            app.go(Direction::Right);
        },
    ),
    entry(
        "go-up",
        Words::act_go_up,
        &["ArrowUp"],
        has_any_node,
        |app| {
            app.go(Direction::Up);
        },
    ),
    entry(
        "go-down",
        Words::act_go_down,
        &["ArrowDown"],
        has_any_node,
        |app| {
            app.go(Direction::Down);
        },
    ),
    entry(
        "edge-next",
        Words::act_edge_next,
        &["E"],
        App::has_edges_here,
        |app| app.go_to_edge(true),
    ),
    entry(
        "edge-previous",
        Words::act_edge_previous,
        &["Shift+E"],
        App::has_edges_here,
        |app| app.go_to_edge(false),
    ),
    entry(
        "edge-edit",
        Words::act_edge_edit,
        &["Enter", "F2"],
        App::has_edge_fields,
        |app| {
            app.request(Request::FocusField {
                key: "binding-key".to_owned(),
            });
        },
    ),
    entry(
        "move-left",
        Words::act_move_left,
        &["Shift+ArrowLeft"],
        has_nodes,
        |app| {
            app.nudge(-NUDGE, 0.0);
        },
    ),
    entry(
        "move-right",
        Words::act_move_right,
        &["Shift+ArrowRight"],
        has_nodes,
        |app| {
            app.nudge(NUDGE, 0.0);
        },
    ),
    entry(
        "move-up",
        Words::act_move_up,
        &["Shift+ArrowUp"],
        has_nodes,
        |app| {
            app.nudge(0.0, -NUDGE);
        },
    ),
    entry(
        "move-down",
        Words::act_move_down,
        &["Shift+ArrowDown"],
        has_nodes,
        |app| {
            app.nudge(0.0, NUDGE);
        },
    ),
    entry(
        "unfollow",
        Words::act_unfollow,
        &[],
        |app| app.followed.is_some(),
        |app| app.followed = None,
    ),
];

/// Actions on the selected node of a run, and on which shapes they make sense.
static RUN_ENTRIES: &[(Entry, &[Shape])] = &[
    (
        run_entry("publish-one", Words::act_publish_one, |app| {
            app.operate(OperatorAction::PublishOne)
        }),
        &[Shape::Producer],
    ),
    (
        run_entry("pause", Words::act_pause_client, |app| {
            app.operate(OperatorAction::Pause)
        }),
        CLIENTS,
    ),
    (
        run_entry("resume", Words::act_resume_client, |app| {
            app.operate(OperatorAction::Resume)
        }),
        CLIENTS,
    ),
    (
        run_entry("crash", Words::act_crash, |app| {
            app.operate(OperatorAction::Crash)
        }),
        CLIENTS,
    ),
    (
        run_entry("restart", Words::act_restart, |app| {
            app.operate(OperatorAction::Restart)
        }),
        CLIENTS,
    ),
    (
        run_entry("cut-link", Words::act_cut_link, |app| {
            app.operate(OperatorAction::Cut)
        }),
        CLIENTS,
    ),
    (
        run_entry("reconnect", Words::act_reconnect, |app| {
            app.operate(OperatorAction::Reconnect)
        }),
        CLIENTS,
    ),
    (
        run_entry("purge", Words::act_purge, |app| {
            app.operate(OperatorAction::Purge)
        }),
        &[Shape::Queue],
    ),
];

const CLIENTS: &[Shape] = &[Shape::Producer, Shape::Consumer];

const fn run_entry(
    id: &'static str,
    label: fn(Words) -> &'static str,
    perform: fn(&mut App),
) -> Entry {
    entry(id, label, &[], has_one, perform)
}

/// Whether a named action does something to what is selected.
pub(super) fn is_about_selection(id: &str) -> bool {
    matches!(
        id,
        "delete"
            | "duplicate"
            | "copy"
            | "cut"
            | "link"
            | "rename"
            | "edge-next"
            | "edge-previous"
            | "zoom-selection"
            | "go-left"
            | "go-right"
            | "go-up"
            | "go-down"
            | "move-left"
            | "move-right"
            | "move-up"
            | "move-down"
    )
}

impl App {
    /// Does a named action of the registry; an unknown or disabled one does nothing.
    pub fn perform(&mut self, id: &str) -> Vec<Request> {
        self.dispatch(Action::Perform(id.to_owned()))
    }

    pub(super) fn carry_out_named(&mut self, id: &str) {
        if let Some(entry) = ENTRIES.iter().find(|entry| entry.id == id) {
            let again = || Action::Perform(id.to_owned());
            if (entry.enabled)(self) && !(entry.of_annex && self.awaits_annex(again)) {
                (entry.perform)(self);
            }
            return;
        }
        if let Some((entry, _)) = RUN_ENTRIES.iter().find(|(entry, _)| entry.id == id) {
            if self.selected_run_entries().any(|known| known.id == id) {
                (entry.perform)(self);
            }
            return;
        }
        let item = |prefix: &str| id.strip_prefix(prefix);
        if let Some(item) = item("add-").and_then(PaletteItem::from_name) {
            self.again(Some(Action::Add(item)));
        } else if let Some(tag) = item("language-") {
            self.again(Language::from_tag(tag).map(Action::SetLanguage));
        } else if let Some(theme) = item("theme-").and_then(Theme::from_name) {
            self.again(Some(Action::SetTheme(theme)));
        } else if let Some(colouring) = item("colour-").and_then(Colouring::from_name) {
            self.again(Some(Action::SetColouring(colouring)));
        }
    }

    fn again(&mut self, action: Option<Action>) {
        if let Some(action) = action {
            let more = self.dispatch(action);
            self.requests.extend(more);
        }
    }

    /// Actions that make sense on the selected node of the run.
    pub(super) fn run_actions(&self) -> Vec<ActionView> {
        let words = self.words();
        self.selected_run_entries()
            .map(|entry| self.entry_view(entry, words))
            .collect()
    }

    fn selected_run_entries(&self) -> impl Iterator<Item = &'static Entry> {
        let shape = self
            .editor
            .selection
            .node()
            .and_then(|node| Some(self.scenario().node(node)?.kind.shape()));
        RUN_ENTRIES
            .iter()
            .filter(move |(_, shapes)| shape.is_some_and(|shape| shapes.contains(&shape)))
            .map(|(entry, _)| entry)
    }

    fn entry_view(&self, entry: &Entry, words: Words) -> ActionView {
        let label = match entry.id {
            "play" if self.playback.playing => words.act_pause_run().to_owned(),
            "undo" => match self.history.undo_label() {
                Some(label) => words.act_undo_what(edit_name(label, words)),
                None => words.act_undo().to_owned(),
            },
            "redo" => match self.history.redo_label() {
                Some(label) => words.act_redo_what(edit_name(label, words)),
                None => words.act_redo().to_owned(),
            },
            _ => (entry.label)(words).to_owned(),
        };
        ActionView {
            id: entry.id.to_owned(),
            label,
            shortcut: entry.keys.first().copied().unwrap_or_default().to_owned(),
            enabled: (entry.enabled)(self),
            checked: match entry.id {
                "play" => Some(self.playback.playing),
                "present" => Some(self.presenting),
                _ => None,
            },
        }
    }

    /// Every named action, for menus, buttons, the command palette and scripts.
    #[must_use]
    pub fn actions(&self) -> Vec<ActionView> {
        let words = self.words();
        let mut all: Vec<ActionView> = ENTRIES
            .iter()
            .map(|entry| self.entry_view(entry, words))
            .collect();
        all.extend(self.run_actions());
        let option =
            |id: String, label: String, shortcut: String, checked: Option<bool>| ActionView {
                id,
                label,
                shortcut,
                enabled: true,
                checked,
            };
        for (item, number) in PaletteItem::ALL.into_iter().zip(1..) {
            let kind = describe::kind_name(describe::shape_of(&item.kind()), words);
            let id = format!("add-{}", item.name());
            all.push(option(id, words.act_add(kind), format!("{number}"), None));
        }
        for language in Language::ALL {
            let id = format!("language-{}", language.tag());
            let label = words.act_language(language.own_name());
            let checked = Some(self.preferences.language == language);
            all.push(option(id, label, String::new(), checked));
        }
        for theme in Theme::ALL {
            let id = format!("theme-{}", theme.name());
            let label = words.act_theme(theme_name(theme, words));
            let checked = Some(self.preferences.theme == theme);
            all.push(option(id, label, String::new(), checked));
        }
        for colouring in Colouring::ALL {
            let id = format!("colour-{}", colouring.name());
            let label = words.act_colouring(colouring_name(colouring, words));
            let checked = Some(self.preferences.colouring == colouring);
            all.push(option(id, label, String::new(), checked));
        }
        all
    }

    /// One action of the registry, for a button.
    #[must_use]
    pub fn action(&self, id: &str) -> Option<ActionView> {
        let words = self.words();
        let named = ENTRIES.iter().find(|entry| entry.id == id);
        match named {
            Some(entry) => Some(self.entry_view(entry, words)),
            None => self.actions().into_iter().find(|action| action.id == id),
        }
    }

    /// The enabled action a key stands for.
    pub(super) fn action_for(&self, press: &KeyPress) -> Option<String> {
        let ours = |name: &str| {
            let chord = Chord::parse(name);
            (press.on_stage || !chord.needs_focus()) && chord.matches(press)
        };
        let named = ENTRIES
            .iter()
            .find(|entry| entry.keys.iter().any(|key| ours(key)) && (entry.enabled)(self));
        if let Some(entry) = named {
            return Some(entry.id.to_owned());
        }
        PaletteItem::ALL
            .into_iter()
            .zip(1..)
            .find(|(_, number)| ours(&format!("{number}")))
            .map(|(item, _)| format!("add-{}", item.name()))
    }

    // --- what the entries do ---

    fn escape(&mut self) {
        if self.editor.put_down(&mut self.scene) {
            return;
        }
        if has_selection(self) {
            self.select(Selection::default());
        } else if self.presenting {
            self.presenting = false;
            self.request(Request::Present(false));
        }
    }

    fn zoom(&mut self, factor: f64) {
        let (x, y) = self.middle_of_element();
        self.editor.viewport.zoom_about(x, y, factor);
    }

    /// Does something to the selected node of the run, now.
    fn operate(&mut self, action: fn(NodeId) -> OperatorAction) {
        let Some(node) = self.editor.selection.node() else {
            return;
        };
        self.run_is_fresh = false;
        match self.run.operate(action(node)) {
            Ok(()) => self.playback.ended = None,
            Err(error) => {
                let words = self.words();
                self.refuse(words.operate_refused(&self.operate_error(error)));
            }
        }
    }

    fn operate_error(&self, error: crate::sim::OperateError) -> String {
        use crate::sim::OperateError as Error;
        let words = self.words();
        match error {
            Error::NoClient(_) | Error::NoProducer(_) => words.state_absent(),
            Error::NotConnected(_) => words.state_down(),
            Error::NoQueue(_) => words.state_absent(),
            Error::NoConnection(_) => words.state_down(),
        }
        .to_owned()
    }
}

fn theme_name(theme: Theme, words: Words) -> &'static str {
    match theme {
        Theme::System => words.theme_system(),
        Theme::Light => words.theme_light(),
        Theme::Dark => words.theme_dark(),
        Theme::Projector => words.theme_projector(),
    }
}

fn colouring_name(colouring: Colouring, words: Words) -> &'static str {
    match colouring {
        Colouring::RoutingKey => words.colour_routing_key(),
        Colouring::Producer => words.colour_producer(),
        Colouring::Age => words.colour_age(),
    }
}
