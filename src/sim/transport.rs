//! Links: how commands reach the broker and how what it sends reaches clients.
//!
//! Without latency a command is said at once and nothing is recorded of its way. With latency it is a
//! parcel: it departs, and arrives, or is lost. A connection keeps order each way, as TCP does. Deliberately not here: bytes;
//! and what the broker makes of a command (`effects`).

use crate::broker::{Acknowledgement, Command, Delivery, Publish, Reply};
use crate::sim::calendar::Event;
use crate::sim::client::{Halt, Role, Session};
use crate::sim::held::Held;
use crate::sim::trace::{Parcel, TraceKind, Wait};
use crate::sim::world::World;
use crate::types::{
    ConsumerTag, ExchangeName, Message, MessageId, NodeId, ReplyCode, RoutingKey, SimTime,
};
use std::rc::Rc;

/// What the broker says of a publish that it holds back.
const UNHEARD: MessageId = MessageId(0);

/// What travels from the broker to a client.
#[derive(Debug, Clone)]
pub(super) enum Downward {
    Deliver(Delivery),
    Confirm {
        messages: u32,
        ack: bool,
    },
    Return(Message),
    /// The client's connection, channel and consumers stand.
    Answer,
    Cancelled(ConsumerTag),
    Closed {
        code: ReplyCode,
        text: Rc<str>,
    },
}

/// What is on a link.
#[derive(Debug, Clone)]
pub(super) struct InFlight {
    client: u32,
    epoch: u32,
    parcel: Parcel,
    load: Load,
}

#[derive(Debug, Clone)]
enum Load {
    Up { command: Command, last: bool },
    Down(Downward),
}

impl World {
    /// Sends a command of a client on its way.
    pub(super) fn send(&mut self, client: u32, command: Command) {
        self.send_last(client, command, false);
    }

    /// As [`send`](Self::send); the broker's answer to the `last` one says that the client stands.
    pub(super) fn send_last(&mut self, client: u32, command: Command, last: bool) {
        let at = self.clients[client as usize].link.at_broker(self.now);
        if at <= self.now {
            self.reach_broker(client, command, last, None);
        } else {
            self.depart_up(client, at, command, last);
        }
    }

    /// As [`send`](Self::send) of a publish: one for every message.
    #[inline(always)]
    pub(super) fn send_publish(&mut self, client: u32, publish: Publish) {
        let speaker = &mut self.clients[client as usize];
        let at = speaker.link.at_broker(self.now);
        if at > self.now {
            if let Role::Producer(sender) = &mut speaker.role {
                sender.under_way += u64::from(sender.held_by.is_some());
            }
            self.depart_up(client, at, Command::BasicPublish(publish), false);
        } else if let Some(channel) = speaker.heard_on() {
            // A refusal reaches the client as what closes its channel.
            let effects = &mut self.effects;
            self.broker
                .apply_publish(self.now, channel, publish, effects);
            self.take_effects(None);
        }
    }

    /// As [`send`](Self::send) of an acknowledgement: one for every message.
    #[inline(always)]
    pub(super) fn send_ack(&mut self, client: u32, which: Acknowledgement) {
        let speaker = &mut self.clients[client as usize];
        let at = speaker.link.at_broker(self.now);
        if at > self.now {
            self.depart_up(client, at, Command::BasicAck(which), false);
        } else if let Some(channel) = speaker.heard_on() {
            let effects = &mut self.effects;
            self.broker.apply_ack(self.now, channel, which, effects);
            self.take_effects(None);
        }
    }

    #[inline(never)]
    fn depart_up(&mut self, client: u32, at: SimTime, command: Command, last: bool) {
        let parcel = upward_parcel(&command);
        let words = match &command {
            Command::BasicPublish(publish) => Words {
                message: None,
                exchange: publish.exchange.clone(),
                routing_key: publish.routing_key.clone(),
            },
            _ => Words::default(),
        };
        let load = Load::Up { command, last };
        self.depart(client, parcel, at, words, load);
    }

    /// Hands a delivery over, or sends it on its way.
    #[inline]
    pub(super) fn send_delivery(&mut self, client: u32, delivery: Delivery) {
        let at = self.clients[client as usize].link.at_client(self.now);
        if at > self.now {
            self.depart_down(client, at, Downward::Deliver(delivery));
        } else {
            self.take_delivery(client, delivery);
        }
    }

    #[inline(never)]
    fn depart_down(&mut self, client: u32, at: SimTime, downward: Downward) {
        let (parcel, words) = downward_parcel(&downward);
        self.depart(client, parcel, at, words, Load::Down(downward));
    }

    /// Sends something of the broker's on its way to a client.
    pub(super) fn send_down(&mut self, client: u32, downward: Downward) {
        let at = self.clients[client as usize].link.at_client(self.now);
        if at > self.now {
            self.depart_down(client, at, downward);
            return;
        }
        match downward {
            Downward::Deliver(_) | Downward::Confirm { .. } | Downward::Return(_) => {
                self.reach_client(client, downward);
            }
            // These make a client speak again, which must wait until the broker's effects are told.
            Downward::Answer | Downward::Cancelled(_) | Downward::Closed { .. } => {
                self.deferred.push_back((client, downward));
            }
        }
    }

    fn depart(&mut self, client: u32, parcel: Parcel, at: SimTime, words: Words, load: Load) {
        let number = self.parcel_next;
        self.parcel_next += 1;
        let (node, epoch) = (self.client(client).node, self.client(client).epoch);
        self.record(TraceKind::Departed {
            node,
            parcel,
            number,
            arrives_at: at,
            message: words.message,
            exchange: words.exchange,
            routing_key: words.routing_key,
        });
        let in_flight = InFlight {
            client,
            epoch,
            parcel,
            load,
        };
        self.parcels.insert(number, in_flight);
        self.calendar.schedule(at, Event::Parcel { number });
    }

    /// A parcel is there.
    #[inline(never)]
    pub(super) fn arrive(&mut self, number: u64) {
        let Some(in_flight) = self.parcels.remove(number) else {
            return;
        };
        let InFlight {
            client,
            epoch,
            parcel,
            load,
        } = in_flight;
        let node = self.client(client).node;
        // Who has left a connection hears nothing of it any more.
        let is_late = epoch != self.client(client).epoch;
        match load {
            Load::Up { command, last } => {
                if self.is_deaf(client, &command) {
                    self.record_lost(node, parcel, number);
                    return;
                }
                self.record_arrived(node, parcel, number);
                self.reach_broker(client, command, last, Some(number));
            }
            Load::Down(_) if is_late => self.record_lost(node, parcel, number),
            Load::Down(downward) => {
                self.record_arrived(node, parcel, number);
                self.reach_client(client, downward);
            }
        }
    }

    fn record_arrived(&mut self, node: NodeId, parcel: Parcel, number: u64) {
        self.record(TraceKind::Arrived {
            node,
            parcel,
            number,
        });
    }

    fn record_lost(&mut self, node: NodeId, parcel: Parcel, number: u64) {
        self.record(TraceKind::Lost {
            node,
            parcel,
            number,
        });
    }

    /// Whether the broker has closed what `command` is said on. After closing a channel it discards
    /// whatever still comes on it.
    fn is_deaf(&self, client: u32, command: &Command) -> bool {
        let client = self.client(client);
        match command {
            Command::ConnectionOpen { .. } => client.connection_open,
            Command::ChannelOpen | Command::ConnectionClose => !client.connection_open,
            _ => !client.channel_open,
        }
    }

    fn reach_broker(&mut self, client: u32, command: Command, last: bool, parcel: Option<u64>) {
        if self.is_deaf(client, &command) {
            return;
        }
        let speaker = self.client_mut(client);
        let mut channel = speaker.channel();
        match &command {
            Command::ConnectionOpen { .. } => {
                speaker.connection_open = true;
                channel.channel = 0;
            }
            Command::ChannelOpen => speaker.channel_open = true,
            Command::ConnectionClose => {
                speaker.connection_open = false;
                speaker.channel_open = false;
                channel.channel = 0;
            }
            _ => {}
        }
        let asked = match &command {
            Command::QueueDeclare(declare) => Some(declare.queue.clone()),
            _ => None,
        };
        let result = self.say(channel, command, parcel);
        if let (Some(number), Ok(Reply::Published { message: UNHEARD })) = (parcel, &result) {
            self.unheard.push((self.client(client).node, number));
        }
        if let (Some(asked), Ok(Reply::QueueDeclared { queue, .. })) = (asked, &result) {
            self.know_exclusive(client, &asked, queue.clone());
        }
        if last && result.is_ok() {
            self.send_down(client, Downward::Answer);
            // Outside of the broker's effects nobody else will see to it.
            self.reach_deferred();
        }
    }

    /// Something of the broker's has reached a client.
    pub(super) fn reach_client(&mut self, client: u32, downward: Downward) {
        match downward {
            Downward::Deliver(delivery) => self.take_delivery(client, delivery),
            Downward::Confirm { messages, ack } => self.take_confirm(client, messages, ack),
            Downward::Return(_) => {
                if let Some(sender) = self.client_mut(client).sender() {
                    sender.returned += 1;
                }
            }
            Downward::Answer => {
                self.client_mut(client).session = Session::Up;
                self.note_status(client);
                self.wake_waiting(client);
            }
            Downward::Cancelled(tag) => self.take_cancel(client, &tag),
            Downward::Closed { code, text } => {
                self.halt(client, Halt::Refused { code, text });
            }
        }
    }

    #[inline(always)]
    fn take_delivery(&mut self, client: u32, delivery: Delivery) {
        let client = &mut self.clients[client as usize];
        let epoch = client.epoch;
        let Role::Consumer(receiver) = &mut client.role else {
            return;
        };
        let place = receiver.shelf.put(Held::new(delivery, epoch));
        receiver.mailbox.push_back(place);
        if let Some(worker) = receiver.idle.pop_front() {
            self.process_mut(worker).idle = false;
            self.wake(worker);
        }
    }

    fn take_confirm(&mut self, client: u32, messages: u32, ack: bool) {
        let Some(sender) = self.client_mut(client).sender() else {
            return;
        };
        let messages = u64::from(messages);
        sender.outstanding = sender.outstanding.saturating_sub(messages);
        if ack {
            sender.confirmed += messages;
        } else {
            sender.refused += messages;
        }
        self.wake_those(client, Wait::Confirm);
    }

    /// Wakes a client's coroutines that wait for one thing.
    pub(super) fn wake_those(&mut self, client: u32, wait: Wait) {
        for index in 0..self.client(client).processes.len() {
            let id = self.client(client).processes[index];
            if self.process(id).wait == wait {
                self.wake(id);
            }
        }
    }

    fn take_cancel(&mut self, client: u32, tag: &ConsumerTag) {
        let Some(receiver) = self.client_mut(client).receiver() else {
            return;
        };
        for source in &mut receiver.sources {
            if source.tag == *tag {
                source.active = false;
            }
        }
        if receiver.sources.iter().all(|source| !source.active) {
            self.halt(client, Halt::Cancelled);
        }
    }

    /// Wakes coroutines that wait for the connection or for an outage to end.
    pub(super) fn wake_waiting(&mut self, client: u32) {
        for index in 0..self.client(client).processes.len() {
            let id = self.client(client).processes[index];
            if matches!(self.process(id).wait, Wait::Answer | Wait::Outage) {
                self.wake(id);
            }
        }
    }

    /// Everything of a client that is on its link is lost.
    pub(super) fn lose_parcels(&mut self, client: u32) {
        let lost: Vec<u64> = self
            .parcels
            .iter()
            .filter(|(_, in_flight)| in_flight.client == client)
            .map(|(number, _)| number)
            .collect();
        let node = self.client(client).node;
        for number in lost {
            if let Some(in_flight) = self.parcels.remove(number) {
                self.record_lost(node, in_flight.parcel, number);
            }
        }
        let now = self.now;
        let link = &mut self.client_mut(client).link;
        link.broker_last = now;
        link.client_last = now;
    }
}

/// What a departure says of a message.
#[derive(Default)]
struct Words {
    message: Option<MessageId>,
    exchange: ExchangeName,
    routing_key: RoutingKey,
}

fn upward_parcel(command: &Command) -> Parcel {
    match command {
        Command::BasicPublish(_) => Parcel::Publish,
        Command::BasicAck(_) => Parcel::Ack,
        Command::BasicNack { .. } | Command::BasicReject { .. } => Parcel::Nack,
        _ => Parcel::Other,
    }
}

fn downward_parcel(downward: &Downward) -> (Parcel, Words) {
    let words = |message: &Message| Words {
        message: Some(message.id()),
        exchange: message.exchange().clone(),
        routing_key: message.routing_key().clone(),
    };
    match downward {
        Downward::Deliver(delivery) => (Parcel::Delivery, words(&delivery.message)),
        Downward::Return(message) => (Parcel::Return, words(message)),
        Downward::Confirm { ack, .. } => (Parcel::Confirm { ack: *ack }, Words::default()),
        Downward::Answer | Downward::Cancelled(_) | Downward::Closed { .. } => {
            (Parcel::Other, Words::default())
        }
    }
}
