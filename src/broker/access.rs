//! Who may do what: users, their permissions in each vhost, permissions on topics, limits.
//!
//! Order of checks and texts are RabbitMQ's (`rabbit_access_control`, `rabbit_channel`,
//! `rabbit_reader`, `rabbit_vhost_limit`). A channel whose user may do everything knows so from the
//! start and is never asked again. Deliberately not here: how a client proves who it is on the wire,
//! and hashes of passwords, which whoever adds a user brings along.

use super::channel::Channel;
use super::{Broker, Command, QueueDeclare};
use crate::types::{
    AmqpError, BindingKey, ConnectionId, ExchangeId, ExchangeName, ExchangeType, FieldValue,
    MethodId, Pattern, Properties, QueueName, ReplyCode, ShortText, UserId, VhostId, VhostName,
};
use std::fmt;
use std::rc::Rc;

/// The user that every broker has at first, and as whom simulated clients speak.
const GUEST: &str = "guest";
/// Users with this tag may name others in the property `user-id`.
const IMPERSONATOR: &str = "impersonator";

/// How a user's password is known.
#[derive(Clone)]
pub enum Password {
    /// In clear.
    Plain(Box<str>),
    /// By a question that only the right one answers, such as a comparison of salted hashes.
    Asked(Rc<dyn Fn(&str) -> bool>),
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// A user to be added.
#[derive(Debug, Clone)]
pub struct User {
    /// Its name.
    pub name: ShortText,
    /// Its password; nobody can log in with an empty one.
    pub password: Password,
    /// Tags such as `administrator`; only `impersonator` changes anything here.
    pub tags: Vec<ShortText>,
    /// Connections it may have open at a time; `None` for any number.
    pub max_connections: Option<u32>,
    /// Channels it may have open at a time; `None` for any number.
    pub max_channels: Option<u32>,
}

/// What a permission is about, in the order in which RabbitMQ lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Declare and delete.
    Configure,
    /// Put messages in.
    Write,
    /// Take messages out.
    Read,
}

/// Which names a user may do what with in a vhost.
#[derive(Debug, Clone)]
pub struct Permissions {
    /// Names it may declare and delete.
    pub configure: Pattern,
    /// Names it may put messages in.
    pub write: Pattern,
    /// Names it may take messages from.
    pub read: Pattern,
}

/// How much a vhost may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct VhostLimits {
    /// Connections open at a time; `None` for any number.
    pub max_connections: Option<u32>,
    /// Queues; `None` for any number.
    pub max_queues: Option<u32>,
}

#[derive(Debug, Clone)]
struct Member {
    user: User,
    /// Whether it may do everything in vhosts for which nothing is said: the default user only, as
    /// whoever adds a vhost by RabbitMQ's management may.
    everywhere: bool,
    grants: Vec<(VhostName, Permissions)>,
    /// Of routing keys, by topic exchange.
    topics: Vec<(VhostName, ExchangeName, Permissions)>,
}

/// All users and limits. Shared between clones of a broker until one of them changes it.
#[derive(Debug, Clone)]
pub(super) struct Access {
    members: Vec<Member>,
    limits: Vec<(VhostName, VhostLimits)>,
}

impl Permissions {
    /// Reads three regular expressions; an empty one matches only the empty name.
    ///
    /// # Errors
    /// What is wrong with the first that cannot be read.
    pub fn new(
        configure: &str,
        write: &str,
        read: &str,
    ) -> Result<Self, crate::types::PatternError> {
        let pattern = |text: &str| Pattern::new(if text.is_empty() { "^$" } else { text });
        Ok(Self {
            configure: pattern(configure)?,
            write: pattern(write)?,
            read: pattern(read)?,
        })
    }

    const fn of(&self, right: Right) -> &Pattern {
        match right {
            Right::Configure => &self.configure,
            Right::Write => &self.write,
            Right::Read => &self.read,
        }
    }

    fn are_all(&self) -> bool {
        self.configure.matches_all() && self.write.matches_all() && self.read.matches_all()
    }
}

impl Default for Access {
    /// The user `guest` with the password `guest`.
    fn default() -> Self {
        let user = User {
            name: ShortText::truncated(GUEST),
            password: Password::Plain(GUEST.into()),
            tags: vec![ShortText::truncated("administrator")],
            max_connections: None,
            max_channels: None,
        };
        let (grants, topics) = (Vec::new(), Vec::new());
        Self {
            members: vec![Member {
                user,
                everywhere: true,
                grants,
                topics,
            }],
            limits: Vec::new(),
        }
    }
}

/// Puts a value under a key, in place of what has it.
fn put<K: PartialEq, V>(entries: &mut Vec<(K, V)>, key: K, value: V) {
    entries.retain(|(known, _)| *known != key);
    entries.push((key, value));
}

impl Access {
    fn member(&self, user: UserId) -> Option<&Member> {
        self.members.get(user.index().checked_sub(1)?)
    }

    fn named(&self, name: &str) -> Option<usize> {
        let known = |member: &Member| member.user.name.as_str() == name;
        self.members.iter().position(known)
    }

    fn grant(&self, user: UserId, vhost: &VhostName) -> Option<&Permissions> {
        let grants = &self.member(user)?.grants;
        let (_, rights) = grants.iter().find(|(known, _)| known == vhost)?;
        Some(rights)
    }

    fn is_everywhere(&self, user: UserId) -> bool {
        self.member(user).is_some_and(|it| it.everywhere)
    }

    fn limits(&self, vhost: &VhostName) -> VhostLimits {
        let known = self.limits.iter().find(|(known, _)| known == vhost);
        known.map(|(_, limits)| *limits).unwrap_or_default()
    }

    /// Whether there is anything in a vhost that a user may not do.
    fn restricts(&self, user: UserId, vhost: &VhostName) -> bool {
        let granted = self.grant(user, vhost);
        let all = granted.map_or_else(|| self.is_everywhere(user), Permissions::are_all);
        let topics = self.member(user).is_some_and(|it| !it.topics.is_empty());
        user != UserId::default() && (!all || topics)
    }
}

/// Users, permissions and limits as an administrator sets them.
impl Broker {
    /// Adds a user, or changes the one of that name, which keeps its permissions.
    pub fn set_user(&mut self, user: User) -> UserId {
        let access = Rc::make_mut(&mut self.access);
        let at = access.named(user.name.as_str());
        let at = at.unwrap_or(access.members.len());
        if let Some(known) = access.members.get_mut(at) {
            known.user = user;
        } else {
            let (grants, topics) = (Vec::new(), Vec::new());
            access.members.push(Member {
                user,
                everywhere: false,
                grants,
                topics,
            });
        }
        UserId(at as u32 + 1)
    }

    /// Forgets all users, `guest` too. Connections that are open must not be anybody's.
    pub fn clear_users(&mut self) {
        Rc::make_mut(&mut self.access).members.clear();
    }

    /// Says what a user may do in a vhost; `false` when there is no such user.
    pub fn set_permissions(&mut self, user: &str, vhost: &VhostName, rights: Permissions) -> bool {
        self.change(user, &mut |member| {
            put(&mut member.grants, vhost.clone(), rights.clone());
        })
    }

    /// Takes what was said of a user in a vhost back; `false` when there is no such user.
    pub fn clear_permissions(&mut self, user: &str, vhost: &VhostName) -> bool {
        self.change(user, &mut |member| {
            member.grants.retain(|(known, _)| known != vhost);
        })
    }

    /// Takes what was said of a user's topics in a vhost back; `false` when there is no such user.
    pub fn clear_topic_permissions(&mut self, user: &str, vhost: &VhostName) -> bool {
        self.change(user, &mut |member| {
            member.topics.retain(|(known, ..)| known != vhost);
        })
    }

    /// Says with which routing keys a user may publish to and bind from a topic exchange; `false`
    /// when there is no such user. `{username}` and `{vhost}` in the expressions stand for these;
    /// `{client_id}` stays as it is, since only clients of MQTT have one (measured).
    ///
    /// # Errors
    /// What is wrong with an expression that cannot be read.
    pub fn set_topic_permissions(
        &mut self,
        user: &str,
        vhost: &VhostName,
        exchange: &ExchangeName,
        (write, read): (&str, &str),
    ) -> Result<bool, crate::types::PatternError> {
        let own = |text: &str| {
            text.replace("{username}", user)
                .replace("{vhost}", vhost.as_str())
        };
        let rights = Permissions::new("", &own(write), &own(read))?;
        Ok(self.change(user, &mut |Member { topics, .. }| {
            topics.retain(|(on, of, _)| on != vhost || of != exchange);
            topics.push((vhost.clone(), exchange.clone(), rights.clone()));
        }))
    }

    /// Changes what is known of a user; `false` when there is no such user.
    fn change(&mut self, user: &str, change: &mut dyn FnMut(&mut Member)) -> bool {
        let access = Rc::make_mut(&mut self.access);
        let Some(at) = access.named(user) else {
            return false;
        };
        change(&mut access.members[at]);
        self.note_restrictions();
        true
    }

    /// Sets the limits of a vhost.
    pub fn set_vhost_limits(&mut self, vhost: &VhostName, limits: VhostLimits) {
        put(
            &mut Rc::make_mut(&mut self.access).limits,
            vhost.clone(),
            limits,
        );
    }

    /// The user of that name, when the password is the right one.
    #[must_use]
    pub fn authenticate(&self, name: &str, password: &str) -> Option<UserId> {
        let at = self.access.named(name)?;
        let right = match &self.access.members[at].user.password {
            Password::Plain(known) => **known == *password,
            Password::Asked(answer) => answer(password),
        };
        (right && !password.is_empty()).then_some(UserId(at as u32 + 1))
    }

    /// The name of a user. The user 0, as whom simulated clients speak, is called `guest`.
    #[must_use]
    pub fn user_name(&self, user: UserId) -> &str {
        let member = self.access.member(user);
        member.map_or(GUEST, |member| member.user.name.as_str())
    }

    /// Tells every channel anew whether its user must be asked.
    fn note_restrictions(&mut self) {
        let (access, topology) = (&self.access, &self.topology);
        for channel in self.channels.iter_mut() {
            let vhost = topology.vhost_name(channel.vhost);
            channel.restricted = vhost.is_some_and(|it| access.restricts(channel.user, it));
        }
    }
}

/// What is named in a refusal.
#[derive(Clone, Copy)]
pub(super) enum Thing<'a> {
    Queue(&'a QueueName),
    Exchange(&'a ExchangeName),
}

impl Thing<'_> {
    /// Its kind, and its name as permissions know it.
    fn words(&self) -> (&'static str, &str) {
        match self {
            Thing::Queue(name) => ("queue", name.as_str()),
            Thing::Exchange(name) if name.is_empty() => ("exchange", "amq.default"),
            Thing::Exchange(name) => ("exchange", name.as_str()),
        }
    }
}

/// What the broker asks before it does something.
impl Broker {
    /// Whether a connection may be opened on a vhost by a user: 530 when not.
    pub(super) fn check_vhost_access(
        &self,
        name: &VhostName,
        vhost: VhostId,
        user: UserId,
        method: MethodId,
    ) -> Result<(), AmqpError> {
        let refuse = |text| Err(AmqpError::new(ReplyCode::NotAllowed, text, method));
        let who = self.user_name(user);
        let reached = |max: Option<u32>, of: &dyn Fn(VhostId, UserId) -> bool| {
            let open = || {
                self.connections
                    .iter()
                    .filter(|(_, it)| of(it.vhost, it.user))
            };
            max.filter(|max| open().count() >= *max as usize)
        };
        let limits = self.access.limits(name);
        if let Some(max) = reached(limits.max_connections, &|on, _| on == vhost) {
            return refuse(format!(
                "access to vhost '{name}' refused for user '{who}': connection limit ({max}) is \
                 reached"
            ));
        }
        let Some(member) = self.access.member(user) else {
            return Ok(());
        };
        if let Some(max) = reached(member.user.max_connections, &|_, by| by == user) {
            return refuse(format!(
                "connection refused for user '{who}': user connection limit ({max}) is reached"
            ));
        }
        match self.access.grant(user, name) {
            Some(_) => Ok(()),
            None if member.everywhere => Ok(()),
            None => refuse(format!("access to vhost '{name}' refused for user '{who}'")),
        }
    }

    /// Whether a connection's user may have one more channel: 530 when not, in the name of no
    /// method.
    pub(super) fn check_channel_limit(&self, connection: ConnectionId) -> Result<(), AmqpError> {
        let user = self.connections.get(connection.0.into()).map(|it| it.user);
        let user = user.unwrap_or_default();
        let member = self.access.member(user);
        let Some(max) = member.and_then(|member| member.user.max_channels) else {
            return Ok(());
        };
        let open = self.channels.iter().filter(|(_, it)| it.user == user);
        if open.count() < max as usize {
            return Ok(());
        }
        let who = self.user_name(user);
        let text = format!(
            "number of channels opened for user '{who}' has reached the maximum allowed user limit \
             of ({max})"
        );
        Err(AmqpError::new(
            ReplyCode::NotAllowed,
            text,
            MethodId::default(),
        ))
    }

    /// Whether a vhost may hold one more queue: 406 when not.
    pub(super) fn check_queue_limit(
        &self,
        vhost: VhostId,
        queue: &QueueName,
        method: MethodId,
    ) -> Result<(), AmqpError> {
        let Some(name) = self.topology.vhost_name(vhost) else {
            return Ok(());
        };
        let max = self.access.limits(name).max_queues;
        let Some(max) = max.filter(|max| self.topology.queue_count(vhost) >= *max as usize) else {
            return Ok(());
        };
        let text = format!(
            "cannot declare queue '{queue}': queue limit in vhost '{name}' ({max}) is reached"
        );
        Err(AmqpError::new(ReplyCode::PreconditionFailed, text, method))
    }

    /// Whether a new channel of a connection must be asked what its user may do.
    pub(super) fn is_restricted(&self, vhost: VhostId, user: UserId) -> bool {
        let vhost = self.topology.vhost_name(vhost);
        vhost.is_some_and(|it| self.access.restricts(user, it))
    }

    /// Whether a channel's user has a right to something: 403 when not.
    #[inline]
    pub(super) fn check_right(
        &self,
        row: u32,
        right: Right,
        thing: Thing<'_>,
        method: MethodId,
    ) -> Result<(), AmqpError> {
        match self.channels.get(row) {
            Some(channel) if channel.restricted => self.ask(channel, right, thing, method),
            Some(_) | None => Ok(()),
        }
    }

    #[cold]
    fn ask(
        &self,
        channel: &Channel,
        right: Right,
        thing: Thing<'_>,
        method: MethodId,
    ) -> Result<(), AmqpError> {
        let vhost = self.topology.vhost_name(channel.vhost).cloned();
        let vhost = vhost.unwrap_or_default();
        let (kind, name) = thing.words();
        let rights = self.access.grant(channel.user, &vhost);
        let everywhere = || self.access.is_everywhere(channel.user);
        if rights.map_or_else(everywhere, |rights| rights.of(right).is_match(name)) {
            return Ok(());
        }
        let who = self.user_name(channel.user);
        let text = format!("access to {kind} '{name}' in vhost '{vhost}' refused for user '{who}'");
        Err(AmqpError::new(ReplyCode::AccessRefused, text, method))
    }

    /// Whether a channel's user has a right to a routing key of a topic exchange: 403 when not.
    fn ask_topic(
        &self,
        channel: &Channel,
        right: Right,
        exchange: ExchangeId,
        key: &str,
        method: MethodId,
    ) -> Result<(), AmqpError> {
        let Some(view) = self.topology.exchange_view(exchange) else {
            return Ok(());
        };
        let name = self.topology.vhost_name(channel.vhost);
        let (Some(vhost), Some(member)) = (name, self.access.member(channel.user)) else {
            return Ok(());
        };
        let mut topics = member.topics.iter();
        let rule = topics.find(|(on, of, _)| on == vhost && *of == *view.name);
        let refused = rule.is_some_and(|(_, _, rights)| !rights.of(right).is_match(key));
        if !refused || *view.exchange_type != ExchangeType::Topic {
            return Ok(());
        }
        let (of, who) = (view.name, self.user_name(channel.user));
        let text = format!(
            "access to topic '{key}' in exchange '{of}' in vhost '{vhost}' refused for user '{who}'"
        );
        Err(AmqpError::new(ReplyCode::AccessRefused, text, method))
    }

    /// The exchange that a channel may publish to, with every check on the way to it.
    #[inline]
    pub(super) fn publish_target(
        &self,
        channel: &Channel,
        name: &ExchangeName,
        key: &str,
        method: MethodId,
    ) -> Result<ExchangeId, AmqpError> {
        if channel.restricted {
            self.ask(channel, Right::Write, Thing::Exchange(name), method)?;
        }
        let exchange = self.topology.publish_target(channel.vhost, name, method)?;
        if channel.restricted {
            self.ask_topic(channel, Right::Write, exchange, key, method)?;
        }
        Ok(exchange)
    }

    /// A new queue may only have a dead-letter exchange that its user may write to.
    pub(super) fn check_dead_letter_right(
        &self,
        row: u32,
        declare: &QueueDeclare,
        method: MethodId,
    ) -> Result<(), AmqpError> {
        let named = declare.arguments.get("x-dead-letter-exchange");
        let Some(named) = named.and_then(FieldValue::as_text) else {
            return Ok(());
        };
        let to = ExchangeName::truncated(named);
        self.check_right(row, Right::Read, Thing::Queue(&declare.queue), method)?;
        self.check_right(row, Right::Write, Thing::Exchange(&to), method)
    }

    /// What is asked before an exchange or a binding comes or goes. What is refused to everybody
    /// before that is left for the topology to refuse.
    pub(super) fn check_wiring(&self, row: u32, command: &Command) -> Result<(), AmqpError> {
        let restricted = self.channels.get(row).is_some_and(|it| it.restricted);
        if !restricted {
            return Ok(());
        }
        let method = command.method_id();
        let vhost = self.vhost_of(row);
        let check = |right, thing| self.check_right(row, right, thing, method);
        match command {
            Command::ExchangeDeclare(declare) => {
                let name = &declare.exchange;
                let unknown = !declare.exchange_type.is_known(self.options.profile);
                if declare.passive || unknown || name.is_empty() {
                    return Ok(());
                }
                check(Right::Configure, Thing::Exchange(name))?;
                let known = self.topology.exchange_id(vhost, name.as_str()).is_some();
                let alternate = declare.arguments.get("alternate-exchange");
                match alternate.and_then(FieldValue::as_text) {
                    Some(to) if !known && !name.as_str().starts_with("amq.") => {
                        let to = ExchangeName::truncated(to);
                        check(Right::Read, Thing::Exchange(name))?;
                        check(Right::Write, Thing::Exchange(&to))
                    }
                    Some(_) | None => Ok(()),
                }
            }
            Command::ExchangeDelete { exchange, .. } => {
                if exchange.is_empty() || exchange.as_str().starts_with("amq.") {
                    return Ok(());
                }
                check(Right::Configure, Thing::Exchange(exchange))
            }
            Command::ExchangeBind {
                destination: to,
                source,
                binding_key,
                ..
            }
            | Command::ExchangeUnbind {
                destination: to,
                source,
                binding_key,
                ..
            } => {
                check(Right::Write, Thing::Exchange(to))?;
                if to.is_empty() {
                    return Ok(());
                }
                self.check_source(row, source, binding_key, method)
            }
            Command::QueueBind {
                queue,
                exchange,
                binding_key,
                ..
            }
            | Command::QueueUnbind {
                queue,
                exchange,
                binding_key,
                ..
            } => {
                let (name, _, key) = self.binding_end(row, queue, binding_key, method)?;
                check(Right::Write, Thing::Queue(&name))?;
                self.check_source(row, exchange, &key, method)
            }
            // Nothing else is sent here.
            _ => Ok(()),
        }
    }

    /// A binding takes messages out of its source.
    fn check_source(
        &self,
        row: u32,
        source: &ExchangeName,
        key: &BindingKey,
        method: MethodId,
    ) -> Result<(), AmqpError> {
        if source.is_empty() {
            return Ok(());
        }
        self.check_right(row, Right::Read, Thing::Exchange(source), method)?;
        let found = self
            .topology
            .exchange_id(self.vhost_of(row), source.as_str());
        match (found, self.channels.get(row)) {
            (Some(exchange), Some(channel)) => {
                self.ask_topic(channel, Right::Read, exchange, key.as_str(), method)
            }
            _ => Ok(()),
        }
    }

    /// A message may only claim to be from the user of its connection.
    pub(super) fn check_user(
        &self,
        user: UserId,
        properties: &Properties,
        method: MethodId,
    ) -> Result<(), AmqpError> {
        let Some(claimed) = &properties.user_id else {
            return Ok(());
        };
        let who = self.user_name(user);
        let may_claim = |tag: &ShortText| tag.as_str() == IMPERSONATOR;
        let member = self.access.member(user);
        let impersonates = member.is_some_and(|it| it.user.tags.iter().any(may_claim));
        if claimed.as_str() == who || impersonates {
            return Ok(());
        }
        let text =
            format!("user_id property set to '{claimed}' but authenticated user was '{who}'");
        Err(AmqpError::new(ReplyCode::PreconditionFailed, text, method))
    }
}
