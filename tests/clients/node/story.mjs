// How a story is told: a function with a title, run on a stage of its own against AMQP_URL. A
// story that fails says so in one line and the others go on. What is deliberately not here: any
// knowledge of which broker is at the other end.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";

export const URL_OF_BROKER = process.env.AMQP_URL ?? "amqp://guest:guest@127.0.0.1:5672/%2f";
export const VHOST = decodeURIComponent(new URL(URL_OF_BROKER).pathname.slice(1)) || "/";

/** No story may hold up the rest for longer (milliseconds). */
const LIMIT_MS = 60_000;
/** How long to wait for something that a healthy broker does at once (milliseconds). */
const PATIENCE_MS = 20_000;

const stories = [];
let number = 0;

/** Puts a function among the stories to be told with a client. */
export function story(client, title, run) {
  stories.push({ client, label: `${client}: ${title}`, run });
}

/** A name that no other story and no other run uses. */
export function ownName(word) {
  number += 1;
  return `stories.node.${process.pid}.${number}.${word}`;
}

/** Waits until `happened()` is true. */
export async function until(happened, what) {
  const end = Date.now() + PATIENCE_MS;
  while (!(await happened())) {
    if (Date.now() > end) {
      throw new Error(`waited ${PATIENCE_MS / 1000} s for ${what}`);
    }
    await sleep(10);
  }
}

function withLimit(promise) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/** In one line, but with both values where they differ. */
function reason(error) {
  if (!(error instanceof Error)) {
    return `not an error: ${error}`;
  }
  const own = /stories\/[\w-]+\.mjs:\d+/.exec(error.stack ?? "")?.[0] ?? "";
  const differs = error instanceof assert.AssertionError && "actual" in error;
  const values = differs ? ` got ${inspect(error.actual)}, wanted ${inspect(error.expected)}` : "";
  return `${own}: ${error.message.split("\n")[0]}${values}`;
}

/** Tells the stories whose label has one of the words; gives how many went well and how many not. */
export async function tell(stages, words) {
  const counts = { ok: 0, failed: 0 };
  const wanted = ({ label }) => words.length === 0 || words.some((word) => label.includes(word));
  for (const { client, label, run } of stories.filter(wanted)) {
    const stage = new stages[client]();
    try {
      await withLimit(run(stage));
      counts.ok += 1;
      console.log(`ok     ${label}`);
    } catch (error) {
      counts.failed += 1;
      console.log(`FAILED ${label}\n       ${reason(error)}`);
    }
    await withLimit(stage.clear()).catch((error) => console.log(`       ${reason(error)}`));
  }
  return counts;
}
