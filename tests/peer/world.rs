//! What a client of the tests stands in: pipes to a broker, and time.

use std::time::Duration;

/// What came out of a pipe.
pub(crate) enum Arrival {
    Octets(Vec<u8>),
    /// The broker let go of the pipe.
    End,
}

/// A broker and the time it lives in: a real one over TCP, or the engine in simulated time.
pub(crate) trait World {
    /// Opens a pipe. Pipes are numbered from 0 in the order of opening.
    fn dial(&mut self) -> usize;

    /// Sends octets. A pipe that is gone takes them silently.
    fn write(&mut self, pipe: usize, octets: &[u8]);

    /// Lets go of a pipe without a word.
    fn hang_up(&mut self, pipe: usize);

    /// The next arrival, or nothing after that long.
    fn read(&mut self, patience: Duration) -> Option<(usize, Arrival)>;

    /// Time since the world began.
    fn now(&self) -> Duration;

    /// Asks the broker's operator for something.
    fn control(&mut self, words: &[String]) -> Result<(), String>;

    /// The vhost's name: ten letters, printed as [`VHOST`].
    fn vhost(&self) -> &str;
}

/// The vhost's name as recordings show it.
pub(crate) const VHOST: &str = "vhost-0000";
