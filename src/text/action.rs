//! What actions are called in menus, on buttons and in the list of all actions.
//!
//! Deliberately not here: what they do (`app::registry`).

words! {
    act_play: "Play" | "播放";
    act_pause_run: "Pause" | "暂停";
    act_step: "Step (one event)" | "单步（一个事件）";
    act_reset: "Back to the start" | "回到开始";
    act_slower: "Slower" | "减速";
    act_faster: "Faster" | "加速";
    act_new: "New scenario" | "新建场景";
    act_open: "Open a file" | "打开文件";
    act_save: "Save as a file" | "保存为文件";
    act_export: "Export RabbitMQ definitions" | "导出 RabbitMQ 定义 (definitions)";
    act_gallery: "Gallery" | "示例";
    act_add_load: "Add load" | "添加负载";
    act_undo: "Undo" | "撤销";
    act_redo: "Redo" | "重做";
    act_delete: "Delete" | "删除";
    act_duplicate: "Duplicate" | "创建副本";
    act_copy: "Copy" | "复制";
    act_cut_out: "Cut" | "剪切";
    act_paste: "Paste" | "粘贴";
    act_select_all: "Select all" | "全选";
    act_escape: "Put down, select nothing" | "放下，取消选择";
    act_link: "Draw a line from here" | "从此处连线";
    act_rename: "Rename" | "重命名";
    act_adopt: "Keep what clients declared" | "保留客户端声明的内容";
    act_arrange: "Arrange all" | "自动排列";
    act_fit: "Show everything" | "显示全部";
    act_zoom_selection: "Zoom to the selection" | "缩放到所选";
    act_zoom_in: "Zoom in" | "放大";
    act_zoom_out: "Zoom out" | "缩小";
    act_zoom_reset: "Zoom to 100 %" | "缩放到 100 %";
    act_present: "Present (stage and transport alone)" | "演示（仅画布与播放控制）";
    act_problems: "Show problems" | "查看问题";
    act_actions: "All actions and keys" | "全部操作与快捷键";
    act_go_left: "Go to the node on the left" | "转到左侧节点";
    act_go_right: "Go to the node on the right" | "转到右侧节点";
    act_go_up: "Go to the node above" | "转到上方节点";
    act_go_down: "Go to the node below" | "转到下方节点";
    act_edge_next: "Go to the next line here" | "转到此处的下一条连线";
    act_edge_previous: "Go to the line before it" | "转到此处的上一条连线";
    act_edge_edit: "Change the line's settings" | "修改连线的设置";
    act_move_left: "Move left" | "左移";
    act_move_right: "Move right" | "右移";
    act_move_up: "Move up" | "上移";
    act_move_down: "Move down" | "下移";
    act_accept: "Take the line's end" | "确认连线终点";
    act_pause_client: "Pause this client" | "暂停此客户端";
    act_resume_client: "Let it go on" | "让它继续";
    act_crash: "Crash this client" | "让客户端崩溃";
    act_restart: "Start it again" | "重新启动";
    act_cut_link: "Cut its link" | "切断链路";
    act_reconnect: "Mend its link" | "恢复链路";
    act_purge: "Purge the queue" | "清空队列 (purge)";
    act_publish_one: "Publish one message" | "发布一条消息";
    act_unfollow: "Stop following the message" | "停止跟踪消息";

    edit_add: "add a node" | "添加节点";
    edit_insert: "add nodes" | "添加多个节点";
    edit_remove: "delete" | "删除";
    edit_move: "move" | "移动";
    edit_rename: "rename" | "重命名";
    edit_set_node: "change a setting" | "修改设置";
    edit_connect: "draw a line" | "连线";
    edit_reconnect: "move a line" | "改接连线";
    edit_set_edge: "change a line" | "修改连线";
    edit_set_options: "change the scenario" | "修改场景";
    edit_vhosts: "change virtual hosts" | "修改虚拟主机";
    edit_replace: "open another scenario" | "打开其他场景";

    colour_routing_key: "routing key" | "路由键 (routing key)";
    colour_producer: "producer" | "生产者 (producer)";
    colour_age: "age" | "存在时间";
}

sentences! {
    act_add(kind: &str): "Add: {kind}" | "添加：{kind}";
    act_language(name: &str): "Language: {name}" | "语言：{name}";
    act_theme(name: &str): "Theme: {name}" | "主题：{name}";
    act_colouring(name: &str): "Colour messages by {name}" | "消息着色依据：{name}";
    act_undo_what(what: &str): "Undo: {what}" | "撤销：{what}";
    act_redo_what(what: &str): "Redo: {what}" | "重做：{what}";
}
