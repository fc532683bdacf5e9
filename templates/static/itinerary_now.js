// "Now and next": what is on and what comes next, by what was fetched last; it works on without a network.
"use strict";

class NowAndNext {
  constructor(body, store) {
    this.body = body; this.store = store; this.words = JSON.parse(body.dataset.words);
    this.token = LINK.exec(location.pathname)[1];
    this.kept = null;
  }

  at(name) { return this.body.querySelector(`[data-${name}]`); }
  say(name, facts = {}) { return this.words[name].replace(/\{(\w+)\}/g, (_, fact) => facts[fact]); }

  async begin() {
    await this.store?.tidy();
    this.kept = await this.store?.get(this.token) ?? null;
    this.show();
    await this.fetch();
    addEventListener("online", () => this.fetch());
    setInterval(() => this.show(), 30_000);
  }

  async fetch() {
    // A redirect asks for a code: what is kept stays. Any other no means that nothing may be kept.
    const address = `/i/${this.token}/travel/kept`;
    const answer = await fetch(address, { redirect: "manual", cache: "no-store" }).catch(() => null);
    if (answer?.ok) {
      this.kept = await answer.json();
      await this.store?.put(this.token, this.kept);
      this.warn(this.store ? "" : "unkept");
    } else if (answer?.type === "opaqueredirect") this.warn("code", true);
    else if (answer && answer.status < 500 && answer.status !== 429) {
      this.kept = null;
      await this.store?.forget(this.token);
      this.warn("over");
    } else this.warn(this.kept ? "offline" : "nothing");
    this.show();
  }

  warn(name, isCode = false) {
    this.at("warning").textContent = name && this.words[name];
    this.at("warning").hidden = !name;
    this.at("code").hidden = !isCode;
    this.at("code").href = `/i/${this.token}/travel/itinerary`;
  }

  show() {
    const now = Date.now(), items = this.kept?.items ?? [];
    if (this.kept && Date.parse(this.kept.ends_at) <= now) { this.kept = null; this.store?.forget(this.token); return this.show(); }
    this.at("title").textContent = this.kept?.event ?? this.words.title;
    this.at("name").textContent = this.kept?.name ?? "";
    const on = items.filter((one) => one.starts_at && one.ends_at && Date.parse(one.starts_at) <= now && now < Date.parse(one.ends_at));
    const next = items.filter((one) => one.starts_at && Date.parse(one.starts_at) > now)
      .sort((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at))[0];
    this.#fill(this.at("now"), on.map((one) => this.line(one)));
    this.#fill(this.at("next"), next ? [this.line(next, true)] : []);
    this.at("plan").hidden = this.at("now-and-next").hidden = !this.kept;
    const days = new Map();
    for (const one of items) days.set(one.day, [...days.get(one.day) ?? [], one]);
    this.at("days").replaceChildren(...[...days].map(([day, all]) => this.#day(day, all)));
    this.at("contact").textContent = this.kept?.contact ? this.say("contact", { contact: this.kept.contact }) : "";
    const made = this.kept && new Date(this.kept.made_at).toLocaleString(document.documentElement.lang);
    this.at("made").textContent = made ? this.say("made", { when: made }) : "";
  }

  #fill(list, lines) {
    const none = Object.assign(document.createElement("li"), { className: "list-group-item", textContent: this.words.none });
    list.replaceChildren(...(lines.length ? lines : [none]));
  }

  #day(day, items) {
    const part = this.body.querySelector("template[data-day]").content.cloneNode(true);
    part.querySelector("[data-weekday]").textContent = this.kept.days[day];
    part.querySelector("ul").replaceChildren(...items.map((one) => this.line(one)));
    return part;
  }

  line(item, withDay = false) {
    const part = this.body.querySelector("template[data-item]").content.cloneNode(true);
    const put = (name, text) => { part.querySelector(`[data-${name}]`).textContent = text; };
    put("when", [withDay ? this.kept.days[item.day] : "", this.span(item)].filter(Boolean).join(", "));
    put("what", `${item.label}: ${item.title}`);
    put("where", item.kind === "session" ? item.place : "");
    put("notes", item.notes.map((one) => `${one.label}: ${one.text}`).join(" · "));
    return part;
  }

  span(item) {
    if (item.kind === "night" || item.kind === "check-out") return "";
    const town = (zone) => zone && zone !== this.kept.zone ? ` (${zone.split("/").pop().replaceAll("_", " ")})` : "";
    const starts = item.starts ? item.starts + town(item.zone) : this.words.unknown;
    if (!item.ends_day) return item.kind === "leg" ? `${starts} – ${this.words.arrival}` : starts;
    const day = item.ends_day === item.day ? "" : `${this.kept.days[item.ends_day]} `;
    return `${starts} – ${day}${item.ends ? item.ends + town(item.ends_zone) : this.words.unknown}`;
  }
}

if (document.querySelector("[data-itinerary]")) {
  navigator.serviceWorker?.register("/now/worker.js", { scope: "/i/" });
  // Without encryption (no HTTPS) or a database (private windows) nothing is kept, and the page needs the network.
  const opened = globalThis.crypto?.subtle ? ItineraryStore.open().catch(() => null) : Promise.resolve(null);
  opened.then((store) => new NowAndNext(document.body, store).begin());
}
