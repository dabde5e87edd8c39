//! What a loaded definitions file makes of a broker.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{Loaded, base_64, load};
use crate::broker::{Broker, BrokerOptions, Command, Destination, Effects, QueueDeclare, Reply};
use crate::types::{
    AmqpError, ChannelRef, ConnectionId, Profile, QueueName, SimTime, UserId, VhostName,
};

fn loaded(text: &str) -> (Broker, Loaded) {
    let profile = Profile::V3;
    let mut broker = Broker::new(BrokerOptions { profile });
    let loaded = load(&mut broker, SimTime::ZERO, text).expect("it opens");
    assert_eq!(broker.check_invariants(), Ok(()));
    (broker, loaded)
}

fn said(
    broker: &mut Broker,
    (connection, channel): (u32, u16),
    command: Command,
) -> Result<Reply, AmqpError> {
    let at = ChannelRef::new(ConnectionId(connection), channel);
    broker.apply(SimTime::ZERO, at, command, &mut Effects::new())
}

fn opened(broker: &mut Broker, connection: u32, vhost: &str, user: UserId) -> Result<(), String> {
    let vhost = VhostName::truncated(vhost);
    let open = Command::ConnectionOpen { vhost, user };
    let opened = said(broker, (connection, 0), open)
        .and_then(|_| said(broker, (connection, 1), Command::ChannelOpen));
    opened.map(|_| ()).map_err(|error| error.to_string())
}

fn declare(name: &str) -> Command {
    Command::QueueDeclare(QueueDeclare {
        queue: QueueName::truncated(name),
        durable: true,
        ..QueueDeclare::default()
    })
}

/// As RabbitMQ 3.10.8 exports users; bob's password is `bobpw`, eve's is `pässword`.
const SHOP: &str = r##"{
    "rabbit_version": "3.10.8",
    "users": [
        {"name": "bob", "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": [],
         "limits": {"max-connections": 1},
         "password_hash": "E5QUTB5y6Ckups3rnYO2u3hqXrj95UIjT0+3pnaKJYqPcDeV"},
        {"name": "eve", "hashing_algorithm": "rabbit_password_hashing_sha512",
         "password_hash": "SHA512", "tags": "impersonator, monitoring"},
        {"name": "old", "hashing_algorithm": "rabbit_password_hashing_md5", "password_hash": "AAAA",
         "tags": ""},
        {"name": "plain", "password": "in clear", "tags": ""}
    ],
    "vhosts": [{"name": "/"}, {"name": "shop"}],
    "permissions": [
        {"user": "bob", "vhost": "shop", "configure": "^b", "write": ".*", "read": ""},
        {"user": "plain", "vhost": "shop", "configure": "(", "write": ".*", "read": ".*"},
        {"user": "nobody", "vhost": "shop", "configure": "", "write": "", "read": ""}
    ],
    "topic_permissions": [
        {"user": "bob", "vhost": "shop", "exchange": "logs", "write": "^{username}", "read": ""}
    ],
    "parameters": [
        {"vhost": "shop", "component": "vhost-limits", "name": "limits",
         "value": {"max-queues": 3, "max-connections": -1}},
        {"vhost": "shop", "component": "operator_policy", "name": "o",
         "value": {"pattern": "^short", "apply-to": "queues", "priority": 0,
                   "definition": {"max-length": 2}}}
    ],
    "policies": [{"vhost": "shop", "name": "p", "pattern": "^short", "apply-to": "queues",
                  "priority": 1, "definition": {"max-length": 3}}],
    "exchanges": [{"name": "logs", "vhost": "shop", "type": "topic"}],
    "queues": [{"name": "short", "vhost": "shop"}, {"name": "long", "vhost": "shop"}],
    "bindings": [
        {"source": "logs", "vhost": "shop", "destination": "short", "routing_key": "a.#"},
        {"source": "amq.fanout", "vhost": "shop", "destination": "logs",
         "destination_type": "exchange"}
    ]
}"##;

/// The salt 1 2 3 4 and what SHA-512 makes of it and the password.
const EVES_HASH: &str = "AQIDBFX7b5898G6MIFbTNk/v0gVfH38vNlUz8970Zz/KAf5H6OYNQIf1/lXc\
    UWP716GWSO88NEHvdaUXlQA5nLUddAU=";

fn shop() -> String {
    SHOP.replace("SHA512", EVES_HASH)
}

#[test]
fn users_come_with_their_passwords_and_permissions() {
    let (mut broker, loaded) = loaded(&shop());
    let users = [
        ("bob", "bobpw"),
        ("bob", "bobpW"),
        ("eve", "p\u{e4}ssword"),
        ("eve", ""),
        ("old", "old"),
        ("plain", "in clear"),
        ("guest", "guest"),
    ];
    let users = users.map(|(name, password)| broker.authenticate(name, password));
    let [Some(bob), None, Some(eve), None, None, Some(_), None] = users else {
        panic!("{users:?}");
    };
    assert_eq!(opened(&mut broker, 1, "shop", bob), Ok(()));
    let refused = said(&mut broker, (1, 1), declare("a")).expect_err("refused");
    let text = "403 ACCESS_REFUSED - access to queue 'a' in vhost 'shop' refused for user 'bob'";
    assert_eq!(refused.to_string(), text);
    let text = "530 NOT_ALLOWED - connection refused for user 'bob': user connection limit (1) is \
                reached";
    assert_eq!(opened(&mut broker, 2, "shop", bob), Err(text.to_owned()));
    let text = "530 NOT_ALLOWED - access to vhost '/' refused for user 'eve'";
    assert_eq!(opened(&mut broker, 2, "/", eve), Err(text.to_owned()));
    assert_eq!(
        loaded.refused,
        [
            "user 'old' cannot log in: its hash is unknown",
            "permissions of user 'plain' in vhost 'shop': missing ) at 1",
            "permissions of user 'nobody' in vhost 'shop': no such user",
        ]
    );
}

#[test]
fn everything_is_declared_and_policies_and_limits_count() {
    let (mut broker, loaded) = loaded(&shop());
    let vhost = broker
        .vhost_named(&VhostName::truncated("shop"))
        .expect("a vhost");
    let short = broker.queue_named(vhost, "short").expect("a queue");
    let logs = broker.exchange_named(vhost, "logs").expect("an exchange");
    let keys: Vec<&str> = broker
        .bindings_to(Destination::Queue(short))
        .map(|it| it.binding_key.as_str())
        .collect();
    assert_eq!(keys, ["a.#"]);
    assert_eq!(broker.bindings_to(Destination::Exchange(logs)).count(), 1);
    assert_eq!(opened(&mut broker, 1, "shop", UserId::default()), Ok(()));
    for body in ["a", "b", "c"] {
        let publish = crate::broker::Publish {
            exchange: crate::types::ExchangeName::default(),
            routing_key: crate::types::RoutingKey::truncated("short"),
            mandatory: false,
            immediate: false,
            properties: None,
            body: crate::broker::Body::Octets(body.as_bytes().into()),
        };
        assert!(said(&mut broker, (1, 1), Command::BasicPublish(publish)).is_ok());
    }
    assert_eq!(broker.queue_view(short).map(|it| it.ready), Some(2));
    assert!(said(&mut broker, (1, 1), declare("third")).is_ok());
    let refused = said(&mut broker, (1, 1), declare("fourth")).expect_err("refused");
    let text = "406 PRECONDITION_FAILED - cannot declare queue 'fourth': queue limit in vhost \
                'shop' (3) is reached";
    assert_eq!(refused.to_string(), text);
    let codes: Vec<&str> = loaded.problems.iter().map(|it| it.code.code()).collect();
    assert_eq!(
        codes,
        ["policy-applied", "policy-applied"],
        "{:?}",
        loaded.problems
    );
}

#[test]
fn without_users_in_the_file_the_default_one_stays_and_may_do_everything() {
    let text = r#"{"vhosts": [{"name": "shop"}], "queues": [
        {"name": "q", "vhost": "shop", "arguments": {"x-message-ttl": -1}},
        {"name": "amq.mine", "vhost": "shop"},
        {"name": "r", "vhost": "shop"}]}"#;
    let (mut broker, loaded) = loaded(text);
    let guest = broker
        .authenticate("guest", "guest")
        .expect("the default user");
    assert_eq!(opened(&mut broker, 1, "shop", guest), Ok(()));
    assert!(said(&mut broker, (1, 1), declare("r")).is_ok());
    let text = "queue 'q' in vhost 'shop': 406 PRECONDITION_FAILED - invalid arg 'x-message-ttl' for \
                queue 'q' in vhost 'shop': {value_negative,-1}";
    assert_eq!(loaded.refused, [text]);
    assert!(load(&mut broker, SimTime::ZERO, "[]").is_err());
}

#[test]
fn base_64_is_read_as_it_is_written() {
    for (text, octets) in [
        ("", Some(&b""[..])),
        ("Zg==", Some(b"f")),
        ("Zm8=", Some(b"fo")),
        ("Zm9v", Some(b"foo")),
        ("Zm9vYmFy", Some(b"foobar")),
        ("+/8", Some(&[0xfb, 0xff])),
        ("Zm 9v", None),
    ] {
        assert_eq!(base_64(text).as_deref(), octets, "{text}");
    }
}
