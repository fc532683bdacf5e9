// Reads codes: by the camera, with the browser's own reader where it has one and a small library elsewhere.
"use strict";

class DeskCamera {
  constructor(video, decoder, onCode) {
    this.video = video; this.decoder = decoder; this.onCode = onCode;
    this.stream = null; this.last = ""; this.lastAt = 0;
  }

  get isOn() { return this.stream !== null; }

  // Raises what the browser raises where there is no camera, or nobody may use it.
  async start() {
    const wanted = { video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false };
    this.stream = await navigator.mediaDevices.getUserMedia(wanted);
    this.video.srcObject = this.stream;
    this.video.hidden = false;
    await this.video.play();
    const read = await this.#reader();
    while (this.isOn) {
      const text = await read().catch(() => "");
      if (text) this.#see(text);
      await new Promise((done) => setTimeout(done, 120));
    }
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.hidden = true;
  }

  // The same code held before the camera counts once in three seconds; another one, good or bad, at once.
  #see(text) {
    if (text === this.last && Date.now() - this.lastAt < 3000) { this.lastAt = Date.now(); return; }
    this.last = text; this.lastAt = Date.now();
    this.onCode(text);
  }

  async #reader() {
    if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
      const own = new BarcodeDetector({ formats: ["qr_code"] });
      return async () => (await own.detect(this.video))[0]?.rawValue ?? "";
    }
    const { decodeQR } = await import(this.decoder);
    const canvas = document.createElement("canvas");
    const drawing = canvas.getContext("2d", { willReadFrequently: true });
    return async () => {
      // 640 pixels show a code of 25 mm at arm's length, and are read in some ten milliseconds.
      const scale = Math.min(1, 640 / Math.max(this.video.videoWidth, 1));
      canvas.width = Math.round(this.video.videoWidth * scale);
      canvas.height = Math.round(this.video.videoHeight * scale);
      if (!canvas.width || !canvas.height) return "";
      drawing.drawImage(this.video, 0, 0, canvas.width, canvas.height);
      return decodeQR(drawing.getImageData(0, 0, canvas.width, canvas.height));
    };
  }
}

// Two tones for yes, one low one for no; silent until somebody has touched the page.
function deskSound(isGood) {
  if (!navigator.userActivation?.hasBeenActive) return;
  const context = deskSound.context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
  for (const [n, frequency] of (isGood ? [880, 1320] : [220]).entries()) {
    const tone = context.createOscillator(), volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.value = 0.15;
    tone.connect(volume).connect(context.destination);
    tone.start(context.currentTime + n * 0.1);
    tone.stop(context.currentTime + n * 0.1 + (isGood ? 0.09 : 0.35));
  }
}
