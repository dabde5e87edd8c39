//! §3: exchanges.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check;
use expect_test::expect;

#[test]
fn predeclared_exchanges_are_there_and_durable() {
    check(
        r#"
            1.1 exchange amq.direct direct durable
            1.1 exchange amq.fanout fanout durable
            1.1 exchange amq.topic topic durable
            1.1 exchange amq.headers headers durable
            1.1 exchange amq.match headers durable
            1.1 exchange amq.rabbitmq.trace topic durable internal
            1.1 exchange amq.direct direct
        "#,
        &expect![[r#"
            1.1 exchange amq.direct direct durable
            1.1 exchange amq.fanout fanout durable
            1.1 exchange amq.topic topic durable
            1.1 exchange amq.headers headers durable
            1.1 exchange amq.match headers durable
            1.1 exchange amq.rabbitmq.trace topic durable internal
            1.1 exchange amq.direct direct
                closes channel (40,10): 406 PRECONDITION_FAILED - inequivalent arg 'durable' for exchange 'amq.direct' in vhost '/': received 'false' but current is 'true'
        "#]],
    );
}

#[test]
fn an_unknown_type_ends_the_connection_but_passive_does_not_look() {
    check(
        r#"
            1.1 exchange e direct
            1.1 exchange e sharding passive
            1.1 exchange e sharding
            2.1 exchange e ""
        "#,
        &expect![[r#"
            1.1 exchange e direct
            1.1 exchange e sharding passive
            1.1 exchange e sharding
                closes connection (40,10): 503 COMMAND_INVALID - unknown exchange type 'sharding'
            2.1 exchange e ""
                closes connection (40,10): 503 COMMAND_INVALID - invalid exchange type ''
        "#]],
    );
}

#[test]
fn a_redeclaration_compares_type_durable_auto_delete_internal_in_that_order() {
    check(
        r#"
            1.1 exchange e direct alternate-exchange=a x-other=1
            1.1 exchange e direct alternate-exchange=a
            1.1 exchange e topic durable auto-delete internal
            1.2 exchange e direct durable auto-delete internal
            1.3 exchange e direct auto-delete internal
            1.4 exchange e direct internal
            1.5 exchange e direct
            1.6 exchange e direct alternate-exchange=b
        "#,
        &expect![[r#"
            1.1 exchange e direct alternate-exchange=a x-other=1
            1.1 exchange e direct alternate-exchange=a
            1.1 exchange e topic durable auto-delete internal
                closes channel (40,10): 406 PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'e' in vhost '/': received 'topic' but current is 'direct'
            1.2 exchange e direct durable auto-delete internal
                closes channel (40,10): 406 PRECONDITION_FAILED - inequivalent arg 'durable' for exchange 'e' in vhost '/': received 'true' but current is 'false'
            1.3 exchange e direct auto-delete internal
                closes channel (40,10): 406 PRECONDITION_FAILED - inequivalent arg 'auto_delete' for exchange 'e' in vhost '/': received 'true' but current is 'false'
            1.4 exchange e direct internal
                closes channel (40,10): 406 PRECONDITION_FAILED - inequivalent arg 'internal' for exchange 'e' in vhost '/': received 'true' but current is 'false'
            1.5 exchange e direct
                closes channel (40,10): 406 PRECONDITION_FAILED - inequivalent arg 'alternate-exchange' for exchange 'e' in vhost '/': received none but current is the value 'a' of type 'longstr'
            1.6 exchange e direct alternate-exchange=b
                closes channel (40,10): 406 PRECONDITION_FAILED - inequivalent arg 'alternate-exchange' for exchange 'e' in vhost '/': received 'b' but current is 'a'
        "#]],
    );
}

#[test]
fn names_with_the_reserved_prefix_are_refused() {
    check(
        r#"
            1.1 exchange amq.mine direct
            1.2 exchange amq.mine direct passive
            1.3 delete-exchange amq.fanout
            1.4 delete-exchange amq.none
        "#,
        &expect![[r#"
            1.1 exchange amq.mine direct
                closes channel (40,10): 403 ACCESS_REFUSED - exchange name 'amq.mine' contains reserved prefix 'amq.*'
            1.2 exchange amq.mine direct passive
                closes channel (40,10): 404 NOT_FOUND - no exchange 'amq.mine' in vhost '/'
            1.3 delete-exchange amq.fanout
                closes channel (40,20): 403 ACCESS_REFUSED - deletion of system exchange 'amq.fanout' in vhost '/' not allowed
            1.4 delete-exchange amq.none
                closes channel (40,20): 403 ACCESS_REFUSED - deletion of system exchange 'amq.none' in vhost '/' not allowed
        "#]],
    );
}

#[test]
fn the_default_exchange_is_not_to_be_touched() {
    check(
        r#"
            1.1 exchange "" direct
            1.2 exchange "" direct passive
            1.3 delete-exchange ""
            1.4 queue q
            1.4 bind "" -> q k
            1.5 unbind "" -> q k
            1.6 bind-exchange "" -> amq.direct
            1.7 bind-exchange amq.direct -> ""
        "#,
        &expect![[r#"
            1.1 exchange "" direct
                closes channel (40,10): 403 ACCESS_REFUSED - operation not permitted on the default exchange
            1.2 exchange "" direct passive
                closes channel (40,10): 403 ACCESS_REFUSED - operation not permitted on the default exchange
            1.3 delete-exchange ""
                closes channel (40,20): 403 ACCESS_REFUSED - operation not permitted on the default exchange
            1.4 queue q
                ok queue q: 0 ready, 0 consumers
            1.4 bind "" -> q k
                closes channel (50,20): 403 ACCESS_REFUSED - operation not permitted on the default exchange
            1.5 unbind "" -> q k
                closes channel (50,50): 403 ACCESS_REFUSED - operation not permitted on the default exchange
            1.6 bind-exchange "" -> amq.direct ""
                closes channel (40,30): 403 ACCESS_REFUSED - operation not permitted on the default exchange
            1.7 bind-exchange amq.direct -> "" ""
                closes channel (40,30): 403 ACCESS_REFUSED - operation not permitted on the default exchange
        "#]],
    );
}

#[test]
fn deleting_what_is_not_there_succeeds_and_in_use_means_being_a_source() {
    check(
        r#"
            1.1 delete-exchange none
            1.1 exchange a fanout
            1.1 exchange b fanout
            1.1 bind-exchange a -> b
            1.1 delete-exchange a if-unused
            1.2 delete-exchange b if-unused
            1.2 delete-exchange a if-unused
        "#,
        &expect![[r#"
            1.1 delete-exchange none
            1.1 exchange a fanout
            1.1 exchange b fanout
            1.1 bind-exchange a -> b ""
            1.1 delete-exchange a if-unused
                closes channel (40,20): 406 PRECONDITION_FAILED - exchange 'a' in vhost '/' in use
            1.2 delete-exchange b if-unused
            1.2 delete-exchange a if-unused
        "#]],
    );
}

#[test]
fn publishing_needs_an_exchange_that_is_not_internal() {
    check(
        r#"
            1.1 publish none k a
            1.2 exchange i fanout internal
            1.2 publish i k a
            1.3 queue q
            1.3 exchange open fanout
            1.3 bind-exchange open -> i
            1.3 bind i -> q
            1.3 publish open k a
            1.3 get q
        "#,
        &expect![[r#"
            1.1 publish none k a
                closes channel (60,40): 404 NOT_FOUND - no exchange 'none' in vhost '/'
            1.2 exchange i fanout internal
            1.2 publish i k a
                closes channel (60,40): 403 ACCESS_REFUSED - cannot publish to internal exchange 'i' in vhost '/'
            1.3 queue q
                ok queue q: 0 ready, 0 consumers
            1.3 exchange open fanout
            1.3 bind-exchange open -> i ""
            1.3 bind i -> q ""
            1.3 publish open k a
            1.3 get q
                got 1 a (open/k); 0 remain
        "#]],
    );
}

#[test]
fn auto_delete_goes_with_the_last_binding_as_source_and_cascades() {
    check(
        r#"
            1.1 exchange a fanout auto-delete
            1.1 exchange b fanout auto-delete
            1.1 bind-exchange a -> b
            1.1 queue q
            1.1 bind b -> q
            1.1 exchange b fanout passive
            1.1 unbind b -> q
            1.1 exchange b fanout passive
            1.2 exchange a fanout passive
        "#,
        &expect![[r#"
            1.1 exchange a fanout auto-delete
            1.1 exchange b fanout auto-delete
            1.1 bind-exchange a -> b ""
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 bind b -> q ""
            1.1 exchange b fanout passive
            1.1 unbind b -> q ""
            1.1 exchange b fanout passive
                closes channel (40,10): 404 NOT_FOUND - no exchange 'b' in vhost '/'
            1.2 exchange a fanout passive
                closes channel (40,10): 404 NOT_FOUND - no exchange 'a' in vhost '/'
        "#]],
    );
}

#[test]
fn auto_delete_waits_for_a_first_binding() {
    check(
        r#"
            1.1 exchange a fanout auto-delete
            1.1 queue q
            1.1 unbind a -> q
            1.1 exchange a fanout passive
            1.1 bind a -> q
            1.1 delete q
            1.1 exchange a fanout passive
        "#,
        &expect![[r#"
            1.1 exchange a fanout auto-delete
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 unbind a -> q ""
            1.1 exchange a fanout passive
            1.1 bind a -> q ""
            1.1 delete q
                ok 0 deleted
            1.1 exchange a fanout passive
                closes channel (40,10): 404 NOT_FOUND - no exchange 'a' in vhost '/'
        "#]],
    );
}

#[test]
fn line_feeds_are_stripped_from_names() {
    check(
        r#"
            1.1 exchange "a\nb" fanout
            1.1 exchange ab fanout passive
            1.1 queue "q\r\n1"
            1.1 queue q1 passive
        "#,
        &expect![[r#"
            1.1 exchange "a\nb" fanout
            1.1 exchange ab fanout passive
            1.1 queue "q\r\n1"
                ok queue q1: 0 ready, 0 consumers
            1.1 queue q1 passive
                ok queue q1: 0 ready, 0 consumers
        "#]],
    );
}
