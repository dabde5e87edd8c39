//! §12: transactions. All transcripts were measured on RabbitMQ 3.10.8.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check;
use expect_test::expect;

#[test]
fn nothing_is_seen_of_a_publish_before_its_commit() {
    check(
        r#"
            1.1 queue q
            1.1 tx
            1.1 publish "" q a
            1.1 publish "" nowhere b mandatory
            1.2 get q
            1.1 commit
            1.2 get q
            1.1 publish "" q c
            1.1 rollback
            1.1 commit
            1.2 get q
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 tx
            1.1 publish "" q a
            1.1 publish "" nowhere b mandatory
            1.2 get q
                empty
            1.1 commit
                1.1 returned 312 NO_ROUTE b (""/nowhere)
            1.2 get q
                got 1 a (""/q); 0 remain
            1.1 publish "" q c
            1.1 rollback
            1.1 commit
            1.2 get q
                empty
        "#]],
    );
}

#[test]
fn a_message_goes_where_it_would_have_gone_when_it_was_published() {
    check(
        r#"
            1.1 exchange x fanout
            1.1 queue a
            1.1 queue b
            1.1 bind x -> a
            1.1 tx
            1.1 publish x k early
            1.1 unbind x -> a
            1.1 bind x -> b
            1.1 publish "" b lost mandatory
            1.1 commit
            1.2 get a
            1.2 get b
            1.2 get b
        "#,
        &expect![[r#"
            1.1 exchange x fanout
            1.1 queue a
                ok queue a: 0 ready, 0 consumers
            1.1 queue b
                ok queue b: 0 ready, 0 consumers
            1.1 bind x -> a ""
            1.1 tx
            1.1 publish x k early
            1.1 unbind x -> a ""
            1.1 bind x -> b ""
            1.1 publish "" b lost mandatory
            1.1 commit
            1.2 get a
                got 1 early (x/k); 0 remain
            1.2 get b
                got 2 lost (""/b); 0 remain
            1.2 get b
                empty
        "#]],
    );
}

#[test]
fn a_queue_deleted_before_the_commit_is_no_queue() {
    check(
        r#"
            1.1 queue gone
            1.1 tx
            1.1 publish "" gone a
            1.1 publish "" gone b mandatory
            1.2 delete gone
            1.1 commit
        "#,
        &expect![[r#"
            1.1 queue gone
                ok queue gone: 0 ready, 0 consumers
            1.1 tx
            1.1 publish "" gone a
            1.1 publish "" gone b mandatory
            1.2 delete gone
                ok 0 deleted
            1.1 commit
                1.1 returned 312 NO_ROUTE b (""/gone)
        "#]],
    );
}

#[test]
fn errors_are_immediate() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q a
            1.1 tx
            1.1 get q
            1.1 ack 1
            1.1 ack 1
            1.2 tx
            1.2 publish missing k a
            1.3 tx
            1.3 get q
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 tx
            1.1 get q
                got 1 a (""/q); 0 remain
            1.1 ack 1
            1.1 ack 1
                closes channel (60,80): 406 PRECONDITION_FAILED - unknown delivery tag 1
            1.2 tx
            1.2 publish missing k a
                closes channel (60,40): 404 NOT_FOUND - no exchange 'missing' in vhost '/'
            1.3 tx
            1.3 get q
                got 1 redelivered a (""/q); 0 remain
        "#]],
    );
}

#[test]
fn rolled_back_settlements_are_outstanding_again_under_the_same_tags() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 tx
            1.1 get q
            1.1 get q
            1.1 get q
            1.1 ack 2
            1.1 nack 3 requeue
            1.1 reject 1
            1.2 get q
            1.1 rollback
            1.1 ack 2 multiple
            1.1 recover
            1.1 commit
            1.2 get q
            1.1 close
            1.2 get q
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 tx
            1.1 get q
                got 1 a (""/q); 2 remain
            1.1 get q
                got 2 b (""/q); 1 remain
            1.1 get q
                got 3 c (""/q); 0 remain
            1.1 ack 2
            1.1 nack 3 requeue
            1.1 reject 1
            1.2 get q
                empty
            1.1 rollback
            1.1 ack 2 multiple
            1.1 recover
            1.1 commit
            1.2 get q
                got 1 redelivered c (""/q); 0 remain
            1.1 close
            1.2 get q
                empty
        "#]],
    );
}

#[test]
fn a_closing_channel_gives_back_what_it_did_not_commit() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 tx
            1.1 get q
            1.1 get q
            1.1 ack 2
            1.1 publish "" q c
            1.1 close
            1.2 get q
            1.2 get q
            1.2 get q
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 tx
            1.1 get q
                got 1 a (""/q); 1 remain
            1.1 get q
                got 2 b (""/q); 0 remain
            1.1 ack 2
            1.1 publish "" q c
            1.1 close
            1.2 get q
                got 1 redelivered a (""/q); 1 remain
            1.2 get q
                got 2 redelivered b (""/q); 0 remain
            1.2 get q
                empty
        "#]],
    );
}

#[test]
fn a_refused_publish_fails_the_commit_after_all_else_is_done() {
    check(
        r#"
            1.1 queue full x-max-length=0 x-overflow=reject-publish
            1.1 queue q
            1.1 publish "" q a
            1.1 tx
            1.1 get q
            1.1 publish "" full b
            1.1 publish "" q c
            1.1 ack 1
            1.1 commit
            1.2 get q
            1.2 get q
        "#,
        &expect![[r#"
            1.1 queue full x-max-length=0 x-overflow=reject-publish
                ok queue full: 0 ready, 0 consumers
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 tx
            1.1 get q
                got 1 a (""/q); 0 remain
            1.1 publish "" full b
            1.1 publish "" q c
            1.1 ack 1
            1.1 commit
                closes channel (90,20): 406 PRECONDITION_FAILED - partial tx completion
            1.2 get q
                got 1 c (""/q); 0 remain
            1.2 get q
                empty
        "#]],
    );
}

#[test]
fn credit_comes_free_at_the_commit_and_settlements_alike_are_one() {
    check(
        r#"
            1.1 queue q1
            1.1 queue q2
            1.1 tx
            1.1 publish "" q2 b0
            1.1 publish "" q1 a0
            1.1 publish "" q2 b1
            1.1 publish "" q1 a1
            1.1 commit
            1.1 qos 1
            1.1 consume q2 y
            1.1 consume q1 x
            1.1 ack 1
            1.1 ack 2
            1.1 commit
        "#,
        &expect![[r#"
            1.1 queue q1
                ok queue q1: 0 ready, 0 consumers
            1.1 queue q2
                ok queue q2: 0 ready, 0 consumers
            1.1 tx
            1.1 publish "" q2 b0
            1.1 publish "" q1 a0
            1.1 publish "" q2 b1
            1.1 publish "" q1 a1
            1.1 commit
            1.1 qos 1
            1.1 consume q2 y
                ok consuming as y
                1.1 y <- 1 b0 (""/q2)
            1.1 consume q1 x
                ok consuming as x
                1.1 x <- 2 a0 (""/q1)
            1.1 ack 1
            1.1 ack 2
            1.1 commit
                1.1 x <- 3 a1 (""/q1)
                1.1 y <- 4 b1 (""/q2)
        "#]],
    );
}

#[test]
fn unlike_settlements_of_a_transaction_are_done_one_after_the_other() {
    check(
        r#"
            1.1 queue q1
            1.1 queue q2
            1.1 tx
            1.1 publish "" q2 b0
            1.1 publish "" q1 a0
            1.1 publish "" q2 b1
            1.1 publish "" q1 a1
            1.1 commit
            1.1 qos 1
            1.1 consume q2 y
            1.1 consume q1 x
            1.1 ack 1
            1.1 reject 2
            1.1 commit
        "#,
        &expect![[r#"
            1.1 queue q1
                ok queue q1: 0 ready, 0 consumers
            1.1 queue q2
                ok queue q2: 0 ready, 0 consumers
            1.1 tx
            1.1 publish "" q2 b0
            1.1 publish "" q1 a0
            1.1 publish "" q2 b1
            1.1 publish "" q1 a1
            1.1 commit
            1.1 qos 1
            1.1 consume q2 y
                ok consuming as y
                1.1 y <- 1 b0 (""/q2)
            1.1 consume q1 x
                ok consuming as x
                1.1 x <- 2 a0 (""/q1)
            1.1 ack 1
            1.1 reject 2
            1.1 commit
                1.1 y <- 3 b1 (""/q2)
                1.1 x <- 4 a1 (""/q1)
        "#]],
    );
}

#[test]
fn a_channel_confirms_or_commits_but_not_both() {
    check(
        r#"
            1.1 commit
            1.2 rollback
            1.3 tx
            1.3 tx
            1.3 confirm
            1.4 confirm
            1.4 tx
        "#,
        &expect![[r#"
            1.1 commit
                closes channel (90,20): 406 PRECONDITION_FAILED - channel is not transactional
            1.2 rollback
                closes channel (90,30): 406 PRECONDITION_FAILED - channel is not transactional
            1.3 tx
            1.3 tx
            1.3 confirm
                closes channel (85,10): 406 PRECONDITION_FAILED - cannot switch from tx to confirm mode
            1.4 confirm
            1.4 tx
                closes channel (90,10): 406 PRECONDITION_FAILED - cannot switch from confirm to tx mode
        "#]],
    );
}
