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

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

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
