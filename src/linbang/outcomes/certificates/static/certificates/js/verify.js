// signed-words: <section data-behaviour="signed-words" hidden> verifies what a certificate's QR code says, on this device.
// It takes the words from the address itself (#…), from the scanner's event scanned, or from the form signed-text.
// Keys: the JSON script #signing-keys, hexadecimal by name. Nothing is sent anywhere.
// data-valid, -forged, -stranger, -foreign, -unable: what is said in role=status; data-hours {h}, data-minutes {m}.
// data-brief: the page tells the same from the register already, so only the verdict is shown.
const box = document.querySelector("[data-behaviour~=signed-words]");
const keys = JSON.parse(document.getElementById("signing-keys").textContent);
const FIELDS = ["mark", "number", "name", "first", "last", "proved", "entered", "issuer", "issued", "key"];

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const hex = (text) => Uint8Array.from(text.match(/../g), (one) => parseInt(one, 16));
const day = (text) => text.replace(/(\d{4})(\d\d)(\d\d)/, "$1-$2-$3");

// The signed line and its signature, out of an address or the bare fragment; nothing for any other text.
function read(text) {
  const [, line, signature] = /(?:^|#)([\w-]{40,})\.([\w-]{80,})$/.exec(text.trim()) ?? [];
  if (!line) return undefined;
  try {
    const data = bytes(line);
    const values = new TextDecoder("utf-8", { fatal: true }).decode(data).split("|");
    if (values.length !== FIELDS.length || values[0] !== "LB1") return undefined;
    return { data, signature: bytes(signature), words: Object.fromEntries(FIELDS.map((name, n) => [name, values[n]])) };
  } catch {
    return undefined;
  }
}

async function judge({ data, signature, words }) {
  if (!keys[words.key]) return "stranger";
  try {
    const key = await crypto.subtle.importKey("raw", hex(keys[words.key]), { name: "Ed25519" }, false, ["verify"]);
    return (await crypto.subtle.verify({ name: "Ed25519" }, key, signature, data)) ? "valid" : "forged";
  } catch {
    // No Ed25519 here yet, or a page without https.
    return "unable";
  }
}

function hours(minutes) {
  const whole = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const told = [whole && box.dataset.hours.replace("{h}", whole), rest && box.dataset.minutes.replace("{m}", rest)];
  return told.filter(Boolean).join(" ") || "0";
}

function show(verdict, words) {
  box.hidden = false;
  box.dataset.verdict = verdict;
  const status = box.querySelector("[role=status]");
  status.className = `notice notice--${{ valid: "jade", forged: "red" }[verdict] ?? "gold"}`;
  status.textContent = box.dataset[verdict];
  // Forged words are not repeated: somebody might read them only.
  const isTold = words && verdict !== "forged" && box.dataset.brief === undefined;
  box.querySelector("dl").hidden = !isTold;
  box.querySelector("[data-online]").hidden = !words || box.dataset.brief !== undefined;
  if (!words) return;
  const told = {
    number: words.number, name: words.name, period: `${day(words.first)} – ${day(words.last)}`,
    proved: hours(words.proved), entered: hours(words.entered), issuer: words.issuer, issued: day(words.issued),
  };
  for (const field of box.querySelectorAll("[data-field]")) field.textContent = isTold ? told[field.dataset.field] : "";
  const link = box.querySelector("[data-online] a");
  link.search = `?n=${encodeURIComponent(words.number)}`;
}

async function take(text) {
  const found = read(text);
  if (!found) return show("foreign");
  show(await judge(found), found.words);
  return box.scrollIntoView({ block: "nearest" });
}

document.addEventListener("scanned", ({ detail }) => take(detail));
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-behaviour~=signed-text]")) return;
  event.preventDefault();
  take(event.target.elements.signed.value);
});
const shown = () => location.hash.length > 100 && take(location.hash);
addEventListener("hashchange", shown);
shown();
