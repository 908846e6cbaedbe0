// Keeps a part of the page up to date: fetches the page again after some seconds while it says that something moves, as
// long as somebody looks at it, and puts the part in place. The page works without it: a link loads it again.
"use strict";

// A button, where the page has one, pauses it and goes on (WCAG 2.2.2).
const pause = document.querySelector("[data-live-pause]");
let isPaused = false;
if (pause) {
  const words = [pause.textContent, pause.dataset.resume];
  pause.hidden = false;
  pause.addEventListener("click", () => {
    isPaused = !isPaused;
    pause.textContent = words[Number(isPaused)];
    if (!isPaused) document.querySelectorAll("[data-live]").forEach((part) => part.dispatchEvent(new Event("look")));
  });
}

document.querySelectorAll("[data-live]").forEach((part) => {
  let timer;
  let isAsking = false;

  function plan() {
    clearTimeout(timer);
    if (Number(part.dataset.every)) timer = setTimeout(look, Number(part.dataset.every) * 1000);
  }

  async function look() {
    if (document.visibilityState !== "visible") return document.addEventListener("visibilitychange", look, { once: true });
    if (isAsking || isPaused) return;
    isAsking = true;
    try {
      const answer = await fetch(part.dataset.live, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector("[data-live]");
      if (!answer.ok || answer.redirected || !now) part.dataset.every = "0"; // signed out, in another window
      else show(part, now);
    } catch {
      // no network: the next look may have one
    }
    isAsking = false;
    if (!isPaused) plan();
  }

  part.addEventListener("look", look);
  plan();
});

// Puts what is there now in place; the link that had the focus keeps it.
function show(part, now) {
  const hasEnded = Number(part.dataset.every) > 0 && now.dataset.every === "0";
  if (hasEnded && "reload" in part.dataset) return location.reload(); // the rest of the page says what came of it
  part.dataset.every = now.dataset.every;
  if (part.innerHTML === now.innerHTML) return;
  const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  part.replaceChildren(...now.childNodes);
  if (focused) [...part.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
}
