//! A RabbitMQ node of the benchmark's own, where one is installed: started on a free port with its
//! files in a temporary folder, and stopped when it is dropped.
//!
//! Deliberately not here: installing it. `BROKERLAB_RABBITMQ=host:port` names a node that runs already.

use crate::client::Client;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Where Debian puts the program that any user may start, and its name elsewhere.
const PROGRAMS: [&str; 2] = ["/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server"];
/// Tenths of a second that it may take to come up.
const PATIENCE: u32 = 600;

/// A node that answers.
pub(crate) struct Node {
    /// Where it listens.
    pub(crate) address: String,
    started: Option<(Child, PathBuf)>,
}

fn free_port() -> Option<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").ok()?;
    Some(listener.local_addr().ok()?.port())
}

impl Node {
    /// A node that runs already, or one that is started now; `None` where there is no RabbitMQ.
    pub(crate) fn find() -> Option<Self> {
        if let Ok(address) = std::env::var("BROKERLAB_RABBITMQ") {
            return Some(Self {
                address,
                started: None,
            });
        }
        PROGRAMS.iter().find_map(|program| Self::start(program))
    }

    fn start(program: &str) -> Option<Self> {
        let (port, distribution) = (free_port()?, free_port()?);
        let folder = std::env::temp_dir().join(format!("brokerlab-rabbitmq-{port}"));
        std::fs::create_dir_all(&folder).ok()?;
        let child = command(program, &folder, port, distribution).spawn().ok();
        let node = child.map(|child| Self {
            address: format!("127.0.0.1:{port}"),
            started: Some((child, folder)),
        })?;
        for _ in 0..PATIENCE {
            std::thread::sleep(Duration::from_millis(100));
            if Client::open(&node.address).is_ok_and(|client| client.close().is_ok()) {
                return Some(node);
            }
        }
        None
    }
}

fn command(program: &str, folder: &Path, port: u16, distribution: u16) -> Command {
    let mut command = Command::new(program);
    command
        // What falls down when it falls over (`erl_crash.dump`) stays in its folder.
        .current_dir(folder)
        .env("HOME", folder)
        .env("RABBITMQ_NODENAME", format!("brokerlab-{port}@localhost"))
        .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
        .env("RABBITMQ_NODE_PORT", port.to_string())
        .env("RABBITMQ_DIST_PORT", distribution.to_string())
        .env("RABBITMQ_MNESIA_BASE", folder.join("mnesia"))
        .env("RABBITMQ_LOG_BASE", folder.join("log"))
        .env("RABBITMQ_PID_FILE", folder.join("pid"))
        .env("RABBITMQ_ENABLED_PLUGINS_FILE", folder.join("plugins"))
        .env("RABBITMQ_CONFIG_FILE", folder.join("config"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

impl Drop for Node {
    fn drop(&mut self) {
        let Some((mut child, folder)) = self.started.take() else {
            return;
        };
        // The script hands the signal on to the node, which a kill of the script would leave behind.
        let id = child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &id]).status();
        let _ = child.wait();
        let _ = std::fs::remove_dir_all(folder);
    }
}
