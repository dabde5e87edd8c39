//! A server that begins with a definitions file.

use crate::client::Client;
use crate::server::Server;
use std::path::PathBuf;
use std::process::Command;

fn file(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("a file");
    path
}

#[test]
fn a_file_without_users_leaves_the_default_one_with_what_is_declared() {
    let text = r#"{"vhosts": [{"name": "/"}], "queues": [{"name": "witness", "vhost": "/",
        "durable": false, "arguments": {"x-max-length": 1}}]}"#;
    let path = file("declared.json", text);
    let path = path.to_str().expect("a path");
    let server = Server::start(&["--definitions", path]).expect("it starts");
    let mut client = Client::open(&server.address).expect("a connection");
    // The queue is there with an argument that this declaration does not have.
    assert!(client.declare_queue("witness").is_err());
}

#[test]
fn a_file_with_users_lets_nobody_else_in() {
    let text = r#"{"vhosts": [{"name": "/"}],
        "users": [{"name": "ann", "password": "secret", "tags": ""}]}"#;
    let path = file("users.json", text);
    let path = path.to_str().expect("a path");
    let server = Server::start(&["--definitions", path]).expect("it starts");
    assert!(Client::open(&server.address).is_err());
}

#[test]
fn a_file_that_is_no_definitions_file_is_refused_at_the_start() {
    let path = file("wrong.json", "[1, 2");
    let mut command = Command::new(env!("CARGO_BIN_EXE_brokerlab"));
    let server = command.args(["serve", "--amqp", "127.0.0.1:0", "--definitions"]);
    let output = server.arg(path).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("wrong.json"), "{said}");
    assert!(output.stdout.is_empty());
}
