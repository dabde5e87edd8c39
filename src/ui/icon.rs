//! Small line drawings on buttons, 20 units square; the words beside them say the same.
//!
//! Deliberately not here: colours; an icon has the colour of its text.

use crate::ui::element::{El, el};

/// The drawing for an action or a panel; an unknown name gives nothing.
pub(crate) fn icon(name: &str) -> Option<El> {
    let drawing = el("svg class='icon' viewBox='0 0 20 20' aria-hidden='true' focusable='false'");
    path_of(name).map(|path| drawing.kid(el("path").set("d", path)))
}

fn path_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "gallery" => "M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z",
        "open" => "M3 16V4h5l2 2h7v3M3 16l3-7h12l-3 7z",
        "save" => "M10 3v9M6 8.5L10 12.5L14 8.5M3 13v4h14v-4",
        "undo" => "M7 4L3 8l4 4M3 8h9a5 4.5 0 0 1 0 9H8",
        "redo" => "M13 4l4 4-4 4M17 8H8a5 4.5 0 0 0 0 9h4",
        "new" => "M5 2.5h7l3.5 3.5v11.5H5zM12 2.5V6h3.5",
        "present" => "M2.5 4h15v10h-15zM7 17.5h6M10 14v3.5",
        "help" => "M7 7.5a3 3 0 1 1 3.2 3v1.8M10 15.3v.4M10 1.8a8.2 8.2 0 1 0 .01 0z",
        "play" => "M6 3.5v13l11-6.5z",
        "pause" => "M6 4v12M14 4v12",
        "step" => "M5 4v12l8-6zM15.5 4v12",
        "reset" => "M4 10a6 6 0 1 0 2-4.5M4 3v4h4",
        "fit" => "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
        "zoom-in" => "M8.5 3a5.5 5.5 0 1 0 .01 0zM13 13l4.5 4.5M8.5 6v5M6 8.5h5",
        "zoom-out" => "M8.5 3a5.5 5.5 0 1 0 .01 0zM13 13l4.5 4.5M6 8.5h5",
        "palette" => "M3 3h5v5H3zM3 12h5v5H3zM12 5.5h5M12 14.5h5",
        "inspector" => "M3 5h14M3 10h14M3 15h14M7 3v4M13 8v4M6 13v4",
        "charts" => "M3 3v14h14M6 13l3-5 3 3 4-6",
        "problems" => "M10 3L18 17H2zM10 8v4.5M10 14.7v.3",
        "close" => "M5 5l10 10M15 5L5 15",
        "fold" => "M13 4l-6 6 6 6",
        "load" => "M2.5 16c3 0 3-10 6-10s3.5 10 8.5 10M15 3v6M12 6h6",
        "delete" => "M4 6h12M8 6V3.5h4V6M5.5 6l1 11h7l1-11M8.5 9v5M11.5 9v5",
        "table" => "M3 4h14v12H3zM3 8h14M3 12h14M8 4v12",
        "search" => "M8.5 3a5.5 5.5 0 1 0 .01 0zM13 13l4.5 4.5",
        _ => return None,
    })
}
