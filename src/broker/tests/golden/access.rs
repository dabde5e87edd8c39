//! §17: permissions. Every text, code and order was measured on RabbitMQ 3.10.8.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check_administered;
use crate::broker::{Broker, Effects, Password, Permissions, User, VhostLimits};
use crate::types::{ExchangeName, ShortText, SimTime, VhostName};
use expect_test::expect;

fn user(name: &str) -> User {
    User {
        name: ShortText::truncated(name),
        password: Password::Plain(format!("{name}pw").into()),
        tags: Vec::new(),
        max_connections: None,
        max_channels: None,
    }
}

fn root() -> VhostName {
    VhostName::truncated("/")
}

fn permit(broker: &mut Broker, name: &str, configure: &str, write: &str, read: &str) {
    let rights = Permissions::new(configure, write, read).expect("patterns");
    assert!(broker.set_permissions(name, &root(), rights));
}

/// User 2 may configure and read what begins with b, and write that and to the default exchange.
fn bob(broker: &mut Broker, _now: SimTime, _effects: &mut Effects) {
    broker.set_user(user("bob"));
    permit(broker, "bob", "^b", "^b|^amq\\.default$", "^b");
}

/// User 2 may do everything, but on the topic exchange `logs` only with some keys.
fn tom(broker: &mut Broker, _now: SimTime, _effects: &mut Effects) {
    broker.set_user(user("tom"));
    permit(broker, "tom", ".*", ".*", ".*");
    let logs = ExchangeName::truncated("logs");
    let keys = ("^{username}\\.", "^({vhost}x|{client_id})\\.");
    assert_eq!(
        broker.set_topic_permissions("tom", &root(), &logs, keys),
        Ok(true)
    );
}

const THINGS: &str = r#"
    1.1 queue other
    1.1 queue b1
    1.1 exchange px direct
    1.1 exchange bx topic
    1.1 exchange bint direct internal
"#;

#[test]
fn queues_are_declared_and_deleted_with_the_right_to_configure() {
    check_administered(
        &[
            (&bob, THINGS),
            (
                &|_, _, _| {},
                r#"
                    2.0 open / user=2
                    2.1 queue other passive
                    2.1 queue other
                    2.2 queue new
                    2.3 queue ""
                    2.4 queue amq.x
                    2.5 queue "" durable x-queue-type=quorum
                    2.6 delete other
                    2.7 delete missing
                    2.8 queue b2
                    2.8 delete b2
                "#,
            ),
        ],
        &expect![[r#"
            1.1 queue other
                ok queue other: 0 ready, 0 consumers
            1.1 queue b1
                ok queue b1: 0 ready, 0 consumers
            1.1 exchange px direct
            1.1 exchange bx topic
            1.1 exchange bint direct internal
            --
            2.0 open / user=2
            2.1 queue other passive
                ok queue other: 0 ready, 0 consumers
            2.1 queue other
                closes channel (50,10): 403 ACCESS_REFUSED - access to queue 'other' in vhost '/' refused for user 'bob'
            2.2 queue new
                closes channel (50,10): 403 ACCESS_REFUSED - access to queue 'new' in vhost '/' refused for user 'bob'
            2.3 queue ""
                closes channel (50,10): 403 ACCESS_REFUSED - access to queue 'amq.gen-4iCoOXsdza9hvI6oEkmZ1A' in vhost '/' refused for user 'bob'
            2.4 queue amq.x
                closes channel (50,10): 403 ACCESS_REFUSED - queue name 'amq.x' contains reserved prefix 'amq.*'
            2.5 queue "" durable x-queue-type=quorum
                closes channel (50,10): 406 PRECONDITION_FAILED - Cannot declare a server-named queue for type rabbit_quorum_queue
            2.6 delete other
                closes channel (50,40): 403 ACCESS_REFUSED - access to queue 'other' in vhost '/' refused for user 'bob'
            2.7 delete missing
                closes channel (50,40): 403 ACCESS_REFUSED - access to queue 'missing' in vhost '/' refused for user 'bob'
            2.8 queue b2
                ok queue b2: 0 ready, 0 consumers
            2.8 delete b2
                ok 0 deleted
        "#]],
    );
}

#[test]
fn a_dead_letter_exchange_must_be_writable() {
    check_administered(
        &[
            (&bob, THINGS),
            (
                &|_, _, _| {},
                r#"
                    2.0 open / user=2
                    2.1 queue b2 x-dead-letter-exchange=px
                    2.2 queue b3 x-dead-letter-exchange=""
                    2.2 queue b4 x-dead-letter-exchange=3
                    2.3 queue b5 x-dead-letter-exchange=px x-message-ttl=-1
                    2.4 queue b3 x-dead-letter-exchange=px
                "#,
            ),
        ],
        &expect![[r#"
            1.1 queue other
                ok queue other: 0 ready, 0 consumers
            1.1 queue b1
                ok queue b1: 0 ready, 0 consumers
            1.1 exchange px direct
            1.1 exchange bx topic
            1.1 exchange bint direct internal
            --
            2.0 open / user=2
            2.1 queue b2 x-dead-letter-exchange=px
                closes channel (50,10): 403 ACCESS_REFUSED - access to exchange 'px' in vhost '/' refused for user 'bob'
            2.2 queue b3 x-dead-letter-exchange=""
                ok queue b3: 0 ready, 0 consumers
            2.2 queue b4 x-dead-letter-exchange=3
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid type 'signedint' for arg 'x-dead-letter-exchange' in queue 'b4' in vhost '/'
            2.3 queue b5 x-dead-letter-exchange=px x-message-ttl=-1
                closes channel (50,10): 403 ACCESS_REFUSED - access to exchange 'px' in vhost '/' refused for user 'bob'
            2.4 queue b3 x-dead-letter-exchange=px
                closes channel (50,10): 406 PRECONDITION_FAILED - inequivalent arg 'x-dead-letter-exchange' for queue 'b3' in vhost '/': received 'px' but current is ''
        "#]],
    );
}

#[test]
fn exchanges_are_declared_and_deleted_with_the_right_to_configure() {
    check_administered(
        &[
            (&bob, THINGS),
            (
                &|_, _, _| {},
                r#"
                    2.0 open / user=2
                    2.1 exchange px topic passive
                    2.1 exchange new direct
                    2.2 exchange amq.new direct
                    2.3 exchange "" direct
                    2.4 exchange bx2 direct alternate-exchange=px
                    2.5 exchange bx3 direct alternate-exchange=""
                    2.5 delete-exchange px
                    2.6 delete-exchange missing
                    2.7 delete-exchange amq.direct
                    2.8 delete-exchange ""
                    2.9 exchange new wrong
                "#,
            ),
        ],
        &expect![[r#"
            1.1 queue other
                ok queue other: 0 ready, 0 consumers
            1.1 queue b1
                ok queue b1: 0 ready, 0 consumers
            1.1 exchange px direct
            1.1 exchange bx topic
            1.1 exchange bint direct internal
            --
            2.0 open / user=2
            2.1 exchange px topic passive
            2.1 exchange new direct
                closes channel (40,10): 403 ACCESS_REFUSED - access to exchange 'new' in vhost '/' refused for user 'bob'
            2.2 exchange amq.new direct
                closes channel (40,10): 403 ACCESS_REFUSED - access to exchange 'amq.new' in vhost '/' refused for user 'bob'
            2.3 exchange "" direct
                closes channel (40,10): 403 ACCESS_REFUSED - operation not permitted on the default exchange
            2.4 exchange bx2 direct alternate-exchange=px
                closes channel (40,10): 403 ACCESS_REFUSED - access to exchange 'px' in vhost '/' refused for user 'bob'
            2.5 exchange bx3 direct alternate-exchange=""
            2.5 delete-exchange px
                closes channel (40,20): 403 ACCESS_REFUSED - access to exchange 'px' in vhost '/' refused for user 'bob'
            2.6 delete-exchange missing
                closes channel (40,20): 403 ACCESS_REFUSED - access to exchange 'missing' in vhost '/' refused for user 'bob'
            2.7 delete-exchange amq.direct
                closes channel (40,20): 403 ACCESS_REFUSED - deletion of system exchange 'amq.direct' in vhost '/' not allowed
            2.8 delete-exchange ""
                closes channel (40,20): 403 ACCESS_REFUSED - operation not permitted on the default exchange
            2.9 exchange new wrong
                closes connection (40,10): 503 COMMAND_INVALID - unknown exchange type 'wrong'
        "#]],
    );
}

#[test]
fn a_binding_writes_to_its_destination_and_reads_its_source() {
    check_administered(
        &[
            (&bob, THINGS),
            (
                &|_, _, _| {},
                r#"
                    2.0 open / user=2
                    2.1 bind bx -> b1 k
                    2.1 unbind bx -> b1 k
                    2.1 bind px -> b1 k
                    2.2 bind bx -> other k
                    2.3 bind px -> other k
                    2.4 bind missing -> b1 k
                    2.5 bind bx -> missing k
                    2.6 bind "" -> b1 k
                    2.7 bind "" -> other k
                    2.8 unbind px -> b1 k
                    2.9 unbind bx -> other k
                    2.10 bind-exchange bx -> px k
                    2.12 bind-exchange bx -> "" k
                    2.13 bind-exchange "" -> px k
                    2.14 unbind-exchange bx -> px k
                    2.15 bind px -> "" k
                "#,
            ),
        ],
        &expect![[r#"
            1.1 queue other
                ok queue other: 0 ready, 0 consumers
            1.1 queue b1
                ok queue b1: 0 ready, 0 consumers
            1.1 exchange px direct
            1.1 exchange bx topic
            1.1 exchange bint direct internal
            --
            2.0 open / user=2
            2.1 bind bx -> b1 k
            2.1 unbind bx -> b1 k
            2.1 bind px -> b1 k
                closes channel (50,20): 403 ACCESS_REFUSED - access to exchange 'px' in vhost '/' refused for user 'bob'
            2.2 bind bx -> other k
                closes channel (50,20): 403 ACCESS_REFUSED - access to queue 'other' in vhost '/' refused for user 'bob'
            2.3 bind px -> other k
                closes channel (50,20): 403 ACCESS_REFUSED - access to queue 'other' in vhost '/' refused for user 'bob'
            2.4 bind missing -> b1 k
                closes channel (50,20): 403 ACCESS_REFUSED - access to exchange 'missing' in vhost '/' refused for user 'bob'
            2.5 bind bx -> missing k
                closes channel (50,20): 403 ACCESS_REFUSED - access to queue 'missing' in vhost '/' refused for user 'bob'
            2.6 bind "" -> b1 k
                closes channel (50,20): 403 ACCESS_REFUSED - operation not permitted on the default exchange
            2.7 bind "" -> other k
                closes channel (50,20): 403 ACCESS_REFUSED - access to queue 'other' in vhost '/' refused for user 'bob'
            2.8 unbind px -> b1 k
                closes channel (50,50): 403 ACCESS_REFUSED - access to exchange 'px' in vhost '/' refused for user 'bob'
            2.9 unbind bx -> other k
                closes channel (50,50): 403 ACCESS_REFUSED - access to queue 'other' in vhost '/' refused for user 'bob'
            2.10 bind-exchange bx -> px k
                closes channel (40,30): 403 ACCESS_REFUSED - access to exchange 'px' in vhost '/' refused for user 'bob'
            2.12 bind-exchange bx -> "" k
                closes channel (40,30): 403 ACCESS_REFUSED - operation not permitted on the default exchange
            2.13 bind-exchange "" -> px k
                closes channel (40,30): 403 ACCESS_REFUSED - access to exchange 'px' in vhost '/' refused for user 'bob'
            2.14 unbind-exchange bx -> px k
                closes channel (40,40): 403 ACCESS_REFUSED - access to exchange 'px' in vhost '/' refused for user 'bob'
            2.15 bind px -> "" k
                closes channel (50,20): 404 NOT_FOUND - no previously declared queue
        "#]],
    );
}

#[test]
fn messages_are_put_in_with_the_right_to_write_and_taken_with_the_right_to_read() {
    check_administered(
        &[
            (&bob, THINGS),
            (
                &|_, _, _| {},
                r#"
                    2.0 open / user=2
                    2.1 publish "" b1 in
                    2.1 publish bx k
                    2.1 publish px k
                    2.2 publish missing k
                    2.3 publish bmissing k
                    2.4 publish bint k
                    2.5 publish bx k user-id=guest
                    2.6 publish bx k user-id=bob
                    2.6 get b1
                    2.6 get other
                    2.7 get missing
                    2.8 purge other
                    2.9 purge missing
                    2.10 consume other c
                    2.11 consume b1 c
                "#,
            ),
        ],
        &expect![[r#"
            1.1 queue other
                ok queue other: 0 ready, 0 consumers
            1.1 queue b1
                ok queue b1: 0 ready, 0 consumers
            1.1 exchange px direct
            1.1 exchange bx topic
            1.1 exchange bint direct internal
            --
            2.0 open / user=2
            2.1 publish "" b1 in
            2.1 publish bx k
            2.1 publish px k
                closes channel (60,40): 403 ACCESS_REFUSED - access to exchange 'px' in vhost '/' refused for user 'bob'
            2.2 publish missing k
                closes channel (60,40): 403 ACCESS_REFUSED - access to exchange 'missing' in vhost '/' refused for user 'bob'
            2.3 publish bmissing k
                closes channel (60,40): 404 NOT_FOUND - no exchange 'bmissing' in vhost '/'
            2.4 publish bint k
                closes channel (60,40): 403 ACCESS_REFUSED - cannot publish to internal exchange 'bint' in vhost '/'
            2.5 publish bx k user-id=guest
                closes channel (60,40): 406 PRECONDITION_FAILED - user_id property set to 'guest' but authenticated user was 'bob'
            2.6 publish bx k user-id=bob
            2.6 get b1
                got 1 in (""/b1); 0 remain
            2.6 get other
                closes channel (60,70): 403 ACCESS_REFUSED - access to queue 'other' in vhost '/' refused for user 'bob'
            2.7 get missing
                closes channel (60,70): 403 ACCESS_REFUSED - access to queue 'missing' in vhost '/' refused for user 'bob'
            2.8 purge other
                closes channel (50,30): 403 ACCESS_REFUSED - access to queue 'other' in vhost '/' refused for user 'bob'
            2.9 purge missing
                closes channel (50,30): 403 ACCESS_REFUSED - access to queue 'missing' in vhost '/' refused for user 'bob'
            2.10 consume other c
                closes channel (60,20): 403 ACCESS_REFUSED - access to queue 'other' in vhost '/' refused for user 'bob'
            2.11 consume b1 c
                ok consuming as c
                2.11 c <- 1 redelivered in (""/b1)
        "#]],
    );
}

#[test]
fn routing_keys_are_asked_about_on_topic_exchanges_that_have_a_rule() {
    check_administered(
        &[
            (&tom, THINGS),
            (
                &|_, _, _| {},
                r#"
                    1.1 exchange logs topic
                    2.0 open / user=2
                    2.1 publish logs tom.a
                    2.1 publish bx x.a
                    2.1 publish logs x.a
                    2.2 publish logs x.a user-id=guest
                    2.3 bind logs -> b1 /x.y
                    2.3 bind logs -> b1 "{client_id}.y"
                    2.3 bind logs -> b1 z.y
                    2.4 unbind logs -> b1 z.y
                    2.5 bind-exchange logs -> bx z.y
                    2.6 bind-exchange bx -> logs z.y
                "#,
            ),
        ],
        &expect![[r#"
            1.1 queue other
                ok queue other: 0 ready, 0 consumers
            1.1 queue b1
                ok queue b1: 0 ready, 0 consumers
            1.1 exchange px direct
            1.1 exchange bx topic
            1.1 exchange bint direct internal
            --
            1.1 exchange logs topic
            2.0 open / user=2
            2.1 publish logs tom.a
            2.1 publish bx x.a
            2.1 publish logs x.a
                closes channel (60,40): 403 ACCESS_REFUSED - access to topic 'x.a' in exchange 'logs' in vhost '/' refused for user 'tom'
            2.2 publish logs x.a user-id=guest
                closes channel (60,40): 403 ACCESS_REFUSED - access to topic 'x.a' in exchange 'logs' in vhost '/' refused for user 'tom'
            2.3 bind logs -> b1 /x.y
            2.3 bind logs -> b1 "{client_id}.y"
            2.3 bind logs -> b1 z.y
                closes channel (50,20): 403 ACCESS_REFUSED - access to topic 'z.y' in exchange 'logs' in vhost '/' refused for user 'tom'
            2.4 unbind logs -> b1 z.y
                closes channel (50,50): 403 ACCESS_REFUSED - access to topic 'z.y' in exchange 'logs' in vhost '/' refused for user 'tom'
            2.5 bind-exchange logs -> bx z.y
                closes channel (40,30): 403 ACCESS_REFUSED - access to topic 'z.y' in exchange 'logs' in vhost '/' refused for user 'tom'
            2.6 bind-exchange bx -> logs z.y
        "#]],
    );
}

#[test]
fn an_empty_pattern_matches_no_name_and_an_impersonator_names_others() {
    let nix = |broker: &mut Broker, _: SimTime, _: &mut Effects| {
        broker.set_user(user("nix"));
        permit(broker, "nix", "", "", "x");
        let tags = vec![ShortText::truncated("impersonator")];
        broker.set_user(User {
            tags,
            ..user("imp")
        });
        permit(broker, "imp", ".*", ".*", ".*");
    };
    check_administered(
        &[(
            &nix,
            r#"
                2.0 open / user=2
                2.1 queue q
                2.2 publish "" q
                3.0 open / user=3
                3.1 publish "" q user-id=guest
            "#,
        )],
        &expect![[r#"
            2.0 open / user=2
            2.1 queue q
                closes channel (50,10): 403 ACCESS_REFUSED - access to queue 'q' in vhost '/' refused for user 'nix'
            2.2 publish "" q
                closes channel (60,40): 403 ACCESS_REFUSED - access to exchange 'amq.default' in vhost '/' refused for user 'nix'
            3.0 open / user=3
            3.1 publish "" q user-id=guest
        "#]],
    );
}

#[test]
fn a_vhost_opens_for_those_who_have_permissions_in_it() {
    let others = |broker: &mut Broker, _: SimTime, _: &mut Effects| {
        broker.add_vhost(&VhostName::truncated("w"));
        broker.set_user(user("bob"));
    };
    check_administered(
        &[
            (
                &others,
                r#"
                    2.0 open w user=1
                    3.0 open w user=2
                    3.0 open nowhere user=2
                "#,
            ),
            (
                &|broker, _, _| permit(broker, "bob", "", "", ""),
                r#"
                    3.0 open / user=2
                    3.1 queue q
                "#,
            ),
            (
                &|broker, _, _| permit(broker, "bob", "q", "", ""),
                r#"
                    3.2 queue q
                "#,
            ),
        ],
        &expect![[r#"
            2.0 open w user=1
            3.0 open w user=2
                closes connection (10,40): 530 NOT_ALLOWED - access to vhost 'w' refused for user 'bob'
            3.0 open nowhere user=2
                closes connection (10,40): 530 NOT_ALLOWED - vhost nowhere not found
            --
            3.0 open / user=2
            3.1 queue q
                closes channel (50,10): 403 ACCESS_REFUSED - access to queue 'q' in vhost '/' refused for user 'bob'
            --
            3.2 queue q
                ok queue q: 0 ready, 0 consumers
        "#]],
    );
}

#[test]
fn a_vhost_holds_no_more_connections_and_queues_than_its_limits_say() {
    let limits = |max_connections, max_queues| {
        move |broker: &mut Broker, _: SimTime, _: &mut Effects| {
            let limits = VhostLimits {
                max_connections,
                max_queues,
            };
            broker.set_vhost_limits(&root(), limits);
        }
    };
    check_administered(
        &[
            (&limits(None, None), THINGS),
            (
                &limits(Some(2), Some(2)),
                r#"
                    2.0 open /
                    3.0 open /
                    2.1 queue b1
                    2.1 queue b1 passive
                    2.1 queue new x-message-ttl=-1
                    2.2 queue "" exclusive
                    2.3 queue new x-dead-letter-exchange=1
                    2.4 queue new x-queue-type=wrong
                "#,
            ),
            (
                &limits(Some(0), Some(0)),
                r#"
                    4.0 open /
                    2.5 queue new
                "#,
            ),
        ],
        &expect![[r#"
            1.1 queue other
                ok queue other: 0 ready, 0 consumers
            1.1 queue b1
                ok queue b1: 0 ready, 0 consumers
            1.1 exchange px direct
            1.1 exchange bx topic
            1.1 exchange bint direct internal
            --
            2.0 open /
            3.0 open /
                closes connection (10,40): 530 NOT_ALLOWED - access to vhost '/' refused for user 'guest': connection limit (2) is reached
            2.1 queue b1
                ok queue b1: 0 ready, 0 consumers
            2.1 queue b1 passive
                ok queue b1: 0 ready, 0 consumers
            2.1 queue new x-message-ttl=-1
                closes channel (50,10): 406 PRECONDITION_FAILED - cannot declare queue 'new': queue limit in vhost '/' (2) is reached
            2.2 queue "" exclusive
                closes channel (50,10): 406 PRECONDITION_FAILED - cannot declare queue 'amq.gen-4iCoOXsdza9hvI6oEkmZ1A': queue limit in vhost '/' (2) is reached
            2.3 queue new x-dead-letter-exchange=1
                closes channel (50,10): 406 PRECONDITION_FAILED - cannot declare queue 'new': queue limit in vhost '/' (2) is reached
            2.4 queue new x-queue-type=wrong
                closes channel (50,10): 406 PRECONDITION_FAILED - cannot declare queue 'new': queue limit in vhost '/' (2) is reached
            --
            4.0 open /
                closes connection (10,40): 530 NOT_ALLOWED - access to vhost '/' refused for user 'guest': connection limit (0) is reached
            2.5 queue new
                closes channel (50,10): 406 PRECONDITION_FAILED - cannot declare queue 'new': queue limit in vhost '/' (0) is reached
        "#]],
    );
}

#[test]
fn a_user_has_no_more_connections_and_channels_than_its_limits_say() {
    let bob = |broker: &mut Broker, _: SimTime, _: &mut Effects| {
        broker.set_user(User {
            max_connections: Some(1),
            max_channels: Some(2),
            ..user("bob")
        });
        permit(broker, "bob", ".*", ".*", ".*");
    };
    let shut = |broker: &mut Broker, _: SimTime, _: &mut Effects| {
        broker.set_vhost_limits(
            &root(),
            VhostLimits {
                max_connections: Some(0),
                max_queues: None,
            },
        );
    };
    check_administered(
        &[
            (
                &bob,
                r#"
                    2.0 open / user=2
                    3.0 open / user=2
                    3.0 open nowhere user=2
                    2.1 open
                    2.2 open
                    2.3 open
                    3.0 open / user=2
                "#,
            ),
            (&shut, "4.0 open / user=2"),
        ],
        &expect![[r#"
            2.0 open / user=2
            3.0 open / user=2
                closes connection (10,40): 530 NOT_ALLOWED - connection refused for user 'bob': user connection limit (1) is reached
            3.0 open nowhere user=2
                closes connection (10,40): 530 NOT_ALLOWED - vhost nowhere not found
            2.1 open
            2.2 open
            2.3 open
                closes connection (0,0): 530 NOT_ALLOWED - number of channels opened for user 'bob' has reached the maximum allowed user limit of (2)
            3.0 open / user=2
            --
            4.0 open / user=2
                closes connection (10,40): 530 NOT_ALLOWED - access to vhost '/' refused for user 'bob': connection limit (0) is reached
        "#]],
    );
}

#[test]
fn whoever_knows_the_password_is_let_in() {
    let mut broker = Broker::new(crate::broker::BrokerOptions::default());
    let guest = broker
        .authenticate("guest", "guest")
        .expect("the default user");
    assert_eq!(broker.user_name(guest), "guest");
    assert_eq!(broker.authenticate("guest", "Guest"), None);
    assert_eq!(broker.authenticate("nobody", "guest"), None);
    let bob = broker.set_user(user("bob"));
    assert_eq!(broker.authenticate("bob", "bobpw"), Some(bob));
    let asked = User {
        password: Password::Asked(std::rc::Rc::new(|asked: &str| asked.len() == 3)),
        ..user("bob")
    };
    assert_eq!(broker.set_user(asked), bob);
    assert_eq!(broker.authenticate("bob", "bobpw"), None);
    assert_eq!(broker.authenticate("bob", "abc"), Some(bob));
    // RabbitMQ lets nobody in with a blank password, whatever stands in its books.
    let blank = User {
        password: Password::Plain("".into()),
        ..user("bob")
    };
    broker.set_user(blank);
    assert_eq!(broker.authenticate("bob", ""), None);
    broker.clear_users();
    assert_eq!(broker.authenticate("guest", "guest"), None);
}
