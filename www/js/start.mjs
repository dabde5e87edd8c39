// Loads the program and starts it: progress while it comes, a sentence when it does not.
// A file and not an inline script, so that a strict content security policy holds.
const { progress, done, failed } = window.brokerlabStart;
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

async function start() {
  const [bindings, response] = await Promise.all([
    import(new URL(program, document.baseURI)),
    fetch(new URL(wasm, document.baseURI)),
  ]);
  if (!response.ok) {
    throw new Error(`${response.status} ${response.statusText}: ${response.url}`);
  }
  const instance = await bindings.default({ module_or_path: counted(response) });
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
