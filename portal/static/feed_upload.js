// Sends the files that somebody chooses or drags onto the page, one after the other, and says how far each has come.
// Without it the form sends them all at once.
"use strict";

const form = document.getElementById("depot");
const picker = form?.querySelector("input[type=file]");
const list = document.getElementById("envois");
const heard = document.getElementById("entendu");
const waiting = [];
let underway = null;
let depth = 0; // of what the pointer has entered while it drags

if (form && picker && list) {
  form.querySelector("[data-send]").hidden = true;
  form.querySelector("[data-drop]").hidden = false;
  picker.required = false;
  picker.addEventListener("change", () => (add(picker.files), (picker.value = "")));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("dragenter", (event) => hasFiles(event) && mark(++depth > 0));
  addEventListener("dragleave", (event) => hasFiles(event) && mark(--depth > 0));
  addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    mark((depth = 0) > 0);
    add(event.dataTransfer.files);
  });
  addEventListener("beforeunload", (event) => underway && event.preventDefault());
}

function hasFiles(event) {
  return event.dataTransfer?.types.includes("Files");
}

function mark(isOver) {
  form.classList.toggle("over", isOver);
}

function add(files) {
  for (const file of files) {
    const row = document.getElementById("envoi").content.firstElementChild.cloneNode(true);
    row.querySelector(".name").textContent = file.name;
    row.querySelector("progress").setAttribute("aria-label", file.name);
    list.append(row);
    const one = { file, row, isOneOfSeveral: files.length > 1 };
    row.querySelector("button").addEventListener("click", () => cancel(one));
    if (file.size > Number(form.dataset.largest)) end(one, "bad", form.dataset.tooLarge);
    else waiting.push(one) && tell(one, form.dataset.waiting);
  }
  next();
}

function next() {
  if (underway || !waiting.length) return;
  underway = waiting.shift();
  const one = underway;
  const request = (one.request = new XMLHttpRequest());
  request.open("POST", `${form.dataset.take}?${query(one)}`);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.setRequestHeader("X-CSRFToken", form.elements.csrf_token.value);
  request.upload.addEventListener("progress", (event) => {
    const share = event.total ? event.loaded / event.total : 1;
    one.row.querySelector("progress").value = share;
    tell(one, share < 1 ? new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(share) : form.dataset.storing);
  });
  request.addEventListener("load", () => answered(one));
  request.addEventListener("error", () => end(one, "bad", form.dataset.broken));
  request.addEventListener("abort", () => end(one, "plain", form.dataset.cancelled));
  request.addEventListener("loadend", () => ((underway = null), next()));
  request.send(one.file);
}

// The file's name, and the control totals that were typed beside it.
function query(one) {
  const fields = new URLSearchParams({ nom: one.file.name });
  for (const name of ["nombre", "somme", "monnaie"]) fields.set(name, form.elements[name].value);
  if (one.isOneOfSeveral) fields.set("plusieurs", "1");
  return fields;
}

function answered(one) {
  const { request } = one;
  if (request.status === 413) return end(one, "bad", form.dataset.tooLarge);
  if (!request.getResponseHeader("Content-Type")?.startsWith("application/json")) return end(one, "bad", form.dataset.refused);
  const answer = JSON.parse(request.responseText);
  end(one, answer.tone, answer.words);
  if (answer.feed) follow(answer.feed, answer.tone === "good" ? one.row : null);
}

// The feed is followed below; the row of a file that was taken has nothing more to say.
function follow(feed, row) {
  const part = document.querySelector("[data-live]");
  const url = new URL(part.dataset.live, location);
  const feeds = [feed, ...url.searchParams.getAll("flux").filter((each) => each !== feed)].slice(0, 20);
  url.search = new URLSearchParams(feeds.map((each) => ["flux", each]));
  part.dataset.live = url.pathname + url.search;
  part.dispatchEvent(new Event("look"));
  row?.remove();
}

function cancel(one) {
  if (one.request) return one.request.abort();
  waiting.splice(waiting.indexOf(one), 1);
  end(one, "plain", form.dataset.cancelled);
}

function tell(one, words) {
  one.row.querySelector(".told").textContent = words;
}

function end(one, tone, words) {
  tell(one, words);
  one.row.classList.add(tone);
  one.row.querySelector("progress").remove();
  one.row.querySelector("button").remove();
  heard.textContent = `${one.file.name}, ${words}`;
}
