// Starts the program, or says why it cannot start. A classic script: it must run even where
// modules may not, as in a page that was opened as a file.
(function () {
  "use strict";

  var tag = document.currentScript;
  var place;

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
    var page = document.querySelector(".page");
    var only = document.querySelector('.stage[data-name="' + CSS.escape(query.get("system") || "") + '"]');
    if (only || kept("guided") || kept("journal")) {
      document.querySelector(".guide").remove();
    }
    if (only) {
      only.parentElement.className = "stages stages--one";
      only.parentElement.replaceChildren(only);
    }
    if (query.has("embed") && query.get("embed") !== "0") {
      page.classList.add("page--embed");
      page.querySelector("[data-place=top]").replaceChildren();
      page.querySelector("[data-place=look]").remove();
      page.querySelector("[data-place=tools]").remove();
      page.querySelector("[data-place=bottom]").remove();
    }
  }

  // What a person does in a place before the program has taken it over is done again when it has: what,
  // where as the numbers of the children on the way there, and the value that was given.
  var early = [];

  function note(event) {
    var target = event.target;
    var root = target.closest && target.closest("[data-place]");
    // A link is followed at once. A label's click comes once more from what it names, and what changes a
    // check box is its click.
    var counts =
      event.type === "click" ? "value" in target || !target.closest("a, label") : target.type !== "checkbox";
    if (!root || !counts) {
      return;
    }
    var way = [];
    for (var at = target; at !== root; at = at.parentElement) {
      way.unshift(Array.prototype.indexOf.call(at.parentElement.children, at));
    }
    early.push({ type: event.type, root: root, way: way, value: target.value });
  }

  function redo(deed) {
    var target = deed.root;
    deed.way.forEach(function (child) {
      target = target && target.children[child];
    });
    if (!target) {
      return;
    }
    if (deed.type === "focusin") {
      // Unless the focus has gone elsewhere since.
      if (document.activeElement === document.body) {
        target.focus({ preventScroll: true });
      }
      return;
    }
    if (deed.type !== "click") {
      target.value = deed.value;
    }
    target.dispatchEvent(
      new (deed.type === "click" ? MouseEvent : InputEvent)(deed.type, { bubbles: true, cancelable: true })
    );
  }

  function redoWhatIsTakenOver() {
    early = early.filter(function (deed) {
      if (deed.root.hasAttribute("data-place")) {
        return true;
      }
      redo(deed);
      return false;
    });
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

  // Resolves when the whole page is there.
  function read() {
    return new Promise(function (resolve) {
      if (document.readyState === "loading") {
        addEventListener("DOMContentLoaded", resolve);
      } else {
        resolve();
      }
    }).then(function () {
      place = document.getElementById("boot");
      fit();
      new MutationObserver(redoWhatIsTakenOver).observe(document.getElementById("app"), {
        attributeFilter: ["data-place"],
        subtree: true,
      });
      setTimeout(function () {
        place.textContent = place.textContent || "Starting the lab…";
      }, PATIENCE);
    });
  }

  document.documentElement.setAttribute(
    "data-theme",
    new URLSearchParams(location.search).get("theme") || kept("theme") || "auto"
  );
  if (typeof WebAssembly !== "object") {
    read().then(function () {
      explain(
        "This browser does not run WebAssembly, or has it switched off. Any browser of the last few years " +
          "runs it; a “lockdown” or “strict” mode switches it off.",
        ""
      );
    });
    return;
  }
  addEventListener("error", broke);
  addEventListener("unhandledrejection", broke);
  ["click", "change", "input", "focusin"].forEach(function (type) {
    addEventListener(type, note, true);
  });

  // Not before the page is there: until then there is a picture to draw first, and index.html has what is
  // fetched here on its way already.
  read()
    .then(function () {
      var binary = fetch(address("data-wasm"));
      return import(address("data-js")).then(function (program) {
        return program.default({ module_or_path: binary });
      });
    })
    .then(function () {
      place.remove();
    })
    .catch(failed);
})();
