//! The gallery of scenarios.
//!
//! Deliberately not here: the scenarios; they are data files.

use super::{OpenDialog, Wanted};
use crate::app::Action;
use crate::app::view::GalleryEntry;
use crate::ui::element::{El, each, el};
use crate::ui::hand::Deed;

pub(super) fn draw(dialog: &OpenDialog, entries: &[GalleryEntry], wanted: &Wanted, body: El) -> El {
    let help = el("p class='muted'").text(dialog.words.gallery_help());
    // What stands within a button is not read out by itself when it changes.
    let read_out = el("p class='read-out' role='status'").text(match wanted {
        Wanted::Nothing => "",
        Wanted::Coming(_) => dialog.words.gallery_coming(),
        Wanted::Failed(_) => dialog.words.gallery_failed(),
    });
    let cards = entries.iter().map(|entry| card(dialog, entry, wanted));
    let list = el("ul class='cards'").kid(each(cards));
    let client = el("a href='examples/client/' target='_blank' rel='noopener'");
    let client = client.text(dialog.words.gallery_client());
    let client = el("p").kid(client);
    body.kid(help).kid(read_out).kid(list).kid(client)
}

fn card(dialog: &OpenDialog, entry: &GalleryEntry, wanted: &Wanted) -> El {
    let open = Action::OpenGallery(entry.key.clone());
    // What must be fetched closes the dialog when it has come.
    let open = if entry.here {
        Deed::CloseAndDo(open)
    } else {
        Deed::Do(open)
    };
    let said = match wanted {
        Wanted::Coming(key) if *key == entry.key => dialog.words.gallery_coming(),
        Wanted::Failed(key) if *key == entry.key => dialog.words.gallery_failed(),
        Wanted::Nothing | Wanted::Coming(_) | Wanted::Failed(_) => &entry.description,
    };
    el("li").kid(
        el("button type='button' class='card'")
            .set("data-scenario", &entry.key)
            .on("click", &dialog.shell, open)
            .kid(el("strong").text(&entry.title))
            .kid(el("span").text(said)),
    )
}
