// Drawing a signature: what is drawn goes into the form's file field as PNG. Without a script the name is written.
"use strict";
for (const form of document.querySelectorAll("form[data-signature]")) {
  const canvas = form.querySelector("canvas");
  const file = form.querySelector("input[type=file]");
  const clear = form.querySelector("[data-clear]");
  const pen = canvas.getContext("2d");
  // Counts what was drawn or cleared: a picture of an earlier state is not taken.
  let drawn = false, state = 0, isBusy = false;
  canvas.hidden = clear.hidden = false;
  pen.lineWidth = 3;
  pen.lineCap = "round";
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  const keep = () => {
    const mine = state += 1;
    if (!drawn) return;
    isBusy = true;
    canvas.toBlob((blob) => {
      if (mine !== state) return;
      const list = new DataTransfer();
      list.items.add(new File([blob], "signature.png", { type: "image/png" }));
      file.files = list.files;
      isBusy = false;
    }, "image/png");
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...place(event));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...place(event));
    pen.stroke();
    drawn = true;
  });
  canvas.addEventListener("pointerup", keep);
  canvas.addEventListener("pointercancel", keep);
  clear.addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    drawn = isBusy = false;
    state += 1;
    file.value = "";
  });
  // Before others listen: a form that is not sent does not look busy.
  form.addEventListener("submit", (event) => {
    if (isBusy) { event.preventDefault(); event.stopPropagation(); setTimeout(() => form.requestSubmit(event.submitter), 50); }
  }, { capture: true });
}
