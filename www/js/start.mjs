// Loads the program and starts it: progress while it comes, a sentence when it does not.
// A file and not an inline script, so that a strict content security policy holds.
const { progress, done, failed } = window.brokerlabStart;
// The folder of what is fetched when it is wanted; a program with everything built in has none.
const folder = document.querySelector('meta[name="brokerlab-beside"]')?.content;
// The part of the program that is fetched when it is first wanted; without an address all is there.
const annexed = document.querySelector('meta[name="brokerlab-annex"]')?.content;
const { program, wasm } = document.querySelector("script[data-program]").dataset;

/** The same response, counted while it is read. */
function counted(response) {
  const total = Number(response.headers.get("Content-Length") ?? 0);
  if (!response.body || !total || response.headers.get("Content-Encoding")) {
    return response;
  }
  let current = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      current += chunk.byteLength;
      progress(current, total);
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter), { headers: response.headers });
}

/** Fetches a file that must be there. */
async function fetched(url) {
  const response = await fetch(new URL(url, document.baseURI));
  if (!response.ok) {
    throw new Error(`${response.status} ${response.statusText}: ${response.url}`);
  }
  return response;
}

/** The text of a file in the folder beside the program. */
async function beside(name) {
  return (await fetched(folder + name)).text();
}

let instance;
let annexing;

/** Fetches the annex, which puts itself into the table of the program's functions. */
function annex() {
  annexing ??= (async () => {
    if (annexed) {
      const code = await (await fetched(annexed)).arrayBuffer();
      await WebAssembly.instantiate(code, { program: instance });
    }
  })();
  annexing.catch(() => (annexing = undefined));
  return annexing;
}

/**
 * The same for a caller that cannot wait, such as a script that makes a `Playground`: everything
 * stands still meanwhile. The program's glue calls this.
 */
function fetchAnnex(program) {
  const request = new XMLHttpRequest();
  request.open("GET", new URL(annexed, document.baseURI), false);
  // Octets as characters: here no other kind of answer is allowed.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) {
    throw new Error(`${request.status} ${request.statusText}: ${request.responseURL}`);
  }
  const code = Uint8Array.from(request.responseText, (octet) => octet.charCodeAt(0) & 0xff);
  new WebAssembly.Instance(new WebAssembly.Module(code), { program });
  annexing = Promise.resolve();
}

/**
 * The language to begin in, as a tag the program knows: the person's if one was chosen, else the
 * browser's, which is Chinese for `zh` and all its kinds.
 */
function language() {
  let kept = "";
  try {
    // Written by src/ui/storage.rs; reading throws where storage is forbidden.
    kept = localStorage.getItem("brokerlab.preferences") ?? "";
  } catch {}
  const chosen = /(?:^| )language=(en|zh-CN)(?: |$)/.exec(kept);
  return chosen?.[1] ?? (/^zh([-_]|$)/i.test(navigator.language) ? "zh-CN" : "en");
}

async function start() {
  const tag = language();
  const [bindings, response, texts] = await Promise.all([
    import(new URL(program, document.baseURI)),
    fetched(wasm),
    folder && beside(`${tag}.txt`),
  ]);
  // The program asks for these (src/ui/beside.rs).
  Object.assign(window.brokerlabStart, {
    language: () => tag,
    texts: () => texts,
    beside,
    annex,
    fetchAnnex,
  });
  instance = await bindings.default({ module_or_path: counted(response) });
  done();
  window.wasmBindings = bindings;
  dispatchEvent(new CustomEvent("TrunkApplicationStarted", { detail: { wasm: instance } }));
}

if (typeof WebAssembly === "object") {
  start().catch((reason) => {
    failed(reason);
    // For whoever looks into the console: the reason with its stack.
    console.error(reason);
  });
}
