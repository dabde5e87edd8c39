//! Stories told with lapin.

use crate::stage::{
    Story, Told, address, bodies, connect, connect_to, get, queue, same, soon, take, text, vhost,
};
use futures_util::StreamExt;
use lapin::options::{
    AccessRequestOptions, BasicAckOptions, BasicConsumeOptions, BasicGetOptions, BasicNackOptions,
    BasicPublishOptions, BasicQosOptions, BasicRecoverAsyncOptions, BasicRecoverOptions,
    ChannelFlowOptions, ConfirmSelectOptions, ExchangeBindOptions, ExchangeDeclareOptions,
    QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions,
};
use lapin::types::{AMQPValue, DecimalValue, FieldArray, FieldTable, LongString};
use lapin::{BasicProperties, Channel, Confirmation, Consumer, Error, ErrorKind, ExchangeKind};

/// All of them.
pub const STORIES: &[Story] = &[
    ("limits are agreed on", || Box::pin(limits())),
    ("a wrong password is refused with 403", || {
        Box::pin(wrong_password())
    }),
    ("an unknown virtual host is refused with 530", || {
        Box::pin(unknown_vhost())
    }),
    ("publish, consume, acknowledge", || Box::pin(consume())),
    ("each type of exchange routes", || Box::pin(routes())),
    ("exchanges are bound to exchanges", || {
        Box::pin(exchange_to_exchange())
    }),
    ("confirms, returns and refusals", || Box::pin(confirms())),
    ("prefetch and giving back", || Box::pin(prefetch())),
    ("recover, also the old way that has no answer", || {
        Box::pin(recover())
    }),
    ("a transaction, committed and rolled back", || {
        Box::pin(transaction())
    }),
    ("headers keep every field type there is", || {
        Box::pin(field_types())
    }),
    ("bodies of every size come back whole", || Box::pin(sizes())),
    ("dead letters keep their history", || {
        Box::pin(dead_letters())
    }),
    ("the urgent come first", || Box::pin(priorities())),
    ("a consumer ends when its queue is deleted", || {
        Box::pin(cancelled())
    }),
    (
        "a question is answered by way of the direct reply-to",
        || Box::pin(direct_reply_to()),
    ),
    ("channel errors have code and text", || {
        Box::pin(channel_errors())
    }),
    ("a connection error closes the connection", || {
        Box::pin(connection_error())
    }),
    ("a hundred channels work side by side", || {
        Box::pin(many_channels())
    }),
    ("flow, secrets and old realms", || Box::pin(small_things())),
    ("heartbeats keep a quiet connection open", || {
        Box::pin(heartbeats())
    }),
];

/// A table of some arguments.
fn arguments(pairs: &[(&str, AMQPValue)]) -> FieldTable {
    let mut table = FieldTable::default();
    for (name, value) in pairs {
        table.insert((*name).into(), value.clone());
    }
    table
}

fn long(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}

/// Publishes one message to a queue by its name.
async fn send(channel: &Channel, queue: &str, body: &str) -> lapin::Result<()> {
    publish(channel, "", queue, body, BasicProperties::default())
        .await
        .map(drop)
}

async fn publish(
    channel: &Channel,
    exchange: &str,
    key: &str,
    body: &str,
    properties: BasicProperties,
) -> lapin::Result<Confirmation> {
    let options = BasicPublishOptions {
        mandatory: true,
        ..BasicPublishOptions::default()
    };
    let (exchange, key) = (exchange.into(), key.into());
    channel
        .basic_publish(exchange, key, options, body.as_bytes(), properties)
        .await?
        .await
}

async fn start(channel: &Channel, queue: &str) -> lapin::Result<Consumer> {
    let options = BasicConsumeOptions::default();
    channel
        .basic_consume(queue.into(), "".into(), options, FieldTable::default())
        .await
}

/// The bodies of the next deliveries.
async fn next(consumer: &mut Consumer, count: usize) -> Told<Vec<String>> {
    let mut found = Vec::new();
    for _ in 0..count {
        let delivery = soon(consumer.next(), "a delivery")
            .await?
            .ok_or("no more")??;
        found.push(text(&delivery.data));
    }
    Ok(found)
}

/// Code and text of a protocol error.
fn told(error: &Error) -> (u16, String) {
    match error.kind() {
        ErrorKind::ProtocolError(error) => (error.get_id(), error.get_message().to_string()),
        other => (0, format!("{other:?}")),
    }
}

#[track_caller]
fn refused<T>(result: lapin::Result<T>, code: u16, sentence: &str) -> Told {
    let line = std::panic::Location::caller().line();
    let error = result
        .err()
        .ok_or_else(|| format!("line {line}: no error"))?;
    same(told(&error), (code, sentence.to_owned()))
}

async fn limits() -> Told {
    let connection = connect_to(|uri| {
        uri.query.channel_max = Some(21);
        uri.query.frame_max = Some(8192);
        uri.query.heartbeat = Some(13);
    })
    .await?;
    let agreed = connection.configuration();
    same(format!("{}", agreed.channel_max()), "21".to_owned())?;
    same(format!("{}", agreed.frame_max()), "8192".to_owned())?;
    same(format!("{:?}", agreed.heartbeat()), "13".to_owned())
}

async fn wrong_password() -> Told {
    let result = connect_to(|uri| uri.authority.userinfo.password = "wrong".to_owned()).await;
    let sentence = "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For \
                    details see the broker logfile.";
    refused(result, 403, sentence)
}

async fn unknown_vhost() -> Told {
    let result = connect_to(|uri| uri.vhost = "no-such-vhost".to_owned()).await;
    refused(result, 530, "NOT_ALLOWED - vhost no-such-vhost not found")
}

async fn consume() -> Told {
    let channel = connect().await?.create_channel().await?;
    let queue = queue(&channel, FieldTable::default()).await?;
    let mut consumer = start(&channel, &queue).await?;
    for number in 0..100 {
        send(&channel, &queue, &number.to_string()).await?;
    }
    for number in 0..100_u64 {
        let delivery = soon(consumer.next(), "a delivery")
            .await?
            .ok_or("no more")??;
        same(text(&delivery.data), number.to_string())?;
        same(delivery.delivery_tag, number + 1)?;
        delivery.ack(BasicAckOptions::default()).await?;
    }
    let deleted = channel.queue_delete(queue.as_str().into(), QueueDeleteOptions::default());
    same(deleted.await?, 0)
}

/// Declares an exchange that goes with its last binding, with a queue bound to it.
async fn exchange(channel: &Channel, kind: ExchangeKind, key: &str) -> Told<(String, String)> {
    let own = queue(channel, FieldTable::default()).await?;
    let name = format!("stories.lapin.{}", own.trim_start_matches("amq.gen-"));
    let options = ExchangeDeclareOptions {
        auto_delete: true,
        ..Default::default()
    };
    let table = FieldTable::default();
    channel
        .exchange_declare(name.as_str().into(), kind, options, table)
        .await?;
    let bound = arguments(&[("x-match", long("any")), ("a", AMQPValue::LongInt(1))]);
    let options = QueueBindOptions::default();
    let (queue, source) = (own.as_str().into(), name.as_str().into());
    channel
        .queue_bind(queue, source, key.into(), options, bound)
        .await?;
    Ok((name, own))
}

async fn routes() -> Told {
    let channel = connect().await?.create_channel().await?;
    for (kind, wanted) in [
        (ExchangeKind::Direct, vec!["a.*"]),
        (ExchangeKind::Topic, vec!["a.*", "a.b"]),
        (ExchangeKind::Fanout, vec!["a.*", "a.b", "b"]),
        (ExchangeKind::Headers, vec!["b"]),
    ] {
        let (name, queue) = exchange(&channel, kind, "a.*").await?;
        for key in ["a.*", "a.b", "b"] {
            let value = AMQPValue::ShortShortUInt(u8::from(key == "b"));
            let properties = BasicProperties::default().with_headers(arguments(&[("a", value)]));
            publish(&channel, &name, key, key, properties).await?;
        }
        same(
            bodies(&channel, &queue).await?,
            wanted.iter().map(ToString::to_string).collect(),
        )?;
    }
    Ok(())
}

async fn exchange_to_exchange() -> Told {
    let channel = connect().await?.create_channel().await?;
    let (source, _) = exchange(&channel, ExchangeKind::Direct, "other").await?;
    let (target, queue) = exchange(&channel, ExchangeKind::Fanout, "").await?;
    let (to, from) = (target.as_str().into(), source.as_str().into());
    let options = ExchangeBindOptions::default();
    channel
        .exchange_bind(to, from, "key".into(), options, FieldTable::default())
        .await?;
    publish(
        &channel,
        &source,
        "key",
        "through",
        BasicProperties::default(),
    )
    .await?;
    let message = take(&channel, &queue).await?;
    same(message.exchange.to_string(), source)?;
    same(text(&message.data), "through".to_owned())
}

async fn confirms() -> Told {
    let channel = connect().await?.create_channel().await?;
    channel
        .confirm_select(ConfirmSelectOptions::default())
        .await?;
    let full = arguments(&[
        ("x-max-length", AMQPValue::LongInt(1)),
        ("x-overflow", long("reject-publish")),
    ]);
    let queue = queue(&channel, full).await?;
    let plain = BasicProperties::default;
    same(
        publish(&channel, "", &queue, "fits", plain()).await?,
        Confirmation::Ack(None),
    )?;
    same(
        publish(&channel, "", &queue, "no room", plain()).await?,
        Confirmation::Nack(None),
    )?;
    let confirmed = publish(&channel, "amq.direct", "nowhere", "lost", plain()).await?;
    same(confirmed.is_ack(), true)?;
    let returned = confirmed.take_message().ok_or("not returned")?;
    same(
        (returned.reply_code, returned.reply_text.to_string()),
        (312, "NO_ROUTE".to_owned()),
    )?;
    same(text(&returned.delivery.data), "lost".to_owned())
}

async fn prefetch() -> Told {
    let channel = connect().await?.create_channel().await?;
    let queue = queue(&channel, FieldTable::default()).await?;
    channel.basic_qos(2, BasicQosOptions::default()).await?;
    for word in ["1", "2", "3"] {
        send(&channel, &queue, word).await?;
    }
    let mut consumer = start(&channel, &queue).await?;
    same(
        next(&mut consumer, 2).await?,
        vec!["1".to_owned(), "2".to_owned()],
    )?;
    // The third is held back: it is still ready.
    let passive = QueueDeclareOptions::exclusive().passive();
    let table = FieldTable::default();
    let declared = channel
        .queue_declare(queue.as_str().into(), passive, table)
        .await?;
    same(
        (declared.message_count(), declared.consumer_count()),
        (1, 1),
    )?;
    let back = BasicNackOptions {
        multiple: true,
        requeue: true,
    };
    channel.basic_nack(2, back).await?;
    same(
        next(&mut consumer, 2).await?,
        vec!["1".to_owned(), "2".to_owned()],
    )?;
    channel
        .basic_ack(4, BasicAckOptions { multiple: true })
        .await?;
    same(next(&mut consumer, 1).await?, vec!["3".to_owned()])
}

async fn recover() -> Told {
    let channel = connect().await?.create_channel().await?;
    let queue = queue(&channel, FieldTable::default()).await?;
    send(&channel, &queue, "again").await?;
    let mut consumer = start(&channel, &queue).await?;
    next(&mut consumer, 1).await?;
    channel
        .basic_recover(BasicRecoverOptions { requeue: true })
        .await?;
    next(&mut consumer, 1).await?;
    channel
        .basic_recover_async(BasicRecoverAsyncOptions { requeue: true })
        .await?;
    same(next(&mut consumer, 1).await?, vec!["again".to_owned()])
}

async fn transaction() -> Told {
    let channel = connect().await?.create_channel().await?;
    let queue = queue(&channel, FieldTable::default()).await?;
    channel.tx_select().await?;
    send(&channel, &queue, "never").await?;
    channel.tx_rollback().await?;
    send(&channel, &queue, "kept").await?;
    channel.tx_commit().await?;
    same(bodies(&channel, &queue).await?, vec!["kept".to_owned()])
}

async fn field_types() -> Told {
    let channel = connect().await?.create_channel().await?;
    let queue = queue(&channel, FieldTable::default()).await?;
    let mut array = FieldArray::default();
    array.push(AMQPValue::Void);
    array.push(long("in an array"));
    let headers = arguments(&[
        ("bool", AMQPValue::Boolean(true)),
        ("i8", AMQPValue::ShortShortInt(i8::MIN)),
        ("u8", AMQPValue::ShortShortUInt(u8::MAX)),
        ("i16", AMQPValue::ShortInt(i16::MIN)),
        ("u16", AMQPValue::ShortUInt(u16::MAX)),
        ("i32", AMQPValue::LongInt(i32::MIN)),
        ("u32", AMQPValue::LongUInt(u32::MAX)),
        ("i64", AMQPValue::LongLongInt(i64::MIN)),
        ("f32", AMQPValue::Float(0.1)),
        ("f64", AMQPValue::Double(0.1)),
        (
            "decimal",
            AMQPValue::DecimalValue(DecimalValue {
                scale: 2,
                value: 314,
            }),
        ),
        ("text", long("文字")),
        ("array", AMQPValue::FieldArray(array)),
        ("time", AMQPValue::Timestamp(1_700_000_000)),
        (
            "table",
            AMQPValue::FieldTable(arguments(&[("in", AMQPValue::LongInt(1))])),
        ),
        ("octets", AMQPValue::ByteArray(vec![0, 255].into())),
        ("void", AMQPValue::Void),
    ]);
    let sent = BasicProperties::default()
        .with_headers(headers)
        .with_content_type("text/plain".into())
        .with_content_encoding("identity".into())
        .with_delivery_mode(2)
        .with_priority(5)
        .with_correlation_id("c".into())
        .with_reply_to("r".into())
        .with_expiration("60000".into())
        .with_message_id("m".into())
        .with_timestamp(1_700_000_000)
        .with_type("t".into())
        .with_app_id("a".into())
        .with_cluster_id("k".into());
    publish(&channel, "", &queue, "", sent.clone()).await?;
    same(take(&channel, &queue).await?.properties.clone(), sent)
}

async fn sizes() -> Told {
    let connection = connect_to(|uri| uri.query.frame_max = Some(4096)).await?;
    let channel = connection.create_channel().await?;
    let queue = queue(&channel, FieldTable::default()).await?;
    for size in [0, 1, 4088, 4089, 8176, 8177, 1_000_000] {
        let body: String = ('a'..='z').cycle().take(size).collect();
        send(&channel, &queue, &body).await?;
        same(text(&take(&channel, &queue).await?.data) == body, true)?;
    }
    Ok(())
}

async fn dead_letters() -> Told {
    let channel = connect().await?.create_channel().await?;
    let grave = queue(&channel, FieldTable::default()).await?;
    let dead = arguments(&[
        ("x-dead-letter-exchange", long("")),
        ("x-dead-letter-routing-key", long(&grave)),
    ]);
    let queue = queue(&channel, dead).await?;
    send(&channel, &queue, "no").await?;
    let message = channel
        .basic_get(queue.as_str().into(), BasicGetOptions::default())
        .await?;
    let message = message.ok_or("no message")?;
    message
        .nack(BasicNackOptions {
            multiple: false,
            requeue: false,
        })
        .await?;
    let letter = take(&channel, &grave).await?;
    let headers = letter.properties.headers().clone().ok_or("no headers")?;
    same(
        headers.inner().get("x-first-death-reason"),
        Some(&long("rejected")),
    )?;
    let Some(AMQPValue::FieldArray(deaths)) = headers.inner().get("x-death") else {
        return Err("no x-death".into());
    };
    let [AMQPValue::FieldTable(death)] = deaths.as_slice() else {
        return Err("not one death".into());
    };
    same(death.inner().get("count"), Some(&AMQPValue::LongLongInt(1)))?;
    same(death.inner().get("queue"), Some(&long(&queue)))
}

async fn priorities() -> Told {
    let channel = connect().await?.create_channel().await?;
    let queue = queue(
        &channel,
        arguments(&[("x-max-priority", AMQPValue::LongInt(9))]),
    )
    .await?;
    for (body, priority) in [("a", 1), ("b", 9), ("c", 4), ("d", 9)] {
        let properties = BasicProperties::default().with_priority(priority);
        publish(&channel, "", &queue, body, properties).await?;
    }
    same(bodies(&channel, &queue).await?.concat(), "bdca".to_owned())
}

async fn cancelled() -> Told {
    let connection = connect().await?;
    let channel = connection.create_channel().await?;
    let queue = queue(&channel, FieldTable::default()).await?;
    let mut consumer = start(&channel, &queue).await?;
    let other = connection.create_channel().await?;
    other
        .queue_delete(queue.as_str().into(), QueueDeleteOptions::default())
        .await?;
    same(soon(consumer.next(), "the end").await?.is_none(), true)
}

async fn direct_reply_to() -> Told {
    let server = connect().await?.create_channel().await?;
    let questions = queue(&server, FieldTable::default()).await?;
    let client = connect().await?.create_channel().await?;
    let options = BasicConsumeOptions {
        no_ack: true,
        ..BasicConsumeOptions::default()
    };
    let (pseudo, table) = ("amq.rabbitmq.reply-to", FieldTable::default());
    let mut answers = client
        .basic_consume(pseudo.into(), "".into(), options, table)
        .await?;
    let properties = BasicProperties::default().with_reply_to(pseudo.into());
    publish(&client, "", &questions, "what?", properties).await?;
    let question = take(&server, &questions).await?;
    let answer_to = question
        .properties
        .reply_to()
        .clone()
        .ok_or("nowhere to answer")?;
    send(&server, answer_to.as_str(), "that").await?;
    same(next(&mut answers, 1).await?, vec!["that".to_owned()])
}

async fn channel_errors() -> Told {
    let connection = connect().await?;
    let vhost = vhost()?;
    let channel = connection.create_channel().await?;
    let nothing = get(&channel, "stories.lapin.nothing").await;
    let sentence = format!("NOT_FOUND - no queue 'stories.lapin.nothing' in vhost '{vhost}'");
    refused(nothing, 404, &sentence)?;
    let channel = connection.create_channel().await?;
    let reserved = channel.exchange_declare(
        "amq.mine".into(),
        ExchangeKind::Direct,
        ExchangeDeclareOptions::default(),
        FieldTable::default(),
    );
    let sentence = "ACCESS_REFUSED - exchange name 'amq.mine' contains reserved prefix 'amq.*'";
    refused(reserved.await, 403, sentence)?;
    let channel = connection.create_channel().await?;
    let sentence = "PRECONDITION_FAILED - channel is not transactional";
    refused(channel.tx_commit().await, 406, sentence)?;
    queue(&connection.create_channel().await?, FieldTable::default()).await?;
    Ok(())
}

async fn connection_error() -> Told {
    let connection = connect().await?;
    let channel = connection.create_channel().await?;
    let odd = channel.exchange_declare(
        "stories.lapin.odd".into(),
        ExchangeKind::Custom("x-unheard-of".to_owned()),
        ExchangeDeclareOptions::default(),
        FieldTable::default(),
    );
    refused(
        odd.await,
        503,
        "COMMAND_INVALID - unknown exchange type 'x-unheard-of'",
    )?;
    same(connection.create_channel().await.is_err(), true)
}

async fn many_channels() -> Told {
    let connection = connect().await?;
    let mut open = Vec::new();
    for _ in 0..100 {
        let channel = connection.create_channel().await?;
        let queue = queue(&channel, FieldTable::default()).await?;
        open.push((channel, queue));
    }
    for (channel, queue) in &open {
        send(channel, queue, queue).await?;
    }
    for (channel, queue) in &open {
        same(bodies(channel, queue).await?, vec![queue.clone()])?;
    }
    Ok(())
}

async fn small_things() -> Told {
    let connection = connect().await?;
    let channel = connection.create_channel().await?;
    same(
        channel
            .channel_flow(ChannelFlowOptions { active: true })
            .await?,
        true,
    )?;
    // Nobody needs a realm any more, but who asks is answered.
    channel
        .access_request("/data".into(), AccessRequestOptions::default())
        .await?;
    let password = address()
        .parse::<lapin::uri::AMQPUri>()?
        .authority
        .userinfo
        .password;
    connection
        .update_secret(LongString::from(password), "renewed in time".into())
        .await?;
    queue(&channel, FieldTable::default()).await?;
    Ok(())
}

async fn heartbeats() -> Told {
    let connection = connect_to(|uri| uri.query.heartbeat = Some(1)).await?;
    tokio::time::sleep(std::time::Duration::from_millis(3500)).await;
    queue(&connection.create_channel().await?, FieldTable::default()).await?;
    Ok(())
}
