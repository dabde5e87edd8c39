//! How the server stops, and what it tells.

use super::Scene;
use crate::client::{Client, write_publish};
use crate::server::Server;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

#[cfg(unix)]
fn signal(server: &Server, name: &str) {
    let id = server.child.id().to_string();
    let sent = Command::new("kill").args([name, &id]).status();
    assert!(sent.is_ok_and(|status| status.success()), "kill {name}");
}

/// A signal closes every connection with 320, also of those at work, and the command ends with 0.
#[cfg(unix)]
#[test]
fn a_signal_stops_it_while_clients_are_busy() {
    for name in ["-INT", "-TERM"] {
        let mut scene = Scene::new(&[]);
        let publisher = scene.client();
        let mut pipe = publisher.stream.try_clone().expect("the same pipe");
        let busy = std::thread::spawn(move || {
            let mut chunk = Vec::new();
            for _ in 0..100 {
                write_publish(&mut chunk, "nowhere", &[b'x'; 1000]);
            }
            // Until the server hangs up.
            while pipe.write_all(&chunk).is_ok() {}
            drop(publisher);
        });
        scene.check();
        signal(&scene.server, name);
        let (code, text) = scene.witness.wait_for_close().expect("a close");
        assert_eq!(code, 320, "{text}");
        assert!(text.starts_with("CONNECTION_FORCED"), "{text}");
        let status = scene.server.child.wait().expect("it ends");
        assert_eq!(status.code(), Some(0), "{name}");
        busy.join().expect("the publisher is hung up on");
    }
}

/// Who is refused or lost is told on standard error, with the reason; who comes and goes as it should
/// only when asked.
#[test]
fn refusals_are_told() {
    let options = ["--max-connections", "1"];
    let mut server = Server::start_telling(&options, Stdio::piped()).expect("it starts");
    let one = Client::open(&server.address).expect("a connection");
    assert!(Client::open(&server.address).is_err());
    one.close().expect("a goodbye");
    let mut told = String::new();
    let stderr = server.child.stderr.take();
    server.child.kill().expect("it ends");
    stderr
        .expect("a pipe")
        .read_to_string(&mut told)
        .expect("text");
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 1, "{told}");
    assert!(lines[0].starts_with("brokerlab: 127.0.0.1:"), "{told}");
    assert!(
        lines[0].ends_with("refused: 1 connections are open already"),
        "{told}"
    );
}

/// An address that is taken is exit code 3, a wrong option 2.
#[test]
fn exit_codes() {
    let server = Server::start(&[]).expect("it starts");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_brokerlab"));
        let output = command
            .arg("serve")
            .args(arguments)
            .output()
            .expect("it runs");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (code, text) = run(&["--amqp", &server.address]);
    assert_eq!(code, Some(3));
    assert!(text.contains(&server.address), "{text}");
    for wrong in [
        ["--amqp", "localhost"],
        ["--profile", "2.x"],
        ["--frame-max", "100"],
    ] {
        assert_eq!(run(&wrong).0, Some(2), "{wrong:?}");
    }
}
