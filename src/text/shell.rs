//! Words of the page's frame: folds, sheets, dialogs, notices.
//!
//! Deliberately not here: labels that name a part of the page (`page.rs`).

words! {
    document_title: "Brokerlab: a message broker you can see" | "Brokerlab:看得见的消息代理";
    about: "About" | "关于";
    help_and_shortcuts: "All actions and keys" | "全部操作与快捷键";
    about_what: "Wire producers, exchanges, queues and consumers, load them, and watch what a broker does, message by message, in simulated time. Everything runs in this page; nothing is sent anywhere."
        | "把生产者 (producer)、交换机 (exchange)、队列 (queue) 和消费者 (consumer) 连起来,加上负载,在模拟时间里逐条消息地看消息代理如何工作。一切都在本页面中运行,不会发送任何数据。";
    about_affiliation: "Brokerlab imitates RabbitMQ's documented and measured behaviour. It is not affiliated with, endorsed by or sponsored by RabbitMQ or Broadcom; RabbitMQ is a trademark of Broadcom Inc. and its subsidiaries."
        | "Brokerlab 模仿 RabbitMQ 有文档记载并经过测量的行为。它与 RabbitMQ 或 Broadcom 没有任何隶属、认可或赞助关系;RabbitMQ 是 Broadcom Inc. 及其子公司的商标。";
    hide_panel: "Fold this panel away" | "收起此面板";
    more: "More" | "更多";
    document_group: "Document" | "文档";
    history_group: "Undo and redo" | "撤销与重做";
    view_group: "View" | "视图";
    colour_by: "Colour of messages" | "消息颜色";
    colour_by_key: "by routing key" | "按 routing key";
    colour_by_producer: "by producer" | "按生产者";
    colour_by_age: "by age" | "按停留时间";
    add_load_title: "Add load" | "添加负载";
    add_load_help: "Producers are put on the chosen exchanges, consumers on the chosen queues. One undo takes all of it back."
        | "在选中的交换机上放置生产者,在选中的队列上放置消费者。一次撤销即可全部收回。";
    load_exchanges: "Producers on these exchanges" | "在这些交换机上放置生产者";
    load_queues: "Consumers on these queues" | "在这些队列上放置消费者";
    load_rate: "Rate of each producer" | "每个生产者的速率";
    load_service: "Work for one message" | "处理一条消息所需时间";
    choose_all: "All" | "全选";
    choose_none: "None" | "全不选";
    per_second: "msg/s" | "条/秒";
    nothing_found: "Nothing found." | "没有找到。";
    narration: "What happened lately" | "最近发生的事";
    note: "note" | "提示";
    warning: "warning" | "警告";
    error: "error" | "错误";
    gallery_client: "For programmers: a JavaScript program speaks AMQP with this page's broker." | "面向程序员：一个 JavaScript 程序用 AMQP 与本页面的消息代理通信。";
    gallery_help: "Each opens in place of what is on the stage; undo brings that back."
        | "打开示例会替换画布上的内容;撤销即可恢复。";
    gallery_coming: "Loading …" | "正在载入……";
    gallery_failed: "It could not be loaded. Check the connection and choose it again." | "载入失败。请检查网络后重新选择。";
    dismiss: "Dismiss" | "知道了";
    steps_of_time: "slower … faster" | "慢……快";
    show_on_stage: "Show it on the stage" | "在画布上显示";
}

sentences! {
    problem_count(count: usize): "Problems ({count})" | "问题({count})";
}
