//! Playing, stepping, and what a run says of itself.
//!
//! Deliberately not here: charts.

words! {
    ended_idle: "All is quiet: nothing more will happen unless you do something." | "一切平静：除非你做点什么，否则不会再发生任何事。";
    ended_livelock: "Too much happens at one instant: something goes round in circles without time passing (work that takes no time and is always requeued, say). Change it, or go back to the start." | "同一时刻发生的事件过多：有东西在原地循环而时间不前进（例如处理不耗时且总是重新入队）。请修改，或回到开始。";
    ended_duration: "The scenario's time is over. Play goes on all the same." | "场景设定的时长已到。仍可继续播放。";
    step_nothing: "Nothing lies ahead, so there is no step to take." | "前面没有事件，无法单步。";
    step_quiet: "An event without anything to see." | "一个看不出变化的事件。";
    say_playing: "Playing." | "播放中。";
    say_paused: "Paused." | "已暂停。";
    say_reset: "Back at the start." | "已回到开始。";
    state_ready: "ready" | "就绪";
    state_unacked: "unacked" | "未确认";
    state_paused: "paused" | "已暂停";
    state_down: "down" | "已停机";
    state_cut: "link is cut" | "链路已断";
    state_connecting: "connecting" | "连接中";
    state_ended: "has published all it had to" | "已发布完所有消息";
    state_cancelled: "cancelled by the broker" | "被代理取消";
    wait_confirm: "waits for confirms: the window is full" | "等待确认：窗口已满";
    wait_unblocked: "waits for its connection to be unblocked" | "等待连接解除阻塞";
    wait_flow: "in flow: slowed down to its queues" | "flow：被减速到队列的速度";
    wait_delivery: "waits for a delivery" | "等待投递";
    gauge_memory: "Memory" | "内存";
    gauge_disk: "Disk" | "磁盘";
    state_absent: "does not exist in the broker" | "代理中不存在";
}

sentences! {
    behind(reached: &str, asked: &str): "This machine reaches {reached} of the {asked} asked." | "本机只能达到 {reached}（要求 {asked}）。";
    step_more(count: usize): "and {count} more" | "另有 {count} 项";
    gauge(percent: &str, limit: &str): "{percent} % of {limit}" | "{limit} 的 {percent} %";
    held_back(what: &str, count: usize): "{what} is low; publishers held back: {count}" | "{what}不足；被阻塞的发布者 {count} 个";
    number_unhandled(count: usize): "{count} to be handled" | "{count} 待处理";
    number_depth(ready: u64): "{ready} ready" | "{ready} 就绪";
    number_unacked(unacked: u64): "{unacked} unacked" | "{unacked} 未确认";
    number_rate(rate: &str): "{rate} msg/s" | "{rate} 条/秒";
    number_busy(percent: &str): "{percent} % busy" | "忙 {percent} %";
    number_in_hand(count: u64): "{count} in hand" | "手中 {count}";
    number_outstanding(count: u64): "{count} outstanding" | "{count} 未确认";
    number_delayed(count: u64): "{count} wait" | "{count} 条等待";
    number_unroutable(count: u64): "{count} unroutable" | "{count} 无法路由";
    number_returned(count: u64): "{count} returned" | "{count} 退回";
    operate_refused(reason: &str): "It cannot be done now: {reason}" | "现在不能这样做：{reason}";
}
