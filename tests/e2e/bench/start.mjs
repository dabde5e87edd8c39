// How long a visitor waits, with everything on the same machine.

const REPETITIONS = 9;

export async function start({ context, url, print }) {
  const samples = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
    const page = await context.newPage();
    await page.addInitScript(() => {
      addEventListener("TrunkApplicationStarted", () => {
        window.startedAfterMs = performance.now();
      });
    });
    await page.goto(url);
    await page.waitForFunction(() => window.startedAfterMs !== undefined);
    samples.push(await page.evaluate(() => window.startedAfterMs));
    await page.close();
  }
  print("page: from address to running program", samples, "ms", "loopback, headless Chromium");
}
