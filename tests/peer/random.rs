//! Random programs: a topology, then operations on it, each chosen with an eye on what was answered
//! so far, so that most of them mean something.
//!
//! What a real broker leaves to chance is kept out where that is easy: a channel consumes from one
//! queue only, and no step depends on time.

use std::collections::BTreeMap;

/// A small generator of numbers, good enough to choose with (splitmix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

#[derive(Default)]
struct Channel {
    open: bool,
    tags: Vec<u64>,
    consumers: Vec<String>,
    /// Tags of consumers that were cancelled.
    past: Vec<String>,
    confirms: bool,
    tx: bool,
    /// The only queue it consumes from.
    home: usize,
}

/// Makes one program, step by step.
pub(crate) struct Generator {
    dice: Dice,
    queues: usize,
    exchanges: Vec<&'static str>,
    channels: BTreeMap<String, Channel>,
    /// Steps that must come next.
    forced: Vec<String>,
    left: usize,
    count: usize,
    /// Whether some queue has a dead-letter exchange.
    dead_letters: bool,
    /// Whether some durable queue has a single active consumer.
    single_active: bool,
    /// Whether some queue may refuse.
    refusals: bool,
}

const KEYS: [&str; 7] = ["q0", "q1", "q2", "a", "a.b", "b", "\"\""];
const WEIGHTS: [&str; 3] = ["1", "2", "3"];
const PATTERNS: [&str; 8] = ["#", "*", "a.#", "a.*", "#.b", "a", "\"\"", "*.b"];
const HEADERS: [&str; 4] = ["{}", "{a=1}", "{a=1, b=two}", "{b=two}"];
const MATCHES: [&str; 4] = [
    "{a=1}",
    "{x-match=any, a=1, b=two}",
    "{x-match=all, a=1, b=two}",
    "{x-match=any}",
];

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let queues = 1 + dice.below(4);
        let exchanges = (0..dice.below(4))
            .map(|_| dice.pick(&["direct", "fanout", "topic", "headers", "x-consistent-hash"]))
            .collect();
        let mut channels = BTreeMap::new();
        for (place, percent) in [("1", 100), ("2", 60), ("b.1", 60), ("b.2", 20)] {
            if dice.chance(percent) {
                let home = dice.below(queues);
                let channel = Channel {
                    open: true,
                    home,
                    ..Channel::default()
                };
                channels.insert(place.to_owned(), channel);
            }
        }
        let mut this = Self {
            left: 6 + dice.below(35),
            dice,
            queues,
            exchanges,
            channels,
            forced: Vec::new(),
            count: 0,
            dead_letters: false,
            refusals: false,
            single_active: false,
        };
        this.plan_topology();
        this
    }

    fn plan_topology(&mut self) {
        let places: Vec<String> = self.channels.keys().cloned().collect();
        let mut steps = vec![format!("open {}", places.join(" "))];
        for number in 0..self.exchanges.len() {
            steps.push(self.declare_exchange("1", number));
        }
        for number in 0..self.queues {
            steps.push(self.declare_queue("1", number));
        }
        if !self.exchanges.is_empty() {
            for _ in 0..self.dice.below(6) {
                steps.push(self.bind("1", "bind"));
            }
        }
        steps.reverse();
        self.forced = steps;
    }

    /// The next step, or nothing when the program is over.
    pub(crate) fn next(&mut self) -> Option<String> {
        if let Some(step) = self.forced.pop() {
            return Some(step);
        }
        self.left = self.left.checked_sub(1)?;
        let open: Vec<String> = self
            .channels
            .iter()
            .filter(|(_, channel)| channel.open)
            .map(|(place, _)| place.clone())
            .collect();
        if open.is_empty() {
            return None;
        }
        let place = open[self.dice.below(open.len())].clone();
        Some(self.operation(&place))
    }

    /// Learns from what was answered to the last step.
    pub(crate) fn learn(&mut self, lines: &[String]) {
        for line in lines {
            let (place, text) = line.split_once(' ').unwrap_or((line, ""));
            let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
            if verb == "end" {
                let prefix = place.trim_end_matches('0').to_owned();
                if prefix.is_empty() {
                    self.left = 0;
                    self.forced.clear();
                } else {
                    self.channels.retain(|place, _| !place.starts_with(&prefix));
                }
            }
            let Some(channel) = self.channels.get_mut(place) else {
                continue;
            };
            match verb {
                "basic.deliver" | "basic.get-ok" => {
                    let tag = rest.split("delivery-tag=").nth(1).unwrap_or_default();
                    let tag = tag.split(' ').next().unwrap_or_default().parse();
                    if !rest.starts_with("consumer-tag=n") {
                        channel.tags.push(tag.unwrap_or_default());
                    }
                }
                "channel.close" => {
                    let home = channel.home;
                    *channel = Channel {
                        open: true,
                        home,
                        ..Channel::default()
                    };
                    self.forced.push(format!("> {place} channel.open"));
                    self.forced.push(format!("> {place} channel.close-ok"));
                }
                "basic.cancel" => {
                    let tag = rest.trim_start_matches("consumer-tag=");
                    let tag = tag.split(' ').next().unwrap_or_default();
                    channel.consumers.retain(|known| known != tag);
                }
                _ => {}
            }
        }
    }

    fn operation(&mut self, place: &str) -> String {
        match self.dice.below(100) {
            0..30 => self.publish(place),
            30..38 => {
                let no_ack = self.dice.chance(25);
                let queue = self.queue();
                format!("> {place} basic.get queue={queue} no-ack={no_ack}")
            }
            38..47 => self.consume(place),
            // A queue that falls over keeps what it has written by then.
            47..50 if !self.single_active => self.cancel(place),
            50..70 => self.settle(place),
            70..72 => {
                self.channel(place).tags.clear();
                format!("> {place} basic.recover requeue=true")
            }
            72..77 => {
                let count = self.dice.below(4);
                let global = self.dice.chance(30);
                format!("> {place} basic.qos prefetch-count={count} global={global}")
            }
            77..84 => self.mode(place),
            84..86 => {
                let queue = self.queue();
                format!("> {place} queue.purge queue={queue}")
            }
            86..88 => self.delete(place),
            // A queue that came instead of one of its name is told what was delivered from that one.
            88..90 if self.channels.values().all(|it| it.tags.is_empty()) => {
                let number = self.dice.below(self.queues);
                self.declare_queue(place, number)
            }
            90..93 if !self.exchanges.is_empty() => {
                let verb = self.dice.pick(&["bind", "unbind"]);
                self.bind(place, verb)
            }
            93..95 => self.end(place),
            _ => {
                let queue = self.queue();
                format!("> {place} queue.declare queue={queue} passive=true")
            }
        }
    }

    fn channel(&mut self, place: &str) -> &mut Channel {
        self.channels.entry(place.to_owned()).or_default()
    }

    fn queue(&mut self) -> String {
        format!("q{}", self.dice.below(self.queues))
    }

    fn exchange(&mut self) -> String {
        format!("x{}", self.dice.below(self.exchanges.len().max(1)))
    }

    fn declare_exchange(&mut self, place: &str, number: usize) -> String {
        let kind = self.exchanges[number];
        let mut step = format!("> {place} exchange.declare exchange=x{number} type={kind}");
        if self.dice.chance(25) {
            let other = self.exchange();
            step.push_str(&format!(" arguments={{alternate-exchange={other}}}"));
        }
        if self.dice.chance(10) {
            step.push_str(" auto-delete=true");
        }
        if self.dice.chance(8) {
            step.push_str(" internal=true");
        }
        step
    }

    fn declare_queue(&mut self, place: &str, number: usize) -> String {
        let mut step = format!("> {place} queue.declare queue=q{number}");
        for (flag, percent) in [("durable", 30), ("exclusive", 6), ("auto-delete", 8)] {
            if self.dice.chance(percent) {
                step.push_str(&format!(" {flag}=true"));
            }
        }
        let mut arguments = Vec::new();
        if self.dice.chance(25) {
            arguments.push(format!("x-max-length={}", self.dice.below(4)));
        }
        if self.dice.chance(8) {
            arguments.push(format!("x-max-length-bytes={}", self.dice.below(12)));
        }
        if self.dice.chance(25) {
            let overflow = ["reject-publish", "reject-publish-dlx", "drop-head"];
            self.refusals = true;
            arguments.push(format!("x-overflow={}", self.dice.pick(&overflow)));
        }
        if self.dice.chance(15) {
            arguments.push(format!(
                "x-message-ttl={}",
                self.dice.pick(&["0", "3600000"])
            ));
        }
        if self.dice.chance(40) {
            let exchange = if self.exchanges.is_empty() || self.dice.chance(50) {
                "\"\"".to_owned()
            } else {
                self.exchange()
            };
            self.dead_letters = true;
            arguments.push(format!("x-dead-letter-exchange={exchange}"));
            if self.dice.chance(60) {
                let key = self.dice.pick(&KEYS);
                arguments.push(format!("x-dead-letter-routing-key={key}"));
            }
        }
        if self.dice.chance(18) {
            arguments.push(format!("x-max-priority={}", self.dice.below(5)));
        }
        if self.dice.chance(10) {
            self.single_active |= step.contains("durable");
            arguments.push("x-single-active-consumer=true".to_owned());
        }
        step.push_str(&format!(" arguments={{{}}}", arguments.join(", ")));
        step
    }

    fn bind(&mut self, place: &str, verb: &str) -> String {
        let number = self.dice.below(self.exchanges.len());
        let key = match self.exchanges[number] {
            "topic" => self.dice.pick(&PATTERNS),
            "x-consistent-hash" => self.dice.pick(&WEIGHTS),
            _ => self.dice.pick(&KEYS),
        };
        let arguments = if self.exchanges[number] == "headers" {
            self.dice.pick(&MATCHES)
        } else {
            "{}"
        };
        if self.dice.chance(70) {
            let queue = self.queue();
            format!(
                "> {place} queue.{verb} queue={queue} exchange=x{number} routing-key={key} arguments={arguments}"
            )
        } else {
            let to = self.exchange();
            format!(
                "> {place} exchange.{verb} destination={to} source=x{number} routing-key={key} arguments={arguments}"
            )
        }
    }

    fn publish(&mut self, place: &str) -> String {
        self.count += 1;
        let mut step = format!("> {place} basic.publish");
        if self.exchanges.is_empty() || self.dice.chance(50) {
            let queue = self.queue();
            step.push_str(&format!(" routing-key={queue}"));
        } else {
            let exchange = self.exchange();
            let key = self.dice.pick(&KEYS);
            step.push_str(&format!(" exchange={exchange} routing-key={key}"));
        }
        for (text, percent) in [
            (" mandatory=true", 20),
            (" delivery-mode=2", 15),
            (" expiration=0", 6),
            (" expiration=3600000", 6),
        ] {
            if self.dice.chance(percent) && !step.contains("expiration") {
                step.push_str(text);
            }
        }
        if self.dice.chance(30) {
            step.push_str(&format!(" priority={}", self.dice.below(6)));
        }
        if self.dice.chance(25) {
            step.push_str(&format!(" headers={}", self.dice.pick(&HEADERS)));
        } else if self.dice.chance(6) {
            let (a, b) = (self.queue(), self.queue());
            step.push_str(&format!(" headers={{CC=[{a}], BCC=[{b}, a]}}"));
        }
        // A burst would race with its own dead letters.
        if self.dice.chance(35) && !self.dead_letters {
            step.push_str(&format!(" times={}", 2 + self.dice.below(4)));
        }
        format!("{step} body=\"{}-{{n}}\"", self.count)
    }

    fn consume(&mut self, place: &str) -> String {
        self.count += 1;
        let number = self.count;
        let no_ack = self.dice.chance(20);
        let letter = if no_ack {
            "n"
        } else {
            self.dice.pick(&["c", "b", "d"])
        };
        let (again, twice, roll) = (
            self.dice.chance(40),
            self.dice.chance(4) && place.starts_with('b'),
            self.dice.below(8),
        );
        let channel = self.channel(place);
        let home = channel.home;
        let known = match (again, twice) {
            (_, true) => &channel.consumers,
            (true, false) => &channel.past,
            (false, false) => &Vec::new(),
        };
        let tag = match known.get(roll % known.len().max(1)) {
            // What a consumer without acks gets is not settled, so it keeps its letter.
            Some(tag) if tag.starts_with('n') == no_ack => tag.clone(),
            Some(_) | None => format!("{letter}{number}"),
        };
        channel.past.retain(|known| *known != tag);
        channel.consumers.push(tag.clone());
        let mut step =
            format!("> {place} basic.consume queue=q{home} consumer-tag={tag} no-ack={no_ack}");
        if self.dice.chance(5) {
            step.push_str(" exclusive=true");
        }
        if self.dice.chance(20) {
            let priority = self.dice.pick(&["-1", "1", "5"]);
            step.push_str(&format!(" arguments={{x-priority={priority}}}"));
        }
        step
    }

    fn cancel(&mut self, place: &str) -> String {
        let roll = self.dice.below(8);
        let channel = self.channel(place);
        let tag = if channel.consumers.is_empty() {
            "nobody".to_owned()
        } else {
            let at = roll % channel.consumers.len();
            let tag = channel.consumers.remove(at);
            channel.past.push(tag.clone());
            tag
        };
        format!("> {place} basic.cancel consumer-tag={tag}")
    }

    fn settle(&mut self, place: &str) -> String {
        let roll = self.dice.below(64);
        let verb = self.dice.pick(&["ack", "ack", "nack", "nack", "reject"]);
        let requeue = self.dice.chance(50);
        let multiple = verb != "reject" && self.dice.chance(35);
        let channel = self.channel(place);
        let tag = if channel.tags.is_empty() {
            return if multiple {
                format!("> {place} basic.{verb} delivery-tag=0 multiple=true")
            } else {
                self.publish(place)
            };
        } else {
            channel.tags[roll % channel.tags.len()]
        };
        if multiple {
            channel.tags.retain(|open| *open > tag);
        } else {
            channel.tags.retain(|open| *open != tag);
        }
        let mut step = format!("> {place} basic.{verb} delivery-tag={tag}");
        if multiple {
            step.push_str(" multiple=true");
        }
        if verb != "ack" {
            step.push_str(&format!(" requeue={requeue}"));
        }
        step
    }

    fn mode(&mut self, place: &str) -> String {
        let (commit, confirm) = (self.dice.chance(70), self.dice.chance(60));
        // A commit that is refused may be followed by what the refusal dead-letters, to a channel that
        // is closing.
        let late_deliveries = self.dead_letters && self.refusals;
        let channel = self.channel(place);
        if channel.tx {
            let verb = if commit { "commit" } else { "rollback" };
            format!("> {place} tx.{verb}")
        } else if confirm || channel.confirms || late_deliveries {
            channel.confirms = true;
            format!("> {place} confirm.select")
        } else {
            channel.tx = true;
            format!("> {place} tx.select")
        }
    }

    fn delete(&mut self, place: &str) -> String {
        if self.dice.chance(25) && !self.exchanges.is_empty() {
            let exchange = self.exchange();
            let unused = self.dice.chance(50);
            format!("> {place} exchange.delete exchange={exchange} if-unused={unused}")
        } else {
            let queue = self.queue();
            let unused = self.dice.chance(30);
            let empty = self.dice.chance(30);
            format!("> {place} queue.delete queue={queue} if-unused={unused} if-empty={empty}")
        }
    }

    fn end(&mut self, place: &str) -> String {
        // With two channels chance decides which of them ends before the other.
        let alone = !self.channels.contains_key("b.2");
        let hang_up = place == "b.1" && alone && self.dice.chance(30);
        let channel = self.channel(place);
        let home = channel.home;
        *channel = Channel {
            open: true,
            home,
            ..Channel::default()
        };
        if hang_up {
            self.forced.push(format!("open {place}"));
            "hang-up b".to_owned()
        } else {
            self.forced.push(format!("> {place} channel.open"));
            format!("> {place} channel.close")
        }
    }
}
