//! §5: bindings.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check;
use expect_test::expect;

#[test]
fn a_binding_is_source_destination_key_and_arguments() {
    check(
        r#"
            1.1 queue q
            1.1 bind amq.direct -> q k
            1.1 bind amq.direct -> q k
            1.1 bind amq.direct -> q k a=1
            1.1 unbind amq.direct -> q k
            1.1 publish amq.direct k still
            1.1 get q auto
            1.1 unbind amq.direct -> q k a=1
            1.1 publish amq.direct k gone
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 bind amq.direct -> q k
            1.1 bind amq.direct -> q k
            1.1 bind amq.direct -> q k a=1
            1.1 unbind amq.direct -> q k
            1.1 publish amq.direct k still
            1.1 get q auto
                got 1 still (amq.direct/k); 0 remain
            1.1 unbind amq.direct -> q k a=1
            1.1 publish amq.direct k gone
            1.1 get q
                empty
        "#]],
    );
}

#[test]
fn the_missing_exchange_is_named_first() {
    check(
        r#"
            1.1 bind none -> nobody k
            1.2 bind amq.direct -> nobody k
            1.3 bind-exchange none -> nobody k
            1.4 bind-exchange amq.direct -> nobody k
        "#,
        &expect![[r#"
            1.1 bind none -> nobody k
                closes channel (50,20): 404 NOT_FOUND - no exchange 'none' in vhost '/'
            1.2 bind amq.direct -> nobody k
                closes channel (50,20): 404 NOT_FOUND - no queue 'nobody' in vhost '/'
            1.3 bind-exchange none -> nobody k
                closes channel (40,30): 404 NOT_FOUND - no exchange 'none' in vhost '/'
            1.4 bind-exchange amq.direct -> nobody k
                closes channel (40,30): 404 NOT_FOUND - no exchange 'nobody' in vhost '/'
        "#]],
    );
}

#[test]
fn unbinding_what_is_missing_succeeds() {
    check(
        r#"
            1.1 queue q
            1.1 unbind amq.direct -> q k
            1.1 unbind none -> q k
            1.1 unbind amq.direct -> nobody k
            1.1 unbind-exchange none -> nobody k
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 unbind amq.direct -> q k
            1.1 unbind none -> q k
            1.1 unbind amq.direct -> nobody k
            1.1 unbind-exchange none -> nobody k
        "#]],
    );
}

#[test]
fn one_copy_however_many_bindings_match() {
    check(
        r#"
            1.1 queue q
            1.1 bind amq.topic -> q #
            1.1 bind amq.topic -> q a.*
            1.1 bind amq.topic -> q a.b
            1.1 publish amq.topic a.b once
            1.1 get q
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 bind amq.topic -> q #
            1.1 bind amq.topic -> q a.*
            1.1 bind amq.topic -> q a.b
            1.1 publish amq.topic a.b once
            1.1 get q
                got 1 once (amq.topic/a.b); 0 remain
            1.1 get q
                empty
        "#]],
    );
}

#[test]
fn deleting_a_queue_deletes_its_bindings() {
    check(
        r#"
            1.1 queue q
            1.1 bind amq.fanout -> q
            1.1 delete q
            1.1 queue q
            1.1 publish amq.fanout k a mandatory
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 bind amq.fanout -> q ""
            1.1 delete q
                ok 0 deleted
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish amq.fanout k a mandatory
                1.1 returned 312 NO_ROUTE a (amq.fanout/k)
        "#]],
    );
}
