// {% scanner %}: <section data-behaviour="scan">, QR codes by the camera, or by a photo where the camera is refused.
// data-path="/check-in/": an address of this site below it is opened, wherever its code was printed from.
// data-into="#id": any other code that this field accepts is put into it, and its form submitted.
// Neither: the event scanned bubbles from the section, its detail the text. The camera goes on while the page stays.
// data-decoder, data-wasm: where the decoder of qr.js lies; the page needs gates.with_camera.
// data-looking, -found, -none, -refused, -missing, -foreign, -unable: what is said in role=status.
import { reader } from "./qr.js";

const EVERY_MS = 150;
const SAME_MS = 4000;

const box = document.querySelector("[data-behaviour~=scan]");
const video = box.querySelector("video");
let stream, isWanted = false, last = { text: "", at: 0 };

const say = (word) => {
  box.querySelector("[role=status]").textContent = word ? box.dataset[word] : "";
};

async function start() {
  isWanted = true;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 1280 } } });
  } catch (error) {
    // No mediaDevices at all: an old web view, or a page without https.
    return give(error.name === "NotAllowedError" ? "refused" : "missing");
  }
  if (document.hidden) return stop();
  video.srcObject = stream;
  await video.play().catch(() => undefined);
  show();
  say("looking");
  return reader(box.dataset).then(look, () => give("unable"));
}

function give(word) {
  isWanted = false;
  stop();
  say(word);
}

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
  video.srcObject = null;
  show();
}

function show() {
  video.parentElement.hidden = !stream;
  box.querySelector("[data-scan-start]").hidden = Boolean(stream);
  box.querySelector("[data-scan-stop]").hidden = !stream;
}

async function look(qr) {
  if (!stream) return;
  const [code] = await qr.detect(video).catch(() => []);
  if (code && stream) take(code.rawValue);
  setTimeout(look, EVERY_MS, qr);
}

async function photo({ target }) {
  const [file] = target.files;
  if (!file) return;
  say("looking");
  try {
    const qr = await reader(box.dataset);
    const [code] = await qr.detect(await createImageBitmap(file));
    last.text = "";
    if (code) take(code.rawValue);
    else say("none");
  } catch {
    say("unable");
  }
  target.value = "";
}

// A code held before the camera is one code, not seven a second.
function take(text) {
  const isSame = text === last.text && Date.now() - last.at < SAME_MS;
  last = { text, at: Date.now() };
  if (isSame) return;
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(80);
  const { path, into } = box.dataset;
  const address = path && inside(text, path);
  if (address) {
    say("found");
    location.assign(address);
  } else if (into) say(enter(document.querySelector(into), text.trim()) ? "found" : "foreign");
  else if (path) say("foreign");
  else box.dispatchEvent(new CustomEvent("scanned", { bubbles: true, detail: text }));
}

// Compared by host and led by our own origin: a poster may say http, and no code leads elsewhere.
function inside(text, path) {
  const [, host, rest] = /^https?:\/\/([^/?#\s]+)(\/[^#\s]*)/i.exec(text) ?? [];
  return host === location.host && rest.startsWith(path) ? location.origin + rest : "";
}

function enter(field, text) {
  const before = field.value;
  field.value = text;
  const isTaken = text !== "" && field.checkValidity();
  if (isTaken) field.form.requestSubmit();
  else field.value = before;
  return isTaken;
}

box.querySelector("[data-scan-start]").addEventListener("click", start);
box.querySelector("[data-scan-stop]").addEventListener("click", () => give(""));
box.querySelector("[type=file]").addEventListener("change", photo);
document.addEventListener("visibilitychange", () => (document.hidden ? stop() : isWanted && !stream && start()));
addEventListener("pagehide", stop);
box.querySelector(".scanner__ways").hidden = false;
// Who allowed it before is not asked twice.
navigator.permissions?.query({ name: "camera" }).then(({ state }) => state === "granted" && start(), () => undefined);
