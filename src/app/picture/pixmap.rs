//! A bitmap with straight alpha, drawn into by stamping small coverage masks.
//!
//! One upload a frame moves every message to the screen, so their number hardly matters; only bands
//! that changed are cleared and uploaded. Deliberately not here: what is drawn, and the canvas.

/// Rows that are cleared and uploaded together.
const BAND_ROWS: usize = 64;

/// The largest side in pixels; a stage beyond it is drawn at a lower resolution by the page.
pub const SIDE_PIXELS_MAX: usize = 4096;

/// A colour with straight alpha: red, green, blue, alpha.
pub(super) type Rgba = [u8; 4];

/// A rectangle of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelRect {
    /// Left edge.
    pub x: usize,
    /// Top edge.
    pub y: usize,
    /// Width.
    pub width: usize,
    /// Height.
    pub height: usize,
}

/// How much of each pixel a shape covers, 0 to 255, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mask {
    /// Width in pixels.
    pub(super) width: usize,
    /// Height in pixels.
    pub(super) height: usize,
    /// Coverage.
    pub(super) coverage: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    from: usize,
    to: usize,
}

impl Span {
    const EMPTY: Self = Self {
        from: usize::MAX,
        to: 0,
    };

    fn is_empty(self) -> bool {
        self.from >= self.to
    }

    fn grow(&mut self, from: usize, to: usize) {
        self.from = self.from.min(from);
        self.to = self.to.max(to);
    }
}

/// The bitmap. Octets are red, green, blue, alpha of each pixel, as a canvas's image data wants them.
#[derive(Debug, Clone, Default)]
pub struct Pixmap {
    width: usize,
    height: usize,
    octets: Vec<u8>,
    /// What is drawn in each band now, and what was uploaded last.
    drawn: Vec<Span>,
    shown: Vec<Span>,
}

impl Pixmap {
    /// Gives it another size, cleared. Sides beyond [`SIDE_PIXELS_MAX`] are cut.
    pub fn resize(&mut self, width: usize, height: usize) {
        let (width, height) = (width.min(SIDE_PIXELS_MAX), height.min(SIDE_PIXELS_MAX));
        if (width, height) == (self.width, self.height) {
            return;
        }
        (self.width, self.height) = (width, height);
        self.octets.clear();
        self.octets.resize(width * height * 4, 0);
        let bands = height.div_ceil(BAND_ROWS);
        self.drawn = vec![Span::EMPTY; bands];
        // The canvas keeps what it showed before, so everything is uploaded once.
        self.shown = vec![Span { from: 0, to: width }; bands];
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// All octets, row by row.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// One pixel; transparent outside.
    #[must_use]
    pub fn pixel(&self, x: usize, y: usize) -> Rgba {
        if x >= self.width || y >= self.height {
            return [0; 4];
        }
        let at = (y * self.width + x) * 4;
        [
            self.octets[at],
            self.octets[at + 1],
            self.octets[at + 2],
            self.octets[at + 3],
        ]
    }

    /// Clears what the last frame drew.
    pub fn begin(&mut self) {
        for band in 0..self.drawn.len() {
            let span = self.drawn[band];
            if span.is_empty() {
                continue;
            }
            let rows = band * BAND_ROWS..((band + 1) * BAND_ROWS).min(self.height);
            for row in rows {
                let start = row * self.width;
                self.octets[(start + span.from) * 4..(start + span.to) * 4].fill(0);
            }
            self.drawn[band] = Span::EMPTY;
        }
    }

    /// The rectangles that differ from what was uploaded last: what is drawn now and what has to
    /// disappear.
    pub fn changed(&mut self, mut visit: impl FnMut(PixelRect)) {
        for band in 0..self.drawn.len() {
            let mut span = self.shown[band];
            span.grow(self.drawn[band].from, self.drawn[band].to);
            if !span.is_empty() {
                let y = band * BAND_ROWS;
                let height = BAND_ROWS.min(self.height - y);
                visit(PixelRect {
                    x: span.from,
                    y,
                    width: span.to - span.from,
                    height,
                });
            }
            self.shown[band] = self.drawn[band];
        }
    }

    /// Marks a rectangle as drawn, for what others draw over the uploaded picture (words).
    pub fn touch(&mut self, x: i64, y: i64, width: i64, height: i64) {
        if let Some((columns, rows)) = self.clip(x, y, width, height) {
            self.note(columns.start, columns.end, rows.start, rows.end);
        }
    }

    fn note(&mut self, from: usize, to: usize, top: usize, bottom: usize) {
        for band in top / BAND_ROWS..=(bottom - 1) / BAND_ROWS {
            self.drawn[band].grow(from, to);
        }
    }

    fn clip(
        &self,
        x: i64,
        y: i64,
        width: i64,
        height: i64,
    ) -> Option<(std::ops::Range<usize>, std::ops::Range<usize>)> {
        let left = x.max(0);
        let top = y.max(0);
        let right = x.saturating_add(width).min(self.width as i64);
        let bottom = y.saturating_add(height).min(self.height as i64);
        (left < right && top < bottom)
            .then_some((left as usize..right as usize, top as usize..bottom as usize))
    }

    /// Stamps `mask` in `colour` with its top left corner at (x, y); what is outside is cut.
    pub(super) fn stamp(&mut self, mask: &Mask, x: i64, y: i64, colour: Rgba) {
        let Some((columns, rows)) = self.clip(x, y, mask.width as i64, mask.height as i64) else {
            return;
        };
        self.note(columns.start, columns.end, rows.start, rows.end);
        for row in rows {
            let mask_row = (row as i64 - y) as usize * mask.width;
            let first = (columns.start as i64 - x) as usize;
            let source = &mask.coverage[mask_row + first..mask_row + first + columns.len()];
            let start = (row * self.width + columns.start) * 4;
            let target = &mut self.octets[start..start + columns.len() * 4];
            for (pixel, coverage) in target.chunks_exact_mut(4).zip(source) {
                blend(pixel, colour, *coverage);
            }
        }
    }

    /// Fills a rectangle; what is outside is cut.
    pub fn fill(&mut self, x: i64, y: i64, width: i64, height: i64, colour: Rgba) {
        let Some((columns, rows)) = self.clip(x, y, width, height) else {
            return;
        };
        self.note(columns.start, columns.end, rows.start, rows.end);
        for row in rows {
            let start = (row * self.width + columns.start) * 4;
            for pixel in self.octets[start..start + columns.len() * 4].chunks_exact_mut(4) {
                blend(pixel, colour, u8::MAX);
            }
        }
    }
}

/// Straight-alpha "source over": image data is not premultiplied.
fn blend(pixel: &mut [u8], colour: Rgba, coverage: u8) {
    let alpha = u32::from(colour[3]) * u32::from(coverage) / 255;
    if alpha == 0 {
        return;
    }
    let below = u32::from(pixel[3]);
    if alpha == 255 || below == 0 {
        pixel[..3].copy_from_slice(&colour[..3]);
        pixel[3] = alpha as u8;
        return;
    }
    let below = below * (255 - alpha) / 255;
    let total = alpha + below;
    for channel in 0..3 {
        let mixed = u32::from(colour[channel]) * alpha + u32::from(pixel[channel]) * below;
        pixel[channel] = (mixed / total) as u8;
    }
    pixel[3] = total as u8;
}
