//! A real broker over TCP, in real time.

use super::world::{Arrival, World};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// Where the broker is and how its operator is asked.
pub(crate) struct Tcp {
    address: String,
    vhost: String,
    pipes: Vec<Option<TcpStream>>,
    arrivals: Receiver<(usize, Arrival)>,
    sender: Sender<(usize, Arrival)>,
    start: Instant,
}

impl Tcp {
    pub(crate) fn new(address: &str, vhost: &str) -> Self {
        let (sender, arrivals) = channel();
        Self {
            address: address.to_owned(),
            vhost: vhost.to_owned(),
            pipes: Vec::new(),
            arrivals,
            sender,
            start: Instant::now(),
        }
    }
}

impl Drop for Tcp {
    fn drop(&mut self) {
        for pipe in 0..self.pipes.len() {
            self.hang_up(pipe);
        }
    }
}

impl World for Tcp {
    fn dial(&mut self) -> usize {
        let number = self.pipes.len();
        let stream = TcpStream::connect(&self.address)
            .ok()
            .inspect(|stream| drop(stream.set_nodelay(true)));
        let reader = stream.as_ref().and_then(|stream| stream.try_clone().ok());
        self.pipes.push(stream);
        let sender = self.sender.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 65536];
            if let Some(mut reader) = reader {
                while let Ok(count @ 1..) = reader.read(&mut buffer) {
                    if sender
                        .send((number, Arrival::Octets(buffer[..count].to_vec())))
                        .is_err()
                    {
                        return;
                    }
                }
            }
            // Nobody may be listening any more, which is as good.
            let _ = sender.send((number, Arrival::End));
        });
        number
    }

    fn write(&mut self, pipe: usize, octets: &[u8]) {
        if let Some(Some(stream)) = self.pipes.get_mut(pipe) {
            // A broken pipe shows as its end.
            let _ = stream.write_all(octets);
        }
    }

    fn hang_up(&mut self, pipe: usize) {
        if let Some(stream) = self.pipes.get_mut(pipe).and_then(Option::take) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn read(&mut self, patience: Duration) -> Option<(usize, Arrival)> {
        self.arrivals.recv_timeout(patience).ok()
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn control(&mut self, words: &[String]) -> Result<(), String> {
        rabbitmqctl(&super::control::words_for_rabbitmq(words, &self.vhost)?).map(drop)
    }

    fn vhost(&self) -> &str {
        &self.vhost
    }
}

/// Asks the real broker's operator. `BROKERLAB_CTL` says how: the command and its first words.
pub(crate) fn rabbitmqctl(words: &[String]) -> Result<String, String> {
    let call = std::env::var("BROKERLAB_CTL").unwrap_or_else(|_| "rabbitmqctl".to_owned());
    let mut parts = call.split_whitespace();
    let output = Command::new(parts.next().unwrap_or("rabbitmqctl"))
        .args(parts)
        .args(words)
        .output()
        .map_err(|error| format!("{call}: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!(
            "{call} {}: {}",
            words.join(" "),
            String::from_utf8_lossy(&output.stderr)
        ))
    }
}
