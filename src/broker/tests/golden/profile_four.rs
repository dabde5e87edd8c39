//! §20: what 4.x does differently.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check_on;
use crate::types::Profile;
use expect_test::expect;

#[test]
fn a_queue_neither_durable_nor_exclusive_is_refused() {
    check_on(
        Profile::V4,
        r#"
            1.1 queue q durable
            1.1 queue e exclusive
            1.1 queue t
        "#,
        &expect![[r#"
            1.1 queue q durable
                ok queue q: 0 ready, 0 consumers
            1.1 queue e exclusive
                ok queue e: 0 ready, 0 consumers
            1.1 queue t
                closes connection (50,10): 541 INTERNAL_ERROR
        "#]],
    );
}

#[test]
fn one_limit_over_the_channel_is_refused() {
    check_on(
        Profile::V4,
        r#"
            1.1 qos 1
            1.1 qos 1 global
        "#,
        &expect![[r#"
            1.1 qos 1
            1.1 qos 1 global
                closes connection (60,10): 541 INTERNAL_ERROR
        "#]],
    );
}

#[test]
fn queue_mode_is_refused() {
    check_on(
        Profile::V4,
        r#"
            1.1 queue q durable x-queue-mode=lazy
            1.2 queue q durable x-queue-version=1
        "#,
        &expect![[r#"
            1.1 queue q durable x-queue-mode=lazy
                closes channel (50,10): 406 PRECONDITION_FAILED
            1.2 queue q durable x-queue-version=1
                closes channel (50,10): 406 PRECONDITION_FAILED
        "#]],
    );
}

#[test]
fn a_topic_binding_has_at_most_two_hashes() {
    check_on(
        Profile::V4,
        r#"
            1.1 queue q durable
            1.1 bind amq.topic -> q #.a.#
            1.1 bind amq.topic -> q #.a.#.b.#
        "#,
        &expect![[r#"
            1.1 queue q durable
                ok queue q: 0 ready, 0 consumers
            1.1 bind amq.topic -> q #.a.#
            1.1 bind amq.topic -> q #.a.#.b.#
                closes channel (50,20): 406 PRECONDITION_FAILED
        "#]],
    );
}

#[test]
fn a_clients_own_history_is_not_believed() {
    check_on(
        Profile::V4,
        r#"
            1.1 queue d durable
            1.1 queue q durable x-dead-letter-exchange="" x-dead-letter-routing-key=d
            1.1 publish "" q a headers={x-death=[{count=i64(7), queue=q, reason=rejected}]}
            1.1 get q
            1.1 reject 1
            1.1 get d
        "#,
        &expect![[r#"
            1.1 queue d durable
                ok queue d: 0 ready, 0 consumers
            1.1 queue q durable x-dead-letter-exchange="" x-dead-letter-routing-key=d
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a headers={x-death=[{count=i64(7), queue=q, reason=rejected}]}
            1.1 get q
                got 1 a (""/q) headers={x-death=[{count=i64(7), queue=q, reason=rejected}]}; 0 remain
            1.1 reject 1
            1.1 get d
                got 2 a (""/d) headers={x-death=[{count=i64(1), reason=rejected, queue=q, time=time(0), exchange="", routing-keys=[q]}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=rejected, x-last-death-exchange="", x-last-death-queue=q, x-last-death-reason=rejected}; 0 remain
        "#]],
    );
}

#[test]
fn quorum_queues_have_priorities_and_refuse_their_argument() {
    check_on(
        Profile::V4,
        r#"
            1.2 queue q durable x-queue-type=quorum x-max-priority=5
            1.1 queue q durable x-queue-type=quorum
            1.1 publish "" q low priority=3
            1.1 publish "" q plain
            1.1 publish "" q four priority=4
            1.1 publish "" q most priority=200
            1.1 publish "" q top priority=31
            1.1 get q
            1.1 get q
            1.1 get q
            1.1 get q
            1.1 get q
            1.1 nack 5 multiple requeue
            1.1 publish "" q late priority=31
            1.1 get q
            1.1 get q
            1.1 nack 7 multiple
        "#,
        &expect![[r#"
            1.2 queue q durable x-queue-type=quorum x-max-priority=5
                closes channel (50,10): 406 PRECONDITION_FAILED
            1.1 queue q durable x-queue-type=quorum
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q low priority=3
            1.1 publish "" q plain
            1.1 publish "" q four priority=4
            1.1 publish "" q most priority=200
            1.1 publish "" q top priority=31
            1.1 get q
                got 1 most (""/q) priority=200 headers={x-delivery-count=i64(0)}; 4 remain
            1.1 get q
                got 2 top (""/q) priority=31 headers={x-delivery-count=i64(0)}; 3 remain
            1.1 get q
                got 3 plain (""/q) headers={x-delivery-count=i64(0)}; 2 remain
            1.1 get q
                got 4 four (""/q) priority=4 headers={x-delivery-count=i64(0)}; 1 remain
            1.1 get q
                got 5 low (""/q) priority=3 headers={x-delivery-count=i64(0)}; 0 remain
            1.1 nack 5 multiple requeue
            1.1 publish "" q late priority=31
            1.1 get q
                got 6 redelivered most (""/q) priority=200 headers={x-acquired-count=i64(1), x-delivery-count=i64(0)}; 5 remain
            1.1 get q
                got 7 redelivered top (""/q) priority=31 headers={x-acquired-count=i64(1), x-delivery-count=i64(0)}; 4 remain
            1.1 nack 7 multiple
        "#]],
    );
}
