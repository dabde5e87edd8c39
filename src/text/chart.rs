//! Titles, lines and summaries of charts, and measured values.
//!
//! Deliberately not here: how they are computed (`app::charts`).

words! {
    series_arrivals: "arrivals" | "到达";
    series_service: "service" | "处理";
    series_ready: "ready" | "就绪 (ready)";
    series_unacked: "unacked" | "未确认 (unacked)";
    series_waiting: "mean waiting time" | "平均等待时间";
    column_time: "Time (s)" | "时间 (s)";
    column_arrivals: "Arrivals (msg/s)" | "到达（条/秒）";
    column_service: "Service (msg/s)" | "处理（条/秒）";
    column_ready: "Ready (messages)" | "就绪（条）";
    column_unacked: "Unacked (messages)" | "未确认（条）";
    column_waiting: "Waiting (s)" | "等待 (s)";

    measure_ready: "Ready now" | "当前就绪 (ready)";
    measure_unacked: "Unacked now" | "当前未确认 (unacked)";
    measure_in: "In, last 10 s" | "进入（近 10 秒）";
    measure_out: "Out, last 10 s" | "完成（近 10 秒）";
    measure_depth_mean: "Mean depth" | "平均深度";
    measure_waiting: "Waiting: mean, p50, p95, p99, max" | "等待：均值、p50、p95、p99、最大";
    measure_sojourn: "Sojourn: mean, p50, p95, p99, max" | "逗留：均值、p50、p95、p99、最大";
    measure_little: "Little's law (L / λW)" | "利特尔法则 (L / λW)";
    measure_dropped: "Dropped" | "丢弃";
    measure_dead_lettered: "Dead-lettered" | "转为死信";
    measure_redelivered: "Redelivered" | "重新投递";
    measure_published: "Published" | "已发布";
    measure_confirmed: "Confirmed" | "已确认";
    measure_refused: "Refused (nack)" | "被拒 (nack)";
    measure_returned: "Returned" | "退回";
    measure_outstanding: "Outstanding confirms" | "待确认数";
    measure_rate: "Rate, last 10 s" | "速率（近 10 秒）";
    measure_utilisation: "Utilisation" | "利用率";
    measure_worked: "Worked on" | "已处理";
    measure_failed: "Failed" | "失败";
    measure_in_hand: "In hand, waiting for a worker" | "手中等待处理";
    measure_unroutable: "Unroutable" | "无法路由";
    measure_delivered: "Delivered" | "已投递";
    measure_settled: "Settled" | "已完成";
    measure_nodes: "Nodes" | "节点";
    measure_edges: "Lines" | "连线";
}

sentences! {
    chart_rates(queue: &str): "{queue}: arrival and service rate (msg/s)" | "{queue}：到达与处理速率（条/秒）";
    chart_depth(queue: &str): "{queue}: depth (messages)" | "{queue}：深度（条）";
    chart_waiting(queue: &str): "{queue}: waiting time (s)" | "{queue}：等待时间 (s)";
    summary_rates(arrivals: &str, service: &str): "Now {arrivals} messages a second arrive and {service} are settled." | "当前每秒到达 {arrivals} 条，完成 {service} 条。";
    summary_depth(now: u64, most: u64): "Now {now} messages are ready; at most there were {most}." | "当前就绪 {now} 条；最多曾有 {most} 条。";
    summary_waiting(mean: &str): "Messages waited {mean} lately." | "最近消息等待了 {mean}。";
}
