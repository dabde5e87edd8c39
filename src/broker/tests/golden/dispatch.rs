//! §9: who gets the next message.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check;
use expect_test::expect;

#[test]
fn three_idle_consumers_take_turns_also_across_pauses() {
    check(
        r#"
            1.1 queue q
            1.2 consume q c1 auto
            1.3 consume q c2 auto
            1.4 consume q c3 auto
            1.1 publish "" q m0
            1.1 publish "" q m1
            pass 1s
            1.1 publish "" q m2
            1.1 publish "" q m3
            1.3 cancel c2
            1.1 publish "" q m4
            1.1 publish "" q m5
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.2 consume q c1 auto
                ok consuming as c1
            1.3 consume q c2 auto
                ok consuming as c2
            1.4 consume q c3 auto
                ok consuming as c3
            1.1 publish "" q m0
                1.2 c1 <- 1 m0 (""/q)
            1.1 publish "" q m1
                1.3 c2 <- 1 m1 (""/q)
            pass 1s
            1.1 publish "" q m2
                1.4 c3 <- 1 m2 (""/q)
            1.1 publish "" q m3
                1.2 c1 <- 2 m3 (""/q)
            1.3 cancel c2
            1.1 publish "" q m4
                1.4 c3 <- 2 m4 (""/q)
            1.1 publish "" q m5
                1.2 c1 <- 3 m5 (""/q)
        "#]],
    );
}

#[test]
fn prefetch_one_each_then_nobody() {
    check(
        r#"
            1.1 queue q
            1.2 qos 1
            1.2 consume q a
            1.3 qos 1
            1.3 consume q b
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.1 queue q passive
            1.3 ack 1
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.2 qos 1
            1.2 consume q a
                ok consuming as a
            1.3 qos 1
            1.3 consume q b
                ok consuming as b
            1.1 publish "" q m0
                1.2 a <- 1 m0 (""/q)
            1.1 publish "" q m1
                1.3 b <- 1 m1 (""/q)
            1.1 publish "" q m2
            1.1 queue q passive
                ok queue q: 1 ready, 2 consumers
            1.3 ack 1
                1.3 b <- 2 m2 (""/q)
        "#]],
    );
}

#[test]
fn a_full_consumer_of_high_priority_lets_lower_ones_have_messages() {
    check(
        r#"
            1.1 queue q
            1.2 qos 1
            1.2 consume q high x-priority=5
            1.3 consume q low
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.2 ack 1
            1.1 publish "" q m2
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.2 qos 1
            1.2 consume q high x-priority=5
                ok consuming as high
            1.3 consume q low
                ok consuming as low
            1.1 publish "" q m0
                1.2 high <- 1 m0 (""/q)
            1.1 publish "" q m1
                1.3 low <- 1 m1 (""/q)
            1.2 ack 1
            1.1 publish "" q m2
                1.2 high <- 2 m2 (""/q)
        "#]],
    );
}

#[test]
fn a_full_consumer_leaves_only_when_tried_and_returns_at_the_tail() {
    check(
        r#"
            1.1 queue q
            1.2 qos 1
            1.2 consume q a
            1.3 consume q b
            1.1 publish "" q m0
            1.2 ack 1
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.1 publish "" q m3
            1.2 ack 2
            1.1 publish "" q m4
            1.1 publish "" q m5
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.2 qos 1
            1.2 consume q a
                ok consuming as a
            1.3 consume q b
                ok consuming as b
            1.1 publish "" q m0
                1.2 a <- 1 m0 (""/q)
            1.2 ack 1
            1.1 publish "" q m1
                1.3 b <- 1 m1 (""/q)
            1.1 publish "" q m2
                1.2 a <- 2 m2 (""/q)
            1.1 publish "" q m3
                1.3 b <- 2 m3 (""/q)
            1.2 ack 2
            1.1 publish "" q m4
                1.2 a <- 3 m4 (""/q)
            1.1 publish "" q m5
                1.3 b <- 3 m5 (""/q)
        "#]],
    );
}

#[test]
fn prefetch_for_each_consumer_holds_for_those_started_later() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.1 publish "" q m3
            1.2 qos 2
            1.2 consume q a
            1.2 qos 1
            1.1 publish "" q m4
            1.2 consume q b
            1.2 ack 1
            1.2 ack 2
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.1 publish "" q m3
            1.2 qos 2
            1.2 consume q a
                ok consuming as a
                1.2 a <- 1 m0 (""/q)
                1.2 a <- 2 m1 (""/q)
            1.2 qos 1
            1.1 publish "" q m4
            1.2 consume q b
                ok consuming as b
                1.2 b <- 3 m2 (""/q)
            1.2 ack 1
                1.2 a <- 4 m3 (""/q)
            1.2 ack 2
                1.2 a <- 5 m4 (""/q)
        "#]],
    );
}

#[test]
fn one_limit_over_the_channel_acts_at_once() {
    check(
        r#"
            1.1 queue q
            1.2 consume q a
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.2 qos 2 global
            1.1 publish "" q m2
            1.2 ack 1
            1.2 qos 1 global
            1.1 publish "" q m3
            1.2 ack 2
            1.2 ack 3
            1.1 publish "" q m4
            1.2 qos 0 global
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.2 consume q a
                ok consuming as a
            1.1 publish "" q m0
                1.2 a <- 1 m0 (""/q)
            1.1 publish "" q m1
                1.2 a <- 2 m1 (""/q)
            1.2 qos 2 global
            1.1 publish "" q m2
            1.2 ack 1
                1.2 a <- 3 m2 (""/q)
            1.2 qos 1 global
            1.1 publish "" q m3
            1.2 ack 2
            1.2 ack 3
                1.2 a <- 4 m3 (""/q)
            1.1 publish "" q m4
            1.2 qos 0 global
                1.2 a <- 5 m4 (""/q)
        "#]],
    );
}

#[test]
fn a_limit_for_each_consumer_takes_the_one_over_the_channel_away() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.2 qos 1 global
            1.2 consume q a
            1.2 qos 5
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.2 qos 1 global
            1.2 consume q a
                ok consuming as a
                1.2 a <- 1 m0 (""/q)
            1.2 qos 5
                1.2 a <- 2 m1 (""/q)
                1.2 a <- 3 m2 (""/q)
        "#]],
    );
}

#[test]
fn a_prefetch_in_octets_is_not_implemented() {
    check(
        r#"
            1.1 qos 1 size=1000
        "#,
        &expect![[r#"
            1.1 qos 1 size=1000
                closes connection (60,10): 540 NOT_IMPLEMENTED - prefetch_size!=0 (1000)
        "#]],
    );
}

#[test]
fn automatic_consumers_ignore_their_own_limit() {
    check(
        r#"
            1.1 queue q
            1.2 qos 1
            1.2 consume q a auto
            1.1 publish "" q m0
            1.1 publish "" q m1
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.2 qos 1
            1.2 consume q a auto
                ok consuming as a
            1.1 publish "" q m0
                1.2 a <- 1 m0 (""/q)
            1.1 publish "" q m1
                1.2 a <- 2 m1 (""/q)
        "#]],
    );
}

#[test]
fn gets_are_never_limited_and_acking_them_gives_no_credit() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.2 qos 1
            1.2 consume q a
            1.2 get q
            1.2 ack 2
            1.2 ack 1
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.2 qos 1
            1.2 consume q a
                ok consuming as a
                1.2 a <- 1 m0 (""/q)
            1.2 get q
                got 2 m1 (""/q); 1 remain
            1.2 ack 2
            1.2 ack 1
                1.2 a <- 3 m2 (""/q)
        "#]],
    );
}

#[test]
fn a_cancelled_consumers_messages_do_not_count_against_a_new_one() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.2 qos 1
            1.2 consume q a
            1.2 cancel a
            1.2 consume q b
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.2 qos 1
            1.2 consume q a
                ok consuming as a
                1.2 a <- 1 m0 (""/q)
            1.2 cancel a
            1.2 consume q b
                ok consuming as b
                1.2 b <- 2 m1 (""/q)
        "#]],
    );
}

#[test]
fn refusing_frees_credit_like_acking() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.2 qos 1
            1.2 consume q a
            1.2 reject 1
            1.2 nack 2
            1.2 reject 3 requeue
            1.2 recover
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.2 qos 1
            1.2 consume q a
                ok consuming as a
                1.2 a <- 1 m0 (""/q)
            1.2 reject 1
                1.2 a <- 2 m1 (""/q)
            1.2 nack 2
                1.2 a <- 3 m2 (""/q)
            1.2 reject 3 requeue
                1.2 a <- 4 redelivered m2 (""/q)
            1.2 recover
                1.2 a <- 5 redelivered m2 (""/q)
        "#]],
    );
}
