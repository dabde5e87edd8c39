//! §13: dead letters.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check;
use expect_test::expect;

#[test]
fn rejected_expired_and_maxlen_are_the_reasons() {
    check(
        r#"
            1.1 queue d
            1.1 queue q x-max-length=1 x-dead-letter-exchange="" x-dead-letter-routing-key=d
            pass 2s
            1.1 publish "" q a
            1.1 publish "" q b expiration=10
            1.1 get d auto
            pass 10ms
            1.1 get d auto
            1.1 publish "" q c
            1.1 get q
            1.1 reject 3
            1.1 get d auto
        "#,
        &expect![[r#"
            1.1 queue d
                ok queue d: 0 ready, 0 consumers
            1.1 queue q x-max-length=1 x-dead-letter-exchange="" x-dead-letter-routing-key=d
                ok queue q: 0 ready, 0 consumers
            pass 2s
            1.1 publish "" q a
            1.1 publish "" q b expiration="10"
            1.1 get d auto
                got 1 a (""/d) headers={x-death=[{count=i64(1), reason=maxlen, queue=q, time=time(2), exchange="", routing-keys=[q]}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=maxlen}; 0 remain
            pass 10ms
            1.1 get d auto
                got 2 b (""/d) headers={x-death=[{count=i64(1), reason=expired, queue=q, time=time(2), exchange="", routing-keys=[q], original-expiration="10"}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=expired}; 0 remain
            1.1 publish "" q c
            1.1 get q
                got 3 c (""/q); 0 remain
            1.1 reject 3
            1.1 get d auto
                got 4 c (""/d) headers={x-death=[{count=i64(1), reason=rejected, queue=q, time=time(2), exchange="", routing-keys=[q]}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=rejected}; 0 remain
        "#]],
    );
}

#[test]
fn acks_purges_deletions_and_requeues_do_not_dead_letter() {
    check(
        r#"
            1.1 queue d
            1.1 queue q x-dead-letter-exchange="" x-dead-letter-routing-key=d
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 get q
            1.1 ack 1
            1.1 purge q
            1.1 publish "" q c
            1.1 get q
            1.1 reject 2 requeue
            1.1 delete q
            1.1 queue d passive
        "#,
        &expect![[r#"
            1.1 queue d
                ok queue d: 0 ready, 0 consumers
            1.1 queue q x-dead-letter-exchange="" x-dead-letter-routing-key=d
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 get q
                got 1 a (""/q); 1 remain
            1.1 ack 1
            1.1 purge q
                ok 1 purged
            1.1 publish "" q c
            1.1 get q
                got 2 c (""/q); 0 remain
            1.1 reject 2 requeue
            1.1 delete q
                ok 1 deleted
            1.1 queue d passive
                ok queue d: 0 ready, 0 consumers
        "#]],
    );
}

#[test]
fn the_exchange_is_looked_up_when_it_is_needed() {
    check(
        r#"
            1.1 queue q x-message-ttl=10 x-dead-letter-exchange=late
            1.1 publish "" q lost
            pass 10ms
            1.1 exchange late fanout internal
            1.1 queue d
            1.1 bind late -> d
            1.1 publish "" q found
            pass 10ms
            1.1 get d
            1.1 get d
        "#,
        &expect![[r#"
            1.1 queue q x-message-ttl=10 x-dead-letter-exchange=late
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q lost
            pass 10ms
            1.1 exchange late fanout internal
            1.1 queue d
                ok queue d: 0 ready, 0 consumers
            1.1 bind late -> d ""
            1.1 publish "" q found
            pass 10ms
            1.1 get d
                got 1 found (late/q) headers={x-death=[{count=i64(1), reason=expired, queue=q, time=time(0), exchange="", routing-keys=[q]}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=expired}; 0 remain
            1.1 get d
                empty
        "#]],
    );
}

#[test]
fn without_a_key_of_its_own_the_original_keys_are_used_bcc_too() {
    check(
        r#"
            1.1 exchange dlx direct
            1.1 queue k
            1.1 queue c
            1.1 queue b
            1.1 bind dlx -> k k
            1.1 bind dlx -> c c
            1.1 bind dlx -> b b
            1.1 queue q x-dead-letter-exchange=dlx x-message-ttl=0
            1.1 bind amq.direct -> q k
            1.1 publish amq.direct k a headers={CC=[c], BCC=[b]}
            1.1 get k
            1.1 get c
            1.1 get b
        "#,
        &expect![[r#"
            1.1 exchange dlx direct
            1.1 queue k
                ok queue k: 0 ready, 0 consumers
            1.1 queue c
                ok queue c: 0 ready, 0 consumers
            1.1 queue b
                ok queue b: 0 ready, 0 consumers
            1.1 bind dlx -> k k
            1.1 bind dlx -> c c
            1.1 bind dlx -> b b
            1.1 queue q x-dead-letter-exchange=dlx x-message-ttl=0
                ok queue q: 0 ready, 0 consumers
            1.1 bind amq.direct -> q k
            1.1 publish amq.direct k a headers={CC=[c], BCC=[b]}
            1.1 get k
                got 1 a (dlx/k) headers={CC=[c], x-death=[{count=i64(1), reason=expired, queue=q, time=time(0), exchange=amq.direct, routing-keys=[k, c]}], x-first-death-exchange=amq.direct, x-first-death-queue=q, x-first-death-reason=expired}; 0 remain
            1.1 get c
                got 2 a (dlx/k) headers={CC=[c], x-death=[{count=i64(1), reason=expired, queue=q, time=time(0), exchange=amq.direct, routing-keys=[k, c]}], x-first-death-exchange=amq.direct, x-first-death-queue=q, x-first-death-reason=expired}; 0 remain
            1.1 get b
                got 3 a (dlx/k) headers={CC=[c], x-death=[{count=i64(1), reason=expired, queue=q, time=time(0), exchange=amq.direct, routing-keys=[k, c]}], x-first-death-exchange=amq.direct, x-first-death-queue=q, x-first-death-reason=expired}; 0 remain
        "#]],
    );
}

#[test]
fn with_a_key_of_its_own_cc_disappears() {
    check(
        r#"
            1.1 queue d
            1.1 queue q x-dead-letter-exchange="" x-dead-letter-routing-key=d x-message-ttl=0
            1.1 publish "" q a headers={CC=[other], BCC=[hidden]}
            1.1 get d
        "#,
        &expect![[r#"
            1.1 queue d
                ok queue d: 0 ready, 0 consumers
            1.1 queue q x-dead-letter-exchange="" x-dead-letter-routing-key=d x-message-ttl=0
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a headers={CC=[other], BCC=[hidden]}
            1.1 get d
                got 1 a (""/d) headers={x-death=[{count=i64(1), reason=expired, queue=q, time=time(0), exchange="", routing-keys=[q, other]}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=expired}; 0 remain
        "#]],
    );
}

#[test]
fn expiration_is_taken_off_whatever_the_reason_and_written_down() {
    check(
        r#"
            1.1 queue d
            1.1 queue q x-dead-letter-exchange="" x-dead-letter-routing-key=d
            1.1 publish "" q a expiration=60000 priority=4 correlation-id=c mode=2
            1.1 get q
            1.1 reject 1
            1.1 get d
        "#,
        &expect![[r#"
            1.1 queue d
                ok queue d: 0 ready, 0 consumers
            1.1 queue q x-dead-letter-exchange="" x-dead-letter-routing-key=d
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a mode=2 priority=4 correlation-id=c expiration="60000"
            1.1 get q
                got 1 a (""/q) mode=2 priority=4 correlation-id=c expiration="60000"; 0 remain
            1.1 reject 1
            1.1 get d
                got 2 a (""/d) mode=2 priority=4 correlation-id=c headers={x-death=[{count=i64(1), reason=rejected, queue=q, time=time(0), exchange="", routing-keys=[q], original-expiration="60000"}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=rejected}; 0 remain
        "#]],
    );
}

#[test]
fn entries_are_counted_for_each_queue_and_reason_newest_first() {
    check(
        r#"
            1.1 queue q x-dead-letter-exchange="" x-dead-letter-routing-key=q
            1.1 publish "" q a
            1.1 get q
            1.1 reject 1
            1.1 get q
            pass 3s
            1.1 reject 2
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q x-dead-letter-exchange="" x-dead-letter-routing-key=q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 get q
                got 1 a (""/q); 0 remain
            1.1 reject 1
            1.1 get q
                got 2 a (""/q) headers={x-death=[{count=i64(1), reason=rejected, queue=q, time=time(0), exchange="", routing-keys=[q]}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=rejected}; 0 remain
            pass 3s
            1.1 reject 2
            1.1 get q
                got 3 a (""/q) headers={x-death=[{count=i64(2), exchange="", queue=q, reason=rejected, routing-keys=[q], time=time(0)}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=rejected}; 0 remain
        "#]],
    );
}

#[test]
fn two_reasons_in_one_queue_are_two_entries() {
    check(
        r#"
            1.1 queue q x-dead-letter-exchange="" x-dead-letter-routing-key=r
            1.1 queue r x-dead-letter-exchange="" x-dead-letter-routing-key=q
            1.1 publish "" q a expiration=10
            pass 10ms
            1.1 get r
            1.1 reject 1
            1.1 get q
            1.1 reject 2
            1.1 get r
        "#,
        &expect![[r#"
            1.1 queue q x-dead-letter-exchange="" x-dead-letter-routing-key=r
                ok queue q: 0 ready, 0 consumers
            1.1 queue r x-dead-letter-exchange="" x-dead-letter-routing-key=q
                ok queue r: 0 ready, 0 consumers
            1.1 publish "" q a expiration="10"
            pass 10ms
            1.1 get r
                got 1 a (""/r) headers={x-death=[{count=i64(1), reason=expired, queue=q, time=time(0), exchange="", routing-keys=[q], original-expiration="10"}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=expired}; 0 remain
            1.1 reject 1
            1.1 get q
                got 2 a (""/q) headers={x-death=[{count=i64(1), exchange="", queue=r, reason=rejected, routing-keys=[r], time=time(0)}, {count=i64(1), reason=expired, queue=q, time=time(0), exchange="", routing-keys=[q], original-expiration="10"}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=expired}; 0 remain
            1.1 reject 2
            1.1 get r
                got 3 a (""/r) headers={x-death=[{count=i64(1), exchange="", queue=q, reason=rejected, routing-keys=[q], time=time(0)}, {count=i64(1), reason=expired, queue=q, time=time(0), exchange="", routing-keys=[q], original-expiration="10"}, {count=i64(1), exchange="", queue=r, reason=rejected, routing-keys=[r], time=time(0)}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=expired}; 0 remain
        "#]],
    );
}

#[test]
fn an_automatic_cycle_is_cut() {
    check(
        r#"
            1.1 queue q x-message-ttl=10 x-dead-letter-exchange="" x-dead-letter-routing-key=r
            1.1 queue r x-message-ttl=10 x-dead-letter-exchange="" x-dead-letter-routing-key=q
            1.1 publish "" q a
            pass 10ms
            1.1 queue r passive
            pass 10ms
            1.1 queue q passive
            1.1 queue r passive
        "#,
        &expect![[r#"
            1.1 queue q x-message-ttl=10 x-dead-letter-exchange="" x-dead-letter-routing-key=r
                ok queue q: 0 ready, 0 consumers
            1.1 queue r x-message-ttl=10 x-dead-letter-exchange="" x-dead-letter-routing-key=q
                ok queue r: 0 ready, 0 consumers
            1.1 publish "" q a
            pass 10ms
            1.1 queue r passive
                ok queue r: 1 ready, 0 consumers
            pass 10ms
            1.1 queue q passive
                ok queue q: 0 ready, 0 consumers
            1.1 queue r passive
                ok queue r: 0 ready, 0 consumers
        "#]],
    );
}

#[test]
fn a_rejection_in_the_cycle_keeps_it_going() {
    check(
        r#"
            1.1 queue work x-dead-letter-exchange="" x-dead-letter-routing-key=wait
            1.1 queue wait x-message-ttl=10 x-dead-letter-exchange="" x-dead-letter-routing-key=work
            1.1 publish "" work a
            1.1 get work
            1.1 reject 1
            pass 10ms
            1.1 get work
            1.1 reject 2
            pass 10ms
            1.1 get work
        "#,
        &expect![[r#"
            1.1 queue work x-dead-letter-exchange="" x-dead-letter-routing-key=wait
                ok queue work: 0 ready, 0 consumers
            1.1 queue wait x-message-ttl=10 x-dead-letter-exchange="" x-dead-letter-routing-key=work
                ok queue wait: 0 ready, 0 consumers
            1.1 publish "" work a
            1.1 get work
                got 1 a (""/work); 0 remain
            1.1 reject 1
            pass 10ms
            1.1 get work
                got 2 a (""/work) headers={x-death=[{count=i64(1), exchange="", queue=wait, reason=expired, routing-keys=[wait], time=time(0)}, {count=i64(1), reason=rejected, queue=work, time=time(0), exchange="", routing-keys=[work]}], x-first-death-exchange="", x-first-death-queue=work, x-first-death-reason=rejected}; 0 remain
            1.1 reject 2
            pass 10ms
            1.1 get work
                got 3 a (""/work) headers={x-death=[{count=i64(2), exchange="", queue=wait, reason=expired, routing-keys=[wait], time=time(0)}, {count=i64(2), exchange="", queue=work, reason=rejected, routing-keys=[work], time=time(0)}], x-first-death-exchange="", x-first-death-queue=work, x-first-death-reason=rejected}; 0 remain
        "#]],
    );
}

#[test]
fn a_client_that_republishes_the_history_continues_it() {
    check(
        r#"
            1.1 queue d
            1.1 queue q x-dead-letter-exchange="" x-dead-letter-routing-key=d x-message-ttl=0
            1.1 publish "" q a headers={x-death=[{count=i64(1), queue=q, reason=rejected}]}
            1.1 get d
            1.1 publish "" q b headers={x-death=[{count=i64(1), queue=q, reason=expired}]}
            1.1 get d
            1.1 publish "" q c headers={x-death=text}
            1.1 get d
        "#,
        &expect![[r#"
            1.1 queue d
                ok queue d: 0 ready, 0 consumers
            1.1 queue q x-dead-letter-exchange="" x-dead-letter-routing-key=d x-message-ttl=0
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a headers={x-death=[{count=i64(1), queue=q, reason=rejected}]}
            1.1 get d
                got 1 a (""/d) headers={x-death=[{count=i64(1), exchange="", queue=q, reason=expired, routing-keys=[q], time=time(0)}, {count=i64(1), queue=q, reason=rejected}]}; 0 remain
            1.1 publish "" q b headers={x-death=[{count=i64(1), queue=q, reason=expired}]}
            1.1 get d
                got 2 b (""/d) headers={x-death=[{count=i64(2), queue=q, reason=expired}]}; 0 remain
            1.1 publish "" q c headers={x-death=text}
            1.1 get d
                got 3 c (""/d) headers={x-death=[{count=i64(1), reason=expired, queue=q, time=time(0), exchange="", routing-keys=[q]}]}; 0 remain
        "#]],
    );
}

#[test]
fn several_keep_their_order() {
    check(
        r#"
            1.1 queue d
            1.1 queue q x-dead-letter-exchange="" x-dead-letter-routing-key=d
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 publish "" q c
            1.1 get q
            1.1 get q
            1.1 get q
            1.1 nack 3 multiple
            1.2 consume d c auto
        "#,
        &expect![[r#"
            1.1 queue d
                ok queue d: 0 ready, 0 consumers
            1.1 queue q x-dead-letter-exchange="" x-dead-letter-routing-key=d
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
            1.1 nack 3 multiple
            1.2 consume d c auto
                ok consuming as c
                1.2 c <- 1 a (""/d) headers={x-death=[{count=i64(1), reason=rejected, queue=q, time=time(0), exchange="", routing-keys=[q]}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=rejected}
                1.2 c <- 2 b (""/d) headers={x-death=[{count=i64(1), reason=rejected, queue=q, time=time(0), exchange="", routing-keys=[q]}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=rejected}
                1.2 c <- 3 c (""/d) headers={x-death=[{count=i64(1), reason=rejected, queue=q, time=time(0), exchange="", routing-keys=[q]}], x-first-death-exchange="", x-first-death-queue=q, x-first-death-reason=rejected}
        "#]],
    );
}

#[test]
fn a_dead_letter_is_never_returned() {
    check(
        r#"
            1.1 queue q x-message-ttl=0 x-dead-letter-exchange=amq.direct
            1.1 publish "" q a mandatory
        "#,
        &expect![[r#"
            1.1 queue q x-message-ttl=0 x-dead-letter-exchange=amq.direct
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a mandatory
        "#]],
    );
}
