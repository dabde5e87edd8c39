//! Promises of the codec, and stories told over the wire.

mod codec;
mod pair;
mod stories;
