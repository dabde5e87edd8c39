//! What the language promises: mistakes are named with their line.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::Program;

fn error(program: &str) -> String {
    match program.parse::<Program>() {
        Ok(program) => panic!("this was understood:\n{program}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_mistake_is_named_with_its_line() {
    for (program, expected) in [
        (
            "\n# nothing\n1.1 sing q",
            "line 3: there is no command 'sing'",
        ),
        (
            "1.1 queue q\n1 queue q",
            "line 2: '1' is no channel; write connection.channel, such as 1.1",
        ),
        ("1.1", "line 1: a command is missing"),
        ("1.1 get", "line 1: a queue is missing"),
        ("1.1 ack first", "line 1: 'first' is not a delivery tag"),
        (
            "1.1 get q loudly",
            "line 1: 'loudly' is not understood here",
        ),
        ("1.1 get q a=1", "line 1: 'a=' is not understood here"),
        ("1.1 publish \"\" q \"open", "line 1: a quote is not closed"),
        (
            "1.1 publish \"\" q a headers={n=[1",
            "line 1: ']' is missing",
        ),
        (
            "1.1 publish \"\" q a headers=5",
            "line 1: 'headers' is not a table such as {a=1}",
        ),
        (
            "1.1 publish \"\" q a priority=300",
            "line 1: 'priority' is not a number that fits",
        ),
        (
            "1.1 publish \"\" q a headers={n=u8(300)}",
            "line 1: '300' is not a number of type u8",
        ),
        (
            "1.1 bind e q k",
            "line 1: between source and destination stands '->'",
        ),
        (
            "pass 5",
            "line 1: '5' is not a duration; write a number and a unit, such as 250ms, 1.5s, 10m or 2h",
        ),
    ] {
        assert_eq!(error(program), expected, "{program}");
    }
}

#[test]
fn what_is_printed_is_read_back() {
    let text = concat!(
        "1.1 queue \"a b\" durable x-max-length=i64(5) x-overflow=drop-head\n",
        "!2.1 consume q tag auto exclusive x-priority=-1\n",
        "1.1 publish \"\" \"\" \"say \\\"hi\\\"\\n\" mandatory headers={list=[1, two, {in=void}], f=1.5}\n",
        "pass 250ms\n",
        "1.1 nack 0 multiple requeue\n",
    );
    let again = match text.parse::<Program>() {
        Ok(program) => program.to_string(),
        Err(error) => panic!("{error}"),
    };
    assert_eq!(
        again,
        text.replace("f=1.5", "f=f64(1.5)"),
        "the same program"
    );
}
