//! What a program may ask of a broker's operator (`ctl ...`), in RabbitMQ's words.

use super::world::VHOST;
use brokerlab::broker::{Broker, Password, Permissions, User};
use brokerlab::types::{ExchangeName, ShortText, VhostName};

/// The words for rabbitmqctl.
pub(crate) fn words_for_rabbitmq(words: &[String], vhost: &str) -> Result<Vec<String>, String> {
    let (verb, rest) = words.split_first().ok_or("ctl what?")?;
    let mut out = vec!["-q".to_owned(), verb.clone()];
    match verb.as_str() {
        "add_user" | "delete_user" | "change_password" | "set_user_tags" | "set_user_limits" => {}
        "set_permissions"
        | "clear_permissions"
        | "set_topic_permissions"
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
            let [time] = rest else {
                return Err("ctl consumer_timeout MS".to_owned());
            };
            out.push(format!(
                "application:set_env(rabbit, consumer_timeout, {time}), \
                 application:set_env(rabbit, channel_tick_interval, {time})."
            ));
            return Ok(out);
        }
        _ => return Err(format!("ctl does not know `{verb}`")),
    }
    out.extend(rest.iter().cloned());
    Ok(out)
}

/// Asks the engine the same.
pub(crate) fn ask_engine(broker: &mut Broker, words: &[String]) -> Result<(), String> {
    let vhost = VhostName::new(VHOST).map_err(|error| format!("{error:?}"))?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["add_user", name, password] => {
            broker.set_user(User {
                name: ShortText::truncated(name),
                password: Password::Plain((*password).into()),
                tags: Vec::new(),
                max_connections: None,
                max_channels: None,
            });
            Ok(())
        }
        ["set_permissions", user, configure, write, read] => {
            let rights = Permissions::new(configure, write, read);
            let rights = rights.map_err(|error| format!("{error:?}"))?;
            let known = broker.set_permissions(user, &vhost, rights);
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
