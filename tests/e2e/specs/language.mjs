// The page speaks the visitor's language, fetches only that one, and another when it is chosen.
import assert from "node:assert/strict";

/** The names of the files of texts that are fetched from now on. */
function fetchedTexts(page) {
  const names = [];
  page.on("request", (request) => {
    const name = new URL(request.url()).pathname.split("/").pop();
    if (name.endsWith(".txt")) {
      names.push(name);
    }
  });
  return names;
}

const gallery = (page) => page.locator('[data-action="gallery"]:visible').first().innerText();

async function speaks(page, tag) {
  await page.waitForFunction((tag) => document.documentElement.lang === tag, tag);
  assert.equal(await page.locator("#language").inputValue(), tag);
  assert.equal((await gallery(page)).trim(), tag === "en" ? "Gallery" : "示例");
}

/** One file of texts is fetched, the other when it is chosen, and none twice. */
export async function there_and_back({ page, app }) {
  const names = fetchedTexts(page);
  await app.open();
  await speaks(page, "en");
  assert.deepEqual(names, ["en.txt"]);
  await page.locator("#language").selectOption("zh-CN");
  await speaks(page, "zh-CN");
  await page.locator("#language").selectOption("en");
  await speaks(page, "en");
  await page.locator("#language").selectOption("zh-CN");
  await speaks(page, "zh-CN");
  assert.deepEqual(names, ["en.txt", "zh-CN.txt"]);
}

/** What was chosen is remembered over a reload, and then the only one fetched. */
export async function a_reload_remembers({ page, app }) {
  await app.open();
  await page.locator("#language").selectOption("zh-CN");
  await speaks(page, "zh-CN");
  const names = fetchedTexts(page);
  await page.reload();
  await app.ready();
  await speaks(page, "zh-CN");
  assert.deepEqual(names, ["zh-CN.txt"]);
  assert.match(await page.locator("#stage .queue").first().getAttribute("aria-label"), /队列/);
}

/** A browser in any kind of Chinese gets Chinese. */
export async function the_browsers_language({ page, app }) {
  const names = fetchedTexts(page);
  await app.open();
  await speaks(page, "zh-CN");
  assert.deepEqual(names, ["zh-CN.txt"]);
  await page.locator("#language").selectOption("en");
  await speaks(page, "en");
}
the_browsers_language.options = { locale: "zh-TW" };

/** Without a connection the language stays, and a sentence in it says so; later it works. */
export async function offline_is_said_and_nothing_changes({ page, context, app }) {
  app.expectError(/ERR_INTERNET_DISCONNECTED|zh-CN\.txt/);
  await app.open();
  await context.setOffline(true);
  await page.locator("#language").selectOption("zh-CN");
  await page.locator(".toast.refusal", { hasText: "could not be loaded" }).waitFor();
  await speaks(page, "en");
  await page.reload().catch(() => {});
  await context.setOffline(false);
  await app.open();
  await speaks(page, "en");
  await page.locator("#language").selectOption("zh-CN");
  await speaks(page, "zh-CN");
}

/** The JavaScript door speaks what is there, and says when a language is not. */
export async function the_door_needs_texts_too({ page, app }) {
  await app.open();
  const perform = (id) =>
    page.evaluate((id) => {
      const playground = new window.wasmBindings.Playground();
      try {
        playground.perform(id);
        return playground.actions().find((action) => action.id === "gallery").label;
      } catch (error) {
        return error.code;
      } finally {
        playground.free();
      }
    }, id);
  assert.equal(await perform("language-en"), "Gallery");
  assert.equal(await perform("language-zh-CN"), "not-fetched");
  await page.locator("#language").selectOption("zh-CN");
  await speaks(page, "zh-CN");
  assert.equal(await perform("language-zh-CN"), "示例");
}
