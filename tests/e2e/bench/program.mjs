// Runs the native benchmark programs (benches/*.rs), built as the page is, in the browser.
// `cargo xtask bench --browser` builds and serves them, one folder each.

/** Opens one program and passes its lines on, marked as wasm; waits until it has ended. */
async function runProgram(context, name) {
  const page = await context.newPage();
  page.on("console", (message) => {
    const text = message.text();
    if (text.startsWith("bench\t")) {
      console.log(text.replace("bench\t", "bench\twasm: "));
    }
  });
  let broken;
  page.on("pageerror", (error) => {
    broken = error;
  });
  const words = encodeURIComponent(process.env.BENCH_WORDS ?? "");
  await page.goto(`${process.env.BENCH_URL}${name}/#${words}`);
  while (!broken && !(await page.evaluate(() => globalThis.benchDone === true))) {
    await page.waitForTimeout(200);
  }
  await page.close();
  if (broken) {
    throw new Error(`${name}: ${broken.stack ?? broken}`);
  }
}

export async function programs({ context }) {
  for (const name of (process.env.BENCH_PROGRAMS ?? "").split(" ").filter(Boolean)) {
    await runProgram(context, name);
  }
}
