// Starts the program, or says why it cannot start. A classic script: it must run even where
// modules may not, as in a page that was opened as a file.
(function () {
  "use strict";

  var tag = document.currentScript;
  var place = document.getElementById("boot");

  // A start that takes longer is spoken of; in milliseconds.
  var PATIENCE = 1000;

  function address(name) {
    return new URL(tag.getAttribute(name), document.baseURI).href;
  }

  function paragraph(text) {
    var element = document.createElement("p");
    element.textContent = text;
    return element;
  }

  function explain(advice, detail) {
    var box = document.createElement("div");
    box.id = "boot";
    box.className = "boot boot--failed";
    box.setAttribute("role", "alert");
    box.appendChild(paragraph("The lab could not start."));
    box.appendChild(paragraph(advice));
    if (detail) {
      box.appendChild(paragraph("The browser says: " + detail));
    }
    place.replaceWith(box);
    place = box;
  }

  // What an earlier visit kept; nothing where the browser denies storage.
  function kept(key) {
    try {
      return localStorage.getItem("image-lifecycle-lab " + key);
    } catch (denied) {
      return null;
    }
  }

  // Makes of the picture in index.html the one that this visit asks for, as the program will draw it.
  function fit() {
    var query = new URLSearchParams(location.search);
    document.documentElement.setAttribute("data-theme", query.get("theme") || kept("theme") || "auto");
    if (kept("guided") || kept("journal")) {
      document.querySelector(".guide").remove();
    }
    var page = document.querySelector(".page");
    var only = document.querySelector('.stage[data-name="' + CSS.escape(query.get("system") || "") + '"]');
    if (only) {
      only.parentElement.replaceChildren(only);
    }
    if (query.has("embed") && query.get("embed") !== "0") {
      page.classList.add("page--embed");
      page.replaceChildren.apply(page, page.querySelectorAll(".stages, .transport"));
    }
  }

  function failed(error) {
    var detail = String((error && error.message) || error);
    console.error(error);
    if (location.protocol === "file:") {
      explain(
        "This page was opened as a file, and a browser starts the program only when a web server " +
          "sends it. Run “make serve”, or put the folder on any static host.",
        detail
      );
    } else if (/CSP|Content Security Policy|unsafe-eval/i.test(detail)) {
      explain("A policy of this host forbids WebAssembly: its script-src needs 'wasm-unsafe-eval'.", detail);
    } else if (location.origin === "null" || window.origin === "null") {
      explain(
        "The page runs in a sandboxed frame. There the program loads only if its host sends the " +
          "header “Access-Control-Allow-Origin: *”.",
        detail
      );
    } else {
      explain("Part of the program could not be loaded. Check the connection and reload the page.", detail);
    }
  }

  // The program traps where it meets something that its authors did not foresee. The journal is kept
  // after every step, so a reloaded page goes on from it.
  function broke(event) {
    var error = event.error || event.reason;
    if (!(error instanceof WebAssembly.RuntimeError) || document.querySelector(".failure")) {
      return;
    }
    var box = document.createElement("div");
    box.className = "failure";
    box.setAttribute("role", "alert");
    box.appendChild(paragraph("The lab broke at this step. Your session is kept."));
    box.appendChild(paragraph("The browser says: " + error.message));
    var reload = document.createElement("a");
    reload.href = "";
    reload.textContent = "Reload the page and go on";
    box.appendChild(reload);
    document.body.appendChild(box);
  }

  if (typeof WebAssembly !== "object") {
    explain(
      "This browser does not run WebAssembly, or has it switched off. Any browser of the last few years " +
        "runs it; a “lockdown” or “strict” mode switches it off.",
      ""
    );
    return;
  }

  fit();
  setTimeout(function () {
    place.textContent = place.textContent || "Starting the lab…";
  }, PATIENCE);
  addEventListener("error", broke);
  addEventListener("unhandledrejection", broke);

  import(address("data-js"))
    .then(function (program) {
      return program.default({ module_or_path: address("data-wasm") });
    })
    .then(function () {
      place.remove();
    })
    .catch(failed);
})();
