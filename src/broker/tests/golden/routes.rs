//! §6: ways through several exchanges, CC and BCC, alternate exchanges.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check;
use expect_test::expect;

#[test]
fn direct_is_exact_and_wildcards_are_plain_there() {
    check(
        r#"
            1.1 queue q
            1.1 bind amq.direct -> q a.#
            1.1 publish amq.direct a.b miss
            1.1 publish amq.direct A.# miss
            1.1 publish amq.direct a.# hit
            1.1 get q auto
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 bind amq.direct -> q a.#
            1.1 publish amq.direct a.b miss
            1.1 publish amq.direct A.# miss
            1.1 publish amq.direct a.# hit
            1.1 get q auto
                got 1 hit (amq.direct/a.#); 0 remain
            1.1 get q
                empty
        "#]],
    );
}

#[test]
fn exchanges_pass_on_with_the_original_key_and_each_is_visited_once() {
    check(
        r#"
            1.1 exchange a topic
            1.1 exchange b direct
            1.1 bind-exchange a -> b #
            1.1 bind-exchange b -> a k
            1.1 bind-exchange a -> a #
            1.1 queue q
            1.1 bind b -> q k
            1.1 bind a -> q k
            1.1 publish a k once
            1.1 publish a other "not at b"
            1.1 get q
            1.1 get q
        "#,
        &expect![[r#"
            1.1 exchange a topic
            1.1 exchange b direct
            1.1 bind-exchange a -> b #
            1.1 bind-exchange b -> a k
            1.1 bind-exchange a -> a #
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 bind b -> q k
            1.1 bind a -> q k
            1.1 publish a k once
            1.1 publish a other "not at b"
            1.1 get q
                got 1 once (a/k); 0 remain
            1.1 get q
                empty
        "#]],
    );
}

#[test]
fn an_alternate_exchange_takes_what_found_no_destination() {
    check(
        r#"
            1.1 exchange rest fanout
            1.1 exchange e direct alternate-exchange=rest
            1.1 queue q
            1.1 queue r
            1.1 bind e -> q k
            1.1 bind rest -> r
            1.1 publish e k hit
            1.1 publish e other miss
            1.1 get q
            1.1 get r
            1.1 get r
        "#,
        &expect![[r#"
            1.1 exchange rest fanout
            1.1 exchange e direct alternate-exchange=rest
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 queue r
                ok queue r: 0 ready, 0 consumers
            1.1 bind e -> q k
            1.1 bind rest -> r ""
            1.1 publish e k hit
            1.1 publish e other miss
            1.1 get q
                got 1 hit (e/k); 0 remain
            1.1 get r
                got 2 miss (e/other); 0 remain
            1.1 get r
                empty
        "#]],
    );
}

#[test]
fn a_binding_to_an_exchange_that_leads_nowhere_suppresses_the_alternate() {
    check(
        r#"
            1.1 exchange rest fanout
            1.1 exchange nowhere fanout
            1.1 exchange e fanout alternate-exchange=rest
            1.1 bind-exchange e -> nowhere
            1.1 queue r
            1.1 bind rest -> r
            1.1 publish e k a mandatory
        "#,
        &expect![[r#"
            1.1 exchange rest fanout
            1.1 exchange nowhere fanout
            1.1 exchange e fanout alternate-exchange=rest
            1.1 bind-exchange e -> nowhere ""
            1.1 queue r
                ok queue r: 0 ready, 0 consumers
            1.1 bind rest -> r ""
            1.1 publish e k a mandatory
                1.1 returned 312 NO_ROUTE a (e/k)
        "#]],
    );
}

#[test]
fn an_alternate_exchange_may_be_missing_circular_or_the_default() {
    check(
        r#"
            1.1 exchange a direct alternate-exchange=b
            1.1 exchange b direct alternate-exchange=a
            1.1 exchange c direct alternate-exchange=none
            1.1 exchange d direct alternate-exchange=""
            1.1 queue q
            1.1 publish a q m mandatory
            1.1 publish c q m mandatory
            1.1 publish d q m mandatory
            1.2 exchange e direct alternate-exchange=5
        "#,
        &expect![[r#"
            1.1 exchange a direct alternate-exchange=b
            1.1 exchange b direct alternate-exchange=a
            1.1 exchange c direct alternate-exchange=none
            1.1 exchange d direct alternate-exchange=""
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish a q m mandatory
                1.1 returned 312 NO_ROUTE m (a/q)
            1.1 publish c q m mandatory
                1.1 returned 312 NO_ROUTE m (c/q)
            1.1 publish d q m mandatory
                1.1 returned 312 NO_ROUTE m (d/q)
            1.2 exchange e direct alternate-exchange=5
                closes channel (40,10): 406 PRECONDITION_FAILED - invalid type 'signedint' for arg 'alternate-exchange' in exchange 'e' in vhost '/'
        "#]],
    );
}

#[test]
fn cc_and_bcc_are_more_keys_and_bcc_is_not_shown() {
    check(
        r#"
            1.1 queue q
            1.1 queue r
            1.1 queue s
            1.1 publish "" q a headers={CC=[r, q, 5], BCC=[s]}
            1.1 get q
            1.1 get r
            1.1 get s
            1.1 get q
            1.1 publish "" none b headers={BCC=[q]}
            1.1 get q
            1.1 publish "" q c headers={CC=r}
            1.2 publish "" none c headers={BCC=5}
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 queue r
                ok queue r: 0 ready, 0 consumers
            1.1 queue s
                ok queue s: 0 ready, 0 consumers
            1.1 publish "" q a headers={CC=[r, q, 5], BCC=[s]}
            1.1 get q
                got 1 a (""/q) headers={CC=[r, q, 5]}; 0 remain
            1.1 get r
                got 2 a (""/q) headers={CC=[r, q, 5]}; 0 remain
            1.1 get s
                got 3 a (""/q) headers={CC=[r, q, 5]}; 0 remain
            1.1 get q
                empty
            1.1 publish "" none b headers={BCC=[q]}
            1.1 get q
                got 4 b (""/none) headers={}; 0 remain
            1.1 publish "" q c headers={CC=r}
                closes channel (60,40): 406 PRECONDITION_FAILED - invalid message: {unacceptable_type_in_header,"CC",longstr}
            1.2 publish "" none c headers={BCC=5}
                closes channel (60,40): 406 PRECONDITION_FAILED - invalid message: {unacceptable_type_in_header,"BCC",signedint}
        "#]],
    );
}

#[test]
fn x_match_must_be_one_of_four_words() {
    check(
        r#"
            1.1 queue q
            1.1 bind amq.headers -> q k x-match=some
            1.2 bind amq.headers -> q k x-match=1
            1.3 bind amq.direct -> q k x-match=some
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 bind amq.headers -> q k x-match=some
                closes channel (50,20): 406 PRECONDITION_FAILED - Invalid x-match field value <<"some">>; expected all, any, all-with-x, or any-with-x
            1.2 bind amq.headers -> q k x-match=1
                closes channel (50,20): 406 PRECONDITION_FAILED - Invalid x-match field type signedint (value 1); expected longstr
            1.3 bind amq.direct -> q k x-match=some
        "#]],
    );
}
