//! §19: quorum queues as one replica sees them. All transcripts were measured on RabbitMQ 3.10.8.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check;
use expect_test::expect;

#[test]
fn it_is_durable_shared_named_and_lasting() {
    check(
        r#"
            1.1 queue "" durable x-queue-type=quorum
            1.2 queue q x-queue-type=quorum
            1.3 queue q durable exclusive x-queue-type=quorum
            1.4 queue q durable exclusive auto-delete x-queue-type=quorum
            1.5 queue q durable x-queue-type=quorum x-max-priority=5
            1.6 queue q durable x-queue-type=quorum x-queue-mode=lazy
            1.7 queue q durable x-delivery-limit=5
            1.8 queue q durable x-queue-type=quorum x-dead-letter-strategy=never
            1.9 queue q durable x-queue-type=quorum x-delivery-limit=-1
            1.9 queue q durable x-queue-type=quorum x-delivery-limit=4
        "#,
        &expect![[r#"
            1.1 queue "" durable x-queue-type=quorum
                closes channel (50,10): 406 PRECONDITION_FAILED - Cannot declare a server-named queue for type rabbit_quorum_queue
            1.2 queue q x-queue-type=quorum
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid property 'non-durable' for queue 'q' in vhost '/'
            1.3 queue q durable exclusive x-queue-type=quorum
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid property 'exclusive-owner' for queue 'q' in vhost '/'
            1.4 queue q durable exclusive auto-delete x-queue-type=quorum
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid property 'auto-delete' for queue 'q' in vhost '/'
            1.5 queue q durable x-queue-type=quorum x-max-priority=5
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid arg 'x-max-priority' for queue 'q' in vhost '/' of queue type rabbit_quorum_queue
            1.6 queue q durable x-queue-type=quorum x-queue-mode=lazy
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid arg 'x-queue-mode' for queue 'q' in vhost '/' of queue type rabbit_quorum_queue
            1.7 queue q durable x-delivery-limit=5
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid arg 'x-delivery-limit' for queue 'q' in vhost '/' of queue type rabbit_classic_queue
            1.8 queue q durable x-queue-type=quorum x-dead-letter-strategy=never
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid arg 'x-dead-letter-strategy' for queue 'q' in vhost '/': invalid_dlx_strategy
            1.9 queue q durable x-queue-type=quorum x-delivery-limit=-1
                ok queue q: 0 ready, 0 consumers
            1.9 queue q durable x-queue-type=quorum x-delivery-limit=4
                closes channel (50,10): 406 PRECONDITION_FAILED - inequivalent arg 'x-delivery-limit' for queue 'q' in vhost '/': received '4' but current is '-1'
        "#]],
    );
}

#[test]
fn it_is_deleted_without_conditions() {
    check(
        r#"
            1.1 queue q durable x-queue-type=quorum
            1.1 delete q if-empty
            2.1 delete q if-unused if-empty
            3.1 delete q
        "#,
        &expect![[r#"
            1.1 queue q durable x-queue-type=quorum
                ok queue q: 0 ready, 0 consumers
            1.1 delete q if-empty
                closes connection (50,40): 540 NOT_IMPLEMENTED - cannot delete queue 'q' in vhost '/'. queue.delete operations with if-empty flag set are not supported by quorum queues
            2.1 delete q if-unused if-empty
                closes connection (50,40): 540 NOT_IMPLEMENTED - cannot delete queue 'q' in vhost '/'. queue.delete operations with if-unused flag set are not supported by quorum queues
            3.1 delete q
                ok 0 deleted
        "#]],
    );
}

#[test]
fn what_returns_goes_to_the_end_and_says_how_often() {
    check(
        r#"
            1.1 queue q durable x-queue-type=quorum
            1.1 publish "" q m0
            1.1 publish "" q m1 headers={z=1, a=2, x-delivery-count=7}
            1.1 publish "" q m2
            1.1 publish "" q m3
            1.1 get q
            1.1 get q
            1.1 get q
            1.1 nack 3 requeue
            1.1 reject 1 requeue
            1.1 get q
            1.1 get q
            1.1 nack 0 multiple requeue
            1.1 get q
            1.1 get q
            1.1 get q
            1.1 get q
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q durable x-queue-type=quorum
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q m0
            1.1 publish "" q m1 headers={z=1, a=2, x-delivery-count=7}
            1.1 publish "" q m2
            1.1 publish "" q m3
            1.1 get q
                got 1 m0 (""/q) headers={x-delivery-count=i64(0)}; 3 remain
            1.1 get q
                got 2 m1 (""/q) headers={a=2, x-delivery-count=i64(0), z=1}; 2 remain
            1.1 get q
                got 3 m2 (""/q) headers={x-delivery-count=i64(0)}; 1 remain
            1.1 nack 3 requeue
            1.1 reject 1 requeue
            1.1 get q
                got 4 m3 (""/q) headers={x-delivery-count=i64(0)}; 2 remain
            1.1 get q
                got 5 redelivered m2 (""/q) headers={x-delivery-count=i64(1)}; 1 remain
            1.1 nack 0 multiple requeue
            1.1 get q
                got 6 redelivered m0 (""/q) headers={x-delivery-count=i64(1)}; 3 remain
            1.1 get q
                got 7 redelivered m1 (""/q) headers={a=2, x-delivery-count=i64(1), z=1}; 2 remain
            1.1 get q
                got 8 redelivered m3 (""/q) headers={x-delivery-count=i64(1)}; 1 remain
            1.1 get q
                got 9 redelivered m2 (""/q) headers={x-delivery-count=i64(2)}; 0 remain
            1.1 get q
                empty
        "#]],
    );
}

#[test]
fn with_a_limit_to_returns_they_go_before_all_others() {
    check(
        r#"
            1.1 queue q durable x-queue-type=quorum x-delivery-limit=5
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.1 publish "" q m3
            1.1 get q
            1.1 get q
            1.1 get q
            1.1 nack 3 requeue
            1.1 nack 1 requeue
            1.1 get q
            1.1 get q
            1.1 get q
            1.1 nack 0 multiple requeue
            1.1 get q auto
            1.1 get q auto
            1.1 get q auto
            1.1 get q auto
        "#,
        &expect![[r#"
            1.1 queue q durable x-queue-type=quorum x-delivery-limit=5
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.1 publish "" q m3
            1.1 get q
                got 1 m0 (""/q) headers={x-delivery-count=i64(0)}; 3 remain
            1.1 get q
                got 2 m1 (""/q) headers={x-delivery-count=i64(0)}; 2 remain
            1.1 get q
                got 3 m2 (""/q) headers={x-delivery-count=i64(0)}; 1 remain
            1.1 nack 3 requeue
            1.1 nack 1 requeue
            1.1 get q
                got 4 redelivered m2 (""/q) headers={x-delivery-count=i64(1)}; 2 remain
            1.1 get q
                got 5 redelivered m0 (""/q) headers={x-delivery-count=i64(1)}; 1 remain
            1.1 get q
                got 6 m3 (""/q) headers={x-delivery-count=i64(0)}; 0 remain
            1.1 nack 0 multiple requeue
            1.1 get q auto
                got 7 redelivered m1 (""/q) headers={x-delivery-count=i64(1)}; 3 remain
            1.1 get q auto
                got 8 redelivered m2 (""/q) headers={x-delivery-count=i64(2)}; 2 remain
            1.1 get q auto
                got 9 redelivered m0 (""/q) headers={x-delivery-count=i64(2)}; 1 remain
            1.1 get q auto
                got 10 redelivered m3 (""/q) headers={x-delivery-count=i64(1)}; 0 remain
        "#]],
    );
}

#[test]
fn one_return_too_many_is_a_dead_letter() {
    check(
        r#"
            1.1 queue d
            1.1 queue q durable x-queue-type=quorum x-delivery-limit=1 x-dead-letter-exchange="" x-dead-letter-routing-key=d
            1.1 publish "" q m0
            1.1 get q
            1.1 nack 1 requeue
            1.1 get q
            1.1 nack 2 requeue
            1.1 get q
            1.1 get d
        "#,
        &expect![[r#"
            1.1 queue d
                ok queue d: 0 ready, 0 consumers
            1.1 queue q durable x-queue-type=quorum x-delivery-limit=1 x-dead-letter-exchange="" x-dead-letter-routing-key=d
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q m0
            1.1 get q
                got 1 m0 (""/q) headers={x-delivery-count=i64(0)}; 0 remain
            1.1 nack 1 requeue
            1.1 get q
                got 2 redelivered m0 (""/q) headers={x-delivery-count=i64(1)}; 0 remain
            1.1 nack 2 requeue
            1.1 get q
                empty
            1.1 get d
                got 3 m0 (""/d) headers={x-death=[{count=i64(1), reason=delivery_limit, queue=q, time=time(0), exchange="", routing-keys=[q]}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=delivery_limit}; 0 remain
        "#]],
    );
}

#[test]
fn what_a_channel_leaves_returns_first_consumer_by_consumer() {
    check(
        r#"
            1.1 queue q durable x-queue-type=quorum
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.1 publish "" q m3
            1.1 publish "" q m4
            1.1 qos 2
            1.1 consume q b
            1.1 qos 1
            1.1 consume q a
            1.1 close
            1.2 get q
            1.2 get q
            1.2 get q
            1.2 get q
        "#,
        &expect![[r#"
            1.1 queue q durable x-queue-type=quorum
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.1 publish "" q m3
            1.1 publish "" q m4
            1.1 qos 2
            1.1 consume q b
                ok consuming as b
                1.1 b <- 1 m0 (""/q)
                1.1 b <- 2 m1 (""/q)
            1.1 qos 1
            1.1 consume q a
                ok consuming as a
                1.1 a <- 3 m2 (""/q)
            1.1 close
            1.2 get q
                got 1 redelivered m2 (""/q) headers={x-delivery-count=i64(1)}; 4 remain
            1.2 get q
                got 2 redelivered m0 (""/q) headers={x-delivery-count=i64(1)}; 3 remain
            1.2 get q
                got 3 redelivered m1 (""/q) headers={x-delivery-count=i64(1)}; 2 remain
            1.2 get q
                got 4 m3 (""/q) headers={x-delivery-count=i64(0)}; 1 remain
        "#]],
    );
}

#[test]
fn reject_publish_takes_one_too_many_and_then_none_until_there_is_room() {
    check(
        r#"
            1.1 queue q durable x-queue-type=quorum x-max-length=2 x-overflow=reject-publish
            1.1 confirm
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.1 publish "" q m3
            1.1 get q auto
            1.1 publish "" q m4
            1.1 get q auto
            1.1 publish "" q m5
        "#,
        &expect![[r#"
            1.1 queue q durable x-queue-type=quorum x-max-length=2 x-overflow=reject-publish
                ok queue q: 0 ready, 0 consumers
            1.1 confirm
            1.1 publish "" q m0
                1.1 confirmed 1
            1.1 publish "" q m1
                1.1 confirmed 2
            1.1 publish "" q m2
                1.1 confirmed 3
            1.1 publish "" q m3
                1.1 nacked 4 multiple
            1.1 get q auto
                got 1 m0 (""/q) headers={x-delivery-count=i64(0)}; 2 remain
            1.1 publish "" q m4
                1.1 nacked 5 multiple
            1.1 get q auto
                got 2 m1 (""/q) headers={x-delivery-count=i64(0)}; 1 remain
            1.1 publish "" q m5
                1.1 confirmed 6
        "#]],
    );
}

#[test]
fn no_consumer_has_it_alone_but_the_single_active_one() {
    check(
        r#"
            1.1 queue q durable x-queue-type=quorum
            1.1 consume q a exclusive
            1.1 consume q b exclusive
            1.2 qos 3 global
            1.2 consume q c
            2.1 queue s durable x-queue-type=quorum x-single-active-consumer=true
            2.1 publish "" s m0
            2.1 get s
            2.2 qos 1
            2.2 consume s a
            2.2 consume s b x-priority=5
            2.2 publish "" s m1
            2.2 cancel a
        "#,
        &expect![[r#"
            1.1 queue q durable x-queue-type=quorum
                ok queue q: 0 ready, 0 consumers
            1.1 consume q a exclusive
                ok consuming as a
            1.1 consume q b exclusive
                ok consuming as b
            1.2 qos 3 global
            1.2 consume q c
                closes connection (60,20): 540 NOT_IMPLEMENTED - queue 'q' in vhost '/' does not support global qos
            2.1 queue s durable x-queue-type=quorum x-single-active-consumer=true
                ok queue s: 0 ready, 0 consumers
            2.1 publish "" s m0
            2.1 get s
                closes channel (60,70): 405 RESOURCE_LOCKED - cannot obtain access to locked queue 's' in vhost '/'. basic.get operations are not supported by quorum queues with single active consumer
            2.2 qos 1
            2.2 consume s a
                ok consuming as a
                2.2 a <- 1 m0 (""/s)
            2.2 consume s b x-priority=5
                ok consuming as b
            2.2 publish "" s m1
            2.2 cancel a
                2.2 b <- 2 m1 (""/s)
        "#]],
    );
}
