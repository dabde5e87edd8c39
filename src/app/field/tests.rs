//! Fields read and write what they show.
