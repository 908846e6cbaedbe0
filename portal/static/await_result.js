// Loads the page again after some seconds while it says that something is being prepared, as long as somebody looks at
// it. The page works without it: a link does the same by hand.
"use strict";

const waiting = document.querySelector("[data-again]");

function lookAgain() {
  if (document.visibilityState === "visible") location.reload();
  else document.addEventListener("visibilitychange", lookAgain, { once: true });
}

if (waiting) setTimeout(lookAgain, Number(waiting.dataset.again) * 1000);
