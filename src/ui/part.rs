//! A piece of the page that is drawn anew only when it would look different.
//!
//! One kind of component for all pieces: each kind costs the download kilobytes. Deliberately not
//! here: the pieces, and anything they would remember.

use crate::ui::element::{El, Kid};
use std::any::Any;
use std::rc::Rc;
use yew::virtual_dom::{Key, VComp};
use yew::{Component, Context, Html, Properties};

/// A piece of the page.
pub(crate) trait Part: 'static {
    /// Draws it.
    fn draw(&self) -> El;

    /// Whether the other looks the same, so that drawing can be spared.
    fn same(&self, other: &Self) -> bool;
}

/// A piece of any kind.
trait AnyPart {
    fn draw_any(&self) -> Html;
    fn same_any(&self, other: &dyn AnyPart) -> bool;
    fn as_any(&self) -> &dyn Any;
}

impl<T: Part> AnyPart for T {
    fn draw_any(&self) -> Html {
        self.draw().html()
    }

    fn same_any(&self, other: &dyn AnyPart) -> bool {
        other
            .as_any()
            .downcast_ref::<T>()
            .is_some_and(|other| self.same(other))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[derive(Clone, Properties)]
struct HoldProps {
    part: Rc<dyn AnyPart>,
}

impl PartialEq for HoldProps {
    fn eq(&self, other: &Self) -> bool {
        self.part.same_any(&*other.part)
    }
}

/// Holds a piece in its place.
struct Hold;

impl Component for Hold {
    type Message = ();
    type Properties = HoldProps;

    fn create(_ctx: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        ctx.props().part.draw_any()
    }
}

/// Puts a piece into the page. Pieces that may change places among others want a key.
pub(crate) fn part(key: Option<String>, part: impl Part) -> Html {
    hold(key, Rc::new(part))
}

fn hold(key: Option<String>, part: Rc<dyn AnyPart>) -> Html {
    VComp::new::<Hold>(Rc::new(HoldProps { part }), key.map(Key::from)).into()
}
