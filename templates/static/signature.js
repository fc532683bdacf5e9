// Drawing a signature: what is drawn goes into the form's file field as PNG. Without a script the name is written.
"use strict";
for (const form of document.querySelectorAll("form[data-signature]")) {
  const canvas = form.querySelector("canvas");
  const file = form.querySelector("input[type=file]");
  const clear = form.querySelector("[data-clear]");
  const pen = canvas.getContext("2d");
  let drawn = false;
  canvas.hidden = clear.hidden = false;
  pen.lineWidth = 3;
  pen.lineCap = "round";
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
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
  canvas.addEventListener("pointerup", () => {
    if (!drawn) return;
    canvas.toBlob((blob) => {
      const list = new DataTransfer();
      list.items.add(new File([blob], "signature.png", { type: "image/png" }));
      file.files = list.files;
    }, "image/png");
  });
  clear.addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    drawn = false;
    file.value = "";
  });
}
