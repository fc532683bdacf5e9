// The check-in desk: answers from the list on the device, keeps every scan until the server has named it, and shows
// what waits. The server decides in the end, by the moments at which people passed.
"use strict";

const CODE = /^\s*HC1[0-9A-Z]{27}\s*$/i;
const REFUSED = ["unknown", "withdrawn", "closed"];
const SHOWN = 50, LAST = 20, AT_ONCE = 500;

// As a plain keyboard writes it; the server does the same with more scripts.
const PLAIN = { ı: "i", ł: "l", ø: "o", đ: "d", ð: "d", ħ: "h", ß: "ss", æ: "ae", œ: "oe", þ: "th", "’": "'" };
const folded = (text) => text
  .toLocaleLowerCase("tr")
  .normalize("NFKD")
  .replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]/gu, "")
  .replace(/[ıłøđðħßæœþ’]/gu, (letter) => PLAIN[letter]);

async function digestOf(code) {
  const bytes = new TextEncoder().encode(code.trim().toUpperCase());
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((one) => one.toString(16).padStart(2, "0")).join("");
}

class Desk {
  constructor(body, store) {
    const read = (name) => JSON.parse(body.dataset[name]);
    this.body = body; this.store = store; this.words = read("words");
    this.states = new Map(read("states")); this.presences = new Map(read("presences"));
    this.categories = new Map(read("categories"));
    this.people = new Map(); this.list = null; this.scans = new Map(); this.isSyncing = this.isWanted = this.isOver = false;
    this.field = this.at("field");
    this.camera = new DeskCamera(this.at("video"), body.dataset.decoder, (text) => this.read(text));
  }

  at(name) { return this.body.querySelector(`[data-${name}]`); }
  say(name, facts = {}) { return this.words[name].replace(/\{(\w+)\}/g, (_, fact) => facts[fact]); }
  time(moment) {
    const zone = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: this.list?.zone };
    return new Date(moment).toLocaleTimeString(document.documentElement.lang, zone);
  }
  get now() { return Date.now() + (this.list?.offset ?? 0); }
  get waiting() { return [...this.scans.values()].filter((one) => !one.sent); }
  get kind() { return this.body.querySelector("[name=kind]:checked").value; }

  async begin() {
    const { device, event } = this.body.dataset;
    if (device && this.store.device?.id !== device) await this.#adopt(device);
    if (!this.store.device) return this.warn(this.words.over);
    this.list = await this.store.get("list");
    for (const [, one] of await this.store.all("scan/")) this.scans.set(one.item.nonce, one);
    this.#take(this.list);
    this.#listen();
    for (const place of this.body.querySelectorAll("[data-scripted]")) place.hidden = false;
    this.at("camera").hidden = !navigator.mediaDevices;
    this.show();
    const isKept = await navigator.storage?.persist?.();
    // Safari on iOS alone says `standalone`, and alone empties what it keeps after seven days.
    if (!isKept && navigator.standalone === false) this.warn(this.words.unkept);
    await this.sync();
    setInterval(() => { this.#turn(); this.show(); this.sync(); }, 30_000);
  }

  async #adopt(device) {
    const form = new FormData();
    form.append("form_token", this.body.querySelector("[name=form_token]").value);
    const answer = await fetch("/check-in/device", { method: "POST", body: form }).catch(() => null);
    if (answer?.ok) await this.store.adopt({ ...await answer.json(), id: device });
  }

  #listen() {
    addEventListener("online", () => this.sync());
    addEventListener("focus", () => this.sync());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.sync(); });
    this.field.addEventListener("input", () => this.#showPeople());
    this.field.form.addEventListener("submit", (event) => { event.preventDefault(); this.#enter(); });
    // A hand scanner types wherever the focus is: letters that nothing else wants go into the field.
    document.addEventListener("keydown", (event) => {
      const isLetter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (isLetter && !document.activeElement.matches("input, select, textarea")) this.field.focus();
    });
    this.at("people").addEventListener("click", (event) => {
      const button = event.target.closest("[data-digest]");
      if (button) this.check(button.dataset.digest, button.dataset.kind);
    });
    this.at("people").addEventListener("submit", (event) => event.preventDefault());
    this.at("undo").addEventListener("click", (event) => this.undo(event.currentTarget.dataset.nonce));
    this.at("last").addEventListener("click", (event) => {
      const button = event.target.closest("[data-nonce]");
      if (button) this.undo(button.dataset.nonce);
    });
    this.at("camera").addEventListener("click", () => this.#toggleCamera());
    this.at("walk-in")?.querySelector("form").addEventListener("submit", (event) => this.#addWalkIn(event));
    this.body.querySelector(".desk-end")?.addEventListener("submit", (event) => { if (!event.defaultPrevented) this.store.wipe(); });
  }

  #toggleCamera() {
    const press = (is) => this.at("camera").setAttribute("aria-pressed", String(is));
    if (this.camera.isOn) { this.camera.stop(); press(false); return; }
    press(true);
    this.camera.start().catch(() => { this.camera.stop(); press(false); this.warn(this.words.camera); });
  }

  // What was typed and ended with Enter: a code, or a name whose first line is meant.
  #enter() {
    const text = this.field.value;
    if (CODE.test(text) || /^\S{12,}$/.test(text.trim())) { this.field.value = ""; this.read(text); return; }
    this.at("people").querySelector("button")?.focus();
  }

  async read(text) { await this.check(await digestOf(text), this.kind); }

  // Answers at once from what the device knows.
  async check(digest, kind) {
    const person = this.people.get(digest);
    const item = { nonce: crypto.randomUUID(), kind, digest, session_id: this.at("session").value || null };
    let state = "taken";
    if (!person) state = "unknown";
    else if (person.state === "withdrawn") state = "withdrawn";
    else if (!item.session_id && person.state === kind) state = "again";
    const one = { name: person?.name ?? "", state, since: person?.since, gate: person?.gate, item };
    if (state === "taken" && !item.session_id) Object.assign(person, { state: kind, since: new Date(this.now).toISOString(), gate: this.store.device.label });
    this.field.value = "";
    await this.#keep(one, person);
  }

  async #addWalkIn(event) {
    event.preventDefault();
    const typed = Object.fromEntries(new FormData(event.target));
    const walkIn = { name: typed.name, institution: typed.institution, category: typed.category, address: typed.address || null };
    event.target.reset();
    event.target.closest("details").open = false;
    const item = { nonce: crypto.randomUUID(), kind: "in", walk_in: walkIn };
    await this.#keep({ name: walkIn.name, state: "taken", note: "walk-in", item }, { ...walkIn, name: walkIn.name });
  }

  async undo(nonce) {
    const undone = this.scans.get(nonce);
    if (!undone || undone.undone) return;
    undone.undone = true;
    const person = this.people.get(undone.item.digest);
    if (person && undone.state === "taken") Object.assign(person, { state: undone.item.kind === "in" ? "expected" : "in", since: null });
    await this.#keep({ name: undone.name, state: "taken", note: "undone", item: { nonce: crypto.randomUUID(), kind: "undo", undoes: nonce } }, person);
    await this.store.put(this.#key(undone), undone);
  }

  async #keep(one, person) {
    Object.assign(one.item, { at: new Date().toISOString(), offset: this.list?.offset ?? null, gate: this.store.device.label });
    one.sent = false; one.event = this.store.device.event;
    this.scans.set(one.item.nonce, one);
    // Kept before it is answered: what a desk has said aloud outlives a page that closes in the same moment.
    await this.store.put(this.#key(one), one).catch(() => this.warn(this.words.unkept));
    this.#showResult(one, person);
    deskSound(one.state === "taken");
    this.show();
    // On a telephone the focus would bring up the keyboard over the result.
    if (matchMedia("(pointer: fine)").matches) this.field.focus();
    this.sync();
  }

  #key(one) { return `scan/${one.item.at}/${one.item.nonce}`; }

  // Sends what waits, takes what the server says of it, and fetches the list anew. Nothing is dropped unnamed.
  async sync() {
    if (this.isOver || !this.store.device) return;
    // What comes while another sync is under way is sent right after it.
    this.isWanted = true;
    if (this.isSyncing) return;
    this.isSyncing = true;
    try {
      while (this.isWanted && !this.isOver) {
        this.isWanted = false;
        while (await this.#send());
        await this.#fetchList();
      }
    } catch (error) {
      // No network: what waits goes on waiting, and the page says how long it is since the last time.
      if (!(error instanceof TypeError)) throw error;
    } finally {
      this.isSyncing = false;
      this.show();
    }
  }

  async #ask(path, more = {}) {
    const headers = { Authorization: `Bearer ${await this.store.get("token")}`, "Content-Type": "application/json" };
    const answer = await fetch(`/api/v1/events/${this.store.device.event}/check-in/${path}`, { ...more, headers });
    if (answer.status === 410 || answer.status === 401) await this.#end();
    return answer.ok ? answer.json() : null;
  }

  async #send() {
    const some = this.waiting.filter((one) => one.event === this.store.device.event).slice(0, AT_ONCE);
    if (!some.length || this.isOver) return false;
    const answer = await this.#ask("scans", { method: "POST", body: JSON.stringify({ scans: some.map((one) => one.item) }) });
    if (!answer) return false;
    for (const said of answer.scans) {
      const one = this.scans.get(said.nonce);
      if (!one) continue;
      one.sent = true;
      const isRefused = REFUSED.includes(said.state) && said.state !== one.state;
      if (one.note !== "undone") Object.assign(one, { state: said.state, name: said.name || one.name, since: said.since, gate: said.gate });
      if (one.note === "walk-in") one.note = "";
      // Somebody was let in whom the server refuses: it is said as loudly as when they stood there.
      if (isRefused) { this.#showResult(one, this.people.get(one.item.digest)); deskSound(false); }
      await this.store.put(this.#key(one), one);
    }
    return some.length === AT_ONCE;
  }

  async #fetchList() {
    const asked = Date.now();
    const list = await this.#ask("list");
    if (!list) return;
    list.offset = Math.round(Date.parse(list.now) - (asked + Date.now()) / 2);
    list.syncedAt = Date.now();
    await this.store.put("list", list);
    this.list = list;
    this.#take(list);
    await this.#prune();
  }

  // What the server says, and on top of it what it does not know yet.
  #take(list) {
    this.people = new Map((list?.people ?? []).map((one) => [one.digest, one]));
    for (const one of this.waiting) {
      const person = this.people.get(one.item.digest ?? this.scans.get(one.item.undoes)?.item.digest);
      if (person && one.item.kind === "undo") Object.assign(person, { state: "expected", since: null });
      else if (person && one.state === "taken" && !one.undone && !one.item.session_id) Object.assign(person, { state: one.item.kind, since: one.item.at, gate: one.item.gate });
    }
    this.#turn();
    const sessions = this.at("session");
    for (const { id, title } of list?.sessions ?? []) {
      if (![...sessions.options].some((option) => option.value === id)) sessions.append(new Option(title, id));
    }
    if (list) this.at("title").textContent = list.event;
    if (this.store.device) this.at("gate").textContent = this.store.device.label;
  }

  // With a new half-day everybody is expected again.
  #turn() {
    if (!this.list || this.now < Date.parse(this.list.turns_at)) return;
    for (const person of this.people.values()) {
      const isOld = !person.since || Date.parse(person.since) < Date.parse(this.list.turns_at);
      if (person.state !== "withdrawn" && isOld) Object.assign(person, { state: "expected", since: null });
    }
  }

  // Refused scans stay; of those that were taken the last ones do.
  async #prune() {
    const settled = [...this.scans.values()].filter((one) => one.sent && !REFUSED.includes(one.state));
    for (const one of settled.slice(0, -LAST)) {
      this.scans.delete(one.item.nonce);
      await this.store.drop(this.#key(one));
    }
  }

  // The link has ended: names go at once, what waits stays for another link of the event.
  async #end() {
    this.isOver = true;
    await this.store.drop("list");
    this.list = null;
    this.people.clear();
    this.warn(this.words.over);
  }

  warn(text) { const place = this.at("warning"); place.textContent = text; place.hidden = false; }

  show() {
    const unsent = this.at("unsent"), count = this.waiting.length;
    unsent.hidden = count === 0;
    unsent.textContent = this.say("unsent", { count });
    const passed = this.list ? Math.floor((Date.now() - this.list.syncedAt) / 60_000) : null;
    const when = passed ? this.say("minutes", { count: passed }) : this.words.now;
    this.at("synced").textContent = passed === null ? this.words.never : this.say("synced", { when, people: this.people.size });
    this.#showPeople();
    this.#showLast();
  }

  #showPeople() {
    const wanted = CODE.test(this.field.value) ? [] : folded(this.field.value).split(/\s+/).filter(Boolean);
    const found = [...this.people.values()].filter((one) => {
      const text = folded(`${one.name} ${one.institution}`);
      return wanted.every((word) => text.includes(word));
    });
    this.at("people").replaceChildren(...found.slice(0, SHOWN).map((one) => this.#line(one)));
    this.at("more").textContent = found.length > SHOWN ? this.say("more", { count: found.length - SHOWN }) : "";
  }

  #line(person) {
    const line = this.at("person").content.firstElementChild.cloneNode(true), button = line.querySelector("button");
    const since = person.since && person.state !== "expected" ? ` ${this.time(person.since)}` : "";
    line.querySelector("[data-name]").textContent = person.name;
    line.querySelector("[data-beside]").textContent =
      [person.institution, this.categories.get(person.category), this.presences.get(person.state) + since].filter(Boolean).join(" · ");
    if (person.state === "withdrawn") { button.remove(); return line; }
    const kind = person.state === "in" ? "out" : "in";
    Object.assign(button.dataset, { digest: person.digest, kind });
    button.classList.toggle("btn-primary", kind === "in");
    button.querySelector("[data-label]").textContent = this.at("labels").content.querySelector(`[data-${kind}]`).textContent;
    button.querySelector("[data-about]").textContent = ` ${person.name}`;
    return line;
  }

  #told(one) {
    if (one.note) return this.words[one.note];
    if (one.state === "again" && one.since) return this.say("again", { time: this.time(one.since), gate: one.gate });
    return one.state === "taken" && one.item.kind === "out" ? this.words.left : this.states.get(one.state);
  }

  #showResult(one, person) {
    const place = this.at("result");
    place.hidden = false;
    place.dataset.state = one.state;
    this.at("result-state").textContent = this.#told(one);
    this.at("result-name").textContent = one.name || "?";
    this.at("result-beside").textContent = [this.categories.get(person?.category), person?.institution].filter(Boolean).join(" · ");
    const undo = this.at("undo");
    undo.hidden = one.item.kind === "undo" || one.state !== "taken";
    undo.dataset.nonce = one.item.nonce;
  }

  #showLast() {
    const shown = [...this.scans.values()].filter((one) => one.item.kind !== "undo").slice(-LAST).reverse();
    this.at("last").replaceChildren(...shown.map((one) => {
      const line = document.createElement("li"), state = one.undone ? this.words.undone : this.#told(one);
      line.className = "list-group-item";
      line.dataset.state = one.state;
      const words = document.createElement("span");
      words.className = "what";
      words.textContent = `${this.time(one.item.at)} · ${one.name || "?"} · ${state}${one.sent ? "" : " …"}`;
      line.append(words);
      if (one.state === "taken" && !one.undone) line.append(this.#undoButton(one));
      return line;
    }));
  }

  #undoButton(one) {
    const button = document.createElement("button");
    button.className = "btn btn-sm";
    button.type = "button";
    button.dataset.nonce = one.item.nonce;
    button.textContent = this.words.undo;
    button.setAttribute("aria-label", `${this.words.undo}: ${one.name}`);
    return button;
  }
}

if (document.querySelector("[data-desk]")) {
  navigator.serviceWorker?.register("/check-in/worker.js", { scope: "/check-in/" });
  DeskStore.open().then((store) => new Desk(document.body, store).begin());
}
