//! Labels, help and refusals of the inspector's fields.
//!
//! Deliberately not here: how a field is read and written (`app::field`).

labelled! {
    field_name: "Name" | "名称", "The name; for exchanges and queues it is their AMQP name." | "名称；对交换机和队列来说就是其 AMQP 名称。";
    field_x: "X" | "X", "Centre on the stage, to the right." | "在画布上的中心横坐标。";
    field_y: "Y" | "Y", "Centre on the stage, downwards." | "在画布上的中心纵坐标。";

    field_load_shape: "Load" | "负载", "How the rate of messages changes with time." | "消息速率如何随时间变化。";
    field_arrivals: "Arrivals" | "到达方式", "Evenly spaced, or at random under that rate (a Poisson process)." | "按速率均匀到达，或随机到达（泊松过程）。";
    field_rate: "Rate" | "速率", "Messages per second." | "每秒发送的消息数。";
    field_on: "On for" | "开启时长", "How long it sends before it rests, such as 5s." | "发送多久后休息，例如 5s。";
    field_off: "Off for" | "停歇时长", "How long it rests, such as 10s." | "停歇多久，例如 10s。";
    field_from: "From" | "起始速率", "Messages per second at the start." | "开始时每秒消息数。";
    field_to: "To" | "最终速率", "Messages per second at the end." | "结束时每秒消息数。";
    field_over: "Over" | "历时", "How long the change takes, such as 1m." | "变化历时多久，例如 1m。";
    field_before: "Before" | "之前速率", "Messages per second before the change." | "变化之前每秒消息数。";
    field_after: "After" | "之后速率", "Messages per second after the change." | "变化之后每秒消息数。";
    field_at: "At" | "时刻", "When it begins, from the start of the run, such as 20s." | "从运行开始算起何时发生，例如 20s。";
    field_base: "Base rate" | "基础速率", "Messages per second outside the spike." | "尖峰之外每秒消息数。";
    field_peak: "Peak rate" | "峰值速率", "Messages per second within the spike." | "尖峰期间每秒消息数。";
    field_lasts: "Lasts" | "持续", "How long the spike lasts, such as 10s." | "尖峰持续多久，例如 10s。";
    field_mean_rate: "Mean rate" | "平均速率", "Messages per second on average." | "平均每秒消息数。";
    field_amplitude: "Amplitude" | "振幅", "How far the rate swings to either side." | "速率上下摆动的幅度。";
    field_period: "Period" | "周期", "One full swing, such as 60s." | "一个完整周期，例如 60s。";
    field_times: "Times" | "时刻列表", "When each message is sent: one time a line, ascending, such as 1.5s." | "每条消息的发送时刻：每行一个，递增，例如 1.5s。";
    field_points: "Rates" | "速率表", "One line for each change: a time and the rate from then on, such as: 10s 25" | "每行一次变化：时刻和此后的速率，例如：10s 25";
    field_last: "Last rate holds for" | "最后速率持续", "How long the last rate holds; then there are no more messages." | "最后一个速率持续多久；之后不再发送。";
    field_limit: "Stop after" | "发送上限", "Stop after that many messages; empty for no limit." | "发送这么多条消息后停止；留空表示不限。";
    field_routing_key: "Routing key" | "路由键 (routing key)", "Exchanges compare it with binding keys. One key; or several, one a line." | "交换机用它与绑定键比较。可写一个，或每行一个。";
    field_routing_key_choice: "Keys are" | "键的选取", "Always the first, each in turn, or drawn at random (a weight may follow, such as: red *3)." | "总用第一个、依次轮流，或随机抽取（可写权重，例如：red *3）。";
    field_headers: "Headers" | "消息头 (headers)", "One a line: name = value. Several values with | between them are used in turn." | "每行一个：名称 = 值。多个值用 | 分隔则依次轮流。";
    field_size: "Body size" | "消息体大小", "Length of the body in bytes." | "消息体长度，单位字节。";
    field_persistent: "Persistent" | "持久化 (persistent)", "Delivery mode 2: written to disk in a durable queue." | "投递模式 2：在持久队列中写入磁盘。";
    field_priority: "Priority" | "优先级 (priority)", "Higher is delivered first in a queue with a maximum priority; empty for none." | "在设有最大优先级的队列中，数值大者先投递；留空表示无。";
    field_expiration: "Expiration" | "过期时间 (expiration)", "Each message lives so long in a queue, such as 5s; empty for ever." | "每条消息在队列中的存活时间，例如 5s；留空表示永久。";
    field_mandatory: "Mandatory" | "强制路由 (mandatory)", "What no queue takes is given back (basic.return) instead of dropped." | "没有队列接收的消息会被退回 (basic.return)，而不是丢弃。";
    field_confirm_window: "Confirm window" | "确认窗口 (publisher confirms)", "Publisher confirms with at most so many outstanding; empty for no confirms." | "启用发布者确认，且未确认数不超过此值；留空表示不启用。";
    field_latency: "Latency" | "链路延迟", "One-way time on the link to the broker." | "到代理的单程时间。";
    field_outages: "Outages" | "中断", "One a line: pause, crash or cut, at a time, for how long. Such as: crash at 20s for 5s" | "每行一个：pause（暂停）、crash（崩溃）或 cut（断线），时刻与时长。例如：crash at 20s for 5s";

    field_value: "Value" | "数值", "Always the same." | "固定不变。";
    field_min: "Least" | "最小", "The smallest value drawn." | "抽取的最小值。";
    field_max: "Most" | "最大", "The largest value drawn." | "抽取的最大值。";
    field_mean: "Mean" | "均值", "The expected value." | "期望值。";
    field_deviation: "Deviation" | "标准差", "The standard deviation." | "标准差。";

    field_service: "Service time" | "服务时间", "Work for one message." | "处理一条消息所需的工作时间。";
    field_workers: "Workers" | "工作者数", "How many messages it works on at once." | "同时处理的消息数。";
    field_prefetch: "Prefetch" | "预取 (prefetch)", "Messages it may hold unacked; 0 for no limit." | "可持有的未确认消息数；0 表示不限。";
    field_ack_mode: "Acknowledgement" | "确认方式 (ack)", "Manual: after the work. Automatic: settled by being sent, lost when the consumer dies." | "手动：处理完成后确认。自动：发出即视为完成，消费者崩溃则丢失。";
    field_failure_share: "Failures" | "失败比例", "Share of deliveries whose work fails, 0 to 100." | "处理失败的投递比例，0 到 100。";
    field_failure_outcome: "A failed message" | "失败的消息", "Goes back into the queue, or is rejected: dead-lettered or dropped." | "重新入队，或被拒绝：进入死信或丢弃。";
    field_consumer_priority: "Consumer priority" | "消费者优先级", "Higher is served first while it has room; empty for 0." | "数值大者在有空位时先得到消息；留空表示 0。";
    field_consumer_exclusive: "Exclusive" | "独占 (exclusive)", "Refuses other consumers on the queue." | "拒绝该队列上的其他消费者。";

    field_exchange_type: "Type" | "类型", "How it compares routing key, headers and bindings." | "如何比较路由键、消息头与绑定。";
    field_durable: "Durable" | "持久 (durable)", "Survives a restart of the broker." | "代理重启后仍然存在。";
    field_auto_delete: "Auto-delete" | "自动删除 (auto-delete)", "Deleted when its last binding or consumer goes." | "最后一个绑定或消费者离开时被删除。";
    field_internal: "Internal" | "内部 (internal)", "Only other exchanges may publish to it." | "只有其他交换机可以向它发布。";
    field_alternate: "Alternate exchange" | "备用交换机 (alternate exchange)", "Takes what no binding of this one takes; empty for none." | "接收本交换机没有绑定接收的消息；留空表示无。";
    field_arguments: "Other arguments" | "其他参数 (arguments)", "One a line: name = value. Text may stand plain; numbers, true, false and JSON are read as such." | "每行一个：名称 = 值。文本可直接书写；数字、true、false 与 JSON 按原义读取。";

    field_declared: "Declared" | "已声明 (declared)", "Declared when the run starts. Off: nobody declares it, and consumers are refused with 404." | "运行开始时声明。关闭则无人声明，消费者会收到 404。";
    field_exclusive: "Exclusive" | "独占 (exclusive)", "Only for the connection that declared it." | "仅限声明它的连接使用。";
    field_queue_type: "Queue type" | "队列类型", "quorum runs here as one replica; a stream takes messages and does not give them out again." | "quorum 作为单个副本运行；stream 在此只接收消息，不再发出。";
    field_message_ttl: "Message TTL" | "消息存活时间 (x-message-ttl)", "A message is dropped or dead-lettered after so long in the queue; empty for ever." | "消息在队列中停留这么久后被丢弃或转为死信；留空表示永久。";
    field_expires: "Queue expires" | "队列过期 (x-expires)", "The queue is deleted after so long without use; empty for never." | "闲置这么久后删除队列；留空表示从不。";
    field_max_length: "Max length" | "最大长度 (x-max-length)", "Ready messages it holds at most; empty for no limit." | "最多容纳的就绪消息数；留空表示不限。";
    field_max_bytes: "Max bytes" | "最大字节数 (x-max-length-bytes)", "Bytes of ready bodies it holds at most; empty for no limit." | "就绪消息体的总字节上限；留空表示不限。";
    field_overflow: "When full" | "满时 (x-overflow)", "drop-head drops the oldest; reject-publish refuses the newest; reject-publish-dlx refuses and dead-letters it." | "drop-head 丢弃最旧的；reject-publish 拒绝最新的；reject-publish-dlx 拒绝并转为死信。";
    field_dlx: "Dead-letter exchange" | "死信交换机 (x-dead-letter-exchange)", "Where rejected, expired and pushed-out messages go; empty for nowhere. Write (default) for the default exchange." | "被拒绝、过期或挤出的消息去往何处；留空表示丢弃。默认交换机请写 (default)。";
    field_dlx_key: "Dead-letter key" | "死信路由键 (x-dead-letter-routing-key)", "Routing key of dead letters; empty to keep their own." | "死信的路由键；留空表示保留原键。";
    field_delivery_limit: "Delivery limit" | "投递上限 (x-delivery-limit)", "Quorum queues: what came back more often is dead-lettered or dropped. Empty: no limit in 3.x, 20 in 4.x." | "仅仲裁队列 (quorum)：退回次数超过此值则转为死信或丢弃。留空：3.x 不限，4.x 为 20。";
    field_max_priority: "Max priority" | "最大优先级 (x-max-priority)", "Messages of higher priority are delivered first, up to this; empty for none." | "优先级高者先投递，上限为此值；留空表示不分优先级。";
    field_single_active: "Single active consumer" | "单一活跃消费者 (x-single-active-consumer)", "Only one consumer at a time gets messages." | "同一时刻只有一个消费者得到消息。";

    field_binding_key: "Binding key" | "绑定键 (binding key)", "Compared with the routing key: equal for direct; * one word and # any words for topic; ignored by fanout and headers." | "与路由键比较：direct 须相等；topic 中 * 匹配一个词、# 匹配任意个词；fanout 与 headers 忽略它。";
    field_x_match: "Headers match" | "消息头匹配 (x-match)", "all: every header must agree; any: one is enough." | "all：所有消息头都须一致；any：一个即可。";
    field_binding_arguments: "Arguments" | "参数 (arguments)", "One a line: name = value. A headers exchange compares them with the message's headers." | "每行一个：名称 = 值。headers 交换机用它们与消息头比较。";

    field_title: "Title" | "标题", "What the scenario is called." | "场景名称。";
    field_description: "Description" | "说明", "What to look at; a few sentences." | "看点；几句话。";
    field_seed: "Seed" | "随机种子 (seed)", "The same scenario and seed give the same run, to the last message." | "相同的场景和种子产生完全相同的运行。";
    field_profile: "RabbitMQ version" | "RabbitMQ 版本", "Which RabbitMQ is imitated where versions differ." | "版本行为不同时模仿哪个 RabbitMQ。";
    field_duration: "Duration" | "时长", "The run pauses then, such as 2m; empty for as long as one watches." | "运行到此暂停，例如 2m；留空表示不限。";
    field_memory_limit: "Memory limit" | "内存上限 (vm_memory_high_watermark)", "When messages take so much, with 720 B for each beside its body, whoever publishes is held back (connection.blocked); nothing is thrown away. Empty for no limit." | "消息占用达到此值（每条另计 720 B）时，发布者被阻塞 (connection.blocked)；不会丢弃任何消息。留空表示不限。";
    field_disk_free: "Free on the disk" | "磁盘可用空间", "Before there are messages; bodies of persistent messages in durable queues are written there. Empty for a disk without end." | "没有消息时的可用空间；持久队列中的持久消息体会写入磁盘。留空表示无穷大。";
    field_disk_free_limit: "Must stay free on the disk" | "磁盘须保留空间 (disk_free_limit)", "When less is free, whoever publishes is held back; no message is deleted. RabbitMQ's own is 50000000." | "可用空间低于此值时，发布者被阻塞；不会删除消息。RabbitMQ 默认为 50000000。";
    field_consumer_timeout: "Consumer timeout" | "消费者超时 (consumer timeout)", "How long a message may stay unacknowledged, such as 30m. Then 3.x, which looks once a minute, closes the channel; 4.x cancels consumers of quorum queues." | "消息可保持未确认的时间，例如 30m。之后 3.x（每分钟检查一次）关闭信道；4.x 取消仲裁队列 (quorum) 的消费者。";
    field_queue_time: "A queue takes for a message" | "队列处理每条消息的时间", "Such as 3ms. Who publishes faster is in flow: after 400 messages ahead it is slowed down to the queue. Empty for no time." | "例如 3ms。发布更快的连接会进入 flow 状态：领先 400 条后被减速到队列的速度。留空表示不耗时。";
    field_speed: "Speed at first" | "初始速度", "Simulated seconds per second when it is opened; empty for 1." | "打开时每秒模拟的秒数；留空表示 1。";
}

words! {
    section_identity: "Name and place" | "名称与位置";
    section_load: "Load" | "负载";
    section_message: "Messages" | "消息";
    section_reliability: "Reliability" | "可靠性";
    section_link: "Link to the broker" | "与代理的链路";
    section_work: "Work" | "工作";
    section_settings: "Settings" | "设置";
    section_limits: "Time to live and limits" | "存活时间与上限";
    section_dead_letter: "Dead-lettering" | "死信";
    section_arguments: "Arguments" | "参数";
    section_binding: "Binding" | "绑定";
    section_document: "Scenario" | "场景";
    section_run: "Run" | "运行";
    section_broker: "Broker" | "代理";

    shape_constant: "Constant" | "恒定";
    shape_bursts: "Bursts" | "突发";
    shape_ramp: "Ramp" | "斜坡";
    shape_step: "Step" | "阶跃";
    shape_spike: "Spike" | "尖峰";
    shape_sine: "Sine" | "正弦";
    shape_times: "List of times" | "时刻列表";
    shape_rates: "Recorded rates" | "记录的速率";
    arrivals_regular: "Evenly spaced" | "均匀";
    arrivals_poisson: "At random (Poisson)" | "随机（泊松）";
    choice_fixed: "Always the first" | "总用第一个";
    choice_cycle: "Each in turn" | "依次轮流";
    choice_drawn: "Drawn at random" | "随机抽取";
    distribution_fixed: "Fixed" | "固定";
    distribution_uniform: "Uniform" | "均匀分布";
    distribution_exponential: "Exponential" | "指数分布";
    distribution_lognormal: "Lognormal" | "对数正态分布";
    ack_manual: "Manual" | "手动";
    ack_automatic: "Automatic (no-ack)" | "自动 (no-ack)";
    failure_requeue: "Back into the queue (requeue)" | "重新入队 (requeue)";
    failure_reject: "Rejected" | "拒绝 (reject)";
    unit_messages: "messages" | "条";
    choice_default: "Default" | "默认";
    choice_none: "None" | "无";

    error_number: "Write a number, such as 2 or 0.5." | "请输入数字，例如 2 或 0.5。";
    error_negative: "It cannot be negative." | "不能为负。";
    error_duration: "Write a time with its unit, such as 250ms, 1.5s, 10m or 2h." | "请输入带单位的时间，例如 250ms、1.5s、10m 或 2h。";
    error_choice: "Choose one of the list." | "请从列表中选择。";
    error_switch: "Write true or false." | "请输入 true 或 false。";
    error_ascending: "Times must ascend from line to line." | "各行的时刻必须递增。";
    error_empty: "It cannot be empty." | "不能为空。";
    error_least_most: "The least must not exceed the most." | "最小值不能大于最大值。";
    error_rate_max: "At most a million messages a second." | "每秒最多一百万条消息。";
    error_percent: "Write a share from 0 to 100." | "请输入 0 到 100 之间的比例。";
    error_speed: "Write a speed from 0.1 to 1000." | "请输入 0.1 到 1000 之间的速度。";
    error_no_field: "There is no such field here." | "此处没有这个字段。";
}

sentences! {
    error_whole(min: u64, max: u64): "Write a whole number from {min} to {max}." | "请输入 {min} 到 {max} 之间的整数。";
    error_line(line: usize, reason: &str): "Line {line}: {reason}" | "第 {line} 行：{reason}";
    error_line_pair(line: usize): "Line {line}: write name = value." | "第 {line} 行：请写 名称 = 值。";
    error_line_outage(line: usize): "Line {line}: write pause, crash or cut, then a time, such as: crash at 20s for 5s" | "第 {line} 行：请写 pause、crash 或 cut 及时刻，例如：crash at 20s for 5s";
    error_line_rate(line: usize): "Line {line}: write a time and a rate, such as: 10s 25" | "第 {line} 行：请写时刻和速率，例如：10s 25";
    error_too_long(octets: usize): "The name has {octets} bytes; AMQP names have at most 255." | "名称有 {octets} 字节；AMQP 名称最多 255 字节。";
}
