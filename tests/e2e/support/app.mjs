// What a test does with the page, in the words of somebody who uses it.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

/** Where screenshots go; they are made on demand and looked at by people. */
const OUTPUT = process.env.E2E_OUTPUT ?? "e2e-output";

export class App {
  /** Every error the console or the page reported; any of them fails the test. */
  errors = [];
  #ignored = [];

  constructor(page, url, name) {
    this.page = page;
    this.url = url;
    this.name = name;
    page.on("console", (message) => {
      if (message.type() === "error") {
        this.#note(`${message.text()} (${message.location().url})`);
      }
    });
    page.on("pageerror", (error) => this.#note(String(error.stack ?? error)));
  }

  #note(text) {
    if (!this.#ignored.some((pattern) => pattern.test(text))) {
      this.errors.push(text);
    }
  }

  /** For a test that provokes an error on purpose: this one is expected. */
  expectError(pattern) {
    this.#ignored.push(pattern);
  }

  /** Opens the page (with a query or fragment) and waits until the program runs. */
  async open(rest = "") {
    // From the first moment: the event may come before anybody could ask for it.
    await this.page.addInitScript(() => {
      addEventListener("TrunkApplicationStarted", () => {
        window.brokerlabReady = true;
      });
    });
    await this.page.goto(this.url + rest);
    await this.ready();
  }

  /** Waits until the program has started; after a reload, for instance. */
  async ready() {
    await this.page.waitForFunction(() => window.brokerlabReady === true, undefined, {
      timeout: 30_000,
    });
  }

  /** Presses at one point, moves in steps as a hand does, and lets go at another. */
  async drag(from, to, { steps = 12, button = "left" } = {}) {
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down({ button });
    await mouse.move(to.x, to.y, { steps });
    await mouse.up({ button });
  }

  /** The middle of an element, in pixels of the window. */
  async middle(locator) {
    const box = await locator.boundingBox();
    if (!box) {
      throw new Error(`not to be seen: ${locator}`);
    }
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  /** Drags the middle of one element to the middle of another, or to a point. */
  async dragElement(from, to, options) {
    const end = typeof to.x === "number" ? to : await this.middle(to);
    await this.drag(await this.middle(from), end, options);
  }

  /** Writes a picture into the output folder and gives its path. */
  async screenshot(label, options = {}) {
    await mkdir(OUTPUT, { recursive: true });
    const path = join(OUTPUT, `${this.name}.${label}.png`);
    await this.page.screenshot({ path, ...options });
    return path;
  }

  /**
   * Frames a second over a stretch of wall time: the median frame, and the 1 % low (the rate that
   * 99 of 100 frames reach).
   */
  async frameRate(durationMs) {
    const gaps = await this.page.evaluate(async (durationMs) => {
      const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const found = [];
      const start = await nextFrame();
      let last = start;
      while (last - start < durationMs) {
        const now = await nextFrame();
        found.push(now - last);
        last = now;
      }
      return found;
    }, durationMs);
    gaps.sort((a, b) => a - b);
    const rateAt = (share) => 1000 / gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * share))];
    return { median: rateAt(0.5), low: rateAt(0.99), frames: gaps.length };
  }

  /** Slows the processor down by a factor, as the developer tools do. */
  async throttle(rate) {
    const session = await this.page.context().newCDPSession(this.page);
    await session.send("Emulation.setCPUThrottlingRate", { rate });
  }

  /** The box on the stage with this name. */
  node(name) {
    return this.page.locator("#stage [data-node]").filter({
      has: this.page.locator("text.name", { hasText: new RegExp(`^${name}$`) }),
    });
  }

  /** All boxes on the stage. */
  nodes() {
    return this.page.locator("#stage [data-node]");
  }

  /** All lines of the document on the stage. */
  lines() {
    return this.page.locator("#stage [data-edge]");
  }

  /** A thing in the palette. */
  item(name) {
    return this.page.locator(`.palette-item[data-item="${name}"]`);
  }

  /** Does a named action by its button. */
  async press(action) {
    await this.page.locator(`[data-action="${action}"]:visible`).first().click();
  }

  /** A point of the stage by its shares of width and height. */
  async place(x, y) {
    const box = await this.page.locator("#stage-area").boundingBox();
    return { x: box.x + box.width * x, y: box.y + box.height * y };
  }

  /** The middle of a box's outline (names and numbers round it do not count). */
  async body(node) {
    return this.middle(node.locator(".outline").first());
  }

  /** The point on the right of a box from which lines are drawn. */
  async handle(node) {
    return this.middle(node.locator(".handle .dot"));
  }

  /** Simulated seconds on the page. */
  async seconds() {
    const text = await this.page.locator("#time").innerText();
    const [hours, minutes, seconds] = text.split(":").map(Number);
    return hours * 3600 + minutes * 60 + seconds;
  }

  /** Speed by the slider: a power of ten. */
  async speed(exponent) {
    await this.page.locator("#speed").fill(String(Math.round(exponent * 20)));
  }

  /** Drops a text as a file on the stage. */
  async dropFile(name, text) {
    const transfer = await this.page.evaluateHandle(
      ([name, text]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text], name));
        return transfer;
      },
      [name, text],
    );
    await this.page.dispatchEvent("#stage-area", "drop", { dataTransfer: transfer });
  }

  /** An empty stage. */
  async begin() {
    await this.open();
    await this.page.locator(".page").waitFor();
    await this.press("new");
    await this.page.waitForFunction(() => !document.querySelector("#stage [data-node]"));
  }

  /** Adds a part by the palette and the keyboard; what is added gets the focus. */
  async add(name) {
    const before = await this.nodes().count();
    await this.item(name).focus();
    await this.page.keyboard.press("Enter");
    await this.count("#stage [data-node]", before + 1);
    // The focus comes after the drawing: keys pressed before it would go elsewhere.
    await this.page.locator("#stage [data-node]:focus").waitFor();
  }

  /** Waits until what was done before is on the page, however slow the machine is. */
  async drawn() {
    await this.page.evaluate(async () => {
      for (let frames = 0; frames < 3; frames += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    });
  }

  /** Waits until something that is measured is as it should be; says at the end what it was. */
  async until(measure, holds, what) {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const measured = await measure();
      if (holds(measured)) {
        return measured;
      }
      if (Date.now() > deadline) {
        throw new Error(`${what}: ${measured}`);
      }
      await this.page.waitForTimeout(30);
    }
  }

  /** Waits until the work of this many boxes is kept for the next visit. */
  async kept(boxes) {
    await this.page.waitForFunction(
      (boxes) =>
        Object.values(localStorage).some((text) => {
          try {
            return JSON.parse(text).nodes.length === boxes;
          } catch {
            return false;
          }
        }),
      boxes,
    );
  }

  /** Waits until so many of something are there. */
  async count(locator, wanted) {
    await this.page.waitForFunction(
      ([selector, wanted]) => document.querySelectorAll(selector).length === wanted,
      [locator, wanted],
      { timeout: 10_000 },
    );
  }
}
