// Copies the value beside a button. Without this script there is no button, and one touch selects the value.
"use strict";

const SHOWN_FOR = 2500; // milliseconds
const status = document.getElementById("copied");

if (status && navigator.clipboard) {
  document.querySelectorAll("button[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  });
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return select(button);
  }
  const words = button.firstElementChild;
  const before = words.dataset.words ?? (words.dataset.words = words.textContent);
  words.textContent = button.dataset.done;
  status.textContent = button.dataset.said;
  clearTimeout(button.timer);
  button.timer = setTimeout(() => {
    words.textContent = before;
    status.textContent = "";
  }, SHOWN_FOR);
}

// The browser did not allow it: the value is selected, for the reader to copy.
function select(button) {
  getSelection().selectAllChildren(button.previousElementSibling);
}
