// What a telephone keeps of an itinerary: encrypted with a key made from the personal link, which is kept nowhere here.
// Whoever reads this database without the link reads nothing. Shared by the page and its service worker.
"use strict";

const LINK = /^\/i\/([\w-]{20,})\//;
const bytesOf = (text) => new TextEncoder().encode(text);
const settled = (asked) => new Promise((done, fail) => {
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => fail(asked.error);
});

// A write is kept once its transaction is complete; a page that is left before that undoes it.
const complete = (asked) => new Promise((done, fail) => {
  asked.transaction.oncomplete = () => done();
  asked.transaction.onerror = asked.transaction.onabort = () => fail(asked.transaction.error);
});

class ItineraryStore {
  static async open() {
    const asked = indexedDB.open("heyet-itinerary", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
    return new ItineraryStore(await settled(asked));
  }

  constructor(database) { this.database = database; }

  rows(mode = "readonly") { return this.database.transaction("kept", mode).objectStore("kept"); }

  // What visits that are over for some days have left.
  async tidy(now = Date.now()) {
    const rows = this.rows("readwrite");
    const [names, kept] = await Promise.all([settled(rows.getAllKeys()), settled(rows.getAll())]);
    const over = names.filter((_, n) => Date.parse(kept[n].endsAt) <= now);
    await Promise.all(over.map((name) => this.drop(name)));
  }

  // A name that leads back to no link.
  async nameOf(token) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytesOf(`heyet itinerary name ${token}`)));
    return [...hash].map((one) => one.toString(16).padStart(2, "0")).join("");
  }

  async #keyOf(token, salt) {
    const from = await crypto.subtle.importKey("raw", bytesOf(token), "HKDF", false, ["deriveKey"]);
    const how = { name: "HKDF", hash: "SHA-256", salt, info: bytesOf("heyet itinerary key") };
    return crypto.subtle.deriveKey(how, from, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  async put(token, itinerary) {
    const salt = crypto.getRandomValues(new Uint8Array(16)), iv = crypto.getRandomValues(new Uint8Array(12));
    const key = await this.#keyOf(token, salt);
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytesOf(JSON.stringify(itinerary)));
    const name = await this.nameOf(token);
    await complete(this.rows("readwrite").put({ salt, iv, data, endsAt: itinerary.ends_at }, name));
  }

  async get(token) {
    const row = await settled(this.rows().get(await this.nameOf(token)));
    if (!row) return null;
    const key = await this.#keyOf(token, row.salt);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, key, row.data);
    return JSON.parse(new TextDecoder().decode(plain));
  }

  async drop(name) { await complete(this.rows("readwrite").delete(name)); }

  async forget(token) { await this.drop(await this.nameOf(token)); }
}
