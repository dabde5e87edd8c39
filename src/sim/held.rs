//! Deliveries that have reached their consumer, each in its place until it is done with.
//!
//! Mailboxes and hands name the place, so that a delivery is written once. Deliberately not here: who
//! works on what.

use crate::broker::Delivery;
use crate::types::{CopyId, DeliveryTag, Message, QueueId, SimTime};

/// What a consumer knows of a delivery.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) message: Message,
    pub(super) delivery_tag: DeliveryTag,
    pub(super) copy: CopyId,
    pub(super) enqueued_at: SimTime,
    pub(super) queue: QueueId,
    /// The connection it came by.
    pub(super) epoch: u32,
    pub(super) redelivered: bool,
    pub(super) no_ack: bool,
}

impl Held {
    #[inline(always)]
    pub(super) fn new(delivery: Delivery, epoch: u32) -> Self {
        Self {
            message: delivery.message,
            delivery_tag: delivery.delivery_tag,
            copy: delivery.copy,
            enqueued_at: delivery.enqueued_at,
            queue: delivery.queue,
            epoch,
            redelivered: delivery.redelivered,
            no_ack: delivery.no_ack,
        }
    }
}

/// The place of a delivery on its consumer's shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u32);

/// A consumer's deliveries. A place that was given up is used again.
#[derive(Debug, Clone, Default)]
pub(super) struct Shelf {
    places: Vec<Option<Held>>,
    free: Vec<Place>,
}

impl Shelf {
    #[inline]
    pub(super) fn put(&mut self, held: Held) -> Place {
        if let Some(place) = self.free.pop()
            && let Some(slot) = self.places.get_mut(place.0 as usize)
        {
            *slot = Some(held);
            return place;
        }
        // A consumer holds far fewer than 2^32 deliveries: a prefetch is a number of 16 bits, and
        // without one memory ends before.
        let place = Place(self.places.len() as u32);
        self.places.push(Some(held));
        place
    }

    #[inline]
    pub(super) fn get(&self, place: Place) -> Option<&Held> {
        self.places.get(place.0 as usize)?.as_ref()
    }

    #[inline]
    pub(super) fn give_up(&mut self, place: Place) {
        if let Some(slot) = self.places.get_mut(place.0 as usize) {
            *slot = None;
            self.free.push(place);
        }
    }
}
