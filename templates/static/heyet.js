// What HTML cannot do alone: questions before what cannot be undone, progress, ticking a whole column.
"use strict";

// Whoever was signed out meanwhile, as after an hour without a request, would lose what they typed. A form that has
// stood for a while asks first who is signed in, and takes the token of their session.
const signedOut = document.getElementById("signed-out"), LONG = 5 * 60 * 1000;
const whoIn = (page) => page.querySelector(".menu .who")?.textContent;
const present = async () => {
  const answer = await fetch("/", { redirect: "manual", cache: "no-store" });
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
};
document.addEventListener("submit", (event) => {
  const form = event.target, { submitter } = event;
  if (!signedOut || form.getAttribute("method") !== "post" || performance.now() < LONG) return;
  if (form.dataset.asked) return void delete form.dataset.asked;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.querySelector("[data-signed-out]")?.remove();
  const goes = () => { form.dataset.asked = "yes"; form.requestSubmit(submitter); };
  present().then((page) => {
    if (!page || whoIn(page) !== whoIn(document)) {
      form.prepend(signedOut.content.cloneNode(true));
      return form.querySelector("[data-signed-out]").focus();
    }
    const token = page.querySelector("input[name=form_token]").value;
    for (const field of document.querySelectorAll("input[name=form_token]")) field.value = token;
    goes();
  }, goes);
}, true);

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// One form of a page is sent without the others, and a page is left without any: what was typed there would be lost.
// Ticks that choose lines of a list are no telling, but where they are all that the form tells (data-told).
const unsent = document.querySelector("meta[name=typed]")?.content, typedInto = new Map();
const drafts = new Map();
const stays = (event) => { if ([...typedInto.keys()].some((form) => form.isConnected)) event.preventDefault(); };
const holds = (form, field) => {
  if (form?.getAttribute("method") !== "post" || "draft" in form.dataset) return;
  if (!typedInto.has(form)) typedInto.set(form, field);
  window.addEventListener("beforeunload", stays);
};
document.addEventListener("input", ({ target }) => {
  const isChoice = target.type === "checkbox" && target.name.endsWith("[]") && !("told" in (target.form?.dataset ?? {}));
  if (target.name && !isChoice) holds(target.form, target);
});
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const other = [...typedInto].find(([form]) => form !== event.target && form.isConnected);
  if (other && !window.confirm(unsent)) {
    event.preventDefault();
    for (let fold = other[1].closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    return other[1].focus();
  }
  typedInto.clear();
  window.removeEventListener("beforeunload", stays);
});
document.addEventListener("reset", ({ target }) => typedInto.delete(target));
// A draft that is not kept yet is kept before another form goes.
document.addEventListener("submit", (event) => {
  const [waits] = [...drafts].filter(([form]) => form !== event.target);
  if (event.defaultPrevented || !waits) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  waits[1]().finally(() => event.target.requestSubmit(event.submitter));
});
// A file, or a mail to write, leaves the page as it is.
document.addEventListener("click", (event) => {
  const to = event.target.closest?.("a[href]")?.getAttribute("href");
  if (!to || !typedInto.size || !/^(mailto|tel):|\/files\/|\.(pdf|xlsx|csv|zip|ics|xml)(\?|$)/.test(to)) return;
  window.removeEventListener("beforeunload", stays);
  setTimeout(() => typedInto.size && window.addEventListener("beforeunload", stays), 1000);
});

// What takes a while says so, and a second click on the way does nothing. A file that is answered leaves the page as it
// is, so the form wakes again after a while.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const form = event.target, button = event.submitter;
  if (form.dataset.busy) return event.preventDefault();
  const busy = (is) => {
    form.dataset.busy = is;
    button?.classList.toggle("btn-loading", Boolean(is));
    button?.setAttribute("aria-busy", Boolean(is));
  };
  busy("yes");
  window.addEventListener("pageshow", () => busy(""), { once: true });
  setTimeout(() => busy(""), 15_000);
});

document.addEventListener("change", (event) => {
  const column = event.target.dataset?.ticks;
  if (!column) return;
  for (const box of document.querySelectorAll(`input[data-column~="${CSS.escape(column)}"]`)) box.checked = event.target.checked;
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// A file is compared by its SHA-256, here and nowhere else. Browsers compute it on safe connections only.
for (const place of crypto.subtle ? document.querySelectorAll("[data-compare]") : []) {
  place.hidden = false;
  place.addEventListener("change", async (event) => {
    const [file] = event.target.files, said = place.querySelector("output");
    if (!file) return;
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    const isSame = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("") === place.dataset.compare;
    said.textContent = isSame ? said.dataset.same : said.dataset.other;
    said.className = `d-block mt-2 alert ${isSame ? "alert-success" : "alert-danger"}`;
  });
}

document.addEventListener("click", (event) => {
  const id = event.target.dataset?.copy;
  if (!id) return;
  navigator.clipboard?.writeText(document.getElementById(id).textContent.trim());
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A session dropped on another begins where that one does. Buttons beside it do the same without a mouse.
const agenda = document.querySelector("[data-agenda]");
if (agenda) {
  let dragged = null;
  const over = (event) => event.target.closest?.("[data-session]");
  agenda.addEventListener("dragstart", (event) => { dragged = over(event)?.dataset.session; });
  agenda.addEventListener("dragover", (event) => {
    const item = over(event);
    for (const other of agenda.querySelectorAll(".over")) other.classList.toggle("over", other === item);
    if (item && dragged) { item.classList.add("over"); event.preventDefault(); }
  });
  agenda.addEventListener("drop", (event) => {
    const onto = over(event)?.dataset.session;
    if (!onto || !dragged || onto === dragged) return;
    event.preventDefault();
    const form = document.createElement("form");
    form.method = "post";
    form.action = `/events/${agenda.dataset.agenda}/sessions/${dragged}/move`;
    for (const [name, value] of [["form_token", agenda.dataset.token], ["onto", onto]]) {
      const field = document.createElement("input");
      field.type = "hidden"; field.name = name; field.value = value;
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  });
}

// Whoever is on the way to another page, or has typed something, is not taken elsewhere when a job ends. A stream that
// breaks off, as when the server starts anew, is opened again by the browser.
for (const place of document.querySelectorAll("[data-progress]")) {
  const source = new EventSource(place.dataset.progress), ended = place.querySelector("[data-ended]");
  let isLeaving = false;
  window.addEventListener("beforeunload", () => { isLeaving = true; });
  source.onmessage = (message) => {
    const job = JSON.parse(message.data);
    const bar = place.querySelector("progress");
    if (job.total) { bar.max = job.total; bar.value = job.done; }
    place.querySelector("output").value = job.total ? `${job.done} / ${job.total}` : "";
    if (job.stage !== "done" && job.stage !== "failed") return;
    source.close();
    place.querySelector("[data-under-way]").hidden = true;
    ended.hidden = false;
    const isTyping = drafts.size > 0 || [...typedInto.keys()].some((form) => form.isConnected);
    if (!isLeaving && !isTyping) window.location.assign(ended.querySelector("a").href);
  };
}

// What is typed and not sent yet is kept on the server, so that a closed browser loses nothing.
for (const form of document.querySelectorAll("form[data-draft]")) {
  let waiting;
  const keep = async () => {
    clearTimeout(waiting);
    drafts.delete(form);
    const typed = new FormData(form);
    for (const [name, value] of [...typed]) if (value instanceof File) typed.delete(name);
    const answer = await fetch(form.dataset.draft, { method: "POST", body: typed }).catch(() => null);
    const note = form.querySelector("[data-draft-note]");
    if (note) note.value = answer?.ok ? note.dataset.draftNote : note.dataset.draftFailed;
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    drafts.set(form, keep);
    waiting = setTimeout(keep, 1000);
  });
}

// A question that waits for another answer comes up with it. The server decides again when the form is sent.
const waits = document.querySelectorAll("[data-depends]");
function comeUp() {
  for (const place of waits) {
    const form = place.closest("form");
    const fields = form.querySelectorAll(`[name="${place.dataset.depends}"], [name="${place.dataset.depends}[]"]:checked`);
    const parent = fields[0]?.closest("[data-depends]");
    const values = place.dataset.values?.split(" ") ?? [place.dataset.value];
    place.hidden = !(parent && parent.hidden) && ![...fields].some((field) => values.includes(field.value)) || Boolean(parent?.hidden);
  }
}
if (waits.length) { document.addEventListener("change", comeUp); comeUp(); }

// What belongs to one thing is offered with it alone: components with their project.
for (const select of document.querySelectorAll("select[data-within]")) {
  const [none, ...groups] = [...select.children], whose = select.form.elements[select.dataset.within];
  const offer = () => select.replaceChildren(none, ...groups.filter((group) => group.dataset.group === whose.value));
  whose.addEventListener("change", offer);
  offer();
}

// After a form was refused one goes on where something is wrong, not at the top of the page.
// What no field is marked for is said above the form; what a participant did is said above their page.
const first = document.querySelector("[aria-invalid=true], .invalid-feedback");
const beside = first?.matches(".invalid-feedback")
  ? first.parentElement.querySelector("input:not([type=hidden]), select, textarea")
  : first;
const toMend = beside ?? document.querySelector("[aria-invalid=true]") ?? document.querySelector(".alert-danger[tabindex], [data-notice]");
if (toMend && !document.querySelector("[autofocus]")) {
  for (let fold = toMend.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  toMend.focus();
  holds(toMend.closest("form"), toMend);
}

// A field that offers what fits while a name is typed (the combobox of the ARIA patterns: the list is the server's, the
// focus stays in the field). Choosing what may be created says so in the hidden field beside it.
for (const place of document.querySelectorAll("[data-combobox]")) {
  const field = place.querySelector("[role=combobox]"), list = place.querySelector("[role=listbox]");
  const creates = place.querySelector("input[type=hidden]"), said = place.querySelector("[aria-live]");
  let waiting, asked = 0, at = -1;
  const options = () => [...list.querySelectorAll("[data-value]")];
  // Who has left the field is not asked any more: a list that comes late would lie over what they want to click.
  const close = () => {
    clearTimeout(waiting);
    list.hidden = true; at = -1; asked += 1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const mark = (to) => {
    const all = options();
    at = all.length ? (to + all.length) % all.length : -1;
    all.forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    if (at >= 0) { field.setAttribute("aria-activedescendant", all[at].id); all[at].scrollIntoView({ block: "nearest" }); }
  };
  const choose = (option) => {
    field.value = option.dataset.value;
    if (creates) creates.value = "new" in option.dataset ? "yes" : "";
    close();
  };
  const ask = async () => {
    const project = place.dataset.project || field.form.elements.project_id?.value;
    if (field.value.trim().length < 2 || !project) { close(); return; }
    const mine = asked += 1, address = new URL(place.dataset.combobox, window.location);
    address.searchParams.set("project_id", project);
    address.searchParams.set("q", field.value);
    const answer = await fetch(address).catch(() => null);
    const found = answer?.ok ? await answer.text() : null;
    if (found === null || mine !== asked) return;
    list.innerHTML = found;
    options().forEach((option, n) => { option.id = `${list.id}-${n}`; });
    at = -1;
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    said.textContent = options().length || list.textContent.trim();
  };
  field.addEventListener("input", () => {
    if (creates) creates.value = "";
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask(); else mark(event.key === "ArrowDown" ? at + 1 : Math.max(at, 0) - 1);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      choose(options()[at]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  field.addEventListener("blur", close);
  // Not by click: the field would lose the focus first, and the list be gone.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[data-value]");
    if (option) choose(option);
  });
}

// Cells copied from a spreadsheet fill the table from the cell on in which they are pasted, to the right and down.
document.querySelector("[data-grid]")?.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
  const first = event.target.closest("td");
  if (!first || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  let row = first.parentElement;
  for (const line of text.split(/\r?\n/)) {
    if (!row) break;
    let cell = row.cells[first.cellIndex];
    for (const value of line.split("\t")) {
      const field = cell?.querySelector("input:not([type=hidden]), select");
      if (!field) break;
      if (field.tagName === "SELECT") {
        const option = [...field.options].find((one) => one.text.trim().toLocaleLowerCase() === value.trim().toLocaleLowerCase());
        if (option) field.value = option.value;
      } else field.value = value.trim();
      cell = cell.nextElementSibling;
    }
    row = row.nextElementSibling;
  }
});

// Cells that are unsure go by single keys while one of them has the focus: s signed, e empty, n next.
const unsure = [...document.querySelectorAll("[data-unsure]")];
document.addEventListener("keydown", (event) => {
  const at = unsure.indexOf(event.target.closest?.("[data-unsure]"));
  if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  const said = { s: "signed", e: "empty", n: "" }[event.key.toLowerCase()];
  if (said === undefined) return;
  event.preventDefault();
  if (said) unsure[at].querySelector(`[value=${said}]`).checked = true;
  const next = unsure[at + 1]?.querySelector("input") ?? document.querySelector("[name=kept_at]");
  next?.focus();
});

// A button says how many mails follow, as soon as a field has changed of which people are told.
const TOLD = ["day", "starts", "ends", "room", "first_day", "last_day", "zone", "venue", "online_url"];
for (const button of document.querySelectorAll("[data-when-moved]")) {
  const form = button.form, plain = button.textContent;
  const before = new Map(TOLD.filter((name) => form.elements[name]).map((name) => [name, form.elements[name].value]));
  form.addEventListener("input", () => {
    const moved = [...before].some(([name, value]) => form.elements[name].value !== value);
    button.textContent = moved && form.elements.tell?.checked ? button.dataset.whenMoved : plain;
  });
}

// Rows of tabs that scroll show where one is.
for (const row of document.querySelectorAll(".tabs, .subtabs")) {
  const current = row.querySelector("[aria-current]");
  const show = (one) => {
    const [place, whole] = [one.getBoundingClientRect(), row.getBoundingClientRect()];
    row.scrollLeft += place.left - whole.left - (whole.width - place.width) / 2;
  };
  if (current) show(current);
  // By keyboard only: under a finger nothing moves.
  row.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && show(event.target));
}

// Back from what a form led to is the page of the form as it began: what was refused or shown before it is not sent
// again, nor does the browser ask for that. Each page leaves its address with its own step of the history.
const posted = document.querySelector("meta[name=posted]"), { navigation } = window;
const leaves = (event) => {
  if (event.defaultPrevented) return;
  const before = posted ? navigation.entries()[navigation.currentEntry.index - 1]?.getState() : location.href;
  if (posted && before) history.replaceState(null, "", before);
  navigation.updateCurrentEntry({ state: before });
};
if (navigation) {
  document.addEventListener("submit", leaves);
  document.addEventListener("click", (event) => event.target.closest?.("a[href]:not([href^='#'])") && leaves(event));
}
