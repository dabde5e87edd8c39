// Runs before anything else, in plain old JavaScript: shows the one sentence that fits when the
// page cannot start. Both languages are shown, since no choice is known yet.
(function () {
  "use strict";
  var started = false;
  // The work as it was kept last: outside of the program, so that it outlives it.
  var work = "";
  var stopped = false;

  function save() {
    var link = document.createElement("a");
    var url = URL.createObjectURL(new Blob([work], { type: "application/json" }));
    link.href = url;
    link.download = "brokerlab.json";
    link.click();
    setTimeout(function () {
      URL.revokeObjectURL(url);
    }, 10000);
  }

  function show(state, reason) {
    var parts = document.querySelectorAll("[data-start]");
    for (var index = 0; index < parts.length; index += 1) {
      parts[index].hidden = parts[index].getAttribute("data-start") !== state;
    }
    var place = document.getElementById("start-reason");
    if (place && reason) {
      place.textContent = String(reason);
    }
  }

  // start.mjs calls these; it may also never arrive.
  window.brokerlabStart = {
    progress: function (current, total) {
      var bar = document.getElementById("start-progress");
      if (bar && total > 0) {
        bar.max = total;
        bar.value = Math.min(current, total);
      }
    },
    done: function () {
      started = true;
    },
    // The program hands over what is to be kept.
    keep: function (text) {
      work = text;
    },
    // The program stopped: say so, stop everything, offer the work.
    crashed: function (reason) {
      if (stopped) {
        return;
      }
      stopped = true;
      var page = document.getElementById("app");
      var crash = document.getElementById("crash");
      if (page) {
        page.setAttribute("inert", "");
      }
      if (crash) {
        document.getElementById("crash-reason").textContent = String(reason || "");
        document.getElementById("crash-save").hidden = work === "";
        document.getElementById("crash-save").onclick = save;
        document.getElementById("crash-reload").onclick = function () {
          location.reload();
        };
        crash.hidden = false;
        document.getElementById("crash-save").focus();
      }
    },
    failed: function (reason) {
      if (!started) {
        show("failed", reason);
      }
    },
  };

  document.addEventListener("DOMContentLoaded", function () {
    if (typeof WebAssembly !== "object" || !("noModule" in document.createElement("script"))) {
      show("no-wasm");
    }
  });

  // A script that cannot be fetched raises an event that does not bubble: listen on the way down.
  window.addEventListener(
    "error",
    function (event) {
      if (event.target && event.target.tagName === "SCRIPT") {
        window.brokerlabStart.failed(event.target.src);
      }
      // Whatever stops the program without a word of its own: memory, the stack.
      if (started && typeof WebAssembly === "object" && event.error instanceof WebAssembly.RuntimeError) {
        window.brokerlabStart.crashed(event.error);
      }
    },
    true,
  );
})();
