//! Elements of the page, built call by call over yew's virtual DOM.
//!
//! The opening tag is written as in HTML, with what never changes about the element in it; what does
//! change follows in calls, and children last. A handful of functions serves all elements: `html!`
//! writes each element out in full at its place, which made the page a tenth heavier. Deliberately not
//! here: what elements there are, and what listeners do (`hand.rs`).

use crate::types::{Shortest, shortest};
use crate::ui::hand::Deed;
use crate::ui::shell::Shell;
use indexmap::IndexMap;
use std::borrow::Cow;
use std::rc::Rc;
use yew::virtual_dom::{
    AttributeOrProperty, Attributes, Key, Listener, ListenerKind, VList, VTag, VText,
};
use yew::{AttrValue, Callback, Event, Html};

/// An element that is being built.
pub(crate) struct El(Box<Parts>);

struct Parts {
    tag: VTag,
    attributes: IndexMap<AttrValue, AttributeOrProperty>,
    children: Vec<Html>,
}

/// An element from its opening tag without the angle brackets: the name, then attributes whose values
/// stand in single quotes, as in `button type='button' class='play'`.
pub(crate) fn el(opening: &'static str) -> El {
    let (name, rest) = opening.split_once(' ').unwrap_or((opening, ""));
    let mut attributes = IndexMap::default();
    let mut pieces = rest.split('\'');
    while let (Some(name), Some(value)) = (pieces.next(), pieces.next()) {
        let name = name.trim_matches([' ', '=']);
        attributes.insert(AttrValue::Static(name), AttributeOrProperty::Static(value));
    }
    El(Box::new(Parts {
        tag: VTag::new(name),
        attributes,
        children: Vec::new(),
    }))
}

impl El {
    /// An attribute.
    pub(crate) fn set(mut self, name: &'static str, value: &str) -> Self {
        let value = AttributeOrProperty::Attribute(Rc::<str>::from(value).into());
        self.0.attributes.insert(AttrValue::Static(name), value);
        self
    }

    /// An attribute that may be missing.
    pub(crate) fn maybe(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// An attribute that says something by being there.
    pub(crate) fn flag(self, name: &'static str, on: bool) -> Self {
        self.maybe(name, on.then_some(name))
    }

    /// An attribute that is a number.
    pub(crate) fn number(self, name: &'static str, value: f64) -> Self {
        self.set(name, &shortest(value))
    }

    /// Moves a drawing to that place.
    pub(crate) fn at(self, x: f64, y: f64) -> Self {
        self.set(
            "transform",
            &format!("translate({} {})", Shortest(x), Shortest(y)),
        )
    }

    /// What stands in a field. A property, which stays true when somebody has typed.
    pub(crate) fn value(mut self, value: &str) -> Self {
        self.0
            .tag
            .set_value(Some(AttrValue::from(Rc::<str>::from(value))));
        self
    }

    /// Whether a box is ticked. A property, as above.
    pub(crate) fn checked(mut self, on: bool) -> Self {
        self.0.tag.set_checked(on);
        self
    }

    /// What tells it from its sisters, in a list whose members come and go.
    pub(crate) fn key(mut self, key: &str) -> Self {
        self.0.tag.key = Some(Key::from(key));
        self
    }

    /// Does this when that event comes.
    pub(crate) fn on(mut self, event: &'static str, shell: &Shell, deed: Deed) -> Self {
        let shell = shell.clone();
        let listener = Ear {
            event,
            act: Callback::from(move |event| shell.hear(&deed, &event)),
        };
        self.0.tag.add_listener(Rc::new(listener));
        self
    }

    /// A text within it.
    pub(crate) fn text(self, text: &str) -> Self {
        self.add(VText::new(Rc::<str>::from(text)).into())
    }

    /// A child: an element, one that may be missing, or a piece of the page.
    pub(crate) fn kid(self, kid: impl Kid) -> Self {
        self.add(kid.html())
    }

    fn add(mut self, child: Html) -> Self {
        self.0.children.push(child);
        self
    }
}

/// What can stand within an element.
pub(crate) trait Kid {
    /// As yew has it.
    fn html(self) -> Html;
}

impl Kid for Html {
    fn html(self) -> Html {
        self
    }
}

impl Kid for El {
    fn html(self) -> Html {
        let Parts {
            mut tag,
            attributes,
            mut children,
        } = *self.0;
        if !attributes.is_empty() {
            tag.attributes = Attributes::IndexMap(Rc::new(attributes));
        }
        if let Some(place) = tag.children_mut() {
            *place = if children.len() == 1 {
                children.pop()
            } else {
                None
            }
            .unwrap_or_else(|| VList::with_children(children, None).into());
        }
        tag.into()
    }
}

impl Kid for Option<El> {
    /// One that is missing keeps its place, so that its sisters stay the elements they are.
    fn html(self) -> Html {
        self.map(Kid::html).unwrap_or_default()
    }
}

/// An element with this text in it; none without a text.
pub(crate) fn unless_empty(opening: &'static str, text: &str) -> Option<El> {
    (!text.is_empty()).then(|| el(opening).text(text))
}

/// One thing after another.
pub(crate) fn each<T: Kid>(mut all: impl Iterator<Item = T>) -> Html {
    gather(&mut || all.next().map(Kid::html))
}

/// For lists of all kinds at once: what collects is needed only once.
fn gather(next: &mut dyn FnMut() -> Option<Html>) -> Html {
    let mut drawn = Vec::new();
    while let Some(one) = next() {
        drawn.push(one);
    }
    VList::with_children(drawn, None).into()
}

/// Hears one event on one element.
struct Ear {
    event: &'static str,
    act: Callback<Event>,
}

impl Listener for Ear {
    fn kind(&self) -> ListenerKind {
        ListenerKind::other(Cow::Borrowed(self.event))
    }

    fn handle(&self, event: Event) {
        self.act.emit(event);
    }

    fn passive(&self) -> bool {
        false
    }
}
