//! Why a binding does not match: the first thing that does not fit.
//!
//! The rules are written out here a second time, the plain way, so that they can give a reason.
//! Deliberately not here: the walk.

use crate::broker::BindingView;
use crate::broker::topology::{ANY_WORD, ANY_WORDS, XMatch, satisfies, words};
use crate::types::{BindingKey, ExchangeType, FieldTable, FieldValue, RoutingKey, ShortText};
use serde::Serialize;

/// What did not fit. Positions count the words of the routing key from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Mismatch {
    /// Direct: the keys are not equal.
    KeyDiffers,
    /// Topic: a word is not the one that is wanted.
    WordDiffers {
        /// Which word of the routing key.
        position: usize,
        /// What the binding key wants there.
        wanted: String,
        /// What stands there.
        given: String,
    },
    /// Topic: the routing key ends where the binding key wants another word.
    TooFewWords {
        /// The word that is missing; `*` for any.
        wanted: String,
    },
    /// Topic: the routing key goes on where the binding key ends.
    TooManyWords {
        /// Which word is the first too many.
        position: usize,
        /// That word.
        given: String,
    },
    /// Headers: a header that the binding wants is not there.
    HeaderMissing {
        /// Its name.
        header: ShortText,
        /// The value that is wanted; null for any.
        wanted: FieldValue,
    },
    /// Headers: a header has another value.
    HeaderDiffers {
        /// Its name.
        header: ShortText,
        /// The value that is wanted.
        wanted: FieldValue,
        /// The value that is there.
        given: FieldValue,
    },
    /// Headers with `any`: none of the wanted headers fits.
    NoHeaderFits {
        /// Why each does not.
        headers: Vec<Self>,
    },
    /// Headers with `any`: the binding compares no header at all, so none can fit.
    NothingToCompare,
    /// Consistent hash: the hash leads to another destination.
    HashedElsewhere {
        /// Its name.
        to: String,
    },
    /// The exchange's type is not one the broker runs.
    UnknownType,
}

/// Why `binding` does not match; `None` when it does.
pub(super) fn why_not(
    exchange_type: &ExchangeType,
    binding: BindingView<'_>,
    key: Option<&RoutingKey>,
    headers: Option<&FieldTable>,
) -> Option<Mismatch> {
    let key = key.map_or("", RoutingKey::as_str);
    match exchange_type {
        ExchangeType::Direct => {
            (binding.binding_key.as_str() != key).then_some(Mismatch::KeyDiffers)
        }
        ExchangeType::Fanout => None,
        ExchangeType::Topic => why_no_topic(binding.binding_key, key),
        ExchangeType::Headers => why_no_headers(binding.arguments, headers),
        ExchangeType::Other(_) => Some(Mismatch::UnknownType),
    }
}

/// Finds how far into the binding key a match can get, and what stops it there.
///
/// Where a `#` leaves several places to stop, the latest word that could have fitted is named.
fn why_no_topic(binding_key: &BindingKey, key: &str) -> Option<Mismatch> {
    let pattern: Vec<&str> = words(binding_key.as_str()).collect();
    let key: Vec<&str> = words(key).collect();
    // Places in the key at which the pattern's words so far can end.
    let mut places = vec![0];
    for (index, wanted) in pattern.iter().enumerate() {
        let next: Vec<usize> = if *wanted == ANY_WORDS {
            let first = places.first().copied().unwrap_or_default();
            (first..=key.len()).collect()
        } else {
            let fits = |place: &&usize| {
                key.get(**place)
                    .is_some_and(|given| *wanted == ANY_WORD || wanted == given)
            };
            places.iter().filter(fits).map(|place| place + 1).collect()
        };
        if next.is_empty() {
            return Some(stopped(pattern[index], &places, &key));
        }
        places = next;
    }
    if places.contains(&key.len()) {
        return None;
    }
    let position = places.last().copied().unwrap_or_default();
    let given = key.get(position).copied().unwrap_or_default().to_owned();
    Some(Mismatch::TooManyWords { position, given })
}

fn stopped(wanted: &str, places: &[usize], key: &[&str]) -> Mismatch {
    let wanted = wanted.to_owned();
    match places
        .iter()
        .rev()
        .find_map(|place| Some((*place, *key.get(*place)?)))
    {
        Some((position, given)) => Mismatch::WordDiffers {
            position,
            wanted,
            given: given.to_owned(),
        },
        None => Mismatch::TooFewWords { wanted },
    }
}

fn why_no_headers(arguments: &FieldTable, headers: Option<&FieldTable>) -> Option<Mismatch> {
    let x_match = XMatch::of(arguments);
    let compared = arguments
        .iter()
        .filter(|(key, _)| x_match.compares(key.as_str()));
    let reasons: Vec<Option<Mismatch>> = compared
        .map(|(key, wanted)| why_no_header(key, wanted, headers))
        .collect();
    if x_match.all {
        return reasons.into_iter().flatten().next();
    }
    if reasons.is_empty() {
        return Some(Mismatch::NothingToCompare);
    }
    let count = reasons.len();
    let headers: Vec<Mismatch> = reasons.into_iter().flatten().collect();
    (headers.len() == count).then_some(Mismatch::NoHeaderFits { headers })
}

fn why_no_header(
    header: &ShortText,
    wanted: &FieldValue,
    headers: Option<&FieldTable>,
) -> Option<Mismatch> {
    let (header, wanted) = (header.clone(), wanted.clone());
    match headers.and_then(|headers| headers.get(header.as_str())) {
        None => Some(Mismatch::HeaderMissing { header, wanted }),
        Some(given) if satisfies(&wanted, given) => None,
        Some(given) => Some(Mismatch::HeaderDiffers {
            header,
            wanted,
            given: given.clone(),
        }),
    }
}
