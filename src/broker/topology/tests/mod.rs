//! What the topology promises.

mod support;

mod life;
mod naive;
mod random;
mod refusals;
mod rules;
