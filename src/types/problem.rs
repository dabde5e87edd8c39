//! Codes of everything that can be wrong with a document, a file or an edit: one table.
//!
//! Deliberately not here: when a code is given (`scenario`), and the sentences people read for it, in
//! each language (`text`).

use serde::{Deserialize, Serialize};
use std::fmt;

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; nothing is amiss.
    Notice,
    /// It runs, though perhaps not as it was meant.
    Warning,
    /// It cannot be done, or the broker will refuse it.
    Error,
}

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $severity:ident;)*) => {
        /// What is wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ProblemCode { $($(#[$doc])* $variant,)* }

        impl ProblemCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in reports and for programs; never changes once given.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// How much it matters.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

problem_codes! {
    // --- edits ---
    /// An edit names a node that is not there.
    UnknownNode = "unknown-node", Error;
    /// An edit names a line that is not there.
    UnknownEdge = "unknown-edge", Error;
    /// An edit would turn a node into another kind.
    NodeKindChanged = "node-kind-changed", Error;
    /// A line's settings do not fit what it joins.
    EdgeKindMismatch = "edge-kind-mismatch", Error;
    /// A name is longer than AMQP can carry.
    NameTooLong = "name-too-long", Error;
    /// A text is longer than documents may hold.
    TextTooLong = "text-too-long", Error;
    /// A number is infinite or no number.
    NumberNotFinite = "number-not-finite", Error;
    /// More nodes than a document may hold.
    TooManyNodes = "too-many-nodes", Error;
    /// More lines than a document may hold.
    TooManyEdges = "too-many-edges", Error;
    /// More virtual hosts than a document may hold.
    TooManyVhosts = "too-many-vhosts", Error;
    /// A list of times, rates, values or outages is too long.
    ListTooLong = "list-too-long", Error;
    /// An edit or a node names a virtual host that is not there.
    UnknownVhost = "unknown-vhost", Error;
    /// A virtual host of that name exists.
    VhostTaken = "vhost-taken", Error;
    /// A virtual host still has nodes.
    VhostNotEmpty = "vhost-not-empty", Error;
    /// A document needs at least one virtual host.
    LastVhost = "last-vhost", Error;

    // --- links ---
    /// Producer to producer.
    LinkProducerToProducer = "link-producer-to-producer", Error;
    /// Producer to consumer, past the broker.
    LinkProducerToConsumer = "link-producer-to-consumer", Error;
    /// Exchange to producer.
    LinkExchangeToProducer = "link-exchange-to-producer", Error;
    /// Exchange to consumer, past a queue.
    LinkExchangeToConsumer = "link-exchange-to-consumer", Error;
    /// Queue to queue.
    LinkQueueToQueue = "link-queue-to-queue", Error;
    /// Queue to producer.
    LinkQueueToProducer = "link-queue-to-producer", Error;
    /// Anything that would begin at a consumer.
    LinkFromConsumer = "link-from-consumer", Error;
    /// A binding from or to the default exchange.
    LinkDefaultExchange = "link-default-exchange", Error;
    /// Publishing to an internal exchange.
    LinkInternalExchange = "link-internal-exchange", Error;
    /// The same line twice.
    LinkTwice = "link-twice", Error;
    /// A line between virtual hosts.
    LinkAcrossVhosts = "link-across-vhosts", Error;

    // --- files ---
    /// Not JSON.
    JsonSyntax = "json-syntax", Error;
    /// The file ends too early.
    JsonEnds = "json-ends", Error;
    /// Not UTF-8 text.
    NotText = "not-text", Error;
    /// Larger than may be opened.
    FileTooLarge = "file-too-large", Error;
    /// Objects and arrays within each other too deeply.
    JsonTooDeep = "json-too-deep", Error;
    /// No `version`.
    VersionMissing = "version-missing", Error;
    /// A version this program does not know.
    VersionUnknown = "version-unknown", Error;
    /// A scenario was expected and a definitions file given.
    IsDefinitions = "is-definitions", Error;
    /// A definitions file was expected and a scenario given.
    IsScenario = "is-scenario", Error;
    /// Neither.
    NotDefinitions = "not-definitions", Error;
    /// A field of another type than it must have.
    FieldWrong = "field-wrong", Error;
    /// A value that is none of those a field may have.
    FieldVariant = "field-variant", Error;
    /// A field that must be there is not.
    FieldMissing = "field-missing", Error;
    /// A field nobody knows.
    FieldUnknown = "field-unknown", Error;
    /// Two nodes or two lines with one id.
    IdTwice = "id-twice", Error;
    /// A line that ends at a node that is not there.
    EdgeEndMissing = "edge-end-missing", Error;
}

impl fmt::Display for ProblemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}
