// What a desk keeps on its device: the list and the scans, encrypted. The key came with the link and is kept where no
// script can read it out again; when the link ends, all of it is deleted.
"use strict";

class DeskStore {
  static async open() {
    const database = await new Promise((done, fail) => {
      const asked = indexedDB.open("heyet-desk", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("device");
        asked.result.createObjectStore("kept");
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
    const store = new DeskStore(database);
    store.device = await store.#ask("device", "readonly", (rows) => rows.get("own")) ?? null;
    if (store.device && Date.parse(store.device.endsAt) <= Date.now()) await store.wipe();
    return store;
  }

  constructor(database) { this.database = database; this.device = null; }

  // Takes a device's token and key. Scans that wait under an earlier key go over to the new one.
  async adopt(opened) {
    const waiting = this.device ? await this.all("scan/") : [];
    const bytes = Uint8Array.from(atob(opened.key), (letter) => letter.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    await this.wipe();
    this.device = { id: opened.id, key, event: opened.event_id, label: opened.label, role: opened.role, endsAt: opened.ends_at };
    await this.#ask("device", "readwrite", (rows) => rows.put(this.device, "own"));
    await this.put("token", opened.token);
    for (const [name, value] of waiting) await this.put(name, value);
  }

  async put(name, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(value));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.device.key, plain);
    await this.#ask("kept", "readwrite", (rows) => rows.put({ iv, data }, name));
  }

  async get(name) { return this.#read(await this.#ask("kept", "readonly", (rows) => rows.get(name))); }

  // Everything whose name begins so, by name.
  async all(prefix) {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const names = await this.#ask("kept", "readonly", (rows) => rows.getAllKeys(range));
    const rows = await this.#ask("kept", "readonly", (kept) => kept.getAll(range));
    const found = [];
    for (const [n, name] of names.entries()) {
      const value = await this.#read(rows[n]);
      if (value !== null) found.push([name, value]);
    }
    return found;
  }

  async drop(name) { await this.#ask("kept", "readwrite", (rows) => rows.delete(name)); }

  async wipe() {
    await this.#ask("kept", "readwrite", (rows) => rows.clear());
    await this.#ask("device", "readwrite", (rows) => rows.clear());
    this.device = null;
  }

  async #read(row) {
    if (!row) return null;
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, this.device.key, row.data);
    return JSON.parse(new TextDecoder().decode(plain));
  }

  // One request in one transaction; what it answers is there once the transaction is kept.
  #ask(name, mode, make) {
    return new Promise((done, fail) => {
      const transaction = this.database.transaction(name, mode);
      const asked = make(transaction.objectStore(name));
      transaction.oncomplete = () => done(asked.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  }
}
