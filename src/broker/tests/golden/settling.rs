//! §10: ack, nack, reject, requeue, recover.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check;
use expect_test::expect;

#[test]
fn an_unknown_tag_closes_the_channel_with_the_methods_own_numbers() {
    check(
        r#"
            1.1 ack 1
            1.2 reject 1
            1.3 nack 1
            1.4 ack 0
            1.5 queue q
            1.5 publish "" q a
            1.5 get q
            1.5 ack 1
            1.5 ack 1
        "#,
        &expect![[r#"
            1.1 ack 1
                closes channel (60,80): 406 PRECONDITION_FAILED - unknown delivery tag 1
            1.2 reject 1
                closes channel (60,90): 406 PRECONDITION_FAILED - unknown delivery tag 1
            1.3 nack 1
                closes channel (60,120): 406 PRECONDITION_FAILED - unknown delivery tag 1
            1.4 ack 0
                closes channel (60,80): 406 PRECONDITION_FAILED - unknown delivery tag 0
            1.5 queue q
                ok queue q: 0 ready, 0 consumers
            1.5 publish "" q a
            1.5 get q
                got 1 a (""/q); 0 remain
            1.5 ack 1
            1.5 ack 1
                closes channel (60,80): 406 PRECONDITION_FAILED - unknown delivery tag 1
        "#]],
    );
}

#[test]
fn multiple_wants_the_named_tag_outstanding_and_else_settles_nothing() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q a
            1.1 publish "" q b
            1.2 get q
            1.2 get q auto
            1.2 ack 2 multiple
            1.1 queue q passive
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 publish "" q b
            1.2 get q
                got 1 a (""/q); 1 remain
            1.2 get q auto
                got 2 b (""/q); 0 remain
            1.2 ack 2 multiple
                closes channel (60,80): 406 PRECONDITION_FAILED - unknown delivery tag 2
            1.1 queue q passive
                ok queue q: 1 ready, 0 consumers
        "#]],
    );
}

#[test]
fn tag_zero_multiple_is_everything_and_fine_when_there_is_nothing() {
    check(
        r#"
            1.1 ack 0 multiple
            1.1 queue q
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 get q
            1.1 get q
            1.1 nack 0 multiple requeue
            1.1 get q
            1.1 get q
        "#,
        &expect![[r#"
            1.1 ack 0 multiple
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 get q
                got 1 a (""/q); 1 remain
            1.1 get q
                got 2 b (""/q); 0 remain
            1.1 nack 0 multiple requeue
            1.1 get q
                got 3 redelivered a (""/q); 1 remain
            1.1 get q
                got 4 redelivered b (""/q); 0 remain
        "#]],
    );
}

#[test]
fn tags_of_automatic_deliveries_are_unknown() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q a
            1.1 get q auto
            1.1 ack 1
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 get q auto
                got 1 a (""/q); 0 remain
            1.1 ack 1
                closes channel (60,80): 406 PRECONDITION_FAILED - unknown delivery tag 1
        "#]],
    );
}

#[test]
fn requeue_restores_the_place_whatever_the_order() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 get q
            1.1 get q
            1.1 get q
            1.1 publish "" q d
            1.1 reject 2 requeue
            1.1 reject 3 requeue
            1.1 reject 1 requeue
            1.1 get q auto
            1.1 get q auto
            1.1 get q auto
            1.1 get q auto
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 get q
                got 1 a (""/q); 2 remain
            1.1 get q
                got 2 b (""/q); 1 remain
            1.1 get q
                got 3 c (""/q); 0 remain
            1.1 publish "" q d
            1.1 reject 2 requeue
            1.1 reject 3 requeue
            1.1 reject 1 requeue
            1.1 get q auto
                got 4 redelivered a (""/q); 3 remain
            1.1 get q auto
                got 5 redelivered b (""/q); 2 remain
            1.1 get q auto
                got 6 redelivered c (""/q); 1 remain
            1.1 get q auto
                got 7 d (""/q); 0 remain
        "#]],
    );
}

#[test]
fn a_multiple_requeue_goes_consumer_by_consumer_in_order_of_their_tags() {
    check(
        r#"
            1.1 queue q
            1.2 qos 2
            1.2 consume q b
            1.2 consume q a
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.1 publish "" q m3
            1.2 nack 0 multiple requeue
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.2 qos 2
            1.2 consume q b
                ok consuming as b
            1.2 consume q a
                ok consuming as a
            1.1 publish "" q m0
                1.2 b <- 1 m0 (""/q)
            1.1 publish "" q m1
                1.2 a <- 2 m1 (""/q)
            1.1 publish "" q m2
                1.2 b <- 3 m2 (""/q)
            1.1 publish "" q m3
                1.2 a <- 4 m3 (""/q)
            1.2 nack 0 multiple requeue
                1.2 a <- 5 redelivered m1 (""/q)
                1.2 a <- 6 redelivered m3 (""/q)
                1.2 b <- 7 redelivered m0 (""/q)
                1.2 b <- 8 redelivered m2 (""/q)
        "#]],
    );
}

#[test]
fn a_multiple_ack_frees_credit_consumer_by_consumer() {
    check(
        r#"
            1.1 queue q
            1.2 qos 1
            1.2 consume q b
            1.2 consume q a
            1.1 publish "" q m0
            1.1 publish "" q m1
            1.1 publish "" q m2
            1.1 publish "" q m3
            1.2 ack 0 multiple
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.2 qos 1
            1.2 consume q b
                ok consuming as b
            1.2 consume q a
                ok consuming as a
            1.1 publish "" q m0
                1.2 b <- 1 m0 (""/q)
            1.1 publish "" q m1
                1.2 a <- 2 m1 (""/q)
            1.1 publish "" q m2
            1.1 publish "" q m3
            1.2 ack 0 multiple
                1.2 a <- 3 m2 (""/q)
                1.2 b <- 4 m3 (""/q)
        "#]],
    );
}

#[test]
fn recover_gives_back_and_delivers_again() {
    check(
        r#"
            1.1 queue q
            1.2 consume q c
            1.1 publish "" q a
            1.1 publish "" q b
            1.2 recover
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.2 consume q c
                ok consuming as c
            1.1 publish "" q a
                1.2 c <- 1 a (""/q)
            1.1 publish "" q b
                1.2 c <- 2 b (""/q)
            1.2 recover
                1.2 c <- 3 redelivered a (""/q)
                1.2 c <- 4 redelivered b (""/q)
        "#]],
    );
}

#[test]
fn recover_without_requeue_is_not_implemented() {
    check(
        r#"
            1.1 recover drop
        "#,
        &expect![[r#"
            1.1 recover drop
                closes connection (60,110): 540 NOT_IMPLEMENTED - requeue=false
        "#]],
    );
}

#[test]
fn requeued_messages_may_go_to_another_consumer() {
    check(
        r#"
            1.1 queue q
            1.2 qos 1
            1.2 consume q a
            1.1 publish "" q m0
            1.3 consume q b
            1.2 reject 1 requeue
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.2 qos 1
            1.2 consume q a
                ok consuming as a
            1.1 publish "" q m0
                1.2 a <- 1 m0 (""/q)
            1.3 consume q b
                ok consuming as b
            1.2 reject 1 requeue
                1.2 a <- 2 redelivered m0 (""/q)
        "#]],
    );
}
