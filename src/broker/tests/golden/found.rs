//! Programs on which the engine once parted from RabbitMQ, found by random programs.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check;
use expect_test::expect;

#[test]
fn a_limit_reached_while_settling_is_told_when_it_is_free_again() {
    check(
        r#"
            1.1 queue q
            1.2 qos 2 global
            1.2 get q
            1.1 publish "" q m0
            1.2 consume q c
            1.1 publish "" q m1
            1.2 qos 3 global
            1.2 recover
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.2 qos 2 global
            1.2 get q
                empty
            1.1 publish "" q m0
            1.2 consume q c
                ok consuming as c
                1.2 c <- 1 m0 (""/q)
            1.1 publish "" q m1
                1.2 c <- 2 m1 (""/q)
            1.2 qos 3 global
            1.2 recover
                1.2 c <- 3 redelivered m0 (""/q)
                1.2 c <- 4 redelivered m1 (""/q)
        "#]],
    );
}

#[test]
fn get_counts_without_what_expired_behind_the_head() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q live
            1.1 publish "" q short expiration=10
            1.1 publish "" q next
            pass 100ms
            1.1 queue q passive
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q live
            1.1 publish "" q short expiration="10"
            1.1 publish "" q next
            pass 100ms
            1.1 queue q passive
                ok queue q: 3 ready, 0 consumers
            1.1 get q
                got 1 live (""/q); 1 remain
        "#]],
    );
}

#[test]
fn unbinding_nothing_from_a_foreign_exclusive_queue_succeeds() {
    check(
        r#"
            1.1 queue q exclusive
            1.1 bind amq.direct -> q k
            2.1 unbind amq.direct -> q other
            2.1 unbind amq.direct -> q k
        "#,
        &expect![[r#"
            1.1 queue q exclusive
                ok queue q: 0 ready, 0 consumers
            1.1 bind amq.direct -> q k
            2.1 unbind amq.direct -> q other
            2.1 unbind amq.direct -> q k
                closes channel (50,50): 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.
        "#]],
    );
}

#[test]
fn an_automatic_cycle_leaves_nowhere_to_go() {
    check(
        r#"
            1.1 queue q x-dead-letter-exchange=""
            1.1 publish "" q a expiration=0
            1.1 queue q passive
        "#,
        &expect![[r#"
            1.1 queue q x-dead-letter-exchange=""
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a expiration="0"
            1.1 queue q passive
                ok queue q: 0 ready, 0 consumers
        "#]],
    );
}

#[test]
fn a_consumer_started_again_under_its_tag_settles_with_the_one_before() {
    check(
        r#"
            1.2 queue q0 x-max-length=2 x-max-priority=2
            1.2 publish "" q0 b27
            1.1 consume q0 c x-priority=1
            1.2 publish "" q0 b32
            1.1 publish "" q0 b33 priority=9 headers={CC=[b, q0]}
            1.2 publish "" q0 short expiration=0
            1.1 cancel c
            1.1 publish "" q0 b39
            1.1 consume q0 c
            1.1 nack 2 requeue
            1.1 publish "" q0 b45
            1.2 publish "" q0 b46
            1.1 nack 8 multiple requeue
        "#,
        &expect![[r#"
            1.2 queue q0 x-max-length=2 x-max-priority=2
                ok queue q0: 0 ready, 0 consumers
            1.2 publish "" q0 b27
            1.1 consume q0 c x-priority=1
                ok consuming as c
                1.1 c <- 1 b27 (""/q0)
            1.2 publish "" q0 b32
                1.1 c <- 2 b32 (""/q0)
            1.1 publish "" q0 b33 priority=9 headers={CC=[b, q0]}
                1.1 c <- 3 b33 (""/q0) priority=9 headers={CC=[b, q0]}
            1.2 publish "" q0 short expiration="0"
                1.1 c <- 4 short (""/q0) expiration="0"
            1.1 cancel c
            1.1 publish "" q0 b39
            1.1 consume q0 c
                ok consuming as c
                1.1 c <- 5 b39 (""/q0)
            1.1 nack 2 requeue
                1.1 c <- 6 redelivered b32 (""/q0)
            1.1 publish "" q0 b45
                1.1 c <- 7 b45 (""/q0)
            1.2 publish "" q0 b46
                1.1 c <- 8 b46 (""/q0)
            1.1 nack 8 multiple requeue
                1.1 c <- 9 redelivered b45 (""/q0)
                1.1 c <- 10 redelivered b46 (""/q0)
        "#]],
    );
}
