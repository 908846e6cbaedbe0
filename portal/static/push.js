// Lets this device receive notifications of bills, when somebody presses the button. The page works without it: what it
// shows then says on which devices it would.
"use strict";

const form = document.getElementById("push");
const isAble = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

if (form && isAble) {
  begin();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    subscribe().catch(() => show("failed"));
  });
}

async function begin() {
  if (Notification.permission === "denied") return show("denied");
  const registration = await navigator.serviceWorker.getRegistration("/");
  const subscription = await registration?.pushManager.getSubscription();
  const isKnown = subscription && form.dataset.known.split(" ").includes(await digest(subscription.endpoint));
  show(isKnown ? "receives" : "offer");
}

// Asks for permission first: browsers want that to follow the press at once.
async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") return show("denied");
  await navigator.serviceWorker.register("/sw.js", { scope: "/" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const key = bytes(form.dataset.key);
  const before = await pushManager.getSubscription();
  if (before && !isSame(before.options.applicationServerKey, key)) await before.unsubscribe();
  const { endpoint, keys } = (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
  Object.entries({ endpoint, ...keys }).forEach(([name, value]) => (form.elements[name].value = value));
  form.submit();
}

function show(state) {
  document.querySelectorAll("[data-push]").forEach((each) => (each.hidden = each.dataset.push !== state));
}

async function digest(text) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((each) => each.toString(16).padStart(2, "0")).join("");
}

function bytes(base64url) {
  return Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
}

function isSame(buffer, key) {
  const given = new Uint8Array(buffer ?? []);
  return given.length === key.length && given.every((each, n) => each === key[n]);
}
