//! §13: time to live and length.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check;
use expect_test::expect;

#[test]
fn the_smaller_time_to_live_counts_and_only_at_the_head() {
    check(
        r#"
            1.1 queue q x-message-ttl=100
            1.1 publish "" q slow
            1.1 publish "" q fast expiration=10
            pass 50ms
            1.1 queue q passive
            pass 50ms
            1.1 queue q passive
            1.1 publish "" q fast expiration=10
            pass 10ms
            1.1 queue q passive
        "#,
        &expect![[r#"
            1.1 queue q x-message-ttl=100
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q slow
            1.1 publish "" q fast expiration="10"
            pass 50ms
            1.1 queue q passive
                ok queue q: 2 ready, 0 consumers
            pass 50ms
            1.1 queue q passive
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q fast expiration="10"
            pass 10ms
            1.1 queue q passive
                ok queue q: 0 ready, 0 consumers
        "#]],
    );
}

#[test]
fn a_ttl_of_zero_reaches_an_idle_consumer_or_nobody() {
    check(
        r#"
            1.1 queue q x-message-ttl=0
            1.1 publish "" q lost
            1.1 queue q passive
            1.2 qos 1
            1.2 consume q c
            1.1 publish "" q taken
            1.1 publish "" q lost
            1.1 queue q passive
        "#,
        &expect![[r#"
            1.1 queue q x-message-ttl=0
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q lost
            1.1 queue q passive
                ok queue q: 0 ready, 0 consumers
            1.2 qos 1
            1.2 consume q c
                ok consuming as c
            1.1 publish "" q taken
                1.2 c <- 1 taken (""/q)
            1.1 publish "" q lost
            1.1 queue q passive
                ok queue q: 0 ready, 1 consumers
        "#]],
    );
}

#[test]
fn an_expiration_of_zero_waits_for_the_head() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q a
            1.1 publish "" q zero expiration=0
            1.1 queue q passive
            1.1 get q
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 publish "" q zero expiration="0"
            1.1 queue q passive
                ok queue q: 2 ready, 0 consumers
            1.1 get q
                got 1 a (""/q); 0 remain
            1.1 get q
                empty
        "#]],
    );
}

#[test]
fn requeue_keeps_the_deadline_and_unacked_messages_do_not_expire() {
    check(
        r#"
            1.1 queue q x-message-ttl=100
            1.1 publish "" q a
            1.1 get q
            pass 60ms
            1.1 reject 1 requeue
            pass 39ms
            1.1 get q
            pass 500ms
            1.1 reject 2 requeue
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q x-message-ttl=100
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 get q
                got 1 a (""/q); 0 remain
            pass 60ms
            1.1 reject 1 requeue
            pass 39ms
            1.1 get q
                got 2 redelivered a (""/q); 0 remain
            pass 500ms
            1.1 reject 2 requeue
            1.1 get q
                empty
        "#]],
    );
}

#[test]
fn unacked_messages_do_not_count_against_a_length() {
    check(
        r#"
            1.1 queue q x-max-length=1
            1.1 publish "" q a
            1.1 get q
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 reject 1 requeue
            1.1 get q
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q x-max-length=1
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 get q
                got 1 a (""/q); 0 remain
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 reject 1 requeue
            1.1 get q
                got 2 c (""/q); 0 remain
            1.1 get q
                empty
        "#]],
    );
}

#[test]
fn drop_head_of_nothing_allowed_still_feeds_an_idle_consumer() {
    check(
        r#"
            1.1 queue q x-max-length=0
            1.1 publish "" q lost
            1.2 consume q c auto
            1.1 publish "" q taken
            1.1 queue q passive
        "#,
        &expect![[r#"
            1.1 queue q x-max-length=0
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q lost
            1.2 consume q c auto
                ok consuming as c
            1.1 publish "" q taken
                1.2 c <- 1 taken (""/q)
            1.1 queue q passive
                ok queue q: 0 ready, 1 consumers
        "#]],
    );
}

#[test]
fn a_message_over_the_octets_drops_everything_and_itself() {
    check(
        r#"
            1.1 queue q x-max-length-bytes=5
            1.1 publish "" q aa
            1.1 publish "" q bb
            1.1 publish "" q cc
            1.1 queue q passive
            1.1 publish "" q size=6
            1.1 queue q passive
        "#,
        &expect![[r#"
            1.1 queue q x-max-length-bytes=5
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q aa
            1.1 publish "" q bb
            1.1 publish "" q cc
            1.1 queue q passive
                ok queue q: 2 ready, 0 consumers
            1.1 publish "" q size=6
            1.1 queue q passive
                ok queue q: 0 ready, 0 consumers
        "#]],
    );
}

#[test]
fn reject_publish_refuses_even_with_an_idle_consumer() {
    check(
        r#"
            1.1 queue q x-max-length=0 x-overflow=reject-publish
            1.2 consume q c auto
            1.1 confirm
            1.1 publish "" q a
        "#,
        &expect![[r#"
            1.1 queue q x-max-length=0 x-overflow=reject-publish
                ok queue q: 0 ready, 0 consumers
            1.2 consume q c auto
                ok consuming as c
            1.1 confirm
            1.1 publish "" q a
                1.1 nacked 1 multiple
        "#]],
    );
}

#[test]
fn reject_publish_keeps_all_that_is_requeued() {
    check(
        r#"
            1.1 queue q x-max-length=1 x-overflow=reject-publish
            1.1 confirm
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 get q
            1.1 publish "" q c
            1.1 reject 1 requeue
            1.1 queue q passive
        "#,
        &expect![[r#"
            1.1 queue q x-max-length=1 x-overflow=reject-publish
                ok queue q: 0 ready, 0 consumers
            1.1 confirm
            1.1 publish "" q a
                1.1 confirmed 1
            1.1 publish "" q b
                1.1 nacked 2 multiple
            1.1 get q
                got 1 a (""/q); 0 remain
            1.1 publish "" q c
                1.1 confirmed 3
            1.1 reject 1 requeue
            1.1 queue q passive
                ok queue q: 2 ready, 0 consumers
        "#]],
    );
}

#[test]
fn reject_publish_dlx_dead_letters_what_it_refuses() {
    check(
        r#"
            1.1 queue d
            1.1 queue q x-max-length=1 x-overflow=reject-publish-dlx x-dead-letter-exchange="" x-dead-letter-routing-key=d
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 confirm
            1.1 publish "" q c
            1.1 get d auto
            1.1 get d auto
            1.1 queue q passive
        "#,
        &expect![[r#"
            1.1 queue d
                ok queue d: 0 ready, 0 consumers
            1.1 queue q x-max-length=1 x-overflow=reject-publish-dlx x-dead-letter-exchange="" x-dead-letter-routing-key=d
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 confirm
            1.1 publish "" q c
                1.1 nacked 1 multiple
            1.1 get d auto
                got 1 b (""/d) headers={x-death=[{count=i64(1), reason=maxlen, queue=q, time=time(0), exchange="", routing-keys=[q]}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=maxlen}; 1 remain
            1.1 get d auto
                got 2 c (""/d) headers={x-death=[{count=i64(1), reason=maxlen, queue=q, time=time(0), exchange="", routing-keys=[q]}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=maxlen}; 0 remain
            1.1 queue q passive
                ok queue q: 1 ready, 0 consumers
        "#]],
    );
}

#[test]
fn reject_publish_never_dead_letters() {
    check(
        r#"
            1.1 queue d
            1.1 queue q x-max-length=0 x-overflow=reject-publish x-dead-letter-exchange="" x-dead-letter-routing-key=d
            1.1 publish "" q a
            1.1 queue d passive
        "#,
        &expect![[r#"
            1.1 queue d
                ok queue d: 0 ready, 0 consumers
            1.1 queue q x-max-length=0 x-overflow=reject-publish x-dead-letter-exchange="" x-dead-letter-routing-key=d
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 queue d passive
                ok queue d: 0 ready, 0 consumers
        "#]],
    );
}
