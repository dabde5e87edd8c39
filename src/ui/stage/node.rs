//! A box on the stage. What changes while it runs (rate, depth, slots ...) is drawn over it by
//! `ui::numbers`, so that a running simulation renders nothing anew.
//!
//! Deliberately not here: pointer and keys (the stage hears them for all boxes).

use crate::app::view::{NodeShape, NodeView};
use crate::ui::hand::yes;
use crate::ui::part::Part;
use crate::ui::shell::node_element_id;
use crate::ui::stage::glyph::{HEAD_SHARE, TUBE_HEIGHT, TUBE_SHARE, glyph, outline};
use crate::ui::stage::is_wide;
use yew::{Html, html};

/// A box on the stage.
#[derive(PartialEq)]
pub(crate) struct NodeBox {
    /// What is drawn.
    pub(crate) view: NodeView,
    /// Takes part in the tab order: one box at a time does.
    pub(crate) tab_stop: bool,
}

impl Part for NodeBox {
    fn same(&self, other: &Self) -> bool {
        self == other
    }

    fn draw(&self) -> Html {
        node_box(self)
    }
}

fn node_box(props: &NodeBox) -> Html {
    let view = &props.view;
    let link = match view.link_target {
        Some(true) => " link-yes",
        Some(false) => " link-no",
        None => "",
    };
    html! {
        <g id={node_element_id(view.id)}
            class={format!("node {}{link}", kind_class(view.shape))}
            data-node={view.id.to_string()}
            transform={format!("translate({} {})", view.x, view.y)}
            tabindex={if props.tab_stop { "0" } else { "-1" }}
            role="option"
            aria-selected={yes(view.selected)}
            aria-label={view.description.clone()}>
            <g aria-hidden="true">
                { focus_frame(view) }
                { outline(view.shape, view.width, view.height) }
                { inside(view) }
                { handles(view) }
                if let Some(problem) = &view.problem {
                    <g class="problem" transform={format!("translate({} {})",
                        view.width / 2.0 - 4.0, -view.height / 2.0 - 2.0)}>
                        <title>{ problem }</title>
                        <path d="M0 -9L9 7H-9Z" />
                        <path class="mark" d="M0 -3.5V2M0 4.4V4.5" />
                    </g>
                }
            </g>
        </g>
    }
}

/// The class that says what a box is.
const fn kind_class(shape: NodeShape) -> &'static str {
    match shape {
        NodeShape::Producer => "producer",
        NodeShape::Direct | NodeShape::Fanout | NodeShape::Topic | NodeShape::Headers => "exchange",
        NodeShape::OtherExchange => "exchange unknown",
        NodeShape::Queue => "queue",
        NodeShape::OtherQueue => "queue unknown",
        NodeShape::Consumer => "consumer",
    }
}

fn focus_frame(view: &NodeView) -> Html {
    let (width, height) = (view.width + 16.0, view.height + 16.0);
    html! {
        <rect class="frame" x={(-width / 2.0).to_string()} y={(-height / 2.0).to_string()}
            width={width.to_string()} height={height.to_string()} rx="8" />
    }
}

fn handles(view: &NodeView) -> Html {
    let right = view.width / 2.0;
    match view.shape {
        NodeShape::Consumer => Html::default(),
        NodeShape::Producer
        | NodeShape::Direct
        | NodeShape::Fanout
        | NodeShape::Topic
        | NodeShape::Headers
        | NodeShape::OtherExchange
        | NodeShape::Queue
        | NodeShape::OtherQueue => html! {
            <g class="handle" transform={format!("translate({right} 0)")}>
                <circle r="14" class="reach" />
                <circle r="5.5" class="dot" />
                <path class="plus" d="M-2.6 0H2.6M0 -2.6V2.6" />
            </g>
        },
    }
}

fn text(class: &'static str, x: f64, y: f64, content: &str) -> Html {
    html! { <text {class} x={x.to_string()} y={y.to_string()}>{ content }</text> }
}

/// Cuts a name to what fits; the whole of it is in the tooltip, the inspector and the description.
fn fitted(name: &str, width: f64) -> String {
    let wide = |letter: char| if is_wide(letter) { 13.0 } else { 7.2 };
    let mut used = 0.0;
    let mut kept = String::new();
    for letter in name.chars() {
        used += wide(letter);
        if used > width {
            kept.pop();
            kept.push('…');
            break;
        }
        kept.push(letter);
    }
    kept
}

fn inside(view: &NodeView) -> Html {
    match view.shape {
        NodeShape::Producer => producer(view),
        NodeShape::Direct
        | NodeShape::Fanout
        | NodeShape::Topic
        | NodeShape::Headers
        | NodeShape::OtherExchange => exchange(view),
        NodeShape::Queue | NodeShape::OtherQueue => queue(view),
        NodeShape::Consumer => consumer(view),
    }
}

fn producer(view: &NodeView) -> Html {
    let (left, top) = (-view.width / 2.0, -view.height / 2.0);
    html! {<>
        <title>{ format!("{} · {}", view.label, view.detail) }</title>
        { text("name", left + 12.0, top + 20.0, &fitted(&view.label, view.width - 36.0)) }
    </>}
}

fn exchange(view: &NodeView) -> Html {
    let below = view.height / 2.0;
    html! {<>
        <title>{ format!("{} · {}", view.label, view.detail) }</title>
        if let Some(path) = glyph(view.shape) {
            <path class="glyph" transform="scale(1.5)" d={path} />
        }
        { text("name middle", 0.0, below + 18.0, &fitted(&view.label, 150.0)) }
        { text("detail middle", 0.0, below + 33.0, &view.detail) }
    </>}
}

fn queue(view: &NodeView) -> Html {
    let left = -view.width / 2.0;
    let middle = view.height * TUBE_SHARE;
    let (top, bottom) = (middle - TUBE_HEIGHT / 2.0, middle + TUBE_HEIGHT / 2.0);
    let head = view.width * HEAD_SHARE;
    html! {<>
        <title>{ format!("{} · {}", view.label, view.detail) }</title>
        <path class="head" d={format!("M{head} {top}V{bottom}")} />
        { text("name", left + 4.0, top - 8.0, &fitted(&view.label, view.width - 84.0)) }
        { text("detail", left + 4.0, bottom + 34.0, &view.detail) }
    </>}
}

fn consumer(view: &NodeView) -> Html {
    let (left, top) = (-view.width / 2.0, -view.height / 2.0);
    html! {<>
        <title>{ format!("{} · {}", view.label, view.detail) }</title>
        { text("name", left + 12.0, top + 19.0, &fitted(&view.label, view.width - 20.0)) }
        <circle class="ring" r="14" cx={(left + 27.0).to_string()} cy={(top + 46.0).to_string()} />
        { text("detail", left, view.height / 2.0 + 15.0, &view.detail) }
    </>}
}
