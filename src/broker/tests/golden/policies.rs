//! Policies and operator policies. What they do to each other, to arguments and to queues that run
//! was measured on RabbitMQ 3.10.8.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check_administered;
use crate::broker::{Broker, BrokerOptions, Effects};
use crate::types::{
    ApplyTo, FieldTable, FieldValue, Pattern, Policy, PolicyRefused, ShortText, SimTime, VhostName,
};
use expect_test::expect;

fn root() -> VhostName {
    VhostName::truncated("/")
}

/// A policy for queues called q, named after its first setting.
fn policy(settings: &[(&str, FieldValue)]) -> Policy {
    let definition: FieldTable = settings
        .iter()
        .map(|(setting, value)| (ShortText::truncated(setting), value.clone()))
        .collect();
    Policy {
        vhost: root(),
        name: ShortText::truncated("p"),
        operator: false,
        pattern: Pattern::new("^q").expect("a pattern"),
        apply_to: ApplyTo::Queues,
        priority: 0,
        definition,
    }
}

type Set = Box<dyn Fn(&mut Broker, SimTime, &mut Effects)>;

fn set(policy: Policy) -> Set {
    Box::new(move |broker, now, effects| {
        let taken = broker.set_policy(now, policy.clone(), effects);
        assert_eq!(taken, Ok(()));
    })
}

fn clear(operator: bool) -> Set {
    Box::new(move |broker, now, effects| {
        broker.clear_policy(now, (&root(), "p", operator), effects);
    })
}

fn nothing(_: &mut Broker, _: SimTime, _: &mut Effects) {}

const FIVE: &str = r#"
    1.1 publish "" q a
    1.1 publish "" q b
    1.1 publish "" q c
    1.1 publish "" q d
    1.1 publish "" q e
"#;

#[test]
fn a_new_limit_drops_what_is_too_much_by_the_policys_own_dead_letter_exchange() {
    let limit = policy(&[
        ("max-length", 3.into()),
        ("overflow", "reject-publish".into()),
        ("dead-letter-exchange", "".into()),
        ("dead-letter-routing-key", "dl".into()),
    ]);
    check_administered(
        &[
            (&nothing, "1.1 queue q\n1.1 queue dl\n1.1 confirm"),
            (&nothing, FIVE),
            // Limits are taken over before overflow: the head is dropped once.
            (
                &set(limit),
                r#"
                    1.1 queue q passive
                    1.1 queue dl passive
                    1.1 get dl auto
                    1.1 publish "" q refused
                "#,
            ),
            (
                &clear(false),
                "1.1 publish \"\" q taken\n1.1 queue q passive",
            ),
        ],
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 queue dl
                ok queue dl: 0 ready, 0 consumers
            1.1 confirm
            --
            1.1 publish "" q a
                1.1 confirmed 1
            1.1 publish "" q b
                1.1 confirmed 2
            1.1 publish "" q c
                1.1 confirmed 3
            1.1 publish "" q d
                1.1 confirmed 4
            1.1 publish "" q e
                1.1 confirmed 5
            --
            1.1 queue q passive
                ok queue q: 3 ready, 0 consumers
            1.1 queue dl passive
                ok queue dl: 2 ready, 0 consumers
            1.1 get dl auto
                got 1 a (""/dl) headers={x-death=[{count=i64(1), reason=maxlen, queue=q, time=time(0), exchange="", routing-keys=[q]}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=maxlen}; 1 remain
            1.1 publish "" q refused
                1.1 nacked 6 multiple
            --
            1.1 publish "" q taken
                1.1 confirmed 7
            1.1 queue q passive
                ok queue q: 4 ready, 0 consumers
        "#]],
    );
}

#[test]
fn of_policy_and_argument_the_smaller_limit_counts_and_the_argument_for_the_rest() {
    let policy = |length: i32| {
        policy(&[
            ("max-length", length.into()),
            ("overflow", "reject-publish".into()),
            ("dead-letter-routing-key", "dl".into()),
        ])
    };
    check_administered(
        &[
            (
                &set(policy(4)),
                r#"
                    1.1 queue dl
                    1.1 queue q x-max-length=3 x-overflow=drop-head x-dead-letter-exchange=""
                "#,
            ),
            (&nothing, FIVE),
            (&nothing, "1.1 queue q passive\n1.1 queue dl passive"),
            (
                &set(policy(1)),
                r#"
                    1.1 queue q passive
                    1.1 queue dl passive
                    1.1 queue q x-max-length=3 x-overflow=drop-head x-dead-letter-exchange=""
                "#,
            ),
        ],
        &expect![[r#"
            1.1 queue dl
                ok queue dl: 0 ready, 0 consumers
            1.1 queue q x-max-length=3 x-overflow=drop-head x-dead-letter-exchange=""
                ok queue q: 0 ready, 0 consumers
            --
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 publish "" q d
            1.1 publish "" q e
            --
            1.1 queue q passive
                ok queue q: 3 ready, 0 consumers
            1.1 queue dl passive
                ok queue dl: 2 ready, 0 consumers
            --
            1.1 queue q passive
                ok queue q: 1 ready, 0 consumers
            1.1 queue dl passive
                ok queue dl: 4 ready, 0 consumers
            1.1 queue q x-max-length=3 x-overflow=drop-head x-dead-letter-exchange=""
                ok queue q: 1 ready, 0 consumers
        "#]],
    );
}

#[test]
fn on_a_quorum_queue_the_policys_overflow_and_expiry_count() {
    let policy = policy(&[
        ("max-length", 5.into()),
        ("overflow", "reject-publish".into()),
        ("expires", 9000.into()),
    ]);
    check_administered(
        &[
            (
                &set(policy),
                r#"
                    1.1 confirm
                    1.1 queue q durable x-queue-type=quorum x-overflow=drop-head x-expires=1000
                "#,
            ),
            (&nothing, FIVE),
            (
                &nothing,
                "1.1 publish \"\" q f\npass 2s\n1.1 queue q passive",
            ),
        ],
        &expect![[r#"
            1.1 confirm
            1.1 queue q durable x-queue-type=quorum x-overflow=drop-head x-expires=1000
                ok queue q: 0 ready, 0 consumers
            --
            1.1 publish "" q a
                1.1 confirmed 1
            1.1 publish "" q b
                1.1 confirmed 2
            1.1 publish "" q c
                1.1 confirmed 3
            1.1 publish "" q d
                1.1 confirmed 4
            1.1 publish "" q e
                1.1 confirmed 5
            --
            1.1 publish "" q f
                1.1 confirmed 6
            pass 2s
            1.1 queue q passive
                ok queue q: 6 ready, 0 consumers
        "#]],
    );
}

#[test]
fn messages_keep_the_time_to_live_with_which_they_came() {
    let ttl = policy(&[("message-ttl", 300.into())]);
    check_administered(
        &[
            (&nothing, "1.1 queue q\n1.1 publish \"\" q old"),
            (
                &set(ttl.clone()),
                r#"
                    1.1 publish "" q new
                    pass 400ms
                    1.1 queue q passive
                    1.1 get q auto
                    1.1 queue q passive
                    1.1 publish "" q new
                "#,
            ),
            (
                &clear(false),
                r#"
                    1.1 publish "" q later
                    pass 400ms
                    1.1 queue q passive
                    1.1 get q auto
                "#,
            ),
            (
                &set(ttl),
                r#"
                    1.1 queue q2 x-message-ttl=100
                    1.1 publish "" q2 a
                    pass 200ms
                    1.1 queue q2 passive
                "#,
            ),
        ],
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q old
            --
            1.1 publish "" q new
            pass 400ms
            1.1 queue q passive
                ok queue q: 2 ready, 0 consumers
            1.1 get q auto
                got 1 old (""/q); 0 remain
            1.1 queue q passive
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q new
            --
            1.1 publish "" q later
            pass 400ms
            1.1 queue q passive
                ok queue q: 1 ready, 0 consumers
            1.1 get q auto
                got 2 later (""/q); 0 remain
            --
            1.1 queue q2 x-message-ttl=100
                ok queue q2: 0 ready, 0 consumers
            1.1 publish "" q2 a
            pass 200ms
            1.1 queue q2 passive
                ok queue q2: 0 ready, 0 consumers
        "#]],
    );
}

#[test]
fn a_queues_time_without_use_begins_anew_with_every_change_of_its_policy() {
    let expires = policy(&[("expires", 1500.into())]);
    let again = Policy {
        priority: 1,
        ..expires.clone()
    };
    check_administered(
        &[
            (
                &nothing,
                "1.1 queue q\n1.1 queue q2 x-expires=3000\npass 2s",
            ),
            (&set(expires), "pass 1s"),
            // Both are still there: their clocks start with the policy, and again with its change.
            (
                &set(again.clone()),
                "pass 1s\n1.1 publish \"\" q x mandatory",
            ),
            // The same once more changes nothing.
            (
                &set(again),
                r#"
                    pass 600ms
                    1.1 publish "" q x mandatory
                    1.1 publish "" q2 x mandatory
                "#,
            ),
        ],
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 queue q2 x-expires=3000
                ok queue q2: 0 ready, 0 consumers
            pass 2s
            --
            pass 1s
            --
            pass 1s
            1.1 publish "" q x mandatory
            --
            pass 600ms
            1.1 publish "" q x mandatory
                1.1 returned 312 NO_ROUTE x (""/q)
            1.1 publish "" q2 x mandatory
                1.1 returned 312 NO_ROUTE x (""/q2)
        "#]],
    );
}

#[test]
fn an_exchange_takes_its_alternate_from_its_argument_or_else_from_a_policy() {
    let alternate = Policy {
        pattern: Pattern::new("^a[xy]$").expect("a pattern"),
        apply_to: ApplyTo::Exchanges,
        ..policy(&[("alternate-exchange", "amq.match".into())])
    };
    check_administered(
        &[
            (
                &nothing,
                r#"
                    1.1 queue of-policy
                    1.1 queue of-argument
                    1.1 bind amq.match -> of-policy
                    1.1 bind amq.fanout -> of-argument
                    1.1 exchange ax direct
                "#,
            ),
            (
                &set(alternate),
                r#"
                    1.1 exchange ay direct alternate-exchange=amq.fanout
                    1.1 publish ax k 1
                    1.1 publish ay k 2
                    1.1 get of-policy auto
                    1.1 get of-argument auto
                    1.1 delete-exchange ax
                    1.1 exchange ax direct
                    1.1 publish ax k 3 mandatory
                "#,
            ),
            (&clear(false), "1.1 publish ax k 4 mandatory"),
        ],
        &expect![[r#"
            1.1 queue of-policy
                ok queue of-policy: 0 ready, 0 consumers
            1.1 queue of-argument
                ok queue of-argument: 0 ready, 0 consumers
            1.1 bind amq.match -> of-policy ""
            1.1 bind amq.fanout -> of-argument ""
            1.1 exchange ax direct
            --
            1.1 exchange ay direct alternate-exchange=amq.fanout
            1.1 publish ax k 1
            1.1 publish ay k 2
            1.1 get of-policy auto
                got 1 1 (ax/k); 0 remain
            1.1 get of-argument auto
                got 2 2 (ay/k); 0 remain
            1.1 delete-exchange ax
            1.1 exchange ax direct
            1.1 publish ax k 3 mandatory
            --
            1.1 publish ax k 4 mandatory
                1.1 returned 312 NO_ROUTE 4 (ax/k)
        "#]],
    );
}

#[test]
fn of_several_policies_the_highest_that_is_about_the_queue_counts() {
    let named = |name: &str, length: i32, priority, apply_to| Policy {
        name: ShortText::truncated(name),
        priority,
        apply_to,
        ..policy(&[("max-length", length.into())])
    };
    let quorum_only = Policy {
        name: ShortText::truncated("d"),
        priority: 8,
        ..policy(&[("max-length", 1.into()), ("delivery-limit", 2.into())])
    };
    check_administered(
        &[
            (&set(named("p", 4, 2, ApplyTo::Queues)), "1.1 queue q"),
            (&set(named("a", 1, 1, ApplyTo::Queues)), FIVE),
            (&nothing, "1.1 queue q passive"),
            // Neither is about classic queues.
            (
                &set(named("x", 0, 9, ApplyTo::Exchanges)),
                "1.1 queue q passive",
            ),
            (&set(quorum_only), "1.1 queue q passive"),
            (&set(named("y", 3, 9, ApplyTo::All)), "1.1 queue q passive"),
            (&set(named("y", 3, 0, ApplyTo::All)), FIVE),
            (&clear(false), "1.1 queue q passive"),
        ],
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            --
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 publish "" q d
            1.1 publish "" q e
            --
            1.1 queue q passive
                ok queue q: 4 ready, 0 consumers
            --
            1.1 queue q passive
                ok queue q: 4 ready, 0 consumers
            --
            1.1 queue q passive
                ok queue q: 4 ready, 0 consumers
            --
            1.1 queue q passive
                ok queue q: 3 ready, 0 consumers
            --
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 publish "" q d
            1.1 publish "" q e
            --
            1.1 queue q passive
                ok queue q: 1 ready, 0 consumers
        "#]],
    );
}

#[test]
fn of_policy_and_operator_policy_the_smaller_limit_counts() {
    let operator = |length: i32| Policy {
        operator: true,
        ..policy(&[("max-length", length.into())])
    };
    let own = policy(&[
        ("max-length", 4.into()),
        ("overflow", "reject-publish".into()),
    ]);
    check_administered(
        &[
            (&set(own), "1.1 queue q"),
            (&set(operator(5)), FIVE),
            (
                &set(operator(2)),
                "1.1 queue q passive\n1.1 get q auto\n1.1 get q auto\n1.1 get q auto",
            ),
            // The operator's stays, and without the other the head is dropped.
            (&clear(false), FIVE),
            (&nothing, "1.1 queue q passive"),
            (&clear(true), FIVE),
            (&nothing, "1.1 queue q passive"),
        ],
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            --
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 publish "" q d
            1.1 publish "" q e
            --
            1.1 queue q passive
                ok queue q: 4 ready, 0 consumers
            1.1 get q auto
                got 1 a (""/q); 3 remain
            1.1 get q auto
                got 2 b (""/q); 2 remain
            1.1 get q auto
                got 3 c (""/q); 1 remain
            --
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 publish "" q d
            1.1 publish "" q e
            --
            1.1 queue q passive
                ok queue q: 2 ready, 0 consumers
            --
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 publish "" q d
            1.1 publish "" q e
            --
            1.1 queue q passive
                ok queue q: 7 ready, 0 consumers
        "#]],
    );
}

#[test]
fn what_rabbitmq_would_not_take_is_refused() {
    let mut broker = Broker::new(BrokerOptions::default());
    let mut take = |policy: Policy| {
        let taken = broker.set_policy(SimTime::ZERO, policy, &mut Vec::new());
        taken.map_err(|PolicyRefused { setting }| setting)
    };
    for (setting, value) in [
        ("max-length", FieldValue::from(-1)),
        ("max-length", "2".into()),
        ("expires", 0.into()),
        ("message-ttl", FieldValue::from(-1)),
        ("overflow", "no".into()),
        ("alternate-exchange", 1.into()),
        ("max-priority", 3.into()),
        ("x", 1.into()),
    ] {
        let refused = take(policy(&[("message-ttl", 1.into()), (setting, value)]));
        assert_eq!(refused, Err(setting.to_owned()));
    }
    assert_eq!(take(policy(&[])), Err(String::new()));
    for (setting, value) in [
        ("overflow", "reject-publish"),
        ("dead-letter-exchange", "x"),
    ] {
        let operator = Policy {
            operator: true,
            ..policy(&[(setting, value.into())])
        };
        assert_eq!(take(operator.clone()), Err(setting.to_owned()));
        let operator = false;
        assert_eq!(
            take(Policy {
                operator,
                ..policy(&[(setting, value.into())])
            }),
            Ok(())
        );
    }
    let mirrored = policy(&[("ha-mode", "all".into()), ("queue-mode", "lazy".into())]);
    assert_eq!(take(mirrored), Ok(()));
}
