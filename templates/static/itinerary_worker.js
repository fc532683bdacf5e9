// Lets "now and next" start without a network: its files, and a page with nobody on it. Nothing personal is kept here.
"use strict";

self.addEventListener("install", (event) => {
  const kept = async () => (await caches.open(`itinerary-${VERSION}`)).addAll(FILES);
  event.waitUntil(kept().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidied = async () => {
    const ours = (name) => name.startsWith("itinerary-") && name !== `itinerary-${VERSION}`;
    await Promise.all((await caches.keys()).filter(ours).map((name) => caches.delete(name)));
    await (await ItineraryStore.open()).tidy();
    await self.clients.claim();
  };
  event.waitUntil(tidied());
});

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  const link = event.request.mode === "navigate" ? LINK.exec(pathname) : null;
  if (link && pathname.endsWith("/travel/now")) event.respondWith(now(event.request, link[1]));
  else if (event.request.method === "GET" && pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

// A link that has ended gets the empty page too, once what was kept under it is gone: its script says so.
async function now(request, token) {
  const answer = await fetch(request).catch(() => null);
  if (answer && (answer.status === 404 || answer.status === 410)) await (await ItineraryStore.open()).forget(token);
  return answer && answer.ok ? answer : await caches.match("/now/shell") ?? answer ?? Response.error();
}

async function file(request) {
  return await caches.match(request) ?? fetch(request);
}
