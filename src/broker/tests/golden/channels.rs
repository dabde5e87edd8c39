//! §2: opening, closing, and what ends with what.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check;
use expect_test::expect;

#[test]
fn a_command_on_a_channel_that_is_not_open_ends_the_connection() {
    check(
        r#"
            1.1 queue q exclusive
            !1.2 publish "" q lost
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q exclusive
                ok queue q: 0 ready, 0 consumers
            !1.2 publish "" q lost
                closes connection (60,40): 504 CHANNEL_ERROR - expected 'channel.open'
            1.1 get q
        "#]],
    );
}

#[test]
fn a_channel_cannot_be_opened_twice() {
    check(
        r#"
            1.1 open
            1.1 open
            1.1 open
        "#,
        &expect![[r#"
            1.1 open
            1.1 open
                closes connection (20,10): 504 CHANNEL_ERROR - second 'channel.open' seen
            1.1 open
        "#]],
    );
}

#[test]
fn a_second_open_of_the_connection_ends_it() {
    check(
        r#"
            1.1 queue q durable
            1.0 open
            2.1 queue q passive
        "#,
        &expect![[r#"
            1.1 queue q durable
                ok queue q: 0 ready, 0 consumers
            1.0 open /
                closes connection (10,40): 504 CHANNEL_ERROR - unexpected method in connection state running
            2.1 queue q passive
                ok queue q: 0 ready, 0 consumers
        "#]],
    );
}

#[test]
fn an_unknown_vhost_is_refused() {
    check(
        r#"
            1.0 open nowhere
        "#,
        &expect![[r#"
            1.0 open nowhere
                closes connection (10,40): 530 NOT_ALLOWED - vhost nowhere not found
        "#]],
    );
}

#[test]
fn a_closing_channel_gives_back_in_place_and_marks_only_what_was_delivered() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 publish "" q c
            1.2 get q
            1.2 get q
            1.2 close
            1.1 get q
            1.1 get q
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.1 publish "" q b
            1.1 publish "" q c
            1.2 get q
                got 1 a (""/q); 2 remain
            1.2 get q
                got 2 b (""/q); 1 remain
            1.2 close
            1.1 get q
                got 1 redelivered a (""/q); 2 remain
            1.1 get q
                got 2 redelivered b (""/q); 1 remain
            1.1 get q
                got 3 c (""/q); 0 remain
        "#]],
    );
}

#[test]
fn a_channel_error_takes_consumers_away_and_leaves_other_channels_alone() {
    check(
        r#"
            1.1 queue q
            1.2 consume q c
            1.2 qos 0
            1.1 publish "" q a
            1.2 ack 7
            1.1 queue q passive
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.2 consume q c
                ok consuming as c
            1.2 qos 0
            1.1 publish "" q a
                1.2 c <- 1 a (""/q)
            1.2 ack 7
                closes channel (60,80): 406 PRECONDITION_FAILED - unknown delivery tag 7
            1.1 queue q passive
                ok queue q: 1 ready, 0 consumers
            1.1 get q
                got 1 redelivered a (""/q); 0 remain
        "#]],
    );
}

#[test]
fn a_closed_channel_number_can_be_opened_again_and_counts_from_one() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q a
            1.2 get q
            1.2 close
            1.2 open
            1.2 get q
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a
            1.2 get q
                got 1 a (""/q); 0 remain
            1.2 close
            1.2 open
            1.2 get q
                got 1 redelivered a (""/q); 0 remain
        "#]],
    );
}
