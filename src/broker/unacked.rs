//! The unacked deliveries of a channel, by delivery tag.
//!
//! Tags rise, so the list is sorted as it grows: settling the oldest is one step, any other a binary
//! search. Settled ones in the middle leave a hole until they reach the front or holes are half of
//! the list. Deliberately not here: what settling does to a queue.

use super::queue::Entry;
use crate::types::{DeliveryTag, QueueId, SimTime};
use std::collections::VecDeque;

/// Stands for "taken by basic.get" where a consumer's number would stand.
pub(super) const NO_CONSUMER: u32 = u32::MAX;

/// A delivery that waits to be settled.
#[derive(Debug, Clone)]
pub(super) struct Unacked {
    /// The number of the delivery on its channel.
    pub(super) tag: DeliveryTag,
    /// From which queue.
    pub(super) queue: QueueId,
    /// To which consumer's row, or [`NO_CONSUMER`].
    pub(super) consumer: u32,
    /// When it will have stayed out too long; [`SimTime::MAX`] for never.
    pub(super) overdue_at: SimTime,
    /// The message and its place in the queue.
    pub(super) entry: Entry,
}

#[derive(Debug, Clone)]
struct Place {
    tag: DeliveryTag,
    delivery: Option<Unacked>,
}

/// Holes are swept out when there are more than this and more than live entries.
const HOLES_KEPT: usize = 32;

/// Unacked deliveries in order of tag.
#[derive(Debug, Clone, Default)]
pub(super) struct UnackedList {
    /// The first and the last are never holes.
    places: VecDeque<Place>,
    len: usize,
}

impl UnackedList {
    /// How many are outstanding.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Appends a delivery; its tag must be the greatest.
    pub(super) fn push(&mut self, delivery: Unacked) {
        self.len += 1;
        self.places.push_back(Place {
            tag: delivery.tag,
            delivery: Some(delivery),
        });
    }

    fn position(&self, tag: DeliveryTag) -> Option<usize> {
        if self.places.front()?.tag == tag {
            return Some(0);
        }
        if self.places.back()?.tag == tag {
            return Some(self.places.len() - 1);
        }
        let index = self.places.partition_point(|place| place.tag < tag);
        let place = self.places.get(index)?;
        (place.tag == tag && place.delivery.is_some()).then_some(index)
    }

    /// Whether `tag` is outstanding.
    pub(super) fn contains(&self, tag: DeliveryTag) -> bool {
        self.position(tag).is_some()
    }

    /// Takes one delivery out.
    #[inline(always)]
    pub(super) fn remove(&mut self, tag: DeliveryTag) -> Option<Unacked> {
        // In a list without holes the oldest and the newest leave nothing to tidy behind them.
        let whole = self.places.len() == self.len;
        let place = if whole && self.places.front()?.tag == tag {
            self.places.pop_front()
        } else if whole && self.places.back()?.tag == tag {
            self.places.pop_back()
        } else {
            return self.remove_within(tag);
        };
        self.len -= 1;
        place?.delivery
    }

    /// As [`remove`](Self::remove), for who seldom does it.
    pub(super) fn remove_within(&mut self, tag: DeliveryTag) -> Option<Unacked> {
        let index = self.position(tag)?;
        let delivery = self.places[index].delivery.take()?;
        self.len -= 1;
        self.tidy();
        Some(delivery)
    }

    /// Takes out all up to and including `tag`, oldest first, into `taken`.
    pub(super) fn take_through(&mut self, tag: DeliveryTag, taken: &mut Vec<Unacked>) {
        while self.places.front().is_some_and(|place| place.tag <= tag) {
            let Some(place) = self.places.pop_front() else {
                break;
            };
            if let Some(delivery) = place.delivery {
                self.len -= 1;
                taken.push(delivery);
            }
        }
        self.tidy();
    }

    /// Puts a delivery back that was taken out.
    pub(super) fn put_back(&mut self, delivery: Unacked) {
        let tag = delivery.tag;
        let index = self.places.partition_point(|place| place.tag < tag);
        let place = Place {
            tag,
            delivery: Some(delivery),
        };
        match self.places.get_mut(index) {
            Some(hole) if hole.tag == tag => *hole = place,
            Some(_) | None => self.places.insert(index, place),
        }
        self.len += 1;
    }

    /// Outstanding deliveries, oldest first.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Unacked> {
        self.places
            .iter()
            .filter_map(|place| place.delivery.as_ref())
    }

    /// The same, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Unacked> {
        self.places
            .iter_mut()
            .filter_map(|place| place.delivery.as_mut())
    }

    fn tidy(&mut self) {
        while self
            .places
            .front()
            .is_some_and(|place| place.delivery.is_none())
        {
            self.places.pop_front();
        }
        while self
            .places
            .back()
            .is_some_and(|place| place.delivery.is_none())
        {
            self.places.pop_back();
        }
        let holes = self.places.len() - self.len;
        if holes > HOLES_KEPT && holes > self.len {
            self.places.retain(|place| place.delivery.is_some());
        }
    }
}
