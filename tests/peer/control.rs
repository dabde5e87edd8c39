//! What a program may ask of a broker's operator (`ctl ...`), in RabbitMQ's words.

use super::world::VHOST;
use brokerlab::broker::{Broker, Effects, Password, Permissions, Resource, User, VhostLimits};
use brokerlab::scenario::definitions;
use brokerlab::types::{ExchangeName, Policy, ShortText, SimDuration, SimTime, VhostName};
use serde_json::{Value, json};

/// The words for rabbitmqctl.
pub(crate) fn words_for_rabbitmq(words: &[String], vhost: &str) -> Result<Vec<String>, String> {
    let (verb, rest) = words.split_first().ok_or("ctl what?")?;
    let mut out = vec!["-q".to_owned(), verb.clone()];
    match verb.as_str() {
        "add_user" | "delete_user" | "change_password" | "set_user_tags" | "set_user_limits"
        | "clear_user_limits" => {}
        "set_permissions"
        | "clear_permissions"
        | "set_topic_permissions"
        | "clear_topic_permissions"
        | "set_policy"
        | "clear_policy"
        | "set_operator_policy"
        | "clear_operator_policy"
        | "set_vhost_limits"
        | "clear_vhost_limits" => out.extend(["-p".to_owned(), vhost.to_owned()]),
        "alarm" => {
            out[1] = "eval".to_owned();
            let [kind, state] = rest else {
                return Err("ctl alarm memory|disk on|off".to_owned());
            };
            let alarm = format!("{{resource_limit, {kind}, node()}}");
            out.push(match state.as_str() {
                "on" => format!("rabbit_alarm:set_alarm({{{alarm}, []}})."),
                _ => format!("rabbit_alarm:clear_alarm({alarm})."),
            });
            return Ok(out);
        }
        "consumer_timeout" => {
            out[1] = "eval".to_owned();
            let [time, interval] = rest else {
                return Err("ctl consumer_timeout MS LOOKED-AT-EVERY-MS".to_owned());
            };
            out.push(format!(
                "application:set_env(rabbit, consumer_timeout, {time}), \
                 application:set_env(rabbit, channel_tick_interval, {interval})."
            ));
            return Ok(out);
        }
        _ => return Err(format!("ctl does not know `{verb}`")),
    }
    out.extend(rest.iter().cloned());
    Ok(out)
}

/// Asks the engine the same.
pub(crate) fn ask_engine(
    broker: &mut Broker,
    now: SimTime,
    words: &[String],
    effects: &mut Effects,
) -> Result<(), String> {
    let vhost = VhostName::new(VHOST).map_err(|error| format!("{error:?}"))?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["add_user", name, password] => {
            let password = Password::Plain((*password).into());
            broker.set_user(User {
                password,
                ..user(name)
            });
            Ok(())
        }
        // Nobody of that name speaks any more.
        ["delete_user", _] => Ok(()),
        ["set_user_tags", name, tags @ ..] => {
            let tags = tags.iter().map(|tag| ShortText::truncated(tag));
            broker.set_user(User {
                tags: tags.collect(),
                ..user(name)
            });
            Ok(())
        }
        ["set_user_limits", name, limits] => {
            let limits = read(limits)?;
            broker.set_user(User {
                max_connections: limit(&limits, "max-connections"),
                max_channels: limit(&limits, "max-channels"),
                ..user(name)
            });
            Ok(())
        }
        ["clear_user_limits", name, "all"] => {
            broker.set_user(user(name));
            Ok(())
        }
        ["clear_vhost_limits"] => {
            broker.set_vhost_limits(&vhost, VhostLimits::default());
            Ok(())
        }
        ["set_vhost_limits", limits] => {
            let limits = read(limits)?;
            let limits = VhostLimits {
                max_connections: limit(&limits, "max-connections"),
                max_queues: limit(&limits, "max-queues"),
            };
            broker.set_vhost_limits(&vhost, limits);
            Ok(())
        }
        [verb @ ("set_policy" | "set_operator_policy"), rest @ ..] => {
            let policy = policy(*verb == "set_operator_policy", rest)?;
            let set = broker.set_policy(now, policy, effects);
            set.map_err(|refused| format!("no such setting: {}", refused.setting))
        }
        [verb @ ("clear_policy" | "clear_operator_policy"), name] => {
            let operator = *verb == "clear_operator_policy";
            broker.clear_policy(now, (&vhost, name, operator), effects);
            Ok(())
        }
        ["consumer_timeout", time, interval] => {
            let millis = |text: &str| text.parse().map(SimDuration::from_millis);
            let (Ok(time), Ok(interval)) = (millis(time), millis(interval)) else {
                return Err(format!("{time} and {interval} are no times"));
            };
            broker.set_consumer_timeout(Some(time));
            broker.set_channel_interval(interval);
            Ok(())
        }
        ["alarm", kind, state] => {
            let resource = match *kind {
                "memory" => Resource::Memory,
                _ => Resource::Disk,
            };
            broker.set_alarm(now, resource, *state == "on", effects);
            Ok(())
        }
        ["set_permissions", user, configure, write, read] => {
            let rights = Permissions::new(configure, write, read);
            let rights = rights.map_err(|error| format!("{error:?}"))?;
            let known = broker.set_permissions(user, &vhost, rights);
            known.then_some(()).ok_or_else(|| format!("no user {user}"))
        }
        ["clear_permissions", user] => {
            let known = broker.clear_permissions(user, &vhost);
            known.then_some(()).ok_or_else(|| format!("no user {user}"))
        }
        ["clear_topic_permissions", user] => {
            let known = broker.clear_topic_permissions(user, &vhost);
            known.then_some(()).ok_or_else(|| format!("no user {user}"))
        }
        ["set_topic_permissions", user, exchange, write, read] => {
            let exchange = ExchangeName::new(exchange).map_err(|error| format!("{error:?}"))?;
            let done = broker.set_topic_permissions(user, &vhost, &exchange, (write, read));
            done.map(drop).map_err(|error| format!("{error:?}"))
        }
        _ => Err(format!("the engine is not asked for `{}`", words.join(" "))),
    }
}

/// A user as programs know it: the password is the name and `pw`.
fn user(name: &str) -> User {
    User {
        name: ShortText::truncated(name),
        password: Password::Plain(format!("{name}pw").into()),
        tags: Vec::new(),
        max_connections: None,
        max_channels: None,
    }
}

fn read(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("{text}: {error}"))
}

/// A limit; below zero is none.
fn limit(limits: &Value, key: &str) -> Option<u32> {
    let limit = limits.get(key)?.as_u64()?;
    u32::try_from(limit).ok()
}

/// `--apply-to queues --priority 1 NAME PATTERN DEFINITION`, read as a definitions file is. What is
/// not said is `all` and 0.
fn policy(operator: bool, words: &[&str]) -> Result<Policy, String> {
    let (mut target, mut priority, mut plain) = ("all", "0", Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--apply-to" => target = words.next().ok_or("--apply-to what?")?,
            "--priority" => priority = words.next().ok_or("--priority what?")?,
            word => plain.push(word),
        }
    }
    let [name, pattern, definition] = plain[..] else {
        return Err(
            "set_policy [--apply-to ...] [--priority N] NAME PATTERN DEFINITION".to_owned(),
        );
    };
    let value = json!({
        "vhost": VHOST, "name": name, "pattern": pattern, "apply-to": target,
        "priority": read(priority)?, "definition": read(definition)?,
    });
    let file = json!({"vhosts": [{"name": VHOST}], "policies": [value]});
    let file = definitions::import(&file.to_string()).map_err(|problem| problem.to_string())?;
    let policy = definitions::policies(&file.scenario.carried).pop();
    let policy = policy.ok_or_else(|| format!("{name} is no policy"))?;
    Ok(Policy { operator, ..policy })
}
