//! Feeds the picture's bitmap to the page's canvas: only what changed, in one piece a band.
//!
//! Deliberately not here: what is in the picture.

use crate::app::picture::{Ground, Palette, Picture, PixelRect, WordKind};
use crate::app::{App, FrameLook, Theme, Words};
use crate::types::fixed;
use crate::ui::browser;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// Letters of words on the canvas; a canvas takes no variables of the style sheet.
const FONT: &str = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";
/// The bitmap is drawn at the screen's resolution up to this; beyond, nobody sees the difference.
const PIXEL_RATIO_MAX: f64 = 2.0;

/// The canvas of messages, and how the page looks round it.
#[derive(Debug)]
pub(super) struct Messages {
    canvas: Canvas,
    ground: Ground,
    reduced_motion: bool,
    pixel_ratio: f64,
}

impl Messages {
    /// Takes the element over; `None` when the browser gives no 2D context.
    pub(super) fn new(element: HtmlCanvasElement) -> Option<Self> {
        let mut messages = Self {
            canvas: Canvas::new(element)?,
            ground: Ground::default(),
            reduced_motion: false,
            pixel_ratio: 1.0,
        };
        messages.look_round();
        Some(messages)
    }

    /// Reads theme, motion and resolution anew; they change seldom.
    pub(super) fn look_round(&mut self) {
        let theme = browser::document()
            .and_then(|document| document.document_element())
            .and_then(|root| root.get_attribute("data-theme"));
        self.ground = match theme.as_deref().and_then(Theme::from_name) {
            Some(Theme::Dark) => Ground::Dark,
            Some(Theme::Projector) => Ground::Projector,
            Some(Theme::System | Theme::Light) | None => Ground::Light,
        };
        self.reduced_motion = browser::media("(prefers-reduced-motion: reduce)");
        let ratio = browser::window().map_or(1.0, |window| window.device_pixel_ratio());
        self.pixel_ratio = ratio.clamp(1.0, PIXEL_RATIO_MAX);
    }

    /// Pixels of the canvas, and how many of them are a CSS pixel.
    pub(super) fn size(&self) -> ((u32, u32), f64) {
        let element = &self.canvas.element;
        ((element.width(), element.height()), self.pixel_ratio)
    }

    /// Draws and shows one frame.
    pub(super) fn frame(&mut self, app: &mut App, wall_ms: f64) {
        let words = app.words();
        let picture = app.draw(FrameLook {
            wall_ms,
            pixel_ratio: self.pixel_ratio,
            reduced_motion: self.reduced_motion,
            ground: self.ground,
        });
        let [red, green, blue, _] = Palette::on(self.ground).alarm;
        let ink = format!("{red}, {green}, {blue}");
        self.canvas
            .show(picture, &ink, FONT, |kind, count| word(words, kind, count));
    }
}

fn word(words: Words, kind: WordKind, count: u32) -> String {
    let text = match kind {
        WordKind::Unroutable => words.fell_unroutable(),
        WordKind::Expired => words.fell_expired(),
        WordKind::MaxLength => words.fell_maxlen(),
        WordKind::DeliveryLimit => words.fell_delivery_limit(),
        WordKind::Rejected => words.fell_rejected(),
        WordKind::Refused => words.fell_refused(),
        WordKind::Purged => words.fell_purged(),
        WordKind::QueueDeleted => words.fell_queue_deleted(),
        WordKind::Lost => words.fell_lost(),
    };
    if count > 1 {
        format!("{text} \u{d7}{count}")
    } else {
        text.to_owned()
    }
}

/// The canvas that messages are drawn on.
#[derive(Debug)]
struct Canvas {
    element: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    changed: Vec<PixelRect>,
}

impl Canvas {
    /// Takes the element over; `None` when the browser gives no 2D context.
    fn new(element: HtmlCanvasElement) -> Option<Self> {
        let options = js_sys::Object::new();
        // The bitmap is made by the processor; a canvas that stays with it needs no round trip.
        js_sys::Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE).ok()?;
        let context = element
            .get_context_with_context_options("2d", &options)
            .ok()??
            .unchecked_into::<CanvasRenderingContext2d>();
        context.set_text_align("center");
        Some(Self {
            element,
            context,
            changed: Vec::new(),
        })
    }

    /// Shows the picture's last frame. `word` gives the text for what fell, in the page's language;
    /// `ink` is the colour of words as `r, g, b`, `font` a family list.
    fn show(
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
            self.context
                .set_font(&format!("600 {}px {font}", fixed(text.size, 0)));
            self.context
                .set_fill_style_str(&format!("rgba({ink}, {})", fixed(text.opacity, 2)));
            // A word that cannot be written is not worth stopping for.
            let _ = self
                .context
                .fill_text(&word(text.kind, text.count), text.x, text.y);
        }
    }
}
