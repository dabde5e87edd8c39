//! A client that blocks, as small as a benchmark or a test needs it, on the package's own codec.
//!
//! Deliberately not here: reconnecting, callbacks, more than one thing at a time; and looking at what
//! is not awaited, which is passed over.
#![allow(dead_code, reason = "each program uses its own part of the client")]

use brokerlab::amqp::frame::{self, Frame, read_frame};
use brokerlab::amqp::method::{self, Method, Value};
use brokerlab::amqp::read::Reader;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// What a client says before all else.
pub(crate) const PROTOCOL_HEADER: &[u8] = b"AMQP\0\0\x09\x01";
/// What both sides agree on.
pub(crate) const FRAME_MAX: u32 = 131_072;
/// Nobody waits longer for an answer: a guard against hanging, not a promise.
const PATIENCE: Duration = Duration::from_secs(60);
/// Octets read at once.
const READ_OCTETS: usize = 256 * 1024;

/// A connection.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    /// What was read; what stands between `from` and `to` is still to be looked at.
    octets: Vec<u8>,
    from: usize,
    to: usize,
}

fn lost(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, what.to_owned())
}

/// The number of the method in a method frame.
pub(crate) fn method_of(frame: &Frame<'_>) -> Option<(u16, u16)> {
    match frame.payload {
        [a, b, c, d, ..] if frame.kind == frame::METHOD => {
            Some((u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d])))
        }
        _ => None,
    }
}

impl Client {
    /// A pipe on which nothing was said yet.
    pub(crate) fn connect(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream,
            octets: Vec::new(),
            from: 0,
            to: 0,
        })
    }

    /// An open connection of `guest` to the vhost `/` with channel 1, without heartbeats.
    pub(crate) fn open(address: &str) -> io::Result<Self> {
        let mut client = Self::connect(address)?;
        client.shake_hands()?;
        let out = Value::ShortString(b"");
        client.call(1, &method::CHANNEL_OPEN, &[out], &method::CHANNEL_OPEN_OK)?;
        Ok(client)
    }

    /// From the protocol header to an open connection.
    pub(crate) fn shake_hands(&mut self) -> io::Result<()> {
        self.stream.write_all(PROTOCOL_HEADER)?;
        self.wait_for(0, &method::CONNECTION_START)?;
        let values = [
            Value::Table(b""),
            Value::ShortString(b"PLAIN"),
            Value::LongString(b"\0guest\0guest"),
            Value::ShortString(b"en_US"),
        ];
        let next = &method::CONNECTION_TUNE;
        self.call(0, &method::CONNECTION_START_OK, &values, next)?;
        let values = [Value::Short(2047), Value::Long(FRAME_MAX), Value::Short(0)];
        self.say(0, &method::CONNECTION_TUNE_OK, &values)?;
        let values = [
            Value::ShortString(b"/"),
            Value::ShortString(b""),
            Value::Bit(false),
        ];
        let next = &method::CONNECTION_OPEN_OK;
        self.call(0, &method::CONNECTION_OPEN, &values, next)?;
        Ok(())
    }

    /// Says a method.
    pub(crate) fn say(
        &mut self,
        channel: u16,
        method: &Method,
        values: &[Value<'_>],
    ) -> io::Result<()> {
        let mut out = Vec::new();
        method.write(&mut out, channel, values);
        self.stream.write_all(&out)
    }

    /// Says a method and waits for its answer, whose payload comes back.
    pub(crate) fn call(
        &mut self,
        channel: u16,
        method: &Method,
        values: &[Value<'_>],
        answer: &Method,
    ) -> io::Result<Vec<u8>> {
        self.say(channel, method, values)?;
        self.wait_for(channel, answer)
    }

    /// Reads on until `answer` comes on `channel`, and gives its payload.
    pub(crate) fn wait_for(&mut self, channel: u16, answer: &Method) -> io::Result<Vec<u8>> {
        let wanted = (answer.id.class, answer.id.method);
        let mut found = None;
        while found.is_none() {
            self.read_until(|frame| {
                match method_of(frame) {
                    Some(id) if id == wanted && frame.channel == channel => {
                        found = Some(Ok(frame.payload.to_vec()));
                    }
                    // The server closes the channel or the connection instead.
                    Some((20, 40) | (10, 50)) => {
                        let why = String::from_utf8_lossy(frame.payload.get(4..).unwrap_or(&[]));
                        found = Some(Err(lost(&format!("closed: {why}"))));
                    }
                    Some(_) | None => {}
                }
                found.is_some()
            })?;
        }
        found.unwrap_or_else(|| Err(lost("nothing came")))
    }

    /// Reads on until the server closes the connection: its code and text.
    pub(crate) fn wait_for_close(&mut self) -> io::Result<(u16, String)> {
        let payload = self.wait_for(0, &method::CONNECTION_CLOSE)?;
        let mut fields = Reader::new(payload.get(4..).unwrap_or_default());
        let broken = |_| lost("a close that is cut short");
        let code = fields.short().map_err(broken)?;
        let text = fields.short_string().map_err(broken)?;
        Ok((code, String::from_utf8_lossy(text).into_owned()))
    }

    /// Reads on until the server hangs up, whatever it says before that.
    pub(crate) fn wait_for_end(&mut self) -> io::Result<()> {
        loop {
            let room = &mut [0; 4096];
            match self.stream.read(room) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads once, then shows every whole frame to `look` until it says that it has enough.
    pub(crate) fn read_until(
        &mut self,
        mut look: impl FnMut(&Frame<'_>) -> bool,
    ) -> io::Result<()> {
        if self.show(&mut look)? {
            return Ok(());
        }
        if self.octets.is_empty() {
            self.octets.resize(READ_OCTETS, 0);
        }
        self.octets.copy_within(self.from..self.to, 0);
        (self.from, self.to) = (0, self.to - self.from);
        match self.stream.read(&mut self.octets[self.to..])? {
            0 => return Err(lost("the server hung up")),
            count => self.to += count,
        }
        self.show(&mut look).map(|_| ())
    }

    /// Shows the whole frames that have come; whether `look` has enough.
    fn show(&mut self, look: &mut impl FnMut(&Frame<'_>) -> bool) -> io::Result<bool> {
        while let Some((frame, taken)) = read_frame(&self.octets[self.from..self.to], FRAME_MAX)
            .map_err(|_| lost("not a frame"))?
        {
            self.from += taken;
            if look(&frame) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Declares a queue of this name that lives as long as the server does.
    pub(crate) fn declare_queue(&mut self, queue: &str) -> io::Result<()> {
        self.declare_queue_with(queue, false, b"")
    }

    /// Declares a queue, maybe one that goes with this connection; arguments as a table's octets.
    pub(crate) fn declare_queue_with(
        &mut self,
        queue: &str,
        exclusive: bool,
        arguments: &[u8],
    ) -> io::Result<()> {
        let no = Value::Bit(false);
        let values = [
            Value::Short(0),
            Value::ShortString(queue.as_bytes()),
            no,
            no,
            Value::Bit(exclusive),
            no,
            no,
            Value::Table(arguments),
        ];
        let next = &method::QUEUE_DECLARE_OK;
        self.call(1, &method::QUEUE_DECLARE, &values, next)?;
        Ok(())
    }

    /// Deletes it.
    pub(crate) fn delete_queue(&mut self, queue: &str) -> io::Result<()> {
        let no = Value::Bit(false);
        let name = Value::ShortString(queue.as_bytes());
        let values = [Value::Short(0), name, no, no, no];
        let next = &method::QUEUE_DELETE_OK;
        self.call(1, &method::QUEUE_DELETE, &values, next)?;
        Ok(())
    }

    /// Consumes with acknowledgements, `prefetch` at most unacknowledged.
    pub(crate) fn consume(&mut self, queue: &str, prefetch: u16) -> io::Result<()> {
        let no = Value::Bit(false);
        let values = [Value::Long(0), Value::Short(prefetch), no];
        let next = &method::BASIC_QOS_OK;
        self.call(1, &method::BASIC_QOS, &values, next)?;
        let (name, tag) = (
            Value::ShortString(queue.as_bytes()),
            Value::ShortString(b"load"),
        );
        let values = [
            Value::Short(0),
            name,
            tag,
            no,
            no,
            no,
            no,
            Value::Table(b""),
        ];
        let next = &method::BASIC_CONSUME_OK;
        self.call(1, &method::BASIC_CONSUME, &values, next)?;
        Ok(())
    }

    /// Ends the connection as the protocol has it.
    pub(crate) fn close(mut self) -> io::Result<()> {
        let values = [
            Value::Short(200),
            Value::ShortString(b""),
            Value::Short(0),
            Value::Short(0),
        ];
        let next = &method::CONNECTION_CLOSE_OK;
        self.call(0, &method::CONNECTION_CLOSE, &values, next)?;
        Ok(())
    }
}

/// Writes a publish through the default exchange to `queue` on channel 1.
pub(crate) fn write_publish(out: &mut Vec<u8>, queue: &str, body: &[u8]) {
    let no = Value::Bit(false);
    let values = [
        Value::Short(0),
        Value::ShortString(b""),
        Value::ShortString(queue.as_bytes()),
        no,
        no,
    ];
    method::BASIC_PUBLISH.write(out, 1, &values);
    frame::write_frame(out, frame::HEADER, 1, |out| {
        brokerlab::amqp::content::write_header(out, body.len() as u64, None);
    });
    frame::write_body(out, 1, body, FRAME_MAX);
}
