//! Opening, saving, exporting; and what the browser could not do.
//!
//! Deliberately not here: problems found in files (`problem.rs`).

words! {
    untitled: "Untitled" | "未命名";
    hello_title: "Hello world" | "你好，世界";
    failed_storage: "The browser has no room to keep your work. Save it as a file, so that nothing is lost." | "浏览器没有空间保存你的工作。请保存为文件，以免丢失。";
    failed_clipboard: "The browser did not allow copying." | "浏览器不允许复制。";
    failed_reading: "The file could not be read." | "无法读取该文件。";
    failed_texts: "The texts of that language could not be loaded. Check the connection and choose it again." | "该语言的文本载入失败。请检查网络后重新选择。";
    failed_annex: "The part of the program that this needs could not be loaded. Check the connection and try again." | "此操作所需的程序部分载入失败。请检查网络后重试。";
    open_empty: "The file is empty." | "文件是空的。";
    stored_unreadable: "What the browser had kept could not be opened, so this is the hello world. What was kept is offered as a download." | "浏览器中保存的内容无法打开，因此显示“你好，世界”。原内容已提供下载。";
    load_nothing: "Choose at least one exchange or queue." | "请至少选择一个交换机或队列。";
    gallery_missing: "There is no such scenario in the gallery." | "示例中没有这个场景。";
}

sentences! {
    opened(name: &str): "Opened {name}. Undo brings back what was here before." | "已打开 {name}。可撤销以恢复之前的内容。";
    opened_with_problems(name: &str, count: usize): "Opened {name}; {count} things in it need a look (see Problems)." | "已打开 {name}；其中 {count} 处需要留意（见“问题”）。";
    not_opened(name: &str, reason: &str): "{name} was not opened: {reason}" | "未能打开 {name}：{reason}";
    at_line(line: u32, column: u32, reason: &str): "line {line}, column {column}: {reason}" | "第 {line} 行第 {column} 列：{reason}";
    load_from_csv(name: &str, producer: &str): "{name} is now the load of {producer}." | "{name} 现在是 {producer} 的负载。";
    load_added(producers: usize, consumers: usize): "{producers} producers and {consumers} consumers added." | "已添加 {producers} 个生产者和 {consumers} 个消费者。";
}
