//! Sentences shown for a while, and read out.
//!
//! Deliberately not here: what they say.

use crate::ui::browser;
use crate::ui::element::{El, each, el};
use crate::ui::shell::{Notice, Shell};
use gloo_timers::callback::Timeout;
use yew::Html;

/// How long a sentence stays, by its length: reading takes time.
const BASE_MS: u32 = 4_000;
const PER_LETTER_MS: u32 = 40;
const LONGEST_MS: u32 = 15_000;
/// More than this at once nobody reads.
const SHOWN_MAX: usize = 3;

#[derive(Debug)]
struct Toast {
    number: u64,
    text: String,
    assertive: bool,
    quiet: bool,
    _timer: Timeout,
}

/// Sentences on the page now.
#[derive(Debug, Default)]
pub(super) struct Toasts {
    shown: Vec<Toast>,
    next: u64,
}

impl Toasts {
    /// Shows a sentence until its time has passed.
    pub(super) fn show(&mut self, shell: &Shell, text: String, assertive: bool, quiet: bool) {
        self.shown.retain(|toast| toast.text != text);
        if self.shown.len() >= SHOWN_MAX {
            self.shown.remove(0);
        }
        let number = self.next;
        self.next += 1;
        let letters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let time = BASE_MS.saturating_add(letters.saturating_mul(PER_LETTER_MS));
        let shell = shell.clone();
        let over = move || shell.notify(Notice::ToastOver(number));
        self.shown.push(Toast {
            number,
            text,
            assertive,
            quiet,
            _timer: browser::after(time.min(LONGEST_MS), over),
        });
    }

    /// Takes a sentence away; false when it was gone.
    pub(super) fn end(&mut self, number: u64) -> bool {
        let before = self.shown.len();
        self.shown.retain(|toast| toast.number != number);
        self.shown.len() != before
    }

    /// The two live regions are always there, so that a screen reader hears what appears in them.
    pub(super) fn view(&self) -> El {
        el("div class='toasts'")
            .kid(el("div role='status' aria-live='polite'").kid(self.part(false)))
            .kid(el("div role='alert' aria-live='assertive'").kid(self.part(true)))
    }

    fn part(&self, assertive: bool) -> Html {
        let shown = self
            .shown
            .iter()
            .filter(|toast| toast.assertive == assertive);
        each(shown.map(|toast| {
            let class = match (assertive, toast.quiet) {
                (true, _) => "toast refusal",
                (false, true) => "toast read-out",
                (false, false) => "toast",
            };
            el("p")
                .key(&toast.number.to_string())
                .set("class", class)
                .text(&toast.text)
        }))
    }
}
