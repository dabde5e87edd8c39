//! Feeds the picture's bitmap to the page's canvas: only what changed, in one piece a band.
//!
//! Deliberately not here: what is in the picture.

use crate::app::picture::{Picture, PixelRect, WordKind};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// The canvas that messages are drawn on.
#[derive(Debug)]
pub(super) struct Canvas {
    element: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    changed: Vec<PixelRect>,
}

impl Canvas {
    /// Takes the element over; `None` when the browser gives no 2D context.
    pub(super) fn new(element: HtmlCanvasElement) -> Option<Self> {
        let options = js_sys::Object::new();
        // The bitmap is made by the processor; a canvas that stays with it needs no round trip.
        js_sys::Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE).ok()?;
        let context = element
            .get_context_with_context_options("2d", &options)
            .ok()??
            .dyn_into::<CanvasRenderingContext2d>()
            .ok()?;
        context.set_text_align("center");
        Some(Self { element, context, changed: Vec::new() })
    }

    /// Shows the picture's last frame. `word` gives the text for what fell, in the page's language;
    /// `ink` is the colour of words as `r, g, b`, `font` a family list.
    pub(super) fn show(
        &mut self,
        picture: &mut Picture,
        ink: &str,
        font: &str,
        word: impl Fn(WordKind, u32) -> String,
    ) {
        let pixmap = picture.pixmap_mut();
        let (width, height) = (pixmap.width() as u32, pixmap.height() as u32);
        if width == 0 || height == 0 {
            return;
        }
        if (self.element.width(), self.element.height()) != (width, height) {
            self.element.set_width(width);
            self.element.set_height(height);
            // Setting a size resets the context.
            self.context.set_text_align("center");
        }
        self.changed.clear();
        pixmap.changed(|rect| self.changed.push(rect));
        if !self.changed.is_empty() {
            let octets = Clamped(pixmap.octets());
            // The image is a view of the bitmap; putting copies the changed part of it only.
            let Ok(image) = ImageData::new_with_u8_clamped_array_and_sh(octets, width, height)
            else {
                return;
            };
            for rect in &self.changed {
                let put = self
                    .context
                    .put_image_data_with_dirty_x_and_dirty_y_and_dirty_width_and_dirty_height(
                        &image,
                        0.0,
                        0.0,
                        rect.x as f64,
                        rect.y as f64,
                        rect.width as f64,
                        rect.height as f64,
                    );
                if put.is_err() {
                    return;
                }
            }
        }
        for text in picture.words() {
            self.context.set_font(&format!("600 {:.0}px {font}", text.size));
            self.context.set_fill_style_str(&format!("rgba({ink}, {:.2})", text.opacity));
            // A word that cannot be written is not worth stopping for.
            let _ = self.context.fill_text(&word(text.kind, text.count), text.x, text.y);
        }
    }
}
