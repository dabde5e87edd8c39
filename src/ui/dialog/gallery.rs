//! The gallery of scenarios.
//!
//! Deliberately not here: the scenarios; they are data files.

use super::OpenDialog;
use crate::app::Action;
use crate::app::view::GalleryEntry;
use crate::ui::element::{El, each, el};
use crate::ui::hand::Deed;

pub(super) fn draw(dialog: &OpenDialog, entries: &[GalleryEntry], body: El) -> El {
    let help = el("p class='muted'").text(dialog.words.gallery_help());
    let cards = entries.iter().map(|entry| card(dialog, entry));
    body.kid(help).kid(el("ul class='cards'").kid(each(cards)))
}

fn card(dialog: &OpenDialog, entry: &GalleryEntry) -> El {
    let open = Deed::CloseAndDo(Action::OpenGallery(entry.key.clone()));
    el("li").kid(
        el("button type='button' class='card'")
            .set("data-scenario", &entry.key)
            .on("click", &dialog.shell, open)
            .kid(el("strong").text(&entry.title))
            .kid(el("span").text(&entry.description)),
    )
}
