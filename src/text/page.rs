//! Labels of the page itself: bars, panels, dialogs, themes.
//!
//! Deliberately not here: what actions are called (`action.rs`), and what is said about nodes.

words! {
    product: "Brokerlab" | "Brokerlab";
    tagline: "A message broker you can see" | "看得见的消息代理 (message broker)";
    palette: "Palette" | "元件";
    stage: "Stage" | "画布";
    inspector: "Inspector" | "属性";
    transport: "Transport" | "播放控制";
    charts: "Charts" | "图表";
    problems: "Problems" | "问题";
    no_problems: "No problems found." | "没有发现问题。";
    gallery: "Gallery" | "示例";
    messages_here: "Messages here" | "此处的消息";
    journey: "Journey of a message" | "消息的旅程";
    close: "Close" | "关闭";
    cancel: "Cancel" | "取消";
    apply: "Apply" | "应用";
    language_label: "Language" | "语言";
    theme: "Theme" | "主题";
    theme_light: "Light" | "浅色";
    theme_dark: "Dark" | "深色";
    theme_projector: "Projector" | "投影";
    theme_system: "As the system" | "跟随系统";
    virtual_host: "Virtual host (vhost)" | "虚拟主机 (vhost)";
    speed: "Speed" | "速度";
    simulated_time: "Simulated time" | "模拟时间";
    show_table: "Show as a table" | "以表格显示";
    search_actions: "Search actions" | "搜索操作";
    actions: "Actions" | "操作";
    shortcut: "Shortcut" | "快捷键";
    properties: "Properties" | "属性";
    measured: "Measured" | "测量值";
}

sentences! {
    node_count(count: usize): "{count} nodes" | "{count} 个节点";
}
