// Shows the notifications that arrive, even while no page is open, and opens the bill that one is about. It fetches
// nothing and keeps nothing: what it shows is in the message, which only this device can decrypt (RFC 8291).
"use strict";

self.addEventListener("push", (event) => {
  const said = event.data.json();
  const shown = { body: said.text, tag: said.page, lang: said.language, renotify: true, data: said.page };
  event.waitUntil(self.registration.showNotification(said.title, shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const page = new URL(event.notification.data, self.location.origin);
  if (page.origin === self.location.origin) event.waitUntil(open(page.href));
});

// Turns to the page where it is open already.
async function open(page) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((each) => each.url === page);
  return there ? there.focus() : self.clients.openWindow(page);
}
