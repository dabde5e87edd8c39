//! `brokerlab serve` as a child process, on a port that it chooses.
//!
//! Deliberately not here: what is said to it.
#![allow(dead_code, reason = "each program uses its own part of the server")]

use std::io::{self, BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// A server that listens; it is ended when this is dropped.
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) address: String,
    pub(crate) child: Child,
}

impl Server {
    /// Starts one that tells nothing, with further options.
    pub(crate) fn start(options: &[&str]) -> io::Result<Self> {
        let quiet = [&["--quiet"], options].concat();
        Self::start_telling(&quiet, Stdio::inherit())
    }

    /// Starts one that tells `stderr` what it has to tell.
    pub(crate) fn start_telling(options: &[&str], stderr: Stdio) -> io::Result<Self> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_brokerlab"))
            .args(["serve", "--amqp", "127.0.0.1:0"])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let address = line.trim().strip_prefix("listening on amqp://");
        let address = address.map(str::to_owned);
        match address {
            Some(address) => Ok(Self { address, child }),
            None => {
                let _ = child.kill();
                let _ = child.wait();
                Err(io::Error::other(format!("it said: {line:?}")))
            }
        }
    }

    /// Memory in octets as the system tells of this process, where it does: `VmRSS` held now, `VmHWM`
    /// held at most so far.
    pub(crate) fn memory(&self, word: &str) -> Option<u64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(word)?.strip_prefix(':'))?;
        let kilo: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kilo * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
