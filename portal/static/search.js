// Searches while somebody types: fetches the page of the list after a pause, and puts its parts in place of those of this
// page. The form works without it.
"use strict";

const PAUSE = 300;
const box = document.getElementById("cherche");
const heard = document.getElementById("trouvees");
let timer;
let asking;
let isTyping = false;

if (box && heard && "AbortController" in window) {
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => search(typed()), PAUSE);
  });
  box.addEventListener("blur", () => (isTyping = false));
  box.form.addEventListener("submit", () => {
    clearTimeout(timer);
    asking?.abort();
  });
  addEventListener("popstate", () => search(location.href, false));
}

// The address that the form leads to, without its empty fields.
function typed() {
  const fields = [...new FormData(box.form)].filter(([, value]) => value.trim());
  return `${box.form.action}?${new URLSearchParams(fields)}`.replace(/\?$/, "");
}

// Shows the page of this address. What is typed in one go is one entry of the history.
async function search(url, isNew = true) {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(url, { signal: asking.signal, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || answer.redirected || !show(page)) return location.assign(url);
  } catch (error) {
    return; // aborted by the next letter, or no network: the button still searches
  }
  if (!isNew) return (box.value = new URL(url).searchParams.get("cherche") ?? "");
  history[isTyping ? "replaceState" : "pushState"](null, "", url);
  isTyping = true;
}

// Puts the other page's parts in place; returns whether it has them.
function show(page) {
  const parts = [...document.querySelectorAll("[data-found]")];
  const others = parts.map((part) => page.querySelector(`[data-found="${part.dataset.found}"]`));
  if (!others.every(Boolean)) return false;
  parts.forEach((part, n) => part.replaceChildren(...others[n].childNodes));
  document.title = page.title;
  heard.textContent = page.getElementById("trouvees").textContent;
  return true;
}
