// Joins the program to the broker of the page in the frame, and shows its text and what it says.

const TEXTS = {
  en: {
    title: "An AMQP client in the page",
    what: "The program below is plain JavaScript written against @cloudamqp/amqp-client, unmodified from npm. It speaks AMQP 0-9-1 to the broker that runs in this page: what it declares, publishes and consumes is on the stage.",
    connect: "Connect",
    order: "Send 12 orders",
    close: "Close",
    source: "The program (program.mjs)",
    licence: "Licence of the client (Apache-2.0)",
    back: "Brokerlab alone",
    opened: "connected",
    closed: "closed",
    lost: "connection lost: {}",
    failed: "failed: {}",
    confirmed: "confirmed {}",
    acked: "acknowledged {}",
    nacked: "gave back {}",
  },
  "zh-CN": {
    title: "页面中的 AMQP 客户端",
    what: "下面的程序是普通的 JavaScript，使用 npm 上未经修改的 @cloudamqp/amqp-client 编写。它通过 AMQP 0-9-1 与运行在本页面中的消息代理 (broker) 通信：程序声明、发布和消费的一切都显示在画布上。",
    connect: "连接",
    order: "发送 12 个订单",
    close: "关闭",
    source: "程序 (program.mjs)",
    licence: "客户端的许可证 (Apache-2.0)",
    back: "仅打开 Brokerlab",
    opened: "已连接",
    closed: "已关闭",
    lost: "连接中断：{}",
    failed: "失败：{}",
    confirmed: "已确认 (confirm) {}",
    acked: "已确认 (ack) {}",
    nacked: "已退回 (nack) {}",
  },
};

const frame = document.querySelector("iframe");
const element = (id) => document.getElementById(id);
let texts = TEXTS.en;
let shop;

/** The person's language if one was chosen on the page, else the browser's. */
function language() {
  let kept = "";
  try {
    kept = localStorage.getItem("brokerlab.preferences") ?? "";
  } catch {}
  const chosen = /(?:^| )language=(en|zh-CN)(?: |$)/.exec(kept);
  return chosen?.[1] ?? (/^zh([-_]|$)/i.test(navigator.language) ? "zh-CN" : "en");
}

function say(what, about = "") {
  const line = document.createElement("li");
  line.dataset.what = what;
  line.textContent = texts[what].replace("{}", about);
  element("log").append(line);
  line.scrollIntoView({ block: "nearest" });
  if (what === "lost") {
    stand(false);
  }
}

function stand(open) {
  element("connect").disabled = open;
  element("order").disabled = !open;
  element("close").disabled = !open;
}

/** Does something when a button is pressed; what fails is said. */
function on(id, act) {
  element(id).addEventListener("click", () => act().catch((error) => say("failed", error.message)));
}

/** The page in the frame, once its program runs. */
async function pageInFrame() {
  for (;;) {
    const page = frame.contentWindow;
    if (page.brokerlab && page.wasmBindings && page.document.getElementById("play")) {
      return page;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const tag = language();
texts = TEXTS[tag];
document.documentElement.lang = tag;
for (const place of document.querySelectorAll("[data-text]")) {
  place.textContent = texts[place.dataset.text];
}
element("source").textContent = await (await fetch(new URL("./program.mjs", import.meta.url))).text();

const page = await pageInFrame();
// From here on ws://brokerlab.local/ leads into the page in the frame.
globalThis.WebSocket = page.brokerlab.WebSocket;
// An empty stage.
page.document.querySelector("[data-action='new']")?.click();

const { open } = await import("./program.mjs");
on("connect", async () => {
  element("connect").disabled = true;
  try {
    shop = await open("ws://brokerlab.local/", say);
    say("opened");
    // Time passes as long as somebody is there; a run in which nothing can happen ends by itself.
    if (!page.document.querySelector("#play.playing")) {
      page.document.getElementById("play").click();
    }
    stand(true);
  } catch (error) {
    stand(false);
    throw error;
  }
});
on("order", () => shop.order(12));
on("close", async () => {
  stand(false);
  await shop.close();
  say("closed");
});
stand(false);
