// What HTML cannot do alone: questions before what cannot be undone, progress, ticking a whole column.
"use strict";

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

document.addEventListener("change", (event) => {
  const column = event.target.dataset?.ticks;
  if (!column) return;
  for (const box of document.querySelectorAll(`input[data-column="${CSS.escape(column)}"]`)) box.checked = event.target.checked;
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

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

for (const place of document.querySelectorAll("[data-progress]")) {
  const source = new EventSource(place.dataset.progress);
  source.onmessage = (message) => {
    const job = JSON.parse(message.data);
    const bar = place.querySelector("progress");
    if (job.total) { bar.max = job.total; bar.value = job.done; }
    place.querySelector("output").value = job.total ? `${job.done} / ${job.total}` : "";
    if (job.stage === "done" || job.stage === "failed") {
      source.close();
      window.location.assign(place.dataset.then);
    }
  };
  source.onerror = () => source.close();
}

// What is typed and not sent yet is kept on the server, so that a closed browser loses nothing.
for (const form of document.querySelectorAll("form[data-draft]")) {
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const typed = new FormData(form);
      for (const [name, value] of [...typed]) if (value instanceof File) typed.delete(name);
      const answer = await fetch(form.dataset.draft, { method: "POST", body: typed }).catch(() => null);
      const note = form.querySelector("[data-draft-note]");
      if (note) note.value = answer?.ok ? note.dataset.draftNote : note.dataset.draftFailed;
    }, 1000);
  });
}

// A question that waits for another answer comes up with it. The server decides again when the form is sent.
const waits = document.querySelectorAll("[data-depends]");
function comeUp() {
  for (const place of waits) {
    const form = place.closest("form");
    const fields = form.querySelectorAll(`[name="${place.dataset.depends}"], [name="${place.dataset.depends}[]"]:checked`);
    const parent = fields[0]?.closest("[data-depends]");
    place.hidden = !(parent && parent.hidden) && ![...fields].some((field) => field.value === place.dataset.value) || Boolean(parent?.hidden);
  }
}
if (waits.length) { document.addEventListener("change", comeUp); comeUp(); }
