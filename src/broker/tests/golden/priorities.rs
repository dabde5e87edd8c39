//! §14: priority queues.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check;
use expect_test::expect;

#[test]
fn higher_first_and_first_in_first_out_within_one() {
    check(
        r#"
            1.1 queue q x-max-priority=5
            1.1 publish "" q a
            1.1 publish "" q b priority=3
            1.1 publish "" q c priority=9
            1.1 publish "" q d priority=5
            1.1 publish "" q e priority=3
            1.1 queue q passive
            1.1 get q auto
            1.1 get q auto
            1.1 get q auto
            1.1 get q auto
            1.1 get q auto
        "#,
        &expect![[r#"
            1.1 queue q x-max-priority=5
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 publish "" q b priority=3
            1.1 publish "" q c priority=9
            1.1 publish "" q d priority=5
            1.1 publish "" q e priority=3
            1.1 queue q passive
                ok queue q: 5 ready, 0 consumers
            1.1 get q auto
                got 1 c (""/q) priority=9; 4 remain
            1.1 get q auto
                got 2 d (""/q) priority=5; 3 remain
            1.1 get q auto
                got 3 b (""/q) priority=3; 2 remain
            1.1 get q auto
                got 4 e (""/q) priority=3; 1 remain
            1.1 get q auto
                got 5 a (""/q); 0 remain
        "#]],
    );
}

#[test]
fn without_the_argument_or_with_zero_priority_is_ignored() {
    check(
        r#"
            1.1 queue plain
            1.1 queue zero x-max-priority=0
            1.1 bind amq.fanout -> plain
            1.1 bind amq.fanout -> zero
            1.1 publish amq.fanout k low priority=1
            1.1 publish amq.fanout k high priority=9
            1.1 get plain
            1.1 get zero
        "#,
        &expect![[r#"
            1.1 queue plain
                ok queue plain: 0 ready, 0 consumers
            1.1 queue zero x-max-priority=0
                ok queue zero: 0 ready, 0 consumers
            1.1 bind amq.fanout -> plain ""
            1.1 bind amq.fanout -> zero ""
            1.1 publish amq.fanout k low priority=1
            1.1 publish amq.fanout k high priority=9
            1.1 get plain
                got 1 low (amq.fanout/k) priority=1; 1 remain
            1.1 get zero
                got 2 low (amq.fanout/k) priority=1; 1 remain
        "#]],
    );
}

#[test]
fn requeue_returns_to_the_place_within_its_priority() {
    check(
        r#"
            1.1 queue q x-max-priority=5
            1.1 publish "" q a priority=1
            1.1 publish "" q b priority=1
            1.1 get q
            1.1 publish "" q c priority=2
            1.1 reject 1 requeue
            1.1 get q auto
            1.1 get q auto
            1.1 get q auto
        "#,
        &expect![[r#"
            1.1 queue q x-max-priority=5
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a priority=1
            1.1 publish "" q b priority=1
            1.1 get q
                got 1 a (""/q) priority=1; 1 remain
            1.1 publish "" q c priority=2
            1.1 reject 1 requeue
            1.1 get q auto
                got 2 c (""/q) priority=2; 2 remain
            1.1 get q auto
                got 3 redelivered a (""/q) priority=1; 1 remain
            1.1 get q auto
                got 4 b (""/q) priority=1; 0 remain
        "#]],
    );
}

#[test]
fn drop_head_drops_the_most_urgent() {
    check(
        r#"
            1.1 queue q x-max-priority=9 x-max-length=3
            1.1 publish "" q p1 priority=1
            1.1 publish "" q p5 priority=5
            1.1 publish "" q p3 priority=3
            1.1 publish "" q p2 priority=2
            1.1 publish "" q p4 priority=4
            1.1 get q auto
            1.1 get q auto
            1.1 get q auto
            1.1 get q auto
        "#,
        &expect![[r#"
            1.1 queue q x-max-priority=9 x-max-length=3
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q p1 priority=1
            1.1 publish "" q p5 priority=5
            1.1 publish "" q p3 priority=3
            1.1 publish "" q p2 priority=2
            1.1 publish "" q p4 priority=4
            1.1 get q auto
                got 1 p3 (""/q) priority=3; 2 remain
            1.1 get q auto
                got 2 p2 (""/q) priority=2; 1 remain
            1.1 get q auto
                got 3 p1 (""/q) priority=1; 0 remain
            1.1 get q auto
                empty
        "#]],
    );
}

#[test]
fn an_expired_message_behind_a_live_one_stays_and_counts() {
    check(
        r#"
            1.1 queue q x-max-priority=9
            1.1 publish "" q high priority=5
            1.1 publish "" q low priority=1 expiration=10
            pass 100ms
            1.1 queue q passive
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q x-max-priority=9
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q high priority=5
            1.1 publish "" q low priority=1 expiration="10"
            pass 100ms
            1.1 queue q passive
                ok queue q: 2 ready, 0 consumers
            1.1 get q
                got 1 high (""/q) priority=5; 0 remain
        "#]],
    );
}
