// A limit of memory is set by hand, filled, and raised again while it runs; a fast publisher is slowed.
import assert from "node:assert/strict";

/** The gauge of memory says how full it is and that publishers are held back; more memory frees them. */
export async function a_memory_limit_is_set_and_seen({ page, app }) {
  await app.open();
  const gauge = page.locator("#memory");
  const state = (wanted) =>
    page.waitForFunction(
      (wanted) => document.querySelector("#memory")?.dataset.state === wanted,
      wanted,
      { timeout: 20_000 },
    );
  await state("none");
  assert.ok(!(await gauge.isVisible()), "without a limit there is nothing to see");
  await app.press("gallery");
  await page.locator('.card[data-scenario="memory-alarm"]').click();
  await state("enough");
  assert.match(await page.locator("#memory-text").innerText(), /^0 % of 1 MB$/);
  await app.speed(1.5);
  await page.locator("#play").click();
  await state("low");
  assert.match(await page.locator("#memory-alarm").innerText(), /held back: [12]/);
  await page.waitForFunction(() =>
    /unblocked/.test(
      document.querySelector("#stage .producer")?.getAttribute("aria-description") ?? "",
    ),
  );
  await app.screenshot("low");
  await page.locator("#play").click();
  const limit = page.locator('[id="field-memory-limit"]');
  await limit.fill("50000000");
  await limit.press("Enter");
  await state("enough");
  assert.match(await page.locator("#memory-text").innerText(), /of 50 MB$/);
  await app.press("undo");
  await page.waitForFunction(() => /of 1 MB$/.test(document.querySelector("#memory-text").innerText));
  assert.equal(await limit.inputValue(), "1000000");
}

/** Who publishes faster than the queue handles is said to be in flow, until the queue takes no time. */
export async function a_fast_publisher_is_in_flow({ page, app }) {
  await app.open();
  await app.press("gallery");
  await page.locator('.card[data-scenario="flow"]').click();
  const time = page.locator('[id="field-queue-time"]');
  // The scenario is fetched first.
  await page.waitForFunction(
    () => document.querySelector('[id="field-queue-time"]')?.value === "5ms",
  );
  await page.locator("#play").click();
  const says = (words, wanted) =>
    page.waitForFunction(
      ([words, wanted]) => {
        const box = document.querySelector("#stage .producer");
        const said = box?.getAttribute("aria-description") ?? "";
        return said.includes(words) === wanted;
      },
      [words, wanted],
      { timeout: 20_000 },
    );
  await says("in flow", true);
  await app.screenshot("flow");
  await time.fill("");
  await time.press("Enter");
  await says("in flow", false);
}
