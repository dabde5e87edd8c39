//! §4: queues.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check;
use expect_test::expect;

#[test]
fn the_broker_names_a_queue_and_keeps_the_name_to_itself() {
    check(
        r#"
            1.1 queue "" exclusive
            1.1 publish "" @1 a
            1.1 get ""
            1.1 queue @1 passive
            1.1 queue @1 exclusive
        "#,
        &expect![[r#"
            1.1 queue "" exclusive
                ok queue @1: 0 ready, 0 consumers
            1.1 publish "" @1 a
            1.1 get ""
                got 1 a (""/@1); 0 remain
            1.1 queue @1 passive
                ok queue @1: 0 ready, 0 consumers
            1.1 queue @1 exclusive
                closes channel (50,10): 403 ACCESS_REFUSED - queue name '@1' contains reserved prefix 'amq.*'
        "#]],
    );
}

#[test]
fn a_redeclaration_compares_exclusive_durable_auto_delete_arguments() {
    check(
        r#"
            1.1 queue q durable auto-delete x-expires=100000 x-message-ttl=5
            1.1 queue q durable auto-delete x-expires=i64(100000) x-message-ttl=u8(5)
            1.1 queue q exclusive
            1.2 queue q
            1.3 queue q durable
            1.4 queue q durable auto-delete x-message-ttl=5
            1.5 queue q durable auto-delete x-expires=100000 x-message-ttl=6
            1.6 queue q durable auto-delete x-expires=100000 x-message-ttl=5 x-max-length=3
            1.7 queue q durable auto-delete x-expires=100000 x-message-ttl=5 x-unknown=3
        "#,
        &expect![[r#"
            1.1 queue q durable auto-delete x-expires=100000 x-message-ttl=5
                ok queue q: 0 ready, 0 consumers
            1.1 queue q durable auto-delete x-expires=i64(100000) x-message-ttl=u8(5)
                ok queue q: 0 ready, 0 consumers
            1.1 queue q exclusive
                closes channel (50,10): 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.
            1.2 queue q
                closes channel (50,10): 406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'q' in vhost '/': received 'false' but current is 'true'
            1.3 queue q durable
                closes channel (50,10): 406 PRECONDITION_FAILED - inequivalent arg 'auto_delete' for queue 'q' in vhost '/': received 'false' but current is 'true'
            1.4 queue q durable auto-delete x-message-ttl=5
                closes channel (50,10): 406 PRECONDITION_FAILED - inequivalent arg 'x-expires' for queue 'q' in vhost '/': received none but current is the value '100000' of type 'signedint'
            1.5 queue q durable auto-delete x-expires=100000 x-message-ttl=6
                closes channel (50,10): 406 PRECONDITION_FAILED - inequivalent arg 'x-message-ttl' for queue 'q' in vhost '/': received '6' but current is '5'
            1.6 queue q durable auto-delete x-expires=100000 x-message-ttl=5 x-max-length=3
                closes channel (50,10): 406 PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue 'q' in vhost '/': received the value '3' of type 'signedint' but current is none
            1.7 queue q durable auto-delete x-expires=100000 x-message-ttl=5 x-unknown=3
                ok queue q: 0 ready, 0 consumers
        "#]],
    );
}

#[test]
fn exclusive_and_durable_is_stored_as_not_durable() {
    check(
        r#"
            1.1 queue q exclusive durable
            1.1 queue q exclusive
            1.1 queue q exclusive durable
        "#,
        &expect![[r#"
            1.1 queue q durable exclusive
                ok queue q: 0 ready, 0 consumers
            1.1 queue q exclusive
                ok queue q: 0 ready, 0 consumers
            1.1 queue q durable exclusive
                ok queue q: 0 ready, 0 consumers
        "#]],
    );
}

#[test]
fn arguments_are_checked() {
    check(
        r#"
            1.1 queue q x-message-ttl=-1
            1.2 queue q x-message-ttl=315360000001
            1.3 queue q x-message-ttl=true
            1.4 queue q x-expires=0
            1.5 queue q x-max-length=-1
            1.6 queue q x-max-length-bytes="1"
            1.7 queue q x-max-priority=256
            1.8 queue q x-overflow=drop-tail
            1.9 queue q x-dead-letter-exchange=1
            1.10 queue q x-dead-letter-routing-key=k
            1.11 queue q x-single-active-consumer=1
            1.12 queue q x-queue-mode=quick
            1.13 queue q x-queue-type=heap
            1.14 queue q passive
        "#,
        &expect![[r#"
            1.1 queue q x-message-ttl=-1
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid arg 'x-message-ttl' for queue 'q' in vhost '/': {value_negative,-1}
            1.2 queue q x-message-ttl=315360000001
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid arg 'x-message-ttl' for queue 'q' in vhost '/': {value_too_large,315360000001}
            1.3 queue q x-message-ttl=true
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid arg 'x-message-ttl' for queue 'q' in vhost '/': "expected integer, got bool"
            1.4 queue q x-expires=0
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid arg 'x-expires' for queue 'q' in vhost '/': {value_zero,0}
            1.5 queue q x-max-length=-1
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid arg 'x-max-length' for queue 'q' in vhost '/': {value_negative,-1}
            1.6 queue q x-max-length-bytes="1"
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid arg 'x-max-length-bytes' for queue 'q' in vhost '/': "expected integer, got longstr"
            1.7 queue q x-max-priority=256
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid arg 'x-max-priority' for queue 'q' in vhost '/': {max_value_exceeded,256}
            1.8 queue q x-overflow=drop-tail
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid arg 'x-overflow' for queue 'q' in vhost '/': invalid_overflow
            1.9 queue q x-dead-letter-exchange=1
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid type 'signedint' for arg 'x-dead-letter-exchange' in queue 'q' in vhost '/'
            1.10 queue q x-dead-letter-routing-key=k
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid arg 'x-dead-letter-routing-key' for queue 'q' in vhost '/': routing_key_but_no_dlx_defined
            1.11 queue q x-single-active-consumer=1
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid arg 'x-single-active-consumer' for queue 'q' in vhost '/': {unacceptable_type,signedint}
            1.12 queue q x-queue-mode=quick
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid arg 'x-queue-mode' for queue 'q' in vhost '/': "unsupported queue mode 'quick'"
            1.13 queue q x-queue-type=heap
                closes channel (50,10): 406 PRECONDITION_FAILED - invalid arg 'x-queue-type' for queue 'q' in vhost '/': "unsupported queue type 'heap'"
            1.14 queue q passive
                closes channel (50,10): 404 NOT_FOUND - no queue 'q' in vhost '/'
        "#]],
    );
}

#[test]
fn declare_counts_ready_messages_and_consumers() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 get q
            1.1 queue q
            1.2 consume q c auto
            1.1 queue q passive
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 get q
                got 1 a (""/q); 1 remain
            1.1 queue q
                ok queue q: 1 ready, 0 consumers
            1.2 consume q c auto
                ok consuming as c
                1.2 c <- 1 b (""/q)
            1.1 queue q passive
                ok queue q: 0 ready, 1 consumers
        "#]],
    );
}

#[test]
fn passive_ignores_properties() {
    check(
        r#"
            1.1 queue q durable
            1.1 queue q passive exclusive auto-delete x-max-length=-1
            1.1 queue none passive
        "#,
        &expect![[r#"
            1.1 queue q durable
                ok queue q: 0 ready, 0 consumers
            1.1 queue q passive exclusive auto-delete x-max-length=-1
                ok queue q: 0 ready, 0 consumers
            1.1 queue none passive
                closes channel (50,10): 404 NOT_FOUND - no queue 'none' in vhost '/'
        "#]],
    );
}

#[test]
fn an_empty_name_is_the_last_queue_declared_on_the_channel() {
    check(
        r#"
            1.1 get ""
            1.2 queue first
            1.2 queue second
            1.2 queue first passive
            1.2 bind amq.direct -> "" ""
            1.2 bind amq.direct -> "" k
            1.2 publish amq.direct first a
            1.2 publish amq.direct k b
            1.2 publish amq.direct "" c
            1.2 purge ""
            1.2 delete ""
            1.2 get ""
        "#,
        &expect![[r#"
            1.1 get ""
                closes channel (60,70): 404 NOT_FOUND - no previously declared queue
            1.2 queue first
                ok queue first: 0 ready, 0 consumers
            1.2 queue second
                ok queue second: 0 ready, 0 consumers
            1.2 queue first passive
                ok queue first: 0 ready, 0 consumers
            1.2 bind amq.direct -> "" ""
            1.2 bind amq.direct -> "" k
            1.2 publish amq.direct first a
            1.2 publish amq.direct k b
            1.2 publish amq.direct "" c
            1.2 purge ""
                ok 2 purged
            1.2 delete ""
                ok 0 deleted
            1.2 get ""
                closes channel (60,70): 404 NOT_FOUND - no queue 'first' in vhost '/'
        "#]],
    );
}

#[test]
fn delete_counts_ready_and_refuses_when_asked_to() {
    check(
        r#"
            1.1 delete none
            1.1 queue q
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 get q
            1.2 delete q if-empty
            1.3 qos 1
            1.3 consume q c
            1.4 delete q if-unused if-empty
            1.1 delete q
            1.1 ack 1
        "#,
        &expect![[r#"
            1.1 delete none
                ok 0 deleted
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 get q
                got 1 a (""/q); 1 remain
            1.2 delete q if-empty
                closes channel (50,40): 406 PRECONDITION_FAILED - queue 'q' in vhost '/' not empty
            1.3 qos 1
            1.3 consume q c
                ok consuming as c
                1.3 c <- 1 b (""/q)
            1.4 delete q if-unused if-empty
                closes channel (50,40): 406 PRECONDITION_FAILED - queue 'q' in vhost '/' in use
            1.1 delete q
                ok 0 deleted
                1.3 c cancelled
            1.1 ack 1
        "#]],
    );
}

#[test]
fn unacked_messages_do_not_make_a_queue_non_empty() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q a
            1.1 get q
            1.1 delete q if-empty
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 get q
                got 1 a (""/q); 0 remain
            1.1 delete q if-empty
                ok 0 deleted
        "#]],
    );
}

#[test]
fn purge_takes_ready_messages_only() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 get q
            1.1 purge q
            1.1 reject 1 requeue
            1.1 get q
            1.1 purge none
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 get q
                got 1 a (""/q); 2 remain
            1.1 purge q
                ok 2 purged
            1.1 reject 1 requeue
            1.1 get q
                got 2 redelivered a (""/q); 0 remain
            1.1 purge none
                closes channel (50,30): 404 NOT_FOUND - no queue 'none' in vhost '/'
        "#]],
    );
}

#[test]
fn an_exclusive_queue_is_for_its_connection_but_anyone_may_publish_to_it() {
    check(
        r#"
            1.1 queue q exclusive
            2.1 queue q passive
            2.2 get q
            2.3 consume q
            2.4 purge q
            2.5 delete q
            2.6 bind amq.direct -> q k
            2.7 publish "" q a
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q exclusive
                ok queue q: 0 ready, 0 consumers
            2.1 queue q passive
                closes channel (50,10): 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.
            2.2 get q
                closes channel (60,70): 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.
            2.3 consume q
                closes channel (60,20): 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.
            2.4 purge q
                closes channel (50,30): 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.
            2.5 delete q
                closes channel (50,40): 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.
            2.6 bind amq.direct -> q k
                closes channel (50,20): 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.
            2.7 publish "" q a
            1.1 get q
                got 1 a (""/q); 0 remain
        "#]],
    );
}

#[test]
fn an_exclusive_queue_goes_with_its_connection() {
    check(
        r#"
            1.1 queue q exclusive
            1.0 close
            2.1 queue q passive
        "#,
        &expect![[r#"
            1.1 queue q exclusive
                ok queue q: 0 ready, 0 consumers
            1.0 close
            2.1 queue q passive
                closes channel (50,10): 404 NOT_FOUND - no queue 'q' in vhost '/'
        "#]],
    );
}

#[test]
fn an_auto_delete_queue_goes_with_its_last_consumer_and_its_messages_are_lost() {
    check(
        r#"
            1.1 queue q auto-delete x-dead-letter-exchange="" x-dead-letter-routing-key=d
            1.1 queue d
            1.1 publish "" q a
            1.1 get q auto
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 qos 1
            1.1 consume q c
            1.1 cancel c
            1.1 queue d passive
            1.1 ack 2
            1.1 queue q passive
        "#,
        &expect![[r#"
            1.1 queue q auto-delete x-dead-letter-exchange="" x-dead-letter-routing-key=d
                ok queue q: 0 ready, 0 consumers
            1.1 queue d
                ok queue d: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 get q auto
                got 1 a (""/q); 0 remain
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 qos 1
            1.1 consume q c
                ok consuming as c
                1.1 c <- 2 b (""/q)
            1.1 cancel c
            1.1 queue d passive
                ok queue d: 0 ready, 0 consumers
            1.1 ack 2
            1.1 queue q passive
                closes channel (50,10): 404 NOT_FOUND - no queue 'q' in vhost '/'
        "#]],
    );
}

#[test]
fn a_queue_expires_without_consumers_declares_and_gets() {
    check(
        r#"
            1.1 queue q x-expires=100 x-dead-letter-exchange="" x-dead-letter-routing-key=d
            1.1 queue d
            1.1 publish "" q a
            pass 90ms
            1.1 queue q passive
            pass 90ms
            1.1 get q auto
            pass 90ms
            1.1 publish "" q b
            pass 9ms
            1.1 consume q c auto
            pass 500ms
            1.1 cancel c
            pass 99ms
            1.2 queue q passive
            pass 99ms
            1.1 queue d passive
            pass 1ms
            1.3 queue q passive
        "#,
        &expect![[r#"
            1.1 queue q x-expires=100 x-dead-letter-exchange="" x-dead-letter-routing-key=d
                ok queue q: 0 ready, 0 consumers
            1.1 queue d
                ok queue d: 0 ready, 0 consumers
            1.1 publish "" q a
            pass 90ms
            1.1 queue q passive
                ok queue q: 1 ready, 0 consumers
            pass 90ms
            1.1 get q auto
                got 1 a (""/q); 0 remain
            pass 90ms
            1.1 publish "" q b
            pass 9ms
            1.1 consume q c auto
                ok consuming as c
                1.1 c <- 2 b (""/q)
            pass 500ms
            1.1 cancel c
            pass 99ms
            1.2 queue q passive
                ok queue q: 0 ready, 0 consumers
            pass 99ms
            1.1 queue d passive
                ok queue d: 0 ready, 0 consumers
            pass 1ms
            1.3 queue q passive
                closes channel (50,10): 404 NOT_FOUND - no queue 'q' in vhost '/'
        "#]],
    );
}

#[test]
fn nobody_is_consuming_when_a_queue_expires_but_deletion_cancels() {
    check(
        r#"
            1.1 queue q
            1.1 consume q a
            1.2 consume q b
            1.2 delete q
            1.1 consume q a
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 consume q a
                ok consuming as a
            1.2 consume q b
                ok consuming as b
            1.2 delete q
                ok 0 deleted
                1.1 a cancelled
                1.2 b cancelled
            1.1 consume q a
                closes channel (60,20): 404 NOT_FOUND - no queue 'q' in vhost '/'
        "#]],
    );
}
