//! §7 and §11: publishing and confirms.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::check;
use expect_test::expect;

#[test]
fn expiration_is_a_number_in_text() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q a expiration=100
            1.1 publish "" q a expiration="+100"
            1.1 publish "" none a expiration=""
            1.2 publish "" none a expiration=soon
            1.3 publish "" none a expiration="10.5"
            1.4 publish "" none a expiration=1000ms
            1.5 publish "" none a expiration=" 1"
            1.6 publish "" none a expiration="-1"
            1.7 publish "" none a expiration=315360000001
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a expiration="100"
            1.1 publish "" q a expiration="+100"
            1.1 publish "" none a expiration=""
                closes channel (60,40): 406 PRECONDITION_FAILED - invalid expiration '': no_integer
            1.2 publish "" none a expiration=soon
                closes channel (60,40): 406 PRECONDITION_FAILED - invalid expiration 'soon': no_integer
            1.3 publish "" none a expiration="10.5"
                closes channel (60,40): 406 PRECONDITION_FAILED - invalid expiration '10.5': {leftover_string,".5"}
            1.4 publish "" none a expiration=1000ms
                closes channel (60,40): 406 PRECONDITION_FAILED - invalid expiration '1000ms': {leftover_string,"ms"}
            1.5 publish "" none a expiration=" 1"
                closes channel (60,40): 406 PRECONDITION_FAILED - invalid expiration ' 1': no_integer
            1.6 publish "" none a expiration="-1"
                closes channel (60,40): 406 PRECONDITION_FAILED - invalid expiration '-1': {value_negative,-1}
            1.7 publish "" none a expiration="315360000001"
                closes channel (60,40): 406 PRECONDITION_FAILED - invalid expiration '315360000001': {value_too_large,315360000001}
        "#]],
    );
}

#[test]
fn immediate_ends_the_connection() {
    check(
        r#"
            1.1 publish "" q a immediate
        "#,
        &expect![[r#"
            1.1 publish "" q a immediate
                closes connection (60,40): 540 NOT_IMPLEMENTED - immediate=true
        "#]],
    );
}

#[test]
fn a_mandatory_message_comes_back_before_its_confirm() {
    check(
        r#"
            1.1 confirm
            1.1 publish "" none a mandatory priority=3 headers={k=v}
            1.1 publish amq.fanout k b mandatory
        "#,
        &expect![[r#"
            1.1 confirm
            1.1 publish "" none a mandatory priority=3 headers={k=v}
                1.1 returned 312 NO_ROUTE a (""/none) priority=3 headers={k=v}
                1.1 confirmed 1
            1.1 publish amq.fanout k b mandatory
                1.1 returned 312 NO_ROUTE b (amq.fanout/k)
                1.1 confirmed 2
        "#]],
    );
}

#[test]
fn what_a_queue_refuses_is_not_returned_but_nacked() {
    check(
        r#"
            1.1 queue full x-max-length=0 x-overflow=reject-publish
            1.1 queue open
            1.1 bind amq.fanout -> full
            1.1 bind amq.fanout -> open
            1.1 confirm
            1.1 publish amq.fanout k a mandatory
            1.1 get open
        "#,
        &expect![[r#"
            1.1 queue full x-max-length=0 x-overflow=reject-publish
                ok queue full: 0 ready, 0 consumers
            1.1 queue open
                ok queue open: 0 ready, 0 consumers
            1.1 bind amq.fanout -> full ""
            1.1 bind amq.fanout -> open ""
            1.1 confirm
            1.1 publish amq.fanout k a mandatory
                1.1 nacked 1 multiple
            1.1 get open
                got 1 a (amq.fanout/k); 0 remain
        "#]],
    );
}

#[test]
fn properties_come_back_as_they_went() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q a content-type=text/plain content-encoding=gzip mode=2 priority=200 correlation-id=c reply-to=r expiration="1000" message-id=i timestamp=5 type=t user-id=guest app-id=p cluster-id=l headers={b=true, i8=i8(-1), u8=u8(1), i16=i16(-2), u16=u16(2), u32=u32(3), l=i64(4), f=f32(0.5), d=2.5, time=time(9), bytes=bytes(xy), void=void, list=[1, two], table={in=1}}
            1.1 get q
            1.1 publish "" q b headers={}
            1.1 get q
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q a content-type=text/plain content-encoding=gzip mode=2 priority=200 correlation-id=c reply-to=r expiration="1000" message-id=i timestamp=5 type=t user-id=guest app-id=p cluster-id=l headers={b=true, i8=i8(-1), u8=u8(1), i16=i16(-2), u16=u16(2), u32=u32(3), l=i64(4), f=f32(0.5), d=f64(2.5), time=time(9), bytes=bytes(xy), void=void, list=[1, two], table={in=1}}
            1.1 get q
                got 1 a (""/q) content-type=text/plain content-encoding=gzip mode=2 priority=200 correlation-id=c reply-to=r expiration="1000" message-id=i timestamp=5 type=t user-id=guest app-id=p cluster-id=l headers={b=true, i8=i8(-1), u8=u8(1), i16=i16(-2), u16=u16(2), u32=u32(3), l=i64(4), f=f32(0.5), d=f64(2.5), time=time(9), bytes=bytes(xy), void=void, list=[1, two], table={in=1}}; 0 remain
            1.1 publish "" q b headers={}
            1.1 get q
                got 2 b (""/q) headers={}; 0 remain
        "#]],
    );
}

#[test]
fn a_user_id_must_be_ones_own() {
    check(
        r#"
            1.1 publish "" none a user-id=guest
            1.1 publish "" none a user-id=bob
        "#,
        &expect![[r#"
            1.1 publish "" none a user-id=guest
            1.1 publish "" none a user-id=bob
                closes channel (60,40): 406 PRECONDITION_FAILED - user_id property set to 'bob' but authenticated user was 'guest'
        "#]],
    );
}

#[test]
fn sequence_numbers_begin_with_the_first_publish_after_select() {
    check(
        r#"
            1.1 queue q
            1.1 publish "" q before
            1.1 confirm
            1.1 publish "" q one
            1.1 confirm
            1.1 publish "" none two
        "#,
        &expect![[r#"
            1.1 queue q
                ok queue q: 0 ready, 0 consumers
            1.1 publish "" q before
            1.1 confirm
            1.1 publish "" q one
                1.1 confirmed 1
            1.1 confirm
            1.1 publish "" none two
                1.1 confirmed 2
        "#]],
    );
}

#[test]
fn drop_head_and_a_ttl_of_zero_confirm_like_any_other() {
    check(
        r#"
            1.1 queue drops x-max-length=0
            1.1 queue expires x-message-ttl=0
            1.1 confirm
            1.1 publish "" drops a
            1.1 publish "" expires b
            1.1 queue drops passive
            1.1 queue expires passive
        "#,
        &expect![[r#"
            1.1 queue drops x-max-length=0
                ok queue drops: 0 ready, 0 consumers
            1.1 queue expires x-message-ttl=0
                ok queue expires: 0 ready, 0 consumers
            1.1 confirm
            1.1 publish "" drops a
                1.1 confirmed 1
            1.1 publish "" expires b
                1.1 confirmed 2
            1.1 queue drops passive
                ok queue drops: 0 ready, 0 consumers
            1.1 queue expires passive
                ok queue expires: 0 ready, 0 consumers
        "#]],
    );
}

#[test]
fn a_publish_that_closes_the_channel_gets_no_confirm() {
    check(
        r#"
            1.1 confirm
            1.1 publish none k a
        "#,
        &expect![[r#"
            1.1 confirm
            1.1 publish none k a
                closes channel (60,40): 404 NOT_FOUND - no exchange 'none' in vhost '/'
        "#]],
    );
}
