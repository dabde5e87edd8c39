//! How large a document may be. Each limit keeps a hostile or broken file from freezing the page.
//!
//! Deliberately not here: limits of a run, such as events at one instant.

/// Nodes in a document: ten thousand queues of a large broker, their exchanges and clients, and
/// room.
pub const NODES_MAX: usize = 50_000;
/// Lines in a document.
pub const EDGES_MAX: usize = 200_000;
/// Virtual hosts in a document.
pub const VHOSTS_MAX: usize = 1_000;
/// Octets of a title, description or other free text.
pub const TEXT_OCTETS_MAX: usize = 64 * 1024;
/// Octets of an AMQP name (a short string).
pub const NAME_OCTETS_MAX: usize = 255;
/// Octets of a file: some twenty times a broker with ten thousand queues.
pub const FILE_OCTETS_MAX: usize = 64 * 1024 * 1024;
/// Objects and arrays within each other in a file. The reader's own stack sets the bound.
pub const JSON_DEPTH_MAX: usize = 100;
/// Points of a recorded rate, times of a list: two years at one a minute.
pub const POINTS_MAX: usize = 1_100_000;
/// Values of a cycle, headers, outages of one node.
pub const CHOICES_MAX: usize = 10_000;
/// Positions stay where arithmetic on them cannot overflow.
pub const POSITION_MAX: i32 = 10_000_000;
/// The highest id of a node or line in a file; above it there is always room for new ones.
pub const ID_MAX: u32 = 4_000_000_000;
/// Workers of one consumer in a run; a run takes no more, and validation says so.
pub const WORKERS_MAX: u32 = 10_000;
/// Undo steps that are kept; a step costs one pointer a node.
pub const UNDO_STEPS_MAX: usize = 200;
