// The page starts, and says so plainly when it cannot.
import assert from "node:assert/strict";

/** It loads from a sub-folder, under the strict policy, without a word in the console. */
export async function the_page_loads({ page, app }) {
  await app.open();
  assert.match(await page.title(), /^Brokerlab/);
  await page.locator("#start").waitFor({ state: "detached" });
  assert.ok(new URL(page.url()).pathname.length > 1, "not at the root of the server");
}

/** The policy really holds: an inline script does not run. */
export async function inline_scripts_are_refused({ page, app }) {
  app.expectError(/Content Security Policy/);
  await app.open();
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.inlineRan = true;";
    document.head.append(script);
    return window.inlineRan === true;
  });
  assert.equal(ran, false);
}

/** Without WebAssembly there is a sentence about it, in both languages. */
export async function no_webassembly_is_said({ page, url }) {
  await page.addInitScript(() => {
    delete window.WebAssembly;
  });
  await page.goto(url);
  const sentence = page.locator('[data-start="no-wasm"]');
  await sentence.waitFor({ state: "visible" });
  assert.match(await sentence.innerText(), /WebAssembly[\s\S]*浏览器/);
  assert.equal(await page.locator('p[data-start="loading"]').isVisible(), false);
}

/** A program that does not arrive leaves a sentence and a reason, not a blank page. */
export async function a_failed_download_is_said({ page, app, url }) {
  app.expectError(/wasm|503/);
  await page.route("**/*.wasm", (route) => route.fulfill({ status: 503, body: "" }));
  await page.goto(url);
  await page.locator('p[data-start="failed"]').waitFor({ state: "visible" });
  assert.match(await page.locator("#start-reason").innerText(), /503/);
}

/** The texts are fetched apart: without them there is the same sentence, and no empty page. */
export async function texts_that_do_not_come_are_said({ page, app, url }) {
  app.expectError(/en\.txt|503/);
  await page.route("**/en.txt", (route) => route.fulfill({ status: 503, body: "" }));
  await page.goto(url);
  await page.locator('p[data-start="failed"]').waitFor({ state: "visible" });
  assert.match(await page.locator("#start-reason").innerText(), /503/);
}

/** Texts of another program are refused: wrong words would be worse than none. */
export async function texts_of_another_program_are_refused({ page, app, url }) {
  app.expectError(/texts/i);
  await page.route("**/en.txt", async (route) => {
    const response = await route.fetch();
    const text = (await response.text()).replace(/^en /, "en 1");
    await route.fulfill({ response, body: text });
  });
  await page.goto(url);
  await page.locator('p[data-start="failed"]').waitFor({ state: "visible" });
  assert.match(await page.locator("#start-reason").innerText(), /texts/i);
}
