//! How arguments are compared and printed.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{check_same_argument, term_text, type_name};
use crate::types::{Decimal, FieldTable, FieldValue, MethodId};

#[test]
fn values_print_as_erlang_prints_them() {
    let text = FieldValue::text;
    let array = FieldValue::Array(vec![text("a"), FieldValue::I32(1)]);
    let table = FieldTable::new()
        .with("k", true)
        .with("l", FieldValue::Void);
    for (value, name, expected) in [
        (FieldValue::Bool(true), "bool", "true"),
        (FieldValue::I8(-1), "byte", "-1"),
        (FieldValue::U8(1), "unsignedbyte", "1"),
        (FieldValue::I16(1), "short", "1"),
        (FieldValue::U16(1), "unsignedshort", "1"),
        (FieldValue::I32(1000), "signedint", "1000"),
        (FieldValue::U32(1), "unsignedint", "1"),
        (FieldValue::I64(1), "long", "1"),
        (FieldValue::F32(0.5), "float", "0.5"),
        (FieldValue::F64(5.0), "double", "5.0"),
        (FieldValue::F64(100.0), "double", "100.0"),
        (FieldValue::F64(60_000.0), "double", "6.0e4"),
        (FieldValue::F64(123_456.0), "double", "123456.0"),
        (FieldValue::F64(-1500.25), "double", "-1500.25"),
        (FieldValue::F64(0.001), "double", "0.001"),
        (FieldValue::F64(1e20), "double", "1.0e20"),
        (FieldValue::F64(1.5e-9), "double", "1.5e-9"),
        (
            FieldValue::Decimal(Decimal {
                scale: 2,
                value: 314,
            }),
            "decimal",
            "{2,314}",
        ),
        (text("plain"), "longstr", "<<\"plain\">>"),
        (text("say \"so\""), "longstr", "<<\"say \\\"so\\\"\">>"),
        (text(""), "longstr", "<<>>"),
        (text("é"), "longstr", "<<\"é\">>"),
        (text("É"), "longstr", "<<195,137>>"),
        (text("a\tb"), "longstr", "<<\"a\\tb\">>"),
        (FieldValue::Bytes([0, 255].into()), "binary", "<<0,255>>"),
        (FieldValue::Timestamp(7), "timestamp", "7"),
        (array, "array", "[{longstr,<<\"a\">>},{signedint,1}]"),
        (
            FieldValue::Table(table),
            "table",
            "[{<<\"k\">>,bool,true},{<<\"l\">>,void,undefined}]",
        ),
        (FieldValue::Void, "void", "undefined"),
    ] {
        assert_eq!(type_name(&value), name);
        assert_eq!(term_text(&value), expected);
    }
}

#[test]
fn whole_numbers_of_any_width_are_the_same_argument_and_floats_are_not() {
    let with = |value: FieldValue| FieldTable::new().with("x", value);
    let compare = |received: FieldTable, current: FieldTable| {
        let method = MethodId::new(50, 10);
        check_same_argument("x", "queue 'q' in vhost '/'", &received, &current, method)
    };
    let refused = |received, current| compare(received, current).expect_err("a refusal").text;
    let none = FieldTable::new;
    assert_eq!(
        compare(with(FieldValue::I64(5)), with(FieldValue::U8(5))),
        Ok(())
    );
    assert_eq!(
        compare(with(FieldValue::F32(0.5)), with(FieldValue::F64(0.5))),
        Ok(())
    );
    assert_eq!(compare(none(), none()), Ok(()));
    assert_eq!(
        refused(with(FieldValue::F64(5.0)), with(FieldValue::I32(5))),
        "inequivalent arg 'x' for queue 'q' in vhost '/': received '5.0' but current is '5'"
    );
    assert_eq!(
        refused(none(), with(FieldValue::I32(1000))),
        "inequivalent arg 'x' for queue 'q' in vhost '/': received none but current is the value \
         '1000' of type 'signedint'"
    );
    assert_eq!(
        refused(with("a".into()), with("b".into())),
        "inequivalent arg 'x' for queue 'q' in vhost '/': received 'a' but current is 'b'"
    );
}
