//! What happens to messages and clients, as sentences: journeys, single steps, narration.
//!
//! Deliberately not here: which records belong to which message.

sentences! {
    journey_title(message: u64): "Message {message}" | "消息 {message}";
    tell_departed(node: &str): "{node} sends a message off" | "{node} 发出一条消息";
    tell_delivery_departed(message: &str, node: &str): "the broker sends message {message} on its way to {node}" | "代理将消息 {message} 发往 {node}";
    tell_ack_departed(node: &str): "{node} sends an acknowledgement" | "{node} 发出确认 (ack)";
    tell_nack_departed(node: &str): "{node} sends a refusal (reject or nack)" | "{node} 发出拒绝 (reject 或 nack)";
    tell_confirm_departed(node: &str): "the broker sends a confirm to {node}" | "代理向 {node} 发出确认 (confirm)";
    tell_return_departed(message: &str, node: &str): "the broker sends message {message} back to {node}" | "代理将消息 {message} 退回 {node}";
    tell_other_departed(node: &str): "{node} and the broker exchange a request" | "{node} 与代理交换请求";
    tell_arrived(node: &str): "what travelled on the link of {node} is there" | "{node} 链路上的内容已到达";
    tell_lost(node: &str): "what travelled on the link of {node} is lost" | "{node} 链路上的内容丢失";
    tell_published(message: u64, node: &str, exchange: &str): "the broker takes message {message} of {node} at exchange {exchange}" | "代理在交换机 {exchange} 接收 {node} 的消息 {message}";
    tell_forwarded(message: u64, from: &str, to: &str): "message {message} passes from {from} to {to}" | "消息 {message} 从 {from} 转到 {to}";
    tell_forwarded_alternate(message: u64, from: &str, to: &str): "no binding of {from} takes message {message}, so it goes to the alternate exchange {to}" | "{from} 没有绑定接收消息 {message}，转到备用交换机 {to}";
    tell_unroutable_dropped(message: u64, exchange: &str): "no queue takes message {message} from {exchange}: it is dropped in silence" | "没有队列从 {exchange} 接收消息 {message}：被静默丢弃";
    tell_unroutable_returned(message: u64, exchange: &str): "no queue takes message {message} from {exchange}: it is mandatory, so it is given back" | "没有队列从 {exchange} 接收消息 {message}：因为 mandatory 而退回";
    tell_replied(message: u64): "message {message} is an answer: it goes straight to the client that asked" | "消息 {message} 是应答：直接交给发问的客户端";
    tell_answered(node: &str, message: u64): "{node} gets message {message} as its answer, through no queue" | "{node} 得到消息 {message} 作为应答，不经过队列";
    tell_unroutable_dead(message: u64, exchange: &str): "no queue takes the dead letter {message} from {exchange}: it is dropped" | "没有队列从 {exchange} 接收死信 {message}：被丢弃";
    tell_enqueued(message: u64, queue: &str): "message {message} enters queue {queue}" | "消息 {message} 进入队列 {queue}";
    tell_refused(message: u64, queue: &str): "queue {queue} is full and refuses message {message}" | "队列 {queue} 已满，拒绝消息 {message}";
    tell_delivered(message: u64, node: &str, queue: &str): "queue {queue} hands message {message} to {node}" | "队列 {queue} 将消息 {message} 交给 {node}";
    tell_redelivered(message: u64, node: &str, queue: &str): "queue {queue} hands message {message} to {node} again (redelivered)" | "队列 {queue} 再次将消息 {message} 交给 {node} (redelivered)";
    tell_acked(message: u64, node: &str): "{node} has acknowledged message {message}: it is done" | "{node} 已确认消息 {message}：完成";
    tell_requeued(message: u64, queue: &str): "message {message} goes back to its place in queue {queue}" | "消息 {message} 回到队列 {queue} 的原位";
    tell_dropped(message: u64, queue: &str, why: &str): "message {message} leaves queue {queue}: {why}" | "消息 {message} 离开队列 {queue}：{why}";
    tell_dead_lettered(message: u64, queue: &str, exchange: &str): "message {message} goes on from queue {queue} to the dead-letter exchange {exchange}" | "消息 {message} 从队列 {queue} 转到死信交换机 {exchange}";
    tell_delayed(message: u64, exchange: &str, until: &str): "message {message} waits at exchange {exchange} until {until} (x-delay)" | "消息 {message} 在交换机 {exchange} 等待到 {until} (x-delay)";
    tell_retry_delayed(message: u64, queue: &str, until: &str, attempt: u64): "message {message} is held back in queue {queue} until {until}, before attempt {attempt}" | "消息 {message} 在队列 {queue} 中被留到 {until}，之后是第 {attempt} 次尝试";
    tell_overdue(message: u64, node: &str, limit: &str): "{node} has kept message {message} unacknowledged longer than the consumer timeout of {limit}: the broker takes it back" | "{node} 未确认消息 {message} 的时间超过消费者超时 {limit}：代理将其收回";
    tell_confirmed(node: &str): "the broker confirms to {node} that it has taken the message" | "代理向 {node} 确认已接收消息";
    tell_confirm_refused(node: &str): "the broker tells {node} that a queue refused the message (nack)" | "代理告知 {node} 有队列拒绝了消息 (nack)";
    tell_returned(message: u64, node: &str): "message {message} is given back to {node}" | "消息 {message} 被退回 {node}";
    tell_exchange_came(name: &str): "exchange {name} is declared" | "交换机 {name} 已声明";
    tell_exchange_went(name: &str): "exchange {name} is gone" | "交换机 {name} 已删除";
    tell_queue_came(name: &str): "queue {name} is declared" | "队列 {name} 已声明";
    tell_queue_went(name: &str): "queue {name} is gone" | "队列 {name} 已删除";
    tell_consumer_came(node: &str, queue: &str): "{node} begins to consume from {queue}" | "{node} 开始消费 {queue}";
    tell_consumer_went(node: &str, queue: &str): "{node} no longer consumes from {queue}" | "{node} 不再消费 {queue}";
    tell_closed_channel(node: &str, text: &str): "the broker closes the channel of {node}: {text}" | "代理关闭 {node} 的信道：{text}";
    tell_closed_connection(node: &str, text: &str): "the broker closes the connection of {node}: {text}" | "代理关闭 {node} 的连接：{text}";
    tell_work_started(node: &str, message: u64): "{node} starts to work on message {message}" | "{node} 开始处理消息 {message}";
    tell_work_ended(node: &str, message: u64): "{node} is done with message {message}" | "{node} 处理完消息 {message}";
    tell_work_failed(node: &str, message: u64): "{node} fails with message {message}" | "{node} 处理消息 {message} 失败";
    tell_waits(node: &str, what: &str): "{node} {what}" | "{node} {what}";
    tell_status(node: &str, what: &str): "{node}: {what}" | "{node}：{what}";
    narrate(time: &str, what: &str): "{time}: {what}." | "{time}：{what}。";

    why_ready(queue: &str, ahead: u64): "It waits in queue {queue}; {ahead} messages are ahead of it." | "它在队列 {queue} 中等待；前面还有 {ahead} 条。";
    why_ready_next(queue: &str): "It is at the head of queue {queue}; the next consumer with room gets it." | "它在队列 {queue} 的队头；下一个有空位的消费者会得到它。";
    why_no_consumer(queue: &str): "It waits in queue {queue}, which has no consumer." | "它在队列 {queue} 中等待，该队列没有消费者。";
    why_unacked(node: &str): "{node} has it and has not acknowledged it yet." | "{node} 持有它，尚未确认。";
    why_working(node: &str): "{node} is working on it." | "{node} 正在处理它。";
    why_done(node: &str): "{node} acknowledged it, so the broker forgot it." | "{node} 已确认，代理不再保留。";
    why_dropped(queue: &str, reason: &str): "It left queue {queue}: {reason}." | "它离开了队列 {queue}：{reason}。";
    why_retry_delayed(queue: &str, until: &str, attempt: u64): "It is held back in queue {queue} until {until}, before attempt {attempt}." | "它在队列 {queue} 中被留到 {until}，之后是第 {attempt} 次尝试。";
    why_delayed(exchange: &str, until: &str): "It waits at exchange {exchange} until {until}." | "它在交换机 {exchange} 等待到 {until}。";
    why_unroutable(exchange: &str): "No binding of exchange {exchange} took it." | "交换机 {exchange} 没有绑定接收它。";
    why_refused(queue: &str): "Queue {queue} was full and refused it." | "队列 {queue} 已满而拒绝了它。";
    property_octets(octets: u64): "{octets} B" | "{octets} 字节";
}

words! {
    why_unknown: "Its records are no longer kept." | "其记录已不再保留。";
    why_automatic: "It was settled by being sent (automatic acknowledgement)." | "发出即视为完成（自动确认）。";
    tell_bindings: "a binding changes" | "绑定发生变化";
    tell_operated: "you did something" | "你进行了操作";
    drop_rejected: "a consumer rejected it" | "消费者拒绝了它 (rejected)";
    drop_expired: "its time to live ended" | "存活时间已到 (expired)";
    drop_max_length: "the queue's limit pushed it out" | "超出队列上限 (maxlen)";
    drop_delivery_limit: "it came back more often than the queue allows" | "退回次数超过队列允许的上限 (delivery_limit)";
    drop_purged: "the queue was purged" | "队列被清空 (purged)";
    drop_queue_deleted: "its queue was deleted" | "队列已删除";
    wait_ready: "goes on" | "继续";
    wait_interval: "waits until its next message is due" | "等待下一条消息的时刻";
    wait_work: "works" | "工作中";
    wait_answer: "waits for the broker's answer" | "等待代理应答";
    wait_outage: "waits for its outage to end" | "等待中断结束";
    wait_ended: "has ended" | "已结束";
    status_up: "at work" | "工作中";
    status_refused: "refused by the broker" | "被代理拒绝";
    status_removed: "removed" | "已移除";

    property_exchange: "exchange" | "交换机 (exchange)";
    property_routing_key: "routing key" | "路由键 (routing key)";
    property_size: "body" | "消息体";
    property_persistent: "delivery mode" | "投递模式 (delivery mode)";
    property_priority: "priority" | "优先级 (priority)";
    property_expiration: "expiration" | "过期 (expiration)";
    property_headers: "headers" | "消息头 (headers)";
    persistent: "2, persistent" | "2，持久 (persistent)";
    transient: "1, transient" | "1，非持久 (transient)";
}
