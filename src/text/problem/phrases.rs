//! The phrases that stand within what is said about problems, in both languages.
//!
//! A word in braces is filled in from the case. Deliberately not here: whole sentences.

use crate::types::Phrase;

/// Makes the function from a phrase to its texts; a phrase without them does not compile.
macro_rules! phrase_texts {
    ($($phrase:ident : $en:literal | $zh:literal ;)*) => {
        pub(super) const fn text(phrase: Phrase) -> (&'static str, &'static str) {
            match phrase {
                $(Phrase::$phrase => ($en, $zh),)*
            }
        }
    };
}

phrase_texts! {
    JsonTrailing: "something follows the end" | "文档结束后还有内容";
    JsonNoValue: "a value must begin here" | "此处应有一个值";
    JsonNoWord: "without quotes there is only true, false and null" | "不加引号的只能是 true、false 或 null";
    JsonKeyNoText: "a key must be a text in quotes" | "键必须是带引号的文本";
    JsonNoColon: "a colon must follow the key" | "键后面应有冒号";
    JsonNoCommaInArray: "a comma or the end of the list, ], must follow" | "此处应有逗号或列表的结尾 ]";
    JsonNoCommaInObject: "a comma or the end of the object, must follow" | "此处应有逗号或对象的结尾";
    JsonTrailingComma: "nothing follows the last comma" | "最后一个逗号后面没有内容";
    JsonControl: "a line break, tab or other control character stands inside a text; write \\n, \\t or \\u0000" | "文本中含有换行、制表等控制字符；请写成 \\n、\\t 或 \\u0000";
    JsonEscape: "nothing that may follow a backslash" | "反斜杠后面的内容无效";
    JsonHalfPair: "half of a surrogate pair; its second half must follow" | "只有半个代理对；后面应有另一半";
    JsonLoneSurrogate: "half of a surrogate pair" | "只有半个代理对";
    JsonNumber: "that is not how a number is written" | "数字的写法不正确";
    JsonNumberRange: "the number is too large" | "数字过大";
    NotExpected: "{given} stands here; it must be {expected}" | "此处为 {given}；应为：{expected}";
    WrongLength: "{length} values stand here; it must be {expected}" | "此处有 {length} 个值；应为：{expected}";
    NameTooLong: "the name has {octets} bytes; AMQP names have at most {max}" | "名称有 {octets} 字节；AMQP 名称最多 {max} 字节";
    NumberTooWide: "{given} does not fit in 64 signed bits" | "{given} 超出 64 位有符号整数";
    KeyNotExpected: "{key} is {given}; it must be {expected}" | "{key} 为 {given}；应为：{expected}";
    NoKey: "it has no {key}" | "缺少 {key}";
    Text: "a text" | "文本";
    Flag: "true or false" | "true 或 false";
    Number: "a number" | "数字";
    WholeNumber: "a whole number, {min} to {max}" | "整数，{min} 到 {max}";
    WholeNumberFrom: "a whole number, {min} or more" | "整数，不小于 {min}";
    Time: "a time such as 250ms, 1.5s, 10m or 2h" | "时间，如 250ms、1.5s、10m 或 2h";
    TimeOrDistribution: "a time such as 250ms, or an object with distribution" | "时间（如 250ms），或含有 distribution 的对象";
    NumberOrDistribution: "a number, or an object with distribution" | "数字，或含有 distribution 的对象";
    Object: "an object (in braces)" | "对象（花括号）";
    Array: "a list (in brackets)" | "列表（方括号）";
    Pair: "a list of two values" | "两个值的列表";
    LocalText: "a text, or an object with en and zh" | "文本，或含有 en 和 zh 的对象";
    Arguments: "an object of arguments" | "参数 (arguments) 对象";
    Choice: "an object with one of fixed, cycle, drawn" | "只含 fixed、cycle、drawn 之一的对象";
    QueueOrExchange: "queue or exchange" | "queue 或 exchange";
}
