// Lets the desk start without a network: its files, and a page with nobody on it. Names are never kept here.
"use strict";

self.addEventListener("install", (event) => {
  const kept = async () => (await caches.open(`desk-${VERSION}`)).addAll(FILES);
  event.waitUntil(kept().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidied = async () => {
    const others = (await caches.keys()).filter((name) => name.startsWith("desk-") && name !== `desk-${VERSION}`);
    await Promise.all(others.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidied());
});

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.mode === "navigate" && pathname === "/check-in/desk") event.respondWith(desk(event.request));
  else if (event.request.method === "GET" && pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

// A link that has ended gets the empty page as well: its script says so, and takes what was kept off the device.
async function desk(request) {
  const answer = await fetch(request).catch(() => null);
  return answer && answer.status !== 410 && answer.status < 500 ? answer : caches.match("/check-in/shell");
}

async function file(request) {
  return await caches.match(request) ?? fetch(request);
}
