// Pictures of the page for people to look at, and what must hold at every width.
import assert from "node:assert/strict";

const WIDTHS = [
  [1440, 900],
  [1024, 768],
  [390, 844],
];

async function running(page, app) {
  await app.open();
  await page.locator("#stage [data-node]").first().waitFor();
  await page.locator("#play").click();
  await page.waitForTimeout(2_500);
  await page.locator("#play").click();
}

async function at([width, height], page, app, theme) {
  await page.setViewportSize({ width, height });
  await running(page, app);
  if (theme !== "light") {
    await page.locator("#theme").selectOption(theme);
  }
  await page.waitForTimeout(200);
  await app.screenshot(`${theme}-${width}`);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(overflow, 0, `nothing sticks out at ${width}`);
}

export async function light({ page, app }) {
  for (const size of WIDTHS) {
    await at(size, page, app, "light");
  }
}

export async function dark({ page, app }) {
  for (const size of WIDTHS) {
    await at(size, page, app, "dark");
  }
}

export async function projector({ page, app }) {
  await at(WIDTHS[0], page, app, "projector");
}

/** Everything that can be pressed is at least 24 by 24 pixels (WCAG 2.2, 2.5.8). */
export async function targets_are_large_enough({ page, app }) {
  await app.open();
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("button, select, summary, input")]
      .filter((element) => element.offsetParent !== null)
      .map((element) => [element, element.getBoundingClientRect()])
      .filter(([, box]) => box.width < 23.5 || box.height < 23.5)
      .map(([element, box]) => `${element.outerHTML.slice(0, 80)} ${box.width}x${box.height}`),
  );
  assert.deepEqual(small, []);
}

/** No style attribute anywhere: the content security policy would drop it. */
export async function no_inline_styles({ page, app }) {
  await app.open();
  await page.locator("#play").click();
  await page.waitForTimeout(500);
  assert.equal(await page.locator("[style]").count(), 0);
}

/** Nothing is fetched from elsewhere. */
export async function no_request_leaves({ page, app, url }) {
  const foreign = [];
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== new URL(url).origin && protocol.startsWith("http")) {
      foreign.push(request.url());
    }
  });
  await running(page, app);
  assert.deepEqual(foreign, []);
}
