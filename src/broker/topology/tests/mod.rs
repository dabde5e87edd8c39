//! What the topology promises.

mod support;

mod life;
