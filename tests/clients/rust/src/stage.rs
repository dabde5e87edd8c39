//! What every story needs: connections, queues of their own, and waiting for messages.

use lapin::message::BasicGetMessage;
use lapin::options::{BasicGetOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::uri::AMQPUri;
use lapin::{Channel, Connection, ConnectionProperties};
use std::error::Error;
use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// A story is told, or it says where it went wrong.
pub type Told<T = ()> = Result<T, Box<dyn Error>>;

/// A story's title, and who tells it.
pub type Story = (&'static str, fn() -> Pin<Box<dyn Future<Output = Told>>>);

/// How long to wait for something that a healthy broker does at once.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Where the broker is.
pub fn address() -> String {
    std::env::var("AMQP_URL").unwrap_or_else(|_| "amqp://guest:guest@127.0.0.1:5672/%2f".into())
}

/// The virtual host as the broker's sentences call it.
pub fn vhost() -> Told<String> {
    Ok(address().parse::<AMQPUri>()?.vhost)
}

/// A connection whose address is changed first.
pub async fn connect_to(change: impl FnOnce(&mut AMQPUri)) -> lapin::Result<Connection> {
    let mut uri: AMQPUri = address().parse().unwrap_or_default();
    change(&mut uri);
    Connection::connect_uri(uri, ConnectionProperties::default()).await
}

/// A connection.
pub async fn connect() -> lapin::Result<Connection> {
    connect_to(|_| {}).await
}

/// A queue of the connection's own; gives its name.
pub async fn queue(channel: &Channel, arguments: FieldTable) -> lapin::Result<String> {
    let options = QueueDeclareOptions::exclusive();
    let queue = channel.queue_declare("".into(), options, arguments).await?;
    Ok(queue.name().to_string())
}

/// The next message at once.
pub async fn get(channel: &Channel, queue: &str) -> lapin::Result<Option<BasicGetMessage>> {
    let options = BasicGetOptions { no_ack: true };
    channel.basic_get(queue.into(), options).await
}

/// The next message, which may be on its way still.
pub async fn take(channel: &Channel, queue: &str) -> Told<BasicGetMessage> {
    let look = async {
        loop {
            if let Some(message) = get(channel, queue).await? {
                return Ok(message);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    soon(look, "a message").await?
}

/// The bodies of all that is ready.
pub async fn bodies(channel: &Channel, queue: &str) -> Told<Vec<String>> {
    let mut found = Vec::new();
    while let Some(message) = get(channel, queue).await? {
        found.push(text(&message.data));
    }
    Ok(found)
}

/// A body as text.
pub fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}

/// What comes within our patience.
pub async fn soon<T>(coming: impl Future<Output = T>, what: &str) -> Told<T> {
    let late = |_| format!("waited {} s for {what}", PATIENCE.as_secs());
    Ok(tokio::time::timeout(PATIENCE, coming).await.map_err(late)?)
}

/// Fails with both values when they differ.
#[track_caller]
pub fn same<T: PartialEq + Debug>(got: T, wanted: T) -> Told {
    if got == wanted {
        return Ok(());
    }
    let line = std::panic::Location::caller().line();
    Err(format!("line {line}: got {got:?}, wanted {wanted:?}").into())
}
