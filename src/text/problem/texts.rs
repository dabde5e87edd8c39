//! The table of texts: a code, what is wrong in both languages, what to do in both languages.
//!
//! Deliberately not here: filling in the words of the case.

super::problem_texts! {
    // --- edits, links, files that cannot be read ---
    UnknownNode: "That node is no longer there." | "该节点已不存在。" => "" | "";
    UnknownEdge: "That line is no longer there." | "该连线已不存在。" => "" | "";
    NodeKindChanged: "A {from} cannot become a {to}." | "{from} 不能变成 {to}。"
        => "Add a new one and connect it." | "请新建一个并连线。";
    EdgeKindMismatch: "These settings do not belong to a line between these two." | "这些设置不属于这两者之间的连线。"
        => "Bindings have keys; publish and consume lines have none." | "只有绑定 (binding) 有键；发布与消费的连线没有。";
    NameTooLong: "The name has {octets} bytes; AMQP names have at most {max}." | "名称有 {octets} 字节；AMQP 名称最多 {max} 字节。"
        => "Shorten it." | "请缩短。";
    TextTooLong: "The text has {octets} bytes; at most {max} are kept." | "文本有 {octets} 字节；最多保存 {max} 字节。"
        => "Shorten it." | "请缩短。";
    NumberNotFinite: "That is not a number." | "这不是一个数字。"
        => "Give a finite number." | "请填写有限的数字。";
    TooManyNodes: "A scenario has at most {max} nodes." | "一个场景最多有 {max} 个节点。" => "" | "";
    TooManyEdges: "A scenario has at most {max} lines." | "一个场景最多有 {max} 条连线。" => "" | "";
    TooManyVhosts: "A scenario has at most {max} virtual hosts." | "一个场景最多有 {max} 个虚拟主机 (vhost)。" => "" | "";
    ListTooLong: "The list has {length} entries; at most {max} are kept." | "列表有 {length} 项；最多保存 {max} 项。"
        => "Shorten it." | "请缩短。";
    UnknownVhost: "There is no virtual host '{vhost}'." | "没有虚拟主机 (vhost) '{vhost}'。"
        => "Add it to the virtual hosts first." | "请先添加该虚拟主机。";
    VhostTaken: "There is a virtual host '{vhost}' already." | "虚拟主机 (vhost) '{vhost}' 已存在。"
        => "Choose another name." | "请换一个名称。";
    VhostNotEmpty: "The virtual host '{vhost}' still has nodes." | "虚拟主机 (vhost) '{vhost}' 中仍有节点。"
        => "Delete or move them first." | "请先删除或移走它们。";
    LastVhost: "A scenario needs at least one virtual host." | "场景至少需要一个虚拟主机 (vhost)。" => "" | "";
    LinkProducerToProducer: "A producer does not receive messages." | "生产者 (producer) 不接收消息。"
        => "Draw the line to an exchange or a queue." | "请把线连到交换机或队列。";
    LinkProducerToConsumer: "A producer does not know its consumers; the broker stands between them." | "生产者 (producer) 不认识消费者；它们之间隔着 broker。"
        => "Put a queue between them." | "请在中间放一个队列。";
    LinkExchangeToProducer: "A producer does not receive messages." | "生产者 (producer) 不接收消息。"
        => "Draw the line from the producer to the exchange." | "请从生产者连到交换机。";
    LinkExchangeToConsumer: "An exchange keeps nothing; consumers take from queues." | "交换机 (exchange) 不存消息；消费者从队列取消息。"
        => "Put a queue between them." | "请在中间放一个队列。";
    LinkQueueToQueue: "A queue does not send to a queue by itself." | "队列 (queue) 不会自己把消息送给另一个队列。"
        => "Set its dead-letter exchange to the default exchange and the dead-letter routing key to the other queue's name, or put a consumer and a producer between." | "请把死信交换机设为默认交换机，死信路由键设为另一个队列的名称；或在中间放一个消费者和一个生产者。";
    LinkQueueToProducer: "A producer does not receive messages." | "生产者 (producer) 不接收消息。"
        => "Draw the line from the producer to the queue." | "请从生产者连到队列。";
    LinkFromConsumer: "A consumer only receives." | "消费者 (consumer) 只接收消息。"
        => "Draw the line from the queue to the consumer; a program that also sends needs a producer beside it." | "请从队列连到消费者；若程序还要发送，请在旁边放一个生产者。";
    LinkDefaultExchange: "The broker binds every queue to the default exchange by its name; other bindings are refused (403)." | "broker 以队列名把每个队列绑定到默认交换机 (default exchange)；其他绑定会被拒绝 (403)。"
        => "Draw the line from the producer straight to the queue, or use a named exchange." | "请从生产者直接连到队列，或使用有名称的交换机。";
    LinkInternalExchange: "The exchange '{to}' is internal; publishers are refused (403)." | "交换机 '{to}' 是内部的 (internal)；发布会被拒绝 (403)。"
        => "Publish to an exchange that is bound to it, or make it not internal." | "请发布到绑定它的交换机，或取消 internal。";
    LinkTwice: "That line exists already." | "这条连线已存在。"
        => "Two bindings between one pair need different keys or arguments." | "同一对之间的两个绑定须有不同的键或参数。";
    LinkAcrossVhosts: "These two stand on different virtual hosts, which know nothing of each other." | "两者在不同的虚拟主机 (vhost) 上，彼此不可见。"
        => "Connect nodes of one virtual host." | "请连接同一虚拟主机上的节点。";
    JsonSyntax: "This is not JSON: {reason}." | "这不是 JSON：{reason}。"
        => "Look for a comma too many or too few, or an open quote, at or just before this place." | "请检查此处或稍前的位置，是否多或少了逗号，或引号未闭合。";
    JsonEnds: "The file ends in the middle." | "文件在中途结束。"
        => "It was probably cut short; get it again." | "文件可能被截断，请重新获取。";
    NotText: "The file is not text in UTF-8." | "文件不是 UTF-8 文本。"
        => "Save it as UTF-8, or choose another file." | "请另存为 UTF-8，或选择其他文件。";
    FileTooLarge: "The file has {octets} bytes; at most {max} are opened." | "文件有 {octets} 字节；最多打开 {max} 字节。" => "" | "";
    JsonTooDeep: "Objects and arrays stand within each other more than {max} deep." | "对象与数组嵌套超过 {max} 层。" => "" | "";
    VersionMissing: "The file does not say which version of the format it has." | "文件没有注明格式版本。"
        => "A scenario begins with \"version\": {known}. Is this another kind of file?" | "场景文件以 \"version\": {known} 开头。这是别的文件吗？";
    VersionUnknown: "The file has version {given} of the format; this program knows {known}." | "文件的格式版本为 {given}；本程序只认识 {known}。"
        => "Open it with a newer program." | "请用更新的程序打开。";
    IsDefinitions: "This is a definitions file of RabbitMQ, not a scenario." | "这是 RabbitMQ 的定义 (definitions) 文件，不是场景。"
        => "Import it." | "请用导入打开。";
    IsScenario: "This is a scenario, not a definitions file of RabbitMQ." | "这是场景，不是 RabbitMQ 的定义 (definitions) 文件。"
        => "Open it." | "请直接打开。";
    NotDefinitions: "This is JSON, but no definitions file: it has none of queues, exchanges, bindings, vhosts, users, policies." | "这是 JSON，但不是定义 (definitions) 文件：其中没有 queues、exchanges、bindings、vhosts、users、policies。"
        => "Export one from RabbitMQ: rabbitmqctl export_definitions FILE." | "请从 RabbitMQ 导出：rabbitmqctl export_definitions FILE。";
    FieldWrong: "The value does not fit: {reason}." | "该值不合适：{reason}。" => "" | "";
    FieldVariant: "'{given}' is not possible here." | "此处不能为 '{given}'。"
        => "Possible are: {expected}." | "可以是：{expected}。";
    FieldMissing: "'{field}' is missing." | "缺少 '{field}'。"
        => "Add it." | "请补上。";
    FieldUnknown: "'{field}' is not known here." | "此处没有 '{field}' 这一项。"
        => "A slip of the pen? Known are: {expected}." | "是否拼写有误？可用的有：{expected}。";
    IdTwice: "The id {id} is there twice." | "编号 {id} 出现两次。"
        => "Give one of them another number." | "请为其中一个换一个编号。";
    EdgeEndMissing: "There is no node {id}." | "没有节点 {id}。"
        => "Lines join nodes by their ids." | "连线以节点的编号 (id) 连接。";
    DefinitionsWithoutVhost: "Some queues, exchanges or bindings are missing the virtual host field, and the file does not say of which virtual host it is; RabbitMQ refuses it." | "有些队列、交换机或绑定缺少 vhost，文件也没有说明属于哪个虚拟主机；RabbitMQ 会拒绝它。"
        => "It was exported from a single virtual host. Add \"original_vhost_name\": \"/\", or \"vhost\" to every entry." | "它是从单个虚拟主机导出的。请加上 \"original_vhost_name\": \"/\"，或给每一项加上 \"vhost\"。";
    RatesEmpty: "The file has no row with a time and a number." | "文件中没有一行是时间和数字。"
        => "Each row is a time and a value, e.g. 2014-04-10 00:04:00,94 or 0.5,20." | "每行为时间和数值，例如 2014-04-10 00:04:00,94 或 0.5,20。";
    RateRowWrong: "'{given}' is not {expected}." | "'{given}' 不是 {expected}。"
        => "Each row is a time and a value, e.g. 2014-04-10 00:04:00,94 or 0.5,20." | "每行为时间和数值，例如 2014-04-10 00:04:00,94 或 0.5,20。";
    RateRowUnordered: "The time {given} is not later than the one before." | "时间 {given} 不晚于上一行。"
        => "Sort the rows by time and keep each time once." | "请按时间排序，每个时间只保留一行。";
    RateNegative: "{given} is below zero." | "{given} 小于零。"
        => "Counts and rates are zero or more." | "数量与速率须大于或等于零。";

    // --- documents that can be read ---
    NameTwice: "Two of one name on virtual host '{vhost}': '{name}'. To the broker they are one." | "虚拟主机 '{vhost}' 上有两个同名的：'{name}'。对 broker 来说它们是同一个。"
        => "Rename one, or delete one and connect its lines to the other." | "请改名，或删去其中一个并改连到另一个。";
    QueueNameEmpty: "The queue has no name; the broker makes one, amq.gen-..., another each time it is declared." | "队列没有名称；broker 每次声明时会生成一个：amq.gen-...。"
        => "Give it a name when keys or arguments should refer to it." | "若键或参数要指代它，请命名。";
    NameReserved: "Names that begin with amq. are kept for the broker; '{name}' is refused (403)." | "以 amq. 开头的名称为 broker 保留；'{name}' 会被拒绝 (403)。"
        => "Choose another name." | "请换一个名称。";
    PredeclaredDiffers: "'{name}' exists on every virtual host: {expected}, durable, without arguments. Another declaration is refused (406)." | "'{name}' 在每个虚拟主机上都已存在：{expected}，持久，无参数。不同的声明会被拒绝 (406)。"
        => "Take these settings, or choose another name." | "请使用这些设置，或换一个名称。";
    ExchangeTypePlugin: "The exchange type '{type}' comes from a plugin; it is shown here and not run." | "交换机类型 '{type}' 来自插件；此处只显示，不运行。"
        => "To run the rest, choose direct, fanout, topic or headers." | "若要运行，请选择 direct、fanout、topic 或 headers。";
    ExchangeTypeUnknown: "There is no exchange type '{type}'; declaring it closes the connection (503)." | "没有交换机类型 '{type}'；声明它会使连接关闭 (503)。"
        => "Choose direct, fanout, topic or headers." | "请选择 direct、fanout、topic 或 headers。";
    QueueTypeNotRun: "A stream is kept here and not run: it takes messages, and consumers that want to read it are refused." | "流 (stream) 在此只保存消息，不运行：它接收消息，但想读取它的消费者会被拒绝。"
        => "Make it a classic or quorum queue to see messages in it." | "若要看到消息，请改为 classic 或 quorum 队列。";
    QueueTypeAsClassic: "A quorum queue runs here as one that is replicated nowhere." | "仲裁队列 (quorum queue) 在此运行，但没有副本。"
        => "" | "";
    QuorumProperty: "A queue of this type cannot be or have '{property}'; the broker refuses it (406)." | "这种类型的队列不能是或带有 '{property}'；broker 会拒绝 (406)。"
        => "Change it, or make it a classic queue." | "请更改，或改为 classic 队列。";
    TransientSharedQueue: "RabbitMQ 4.x refuses a queue that is neither durable nor exclusive." | "RabbitMQ 4.x 拒绝既非持久 (durable) 又非独占 (exclusive) 的队列。"
        => "Make it durable; where it should go away by itself, durable with x-expires, or exclusive for one connection. Or choose profile 3.x." | "请设为持久；若要自行消失，用持久加 x-expires，或仅供一个连接的独占。也可选择 3.x。";
    ArgumentRefused: "RabbitMQ 4.x refuses the argument {argument}." | "RabbitMQ 4.x 拒绝参数 {argument}。"
        => "Take it out; classic queues do by themselves what it asked for. Or choose profile 3.x." | "请删去；经典队列已自行如此。也可选择 3.x。";
    ArgumentWrong: "{argument} is {given}; it must be {expected}. The broker refuses it (406)." | "{argument} 为 {given}；应为：{expected}。broker 会拒绝 (406)。"
        => "Correct or remove it." | "请更正或删去。";
    DeadLetterKeyAlone: "x-dead-letter-routing-key without x-dead-letter-exchange is refused (406)." | "有 x-dead-letter-routing-key 而没有 x-dead-letter-exchange 会被拒绝 (406)。"
        => "Set the exchange; an empty text is the default exchange." | "请设置交换机；空文本表示默认交换机。";
    DeadLetterExchangeMissing: "There is no exchange '{name}' for dead letters; they are dropped." | "没有用于死信的交换机 '{name}'；死信会被丢弃。"
        => "Add the exchange, or draw a line from the queue to another." | "请添加该交换机，或从队列连线到另一个。";
    DeadLetterQueueMissing: "Dead letters go through the default exchange to '{name}', and there is no such queue; they are dropped." | "死信经默认交换机送往 '{name}'，但没有这个队列；死信会被丢弃。"
        => "Add the queue, or set x-dead-letter-routing-key to the name of one." | "请添加该队列，或把 x-dead-letter-routing-key 设为已有队列的名称。";
    AlternateExchangeMissing: "There is no alternate exchange '{name}'; what does not match is unroutable." | "没有备用交换机 (alternate exchange) '{name}'；不匹配的消息无法路由。"
        => "Add the exchange, or remove the argument." | "请添加该交换机，或删去该参数。";
    AlternateExchangeDefault: "The default exchange as alternate exchange routes nothing." | "以默认交换机作为备用交换机 (alternate exchange)，什么也不会路由。"
        => "Name another exchange." | "请指定其他交换机。";
    QueueUndeclared: "Nobody declares the queue '{name}': messages for it are unroutable, and consumers are refused (404)." | "没有人声明队列 '{name}'：发给它的消息无法路由，消费者会被拒绝 (404)。"
        => "Switch on 'declared'." | "请打开“已声明”。";
    TopicKeyHashes: "The binding key '{key}' has more than two #; RabbitMQ refuses it since 4.3.5." | "绑定键 '{key}' 有两个以上的 #；RabbitMQ 自 4.3.5 起拒绝。"
        => "Use at most two, or several bindings." | "最多用两个，或改用多个绑定。";
    HeadersMatchWrong: "x-match is {given}; it must be all, any, all-with-x or any-with-x (406)." | "x-match 为 {given}；应为 all、any、all-with-x 或 any-with-x (406)。"
        => "Correct or remove it." | "请更正或删去。";
    ProducerWithoutTarget: "The producer '{name}' has nowhere to publish." | "生产者 '{name}' 无处发布。"
        => "Draw a line to an exchange or a queue." | "请连线到交换机或队列。";
    ConsumerWithoutQueue: "The consumer '{name}' has no queue." | "消费者 '{name}' 没有队列。"
        => "Draw a line from a queue to it." | "请从队列连线到它。";
    QueueWithoutConsumer: "Nobody consumes from '{name}'; what gets in stays." | "没有人消费 '{name}'；进去的消息会一直留着。"
        => "Connect a consumer, or limit it with x-max-length or x-message-ttl." | "请连接消费者，或用 x-max-length、x-message-ttl 限制它。";
    ExchangeWithoutBinding: "The exchange '{name}' leads nowhere; what is published to it is unroutable." | "交换机 '{name}' 没有出路；发布给它的消息无法路由。"
        => "Draw a line from it to a queue." | "请从它连线到队列。";
    LoadEmpty: "The producer '{name}' never publishes." | "生产者 '{name}' 从不发布。"
        => "Give it a rate above zero, a limit above zero or a list of times." | "请设置大于零的速率、上限，或时间列表。";
    TimesUnordered: "The times are not in ascending order." | "时间没有按升序排列。"
        => "Sort them." | "请排序。";
    NumberOutOfRange: "{given} is out of range: {expected}." | "{given} 超出范围：{expected}。" => "" | "";
    RangeReversed: "The smallest value {min} is above the largest {max}." | "最小值 {min} 大于最大值 {max}。"
        => "Exchange them." | "请交换。";
    ChoiceEmpty: "There is nothing to choose from." | "没有可选的值。"
        => "Give at least one value, with a weight above zero." | "请给出至少一个权重大于零的值。";
    ExclusiveConsumerShared: "An exclusive consumer shares the queue '{name}' with others; whoever comes second is refused (403)." | "独占消费者 (exclusive consumer) 与其他消费者共用队列 '{name}'；后来者会被拒绝 (403)。"
        => "Make none of them exclusive, or leave one consumer." | "请取消独占，或只保留一个消费者。";
    ExclusiveQueue: "Only the connection that declares the exclusive queue '{name}' may consume from it; others are refused (405)." | "只有声明独占队列 (exclusive queue) '{name}' 的连接可以消费；其他会被拒绝 (405)。"
        => "Make it durable and not exclusive, with x-expires if it should go away by itself." | "请设为持久且非独占；若要自行消失，加上 x-expires。";
    MessageTooLarge: "Messages of {given} bytes are refused (406); at most {max} are taken." | "{given} 字节的消息会被拒绝 (406)；最多 {max} 字节。"
        => "Send a reference to the content instead." | "请改为发送内容的引用。";
    AlarmFromStart: "Memory or disk is low from the start: whoever publishes is held back for ever." | "内存或磁盘一开始就不足：发布者会一直被阻塞。"
        => "Raise the memory limit; of the disk, more must be free than must stay free." | "请提高内存上限；磁盘的可用空间须大于必须保留的空间。";
    EntryBroken: "This entry is left out: {reason}." | "此项被略去：{reason}。" => "" | "";
    ReferenceMissing: "There is no {what} '{name}' on virtual host '{vhost}'. The entry is kept and not shown; RabbitMQ would refuse the file." | "虚拟主机 '{vhost}' 上没有 {what} '{name}'。此项保留但不显示；RabbitMQ 会拒绝该文件。"
        => "Declare it in the file, or correct the name." | "请在文件中声明，或更正名称。";
    VhostUndeclared: "The file does not declare the virtual host '{vhost}'; it is added." | "文件没有声明虚拟主机 '{vhost}'；已添加。"
        => "RabbitMQ needs it to exist before the import." | "RabbitMQ 要求导入前它已存在。";
    EntryTwice: "'{name}' is there twice; the first counts." | "'{name}' 出现两次；以第一个为准。"
        => "Take one out." | "请删去一个。";
    KeyIgnored: "RabbitMQ does not know '{key}' here and passes over it." | "RabbitMQ 在此不认识 '{key}'，会忽略。" => "" | "";
    ImplicitBinding: "A binding from the default exchange is left out; the broker binds every queue by its name itself." | "略去来自默认交换机的绑定；broker 会自行以名称绑定每个队列。" => "" | "";
    QueueTypeTaken: "The queue '{name}' is of type '{type}', by {source}." | "队列 '{name}' 的类型为 '{type}'，来自 {source}。" => "" | "";
    QueueTypeTwice: "The queue '{name}' says '{type}' and x-queue-type says '{given}'; the argument counts." | "队列 '{name}' 的类型为 '{type}'，而 x-queue-type 为 '{given}'；以参数为准。"
        => "Make them equal." | "请改为一致。";
    PolicyApplied: "The policy '{name}' counts for {target} matching '{pattern}': {keys}. What takes other brokers (ha-, federation-) has no effect here." | "策略 (policy) '{name}' 对名称匹配 '{pattern}' 的 {target} 生效：{keys}。需要其他 broker 的设置 (ha-、federation-) 在此不起作用。" => "" | "";
    PolicyPattern: "The policy '{name}' does not count: its pattern '{pattern}' cannot be read from character {at} on." | "策略 (policy) '{name}' 不生效：其模式 '{pattern}' 从第 {at} 个字符起无法读取。"
        => "Write it as a regular expression of PCRE, without references back." | "请写成 PCRE 正则表达式，不使用反向引用。";
    PolicySetting: "The policy '{name}' does not count: RabbitMQ takes no '{key}' with this value." | "策略 (policy) '{name}' 不生效：RabbitMQ 不接受该值的 '{key}'。"
        => "Take it out, or give it a value that RabbitMQ takes." | "请删去它，或改为 RabbitMQ 接受的值。";
    Kept: "{count} entries in {what} are kept for export, without effect here." | "{what} 中有 {count} 项，保留以便导出，此处不起作用。" => "" | "";
}
