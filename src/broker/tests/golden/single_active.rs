//! §15: single active consumer.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check;
use expect_test::expect;

// RabbitMQ 3.10.8 forgets to give the waiting message to the new active consumer until something else
// happens in the queue; later releases do not.
#[test]
fn the_first_is_active_and_the_next_takes_over_on_cancel_without_what_waits() {
    check(
        r#"
            1.1 queue q x-single-active-consumer=true
            1.2 qos 1
            1.2 consume q a
            1.3 consume q b
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.2 cancel a
            1.2 ack 1
        "#,
        &expect![[r#"
            1.1 queue q x-single-active-consumer=true
                ok queue q: 0 ready, 0 consumers
            1.2 qos 1
            1.2 consume q a
                ok consuming as a
            1.3 consume q b
                ok consuming as b
            1.1 publish "" q m0
                1.2 a <- 1 m0 (""/q)
            1.1 publish "" q m1
            1.2 cancel a
            1.2 ack 1
        "#]],
    );
}

#[test]
fn the_next_is_by_priority_then_arrival_and_nobody_is_preempted() {
    check(
        r#"
            1.1 queue q x-single-active-consumer=true
            1.2 consume q a
            1.3 consume q b
            1.4 consume q c x-priority=5
            1.1 publish "" q m0
            1.2 cancel a
            1.1 publish "" q m1
            1.3 cancel b
            1.1 publish "" q m2
            1.4 close
            1.1 queue q passive
        "#,
        &expect![[r#"
            1.1 queue q x-single-active-consumer=true
                ok queue q: 0 ready, 0 consumers
            1.2 consume q a
                ok consuming as a
            1.3 consume q b
                ok consuming as b
            1.4 consume q c x-priority=5
                ok consuming as c
            1.1 publish "" q m0
                1.2 a <- 1 m0 (""/q)
            1.2 cancel a
            1.1 publish "" q m1
                1.4 c <- 1 m1 (""/q)
            1.3 cancel b
            1.1 publish "" q m2
                1.4 c <- 2 m2 (""/q)
            1.4 close
            1.1 queue q passive
                ok queue q: 2 ready, 0 consumers
        "#]],
    );
}

#[test]
fn after_a_channel_closes_its_messages_come_first() {
    check(
        r#"
            1.1 queue q x-single-active-consumer=true
            1.2 qos 2
            1.2 consume q a
            1.3 consume q b
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.2 close
        "#,
        &expect![[r#"
            1.1 queue q x-single-active-consumer=true
                ok queue q: 0 ready, 0 consumers
            1.2 qos 2
            1.2 consume q a
                ok consuming as a
            1.3 consume q b
                ok consuming as b
            1.1 publish "" q m0
                1.2 a <- 1 m0 (""/q)
            1.1 publish "" q m1
                1.2 a <- 2 m1 (""/q)
            1.1 publish "" q m2
            1.2 close
                1.3 b <- 1 redelivered m0 (""/q)
                1.3 b <- 2 redelivered m1 (""/q)
                1.3 b <- 3 m2 (""/q)
        "#]],
    );
}

#[test]
fn exclusive_is_refused_and_get_allowed() {
    check(
        r#"
            1.1 queue q x-single-active-consumer=true
            1.2 consume q a exclusive
            1.3 qos 1
            1.3 consume q b
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q x-single-active-consumer=true
                ok queue q: 0 ready, 0 consumers
            1.2 consume q a exclusive
                closes channel (60,20): 403 ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use
            1.3 qos 1
            1.3 consume q b
                ok consuming as b
            1.1 publish "" q m0
                1.3 b <- 1 m0 (""/q)
            1.1 publish "" q m1
            1.1 get q
                got 1 m1 (""/q); 0 remain
        "#]],
    );
}
