//! §8: get and consume.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check;
use expect_test::expect;

#[test]
fn get_counts_what_remains() {
    check(
        r#"
            1.1 queue q
            1.1 get q
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 get q
            1.1 get q auto
            1.1 get q
            1.1 publish "" q c
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 get q
                empty
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 get q
                got 1 a (""/q); 1 remain
            1.1 get q auto
                got 2 b (""/q); 0 remain
            1.1 get q
                empty
            1.1 publish "" q c
            1.1 get q
                got 3 c (""/q); 0 remain
        "#]],
    );
}

#[test]
fn a_tag_in_use_ends_the_connection_but_each_channel_has_its_own() {
    check(
        r#"
            1.1 queue q
            1.1 consume q c
            1.2 consume q c
            1.1 cancel c
            1.1 consume q c
            1.1 consume q c
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 consume q c
                ok consuming as c
            1.2 consume q c
                ok consuming as c
            1.1 cancel c
            1.1 consume q c
                ok consuming as c
            1.1 consume q c
                closes connection (60,20): 530 NOT_ALLOWED - attempt to reuse consumer tag 'c'
        "#]],
    );
}

#[test]
fn the_broker_names_a_consumer() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q a
            1.1 consume q
            1.1 publish "" q b
            1.1 cancel @1
            1.1 publish "" q c
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 consume q
                ok consuming as @1
                1.1 @1 <- 1 a (""/q)
            1.1 publish "" q b
                1.1 @1 <- 2 b (""/q)
            1.1 cancel @1
            1.1 publish "" q c
            1.1 get q
                got 3 c (""/q); 0 remain
        "#]],
    );
}

#[test]
fn an_exclusive_consumer_is_alone_but_get_goes_on() {
    check(
        r#"
            1.1 queue q
            1.1 consume q a
            1.2 consume q b exclusive
            1.1 cancel a
            1.3 consume q b exclusive
            1.4 consume q c
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 consume q a
                ok consuming as a
            1.2 consume q b exclusive
                closes channel (60,20): 403 ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use
            1.1 cancel a
            1.3 consume q b exclusive
                ok consuming as b
            1.4 consume q c
                closes channel (60,20): 403 ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use
            1.1 publish "" q a
                1.3 b <- 1 a (""/q)
            1.1 publish "" q b
                1.3 b <- 2 b (""/q)
            1.1 get q
                empty
        "#]],
    );
}

#[test]
fn cancel_leaves_deliveries_to_be_acked() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q a
            1.1 consume q c
            1.1 cancel c
            1.1 cancel unknown
            1.1 publish "" q b
            1.1 queue q passive
            1.1 ack 1
            1.1 queue q passive
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 consume q c
                ok consuming as c
                1.1 c <- 1 a (""/q)
            1.1 cancel c
            1.1 cancel unknown
            1.1 publish "" q b
            1.1 queue q passive
                ok queue q: 1 ready, 0 consumers
            1.1 ack 1
            1.1 queue q passive
                ok queue q: 1 ready, 0 consumers
        "#]],
    );
}

#[test]
fn consume_checks_queue_then_arguments() {
    check(
        r#"
            1.1 consume none c
            1.2 queue q
            1.2 consume q c x-priority=high
            1.3 consume q c x-priority=i8(3) x-unknown=1
        "#,
        &expect![[r#"
            1.1 consume none c
                closes channel (60,20): 404 NOT_FOUND - no queue 'none' in vhost '/'
            1.2 queue q
                ok queue q: 0 ready, 0 consumers
            1.2 consume q c x-priority=high
                closes channel (60,20): 406 PRECONDITION_FAILED - invalid arg 'x-priority' for queue 'q' in vhost '/': "expected integer, got longstr"
            1.3 consume q c x-priority=i8(3) x-unknown=1
                ok consuming as c
        "#]],
    );
}
