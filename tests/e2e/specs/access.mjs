// What a checker of the Web Content Accessibility Guidelines (A and AA) finds: nothing, in every
// theme, in both languages, with each dialog open and while it runs.
import assert from "node:assert/strict";
import axe from "axe-core";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// A box shows numbers that change as it runs; its name says what it is and leaves them out.
const LEFT_OUT = { "label-content-name-mismatch": { enabled: false } };

/** Fails with one line for each fault: the rule, the element and what is wrong with it. */
async function check(page, where) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    ([values, rules]) => window.axe.run(document, { runOnly: { type: "tag", values }, rules }),
    [RULES, LEFT_OUT],
  );
  const faults = violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target} - ${node.failureSummary}`),
  );
  assert.deepEqual(faults, [], where);
}

/** The page in each theme, at rest, running, and with something selected. */
export async function each_theme_meets_the_guidelines({ page, app }) {
  await app.open();
  for (const theme of ["light", "dark", "projector"]) {
    await page.locator("#theme").selectOption(theme);
    await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, theme);
    await check(page, `${theme}, at rest`);
    await page.locator("#play").click();
    await page.waitForTimeout(2_000);
    const at = await app.body(page.locator("#stage .queue").first());
    await page.mouse.click(at.x, at.y);
    await page.waitForTimeout(200);
    await check(page, `${theme}, running, a queue selected`);
    await page.locator("#play").click();
  }
}

/** Each dialog, in both languages. */
export async function each_dialog_meets_the_guidelines({ page, app }) {
  await app.open();
  for (const language of ["en", "zh-CN"]) {
    await page.locator("#language").selectOption(language);
    await page.waitForFunction((lang) => document.documentElement.lang === lang, language);
    for (const action of ["gallery", "actions", "problems", "add-load", "about"]) {
      await app.press("actions");
      if (action !== "actions") {
        await page.locator(`dialog [data-action="${action}"]`).click();
      }
      await page.locator("dialog[open]").waitFor();
      await check(page, `${action} in ${language}`);
      await page.keyboard.press("Escape");
      await page.locator("dialog[open]").waitFor({ state: "detached" });
    }
  }
}

/** On a telephone: another arrangement, the same rules. */
export async function a_narrow_page_meets_the_guidelines({ page, app }) {
  await page.setViewportSize({ width: 390, height: 844 });
  await app.open();
  await check(page, "390 pixels wide");
}
