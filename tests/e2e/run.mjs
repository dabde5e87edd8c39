// Runs the end-to-end tests (specs/*.mjs) or, with --bench, the browser benchmarks (bench/*.mjs)
// against the page at PAGE_URL. `cargo xtask e2e [WORD]` builds and serves the page and calls
// this; a word keeps the tests whose file or name contains it.
//
// A spec exports tests: `export async function drag_a_queue({ page, app }) { ... }`. The name of
// the function is the name of the test. Each gets a fresh browser context, so nothing stored by
// one is seen by the next, and fails on any error in the console as well. What fails is tried once
// more, and what only then passes is named at the end. What the context is like
// (`{ hasTouch: true, viewport: ..., locale: "zh-CN" }`) is said by `export const options`, or by
// `drag_a_queue.options` for one test.
import { readdir } from "node:fs/promises";
import { chromium } from "playwright-core";
import { App } from "./support/app.mjs";

/** Without a GPU drawing goes by the CPU; the rest keeps the browser quiet. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const bench = process.argv.includes("--bench");

/** No single test may hold up the rest for longer (milliseconds). */
const TEST_LIMIT_MS = bench ? 900_000 : 120_000;

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const folder = new URL(bench ? "bench/" : "specs/", import.meta.url);
const url = process.env.PAGE_URL;
const executablePath = process.env.CHROME;
if (!url || !executablePath) {
  console.error("PAGE_URL and CHROME must be set; `cargo xtask e2e` does it.");
  process.exit(2);
}

/** All tests as { file, name, run }, in the order of files and of their exports. */
async function collect() {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".mjs")).sort();
  const tests = [];
  for (const file of files) {
    const module = await import(new URL(file, folder));
    for (const [name, run] of Object.entries(module)) {
      if (typeof run === "function") {
        const options = { ...module.options, ...run.options };
        tests.push({ file, name, run, options });
      }
    }
  }
  const wanted = ({ file, name }) =>
    words.length === 0 || words.some((word) => `${file} ${name}`.includes(word));
  return tests.filter(wanted);
}

function withLimit(promise) {
  let timer;
  const limit = new Promise((_, reject) => {
    const late = () => reject(new Error(`took longer than ${TEST_LIMIT_MS / 1000} s`));
    timer = setTimeout(late, TEST_LIMIT_MS);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/** Runs one test in a context of its own; gives the error or nothing. */
async function runOne(browser, test) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    colorScheme: "light",
    ...test.options,
  });
  const page = await context.newPage();
  const app = new App(page, url, `${test.file.replace(".mjs", "")}.${test.name}`);
  try {
    await withLimit(test.run({ page, context, browser, app, url, print: printFigure }));
    if (app.errors.length > 0) {
      throw new Error(`errors in the console:\n${app.errors.join("\n")}`);
    }
    return undefined;
  } catch (error) {
    const seen = app.errors.length > 0 ? `\nin the console:\n${app.errors.join("\n")}` : "";
    await app.screenshot("failed").catch(() => {});
    return new Error(`${error.stack ?? error}${seen}`);
  } finally {
    await context.close();
  }
}

/** Whether a figure of this name was asked for on the command line. */
function asked(name) {
  const wanted = (process.env.BENCH_WORDS ?? "").split(" ").filter((word) => word !== "");
  return wanted.length === 0 || wanted.some((word) => name.includes(word));
}

/** One figure, in the lines that benches/support/mod.rs describes. */
function printFigure(name, samples, unit, note = "") {
  if (!asked(name)) {
    return;
  }
  const sorted = [...samples].sort((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  const fields = ["bench", name, median, unit, sorted[0], sorted[sorted.length - 1], note];
  console.log(fields.join("\t"));
}

const tests = await collect();
const browser = await chromium.launch({ executablePath, args: FLAGS });
const failures = [];
const shaky = [];
for (const test of tests) {
  const start = Date.now();
  let error = await runOne(browser, test);
  if (error && !bench) {
    // A machine that stood still for seconds is told from a fault by one more try. What a second
    // try mends is named at the end: it is still somebody's work, of the test or of the page.
    shaky.push(`${test.file} ${test.name}`);
    console.log(`again  ${test.file} ${test.name}`);
    console.log(error.message.replace(/^/gm, "       "));
    error = await runOne(browser, test);
  }
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  const label = `${test.file} ${test.name}`;
  if (!bench || error) {
    console.log(`${error ? "FAILED" : "ok    "} ${label} (${seconds} s)`);
  }
  if (error) {
    failures.push(label);
    console.log(error.message.replace(/^/gm, "       "));
  }
}
await browser.close();
if (!bench) {
  const passed = tests.length - failures.length;
  const late = shaky.filter((label) => !failures.includes(label));
  if (late.length > 0) {
    console.log(`\npassed only when tried again: ${late.join(", ")}`);
  }
  console.log(`\ne2e result: ${passed} passed, ${failures.length} failed`);
}
process.exit(failures.length > 0 || (tests.length === 0 && !bench) ? 1 : 0);
