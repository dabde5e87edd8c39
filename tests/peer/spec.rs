//! The methods of AMQP 0-9-1 and RabbitMQ's extensions, as text to be read.
//!
//! Deliberately not the package's own table: a wrong line there must not hide itself by being
//! wrong in the same way on both sides of a test.

use std::sync::OnceLock;

/// Class, method, name, then the arguments as `kind:name`. Kinds: `o` octet, `s` short, `l` long,
/// `L` long long, `t` bit, `S` short string, `G` long string, `F` table. A `*` after the name says
/// that content follows. Names in brackets are reserved: sent as zeros, not printed.
const TABLE: &str = "
10 10 connection.start o:version-major o:version-minor F:server-properties G:mechanisms G:locales
10 11 connection.start-ok F:client-properties S:mechanism G:response S:locale
10 20 connection.secure G:challenge
10 21 connection.secure-ok G:response
10 30 connection.tune s:channel-max l:frame-max s:heartbeat
10 31 connection.tune-ok s:channel-max l:frame-max s:heartbeat
10 40 connection.open S:virtual-host S:[1] t:[2]
10 41 connection.open-ok S:[1]
10 50 connection.close s:reply-code S:reply-text s:class-id s:method-id
10 51 connection.close-ok
10 60 connection.blocked S:reason
10 61 connection.unblocked
10 70 connection.update-secret G:new-secret S:reason
10 71 connection.update-secret-ok
20 10 channel.open S:[1]
20 11 channel.open-ok G:[1]
20 20 channel.flow t:active
20 21 channel.flow-ok t:active
20 40 channel.close s:reply-code S:reply-text s:class-id s:method-id
20 41 channel.close-ok
30 10 access.request S:realm t:exclusive t:passive t:active t:write t:read
30 11 access.request-ok s:ticket
40 10 exchange.declare s:[1] S:exchange S:type t:passive t:durable t:auto-delete t:internal t:nowait F:arguments
40 11 exchange.declare-ok
40 20 exchange.delete s:[1] S:exchange t:if-unused t:nowait
40 21 exchange.delete-ok
40 30 exchange.bind s:[1] S:destination S:source S:routing-key t:nowait F:arguments
40 31 exchange.bind-ok
40 40 exchange.unbind s:[1] S:destination S:source S:routing-key t:nowait F:arguments
40 51 exchange.unbind-ok
50 10 queue.declare s:[1] S:queue t:passive t:durable t:exclusive t:auto-delete t:nowait F:arguments
50 11 queue.declare-ok S:queue l:message-count l:consumer-count
50 20 queue.bind s:[1] S:queue S:exchange S:routing-key t:nowait F:arguments
50 21 queue.bind-ok
50 30 queue.purge s:[1] S:queue t:nowait
50 31 queue.purge-ok l:message-count
50 40 queue.delete s:[1] S:queue t:if-unused t:if-empty t:nowait
50 41 queue.delete-ok l:message-count
50 50 queue.unbind s:[1] S:queue S:exchange S:routing-key F:arguments
50 51 queue.unbind-ok
60 10 basic.qos l:prefetch-size s:prefetch-count t:global
60 11 basic.qos-ok
60 20 basic.consume s:[1] S:queue S:consumer-tag t:no-local t:no-ack t:exclusive t:nowait F:arguments
60 21 basic.consume-ok S:consumer-tag
60 30 basic.cancel S:consumer-tag t:nowait
60 31 basic.cancel-ok S:consumer-tag
60 40 basic.publish* s:[1] S:exchange S:routing-key t:mandatory t:immediate
60 50 basic.return* s:reply-code S:reply-text S:exchange S:routing-key
60 60 basic.deliver* S:consumer-tag L:delivery-tag t:redelivered S:exchange S:routing-key
60 70 basic.get s:[1] S:queue t:no-ack
60 71 basic.get-ok* L:delivery-tag t:redelivered S:exchange S:routing-key l:message-count
60 72 basic.get-empty S:[1]
60 80 basic.ack L:delivery-tag t:multiple
60 90 basic.reject L:delivery-tag t:requeue
60 100 basic.recover-async t:requeue
60 110 basic.recover t:requeue
60 111 basic.recover-ok
60 120 basic.nack L:delivery-tag t:multiple t:requeue
85 10 confirm.select t:nowait
85 11 confirm.select-ok
90 10 tx.select
90 11 tx.select-ok
90 20 tx.commit
90 21 tx.commit-ok
90 30 tx.rollback
90 31 tx.rollback-ok
";

/// The properties of a message in the order of their flags, highest first.
pub(crate) const PROPERTIES: [(char, &str); 14] = [
    ('S', "content-type"),
    ('S', "content-encoding"),
    ('F', "headers"),
    ('o', "delivery-mode"),
    ('o', "priority"),
    ('S', "correlation-id"),
    ('S', "reply-to"),
    ('S', "expiration"),
    ('S', "message-id"),
    ('T', "timestamp"),
    ('S', "type"),
    ('S', "user-id"),
    ('S', "app-id"),
    ('S', "cluster-id"),
];

/// One line of the table.
#[derive(Debug)]
pub(crate) struct MethodSpec {
    pub(crate) class: u16,
    pub(crate) method: u16,
    pub(crate) name: &'static str,
    pub(crate) content: bool,
    /// Kind and name; a reserved argument's name starts with a bracket.
    pub(crate) fields: Vec<(char, &'static str)>,
}

impl MethodSpec {
    /// Whether the method has an argument of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(_, known)| *known == name)
    }

    /// Whether a client that sends it waits for an answer (unless it says `nowait`).
    pub(crate) fn is_question(&self) -> bool {
        !self.name.ends_with("-ok")
            && by_name(&format!("{}-ok", self.name)).is_some_and(|answer| answer.name != self.name)
    }
}

/// All methods.
pub(crate) fn methods() -> &'static [MethodSpec] {
    static METHODS: OnceLock<Vec<MethodSpec>> = OnceLock::new();
    METHODS.get_or_init(|| TABLE.trim().lines().map(read_line).collect())
}

fn read_line(line: &'static str) -> MethodSpec {
    let mut words = line.split(' ');
    let mut word = || words.next().unwrap_or_default();
    let number = |text: &str| text.parse().expect("the table's numbers are numbers");
    let (class, method, name) = (number(word()), number(word()), word());
    let field = |text: &'static str| {
        let (kind, name) = text.split_once(':').expect("an argument is kind:name");
        (kind.chars().next().expect("a kind is a letter"), name)
    };
    MethodSpec {
        class,
        method,
        name: name.trim_end_matches('*'),
        content: name.ends_with('*'),
        fields: words.map(field).collect(),
    }
}

/// The method called so.
pub(crate) fn by_name(name: &str) -> Option<&'static MethodSpec> {
    methods().iter().find(|spec| spec.name == name)
}

/// The method with these numbers.
pub(crate) fn by_ids(class: u16, method: u16) -> Option<&'static MethodSpec> {
    methods()
        .iter()
        .find(|spec| (spec.class, spec.method) == (class, method))
}
