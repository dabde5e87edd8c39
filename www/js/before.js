// Runs before anything else, in plain old JavaScript: shows the one sentence that fits when the
// page cannot start. Both languages are shown, since no choice is known yet.
(function () {
  "use strict";
  var started = false;

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
    },
    true,
  );
})();
