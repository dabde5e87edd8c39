//! What this is, and what it is not.
//!
//! Deliberately not here: help on single things; that stands where they are.

use crate::app::Words;
use yew::{Html, Properties, function_component, html};

#[derive(Debug, Clone, PartialEq, Properties)]
pub(super) struct AboutProps {
    pub(super) words: Words,
}

#[function_component(About)]
pub(super) fn about(props: &AboutProps) -> Html {
    let words = props.words;
    html! {<>
        <p class="lead">{ words.tagline() }</p>
        <p>{ words.about_what() }</p>
        <p id="affiliation">{ words.about_affiliation() }</p>
        <p class="muted">{ concat!("Brokerlab ", env!("CARGO_PKG_VERSION"), " · MIT OR Apache-2.0") }</p>
    </>}
}
