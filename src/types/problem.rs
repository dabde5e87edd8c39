//! Codes of everything that can be wrong with a document, a file or an edit: one table; and of the
//! phrases that stand within what is said about it, another.
//!
//! Deliberately not here: when a code is given (`scenario`), and the sentences people read for it,
//! in each language (`text`).

use std::fmt;

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is amiss.
    Notice,
    /// It runs, though perhaps not as it was meant.
    Warning,
    /// It cannot be done, or the broker will refuse it.
    Error,
}

impl Severity {
    /// A stable word for it, in reports and for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
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

    // --- names ---
    /// Two exchanges or two queues of one name on one virtual host.
    NameTwice = "name-twice", Error;
    /// A queue without a name, for which the broker makes one.
    QueueNameEmpty = "queue-name-empty", Notice;
    /// A name that begins with `amq.`, which the broker keeps for itself.
    NameReserved = "name-reserved", Error;
    /// A predeclared exchange with another type than it has.
    PredeclaredDiffers = "predeclared-differs", Error;

    // --- exchanges and queues ---
    /// An exchange type of a plugin.
    ExchangeTypePlugin = "exchange-type-plugin", Warning;
    /// An exchange type nobody knows.
    ExchangeTypeUnknown = "exchange-type-unknown", Error;
    /// A queue type that keeps messages here but is not read: a stream.
    QueueTypeNotRun = "queue-type-not-run", Warning;
    /// A queue type that runs as one of its replicas sees it: a quorum queue.
    QueueTypeAsClassic = "queue-type-as-classic", Notice;
    /// A queue with a property or argument that its type cannot have.
    QuorumProperty = "quorum-property", Error;
    /// A queue neither durable nor exclusive, under profile 4.x.
    TransientSharedQueue = "transient-shared-queue", Error;
    /// `x-queue-mode` or `x-queue-version` 1, under profile 4.x.
    ArgumentRefused = "argument-refused", Error;
    /// An argument of a wrong type or out of range.
    ArgumentWrong = "argument-wrong", Error;
    /// A dead-letter routing key without a dead-letter exchange.
    DeadLetterKeyAlone = "dead-letter-key-alone", Error;
    /// The dead-letter exchange does not exist.
    DeadLetterExchangeMissing = "dead-letter-exchange-missing", Warning;
    /// Dead letters go through the default exchange to a queue that does not exist.
    DeadLetterQueueMissing = "dead-letter-queue-missing", Warning;
    /// The alternate exchange does not exist.
    AlternateExchangeMissing = "alternate-exchange-missing", Warning;
    /// The default exchange as alternate exchange.
    AlternateExchangeDefault = "alternate-exchange-default", Warning;
    /// A queue that is left undeclared.
    QueueUndeclared = "queue-undeclared", Notice;

    // --- bindings ---
    /// A topic binding key with more than two `#`, under profile 4.x.
    TopicKeyHashes = "topic-key-hashes", Error;
    /// An `x-match` that is none of the four.
    HeadersMatchWrong = "headers-match-wrong", Error;

    // --- clients ---
    /// A producer without a line to publish on.
    ProducerWithoutTarget = "producer-without-target", Warning;
    /// A consumer without a queue.
    ConsumerWithoutQueue = "consumer-without-queue", Warning;
    /// A queue that fills and that nobody consumes.
    QueueWithoutConsumer = "queue-without-consumer", Notice;
    /// An exchange that is published to and leads nowhere.
    ExchangeWithoutBinding = "exchange-without-binding", Warning;
    /// A load that never publishes.
    LoadEmpty = "load-empty", Warning;
    /// Times or points that are not in ascending order.
    TimesUnordered = "times-unordered", Error;
    /// A number outside its range.
    NumberOutOfRange = "number-out-of-range", Error;
    /// A smallest value above the largest.
    RangeReversed = "range-reversed", Error;
    /// A choice among nothing.
    ChoiceEmpty = "choice-empty", Error;
    /// An exclusive consumer beside others.
    ExclusiveConsumerShared = "exclusive-consumer-shared", Error;
    /// A queue that only the connection that declares it may use.
    ExclusiveQueue = "exclusive-queue", Warning;
    /// Messages larger than the broker takes.
    MessageTooLarge = "message-too-large", Error;

    // --- the broker ---
    /// Memory or disk is low before there is a message.
    AlarmFromStart = "alarm-from-start", Warning;

    // --- definitions files ---
    /// Queues, exchanges or bindings carry no virtual host, and the file says none.
    DefinitionsWithoutVhost = "definitions-without-vhost", Error;
    /// An entry that is not an object or has no name.
    EntryBroken = "entry-broken", Error;
    /// An entry that names something that is not declared.
    ReferenceMissing = "reference-missing", Error;
    /// An entry on a virtual host the file does not declare.
    VhostUndeclared = "vhost-undeclared", Warning;
    /// Two entries of one name.
    EntryTwice = "entry-twice", Warning;
    /// A key RabbitMQ does not know.
    KeyIgnored = "key-ignored", Notice;
    /// A binding the broker makes by itself.
    ImplicitBinding = "implicit-binding", Notice;
    /// A queue type that came from elsewhere than its arguments.
    QueueTypeTaken = "queue-type-taken", Notice;
    /// A queue with two different types.
    QueueTypeTwice = "queue-type-twice", Warning;
    /// A policy that counts.
    PolicyApplied = "policy-applied", Notice;
    /// A policy whose pattern cannot be read.
    PolicyPattern = "policy-pattern", Warning;
    /// A policy that sets what cannot be set.
    PolicySetting = "policy-setting", Warning;
    /// Other entries that are kept and not applied.
    Kept = "kept", Notice;

    // --- recorded loads ---
    /// A file of rates without a row of numbers.
    RatesEmpty = "rates-empty", Error;
    /// A row that cannot be read.
    RateRowWrong = "rate-row-wrong", Error;
    /// A row that is not later than the one before.
    RateRowUnordered = "rate-row-unordered", Error;
    /// A value below zero.
    RateNegative = "rate-negative", Error;
}

impl fmt::Display for ProblemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

macro_rules! phrases {
    ($($(#[$doc:meta])* $variant:ident = $code:literal;)*) => {
        /// A part of a sentence about a problem, which each language says in its own way. It may
        /// have places for words of the case itself.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Phrase { $($(#[$doc])* $variant,)* }

        impl Phrase {
            /// Every phrase.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in reports and for programs.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

phrases! {
    // --- what stands there instead of JSON ---
    /// Something behind the end of the document.
    JsonTrailing = "trailing characters";
    /// No value where one must begin.
    JsonNoValue = "expected value";
    /// Letters that are none of the three words.
    JsonNoWord = "expected ident";
    /// A key that is no text.
    JsonKeyNoText = "key must be a string";
    /// No colon behind a key.
    JsonNoColon = "expected `:`";
    /// Neither comma nor bracket behind a value of an array.
    JsonNoCommaInArray = "expected `,` or `]`";
    /// Neither comma nor brace behind a value of an object.
    JsonNoCommaInObject = "expected `,` or `}`";
    /// A comma with nothing behind it.
    JsonTrailingComma = "trailing comma";
    /// A character that must be escaped.
    JsonControl = "control character (\\u0000-\\u001F) found while parsing a string";
    /// A backslash with what cannot follow it.
    JsonEscape = "invalid escape";
    /// Half of a surrogate pair, and no escape behind it.
    JsonHalfPair = "unexpected end of hex escape";
    /// Half of a surrogate pair.
    JsonLoneSurrogate = "lone leading surrogate in hex escape";
    /// Digits that are no number.
    JsonNumber = "invalid number";
    /// A number beyond what a double holds.
    JsonNumberRange = "number out of range";

    // --- why a value does not fit ---
    /// Another kind of value, or another value, than the one expected.
    NotExpected = "not expected";
    /// A list of another length.
    WrongLength = "wrong length";
    /// More octets than an AMQP name may have.
    NameTooLong = "name too long";
    /// A whole number that does not fit in 64 signed bits.
    NumberTooWide = "number too wide";
    /// A field that is not of the expected kind.
    KeyNotExpected = "key not expected";
    /// A field that must be there is not.
    NoKey = "no key";

    // --- what is expected ---
    /// Text.
    Text = "text";
    /// A switch.
    Flag = "true or false";
    /// Any number.
    Number = "number";
    /// A whole number within bounds.
    WholeNumber = "whole number";
    /// A whole number from a bound on.
    WholeNumberFrom = "whole number from";
    /// A span of time.
    Time = "time";
    /// A span of time, or how it is drawn.
    TimeOrDistribution = "time or distribution";
    /// A number, or how it is drawn.
    NumberOrDistribution = "number or distribution";
    /// An object.
    Object = "object";
    /// An array.
    Array = "array";
    /// An array of two.
    Pair = "array of 2";
    /// A text, or one for each language.
    LocalText = "text or texts";
    /// A table of arguments.
    Arguments = "arguments";
    /// One of the ways of choosing.
    Choice = "choice";
    /// A queue or an exchange.
    QueueOrExchange = "queue or exchange";
}

/// A word of the case, to be put into a sentence about a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseWord {
    /// The same in every language: a name, a number, a word of a file.
    Plain(String),
    /// Said in the language of the sentence.
    Phrase(Phrase),
}

impl CaseWord {
    /// The word as it is; of a phrase the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Phrase(phrase) => phrase.code(),
        }
    }
}
