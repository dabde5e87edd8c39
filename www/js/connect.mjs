// AMQP without a network: pipes into the engine of the page, which look like a WebSocket.
//
// brokerlab.connect() opens one. brokerlab.WebSocket takes the place of the browser's class for
// programs that make their own: brokerlab: and *://brokerlab.local/ lead into the page, everything
// else out into the world. A program's octets are taken at the present instant of simulated time,
// also while nothing plays; answers take none. Close codes: 1000 closed, 1006 a part of the page's
// program could not be fetched, 1011 it has stopped, 1012 the run was begun anew: connect again.
const World = globalThis.WebSocket;
const pipes = new Set();
let engine;
const started = new Promise((resolve) => {
  addEventListener("TrunkApplicationStarted", () => resolve((engine = window.wasmBindings)));
});

// What was sent is answered after the program has gone on, as on a network; timers would be late.
const { port1: bell, port2: ear } = new MessageChannel();
let rung = false;
function ring() {
  if (!rung) {
    rung = true;
    bell.postMessage(0);
  }
}
ear.onmessage = () => {
  rung = false;
  for (const pipe of [...pipes]) {
    pipe[turn]();
  }
};
window.brokerlabStart.octets = ring;

const turn = Symbol("turn");

class Pipe extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;
  CONNECTING = 0;
  OPEN = 1;
  CLOSING = 2;
  CLOSED = 3;
  readyState = 0;
  binaryType = "arraybuffer";
  protocol = "";
  extensions = "";
  onopen = null;
  onmessage = null;
  onclose = null;
  onerror = null;
  #number;
  #got = 0;
  // Octets that an alarm keeps back.
  #held = [];

  constructor(url = "brokerlab:", protocols = []) {
    super();
    this.url = String(url);
    this.protocol = [protocols].flat()[0] ?? "";
    // What programs declare is drawn by code of the annex.
    started
      .then(() => window.brokerlabStart.annex())
      .then(
        () => this.#open(),
        () => this.#end(1006),
      );
  }

  #open() {
    if (this.readyState !== 0) {
      return;
    }
    this.#number = engine.pipeOpen();
    if (this.#number === undefined) {
      this.#end(1011);
      return;
    }
    pipes.add(this);
    this.readyState = 1;
    this.#emit(new Event("open"));
  }

  get bufferedAmount() {
    return this.#held.reduce((sum, octets) => sum + octets.byteLength, 0);
  }

  send(data) {
    if (this.readyState === 0) {
      throw new DOMException("The connection is not open yet.", "InvalidStateError");
    }
    if (this.readyState === 1) {
      const octets = ArrayBuffer.isView(data)
        ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
        : typeof data === "string"
          ? new TextEncoder().encode(data)
          : new Uint8Array(data);
      if (this.#held.length > 0 || !engine.pipeWrite(this.#number, octets)) {
        this.#held.push(octets.slice());
      }
      ring();
    }
  }

  close(code = 1000, reason = "") {
    if (this.readyState < 2) {
      const open = this.readyState === 1;
      this.readyState = 2;
      if (open) {
        engine.pipeClose(this.#number);
      }
      setTimeout(() => this.#end(code, reason));
    }
  }

  [turn]() {
    if (this.readyState !== 1) {
      return;
    }
    while (this.#held.length > 0 && engine.pipeWrite(this.#number, this.#held[0])) {
      this.#held.shift();
    }
    const octets = engine.pipeRead(this.#number, this.#got);
    if (typeof octets === "number") {
      this.#end(octets, octets === 1012 ? "The run was begun anew." : "");
    } else if (octets.length > 0) {
      this.#got += octets.length;
      const data = this.binaryType === "blob" ? new Blob([octets]) : octets.buffer;
      this.#emit(new MessageEvent("message", { data, origin: location.origin }));
      // It may have been the last word.
      ring();
    }
  }

  #end(code, reason = "") {
    if (this.readyState < 3) {
      this.readyState = 3;
      pipes.delete(this);
      this.#emit(new CloseEvent("close", { code, reason, wasClean: code === 1000 }));
    }
  }

  #emit(event) {
    this[`on${event.type}`]?.(event);
    this.dispatchEvent(event);
  }
}

/** The browser's WebSocket, but for addresses that lead into the page. */
class Socket {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;

  constructor(url, protocols) {
    const { protocol, hostname } = new URL(url, location.href);
    const here = protocol === "brokerlab:" || hostname === "brokerlab.local";
    return here ? new Pipe(url, protocols) : new World(url, protocols);
  }
}

window.brokerlab = {
  connect: ({ protocols } = {}) => new Pipe("brokerlab:", protocols),
  WebSocket: Socket,
};
