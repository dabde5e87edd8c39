//! What is said on and about the stage: kinds, second lines, hints, descriptions for screen readers.
//!
//! Deliberately not here: fields (`field.rs`) and what happens to messages (`journey.rs`).

words! {
    kind_producer: "Producer" | "生产者 (producer)";
    kind_direct: "Direct exchange" | "直连交换机 (direct exchange)";
    kind_fanout: "Fanout exchange" | "扇出交换机 (fanout exchange)";
    kind_topic: "Topic exchange" | "主题交换机 (topic exchange)";
    kind_headers: "Headers exchange" | "头交换机 (headers exchange)";
    kind_consistent_hash: "Consistent-hash exchange" | "一致性哈希交换机 (x-consistent-hash)";
    kind_random: "Random exchange" | "随机交换机 (x-random)";
    kind_delayed: "Delayed-message exchange" | "延迟交换机 (x-delayed-message)";
    kind_other_exchange: "Exchange of another type" | "其他类型的交换机 (exchange)";
    kind_queue: "Queue" | "队列 (queue)";
    kind_other_queue: "Queue of another type" | "其他类型的队列 (queue)";
    kind_consumer: "Consumer" | "消费者 (consumer)";
    kind_binding: "Binding" | "绑定 (binding)";
    kind_publish: "Publishing line" | "发布线 (publish)";
    kind_consume: "Consuming line" | "消费线 (consume)";
    kind_dead_letter: "Dead-letter route" | "死信路线 (dead letter)";
    kind_alternate: "Alternate exchange" | "备用交换机 (alternate exchange)";
    kind_scenario: "Scenario" | "场景";

    help_producer: "Publishes messages at the rate you set." | "按设定的速率发布消息。";
    help_direct: "Routes to queues whose binding key equals the routing key." | "路由到绑定键与路由键相同的队列。";
    help_fanout: "Routes to every queue bound to it." | "路由到所有与它绑定的队列。";
    help_topic: "Routes by words of the routing key: * stands for one word, # for any." | "按路由键中的词路由：* 代表一个词，# 代表任意个词。";
    help_headers: "Routes by the message's headers." | "按消息头路由。";
    help_consistent_hash: "Equal routing keys always take the same way. Binding keys are weights: 2 takes twice as many as 1." | "相同的路由键总走同一条路。绑定键是权重：2 得到的消息约为 1 的两倍。";
    help_random: "Routes each message to one of its bindings, by chance." | "每条消息随机选一个绑定。";
    help_delayed: "Messages wait here as many milliseconds as their header x-delay says, then are routed by its x-delayed-type." | "消息先按消息头 x-delay 等待相应毫秒数，再按 x-delayed-type 路由。";
    help_other_exchange: "This exchange type is shown but not run here." | "此类型的交换机在此仅显示，不运行。";
    help_queue: "Holds messages in order until consumers take them from its head, on the right." | "按顺序保存消息，直到消费者从右侧队头取走。";
    help_other_queue: "A stream takes messages here and does not give them out again." | "流 (stream) 在此只接收消息，不再发出。";
    help_consumer: "Takes messages from a queue, works on them and acknowledges." | "从队列取得消息，处理并确认 (ack)。";
    help_binding: "Messages that match it go this way." | "匹配的消息走这条路。";
    help_publish: "The producer publishes here. Straight to a queue it goes through the default exchange, with the queue's name as routing key." | "生产者发布到这里。直接连到队列时经由默认交换机，以队列名作为路由键。";
    help_consume: "The consumer takes messages from this queue." | "消费者从此队列取消息。";
    help_dead_letter: "Where this queue's rejected, expired and pushed-out messages go. It follows from the queue's argument." | "此队列中被拒绝、过期或挤出的消息去往何处。由队列参数决定。";
    help_alternate: "Takes what no binding of the exchange takes. It follows from the exchange's argument." | "接收该交换机没有绑定接收的消息。由交换机参数决定。";
    help_scenario: "Everything on the stage, and how a run begins." | "画布上的一切，以及运行如何开始。";
    help_several: "Several nodes are selected: move, copy or delete them together." | "已选择多个节点：可一起移动、复制或删除。";

    default_exchange: "(default)" | "（默认）";
    unnamed: "(no name)" | "（无名称）";
    no_declare: "nobody declares it" | "无人声明";
    detail_outside: "by a client at run time" | "由客户端在运行时建立";
    help_outside: "A client program made this while it runs; the document does not have it." | "这是客户端程序在运行时建立的，文档中没有。";
    say_adopted: "Kept in the document what clients declared." | "已将客户端声明的内容保留到文档中。";
    dead_letters: "dead letters" | "死信";
    unroutable_label: "unroutable" | "无法路由";

    hint_idle: "Drag from a node's right edge to link it. Drag the stage to move it, the wheel zooms." | "从节点右缘拖出连线。拖动画布可移动，滚轮缩放。";
    hint_dragging: "Release to put it here. Ctrl: no snapping. Alt: a copy." | "松开以放置。Ctrl：不吸附。Alt：创建副本。";
    hint_brushing: "Release to select what the frame touches." | "松开以选择框内节点。";
    hint_connecting: "Release or click on the node the line shall end at. Keys: arrows choose, Enter takes, Escape leaves." | "在目标节点上松开或点击。键盘：方向键选择，Enter 确认，Esc 放弃。";
    hint_placing: "Click where it shall stand. Escape puts it back." | "点击放置位置。Esc 放回。";
    hint_panning: "Moving the view." | "正在移动视图。";
    hint_empty: "Nothing is here yet: take a producer, a queue and a consumer from the palette." | "这里还是空的：从元件栏取一个生产者、一个队列和一个消费者。";
    link_nowhere: "The line ended on nothing, so there is none." | "连线没有落在节点上，未建立。";
    nowhere: "nowhere" | "无";
    fell_unroutable: "unroutable" | "无法路由 (unroutable)";
    fell_expired: "expired" | "已过期 (expired)";
    fell_maxlen: "pushed out (maxlen)" | "被挤出 (maxlen)";
    fell_delivery_limit: "returned too often" | "退回过多";
    fell_rejected: "rejected" | "被拒绝 (rejected)";
    fell_refused: "refused (queue full)" | "队列已满，拒收";
    fell_purged: "purged" | "已清空 (purged)";
    fell_queue_deleted: "queue deleted" | "队列已删除";
    fell_lost: "lost with the link" | "随连接丢失";
    nothing_selected: "Nothing is selected." | "未选择任何内容。";
}

sentences! {
    detail_rate(rate: &str): "{rate} msg/s" | "{rate} 条/秒";
    detail_poisson(rate: &str): "random, {rate} msg/s" | "随机，{rate} 条/秒";
    detail_bursts(rate: &str): "bursts of {rate} msg/s" | "突发 {rate} 条/秒";
    detail_ramp(from: &str, to: &str): "{from} to {to} msg/s" | "{from} 升至 {to} 条/秒";
    detail_step(before: &str, after: &str): "{before}, then {after} msg/s" | "{before}，之后 {after} 条/秒";
    detail_spike(base: &str, peak: &str): "{base}, spike {peak} msg/s" | "{base}，尖峰 {peak} 条/秒";
    detail_sine(mean: &str, amplitude: &str): "{mean} ± {amplitude} msg/s" | "{mean} ± {amplitude} 条/秒";
    detail_times(count: usize): "{count} set times" | "{count} 个设定时刻";
    detail_trace(peak: &str): "recorded, up to {peak} msg/s" | "记录的负载，最高 {peak} 条/秒";
    detail_ttl(time: &str): "TTL {time}" | "TTL {time}";
    detail_max(length: &str): "max {length}" | "上限 {length}";
    detail_consumer(prefetch: &str, service: &str): "prefetch {prefetch} · {service}" | "预取 {prefetch} · {service}";
    detail_workers(workers: u32): "{workers} workers" | "{workers} 个工作者";

    describe_node(kind: &str, name: &str, detail: &str): "{kind} {name}, {detail}." | "{kind} {name}，{detail}。";
    describe_links(to: &str, from: &str): " Goes to: {to}. Comes from: {from}." | " 去往：{to}。来自：{from}。";
    describe_edge(kind: &str, from: &str, to: &str): "{kind} from {from} to {to}" | "{kind}：从 {from} 到 {to}";
    describe_edge_key(kind: &str, from: &str, to: &str, key: &str): "{kind} from {from} to {to}, key {key}" | "{kind}：从 {from} 到 {to}，键 {key}";
    describe_problem(problem: &str): " Problem: {problem}" | " 问题：{problem}";

    selected_count(count: usize): "{count} nodes selected" | "已选择 {count} 个节点";

    hint_link_ok(from: &str, to: &str, meaning: &str): "{from} to {to}: {meaning}. Release, click or press Enter." | "{from} 到 {to}：{meaning}。松开、点击或按 Enter。";
    say_added(kind: &str, name: &str): "{kind} {name} added." | "已添加{kind} {name}。";
    say_removed(count: usize): "{count} removed. Undo brings it back." | "已删除 {count} 项。可撤销恢复。";
    say_linked(from: &str, to: &str): "Linked {from} to {to}." | "已连接 {from} 到 {to}。";
    say_undone(what: &str): "Undone: {what}." | "已撤销：{what}。";
    say_redone(what: &str): "Done again: {what}." | "已重做：{what}。";
    say_copied(count: usize): "{count} nodes copied." | "已复制 {count} 个节点。";
    outside_client(number: u64): "client {number}" | "客户端 {number}";
    say_moved(x: i32, y: i32): "Moved to {x}, {y}." | "已移动到 {x}, {y}。";
    say_edit_refused(reason: &str): "Not changed: {reason}" | "未修改：{reason}";
}
