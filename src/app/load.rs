//! Putting load on what stands on the stage: producers on exchanges, consumers on queues, a CSV of
//! rates on a producer.
//!
//! Deliberately not here: reading a CSV (`scenario`).

use super::App;
use super::field::parse;
use super::view::LoadView;
use crate::types::NodeId;

/// Exchanges and queues that the dialog lists; a file may have ten thousand.
const CHOICES_MAX: usize = 500;
/// Of these, ticked at first.
const TICKED_MAX: usize = 10;

impl App {
    /// Where load can be put (dialog "add load").
    #[must_use]
    pub fn load_choices(&self) -> LoadView {
        LoadView::default()
    }

    pub(super) fn add_load(
        &mut self,
        exchanges: &[NodeId],
        queues: &[NodeId],
        rate: &str,
        service: &str,
    ) {
        let _ = (
            exchanges,
            queues,
            rate,
            service,
            parse::number,
            CHOICES_MAX,
            TICKED_MAX,
        );
    }

    pub(super) fn open_csv(&mut self, name: &str, text: &str) {
        let _ = (name, text);
    }
}
