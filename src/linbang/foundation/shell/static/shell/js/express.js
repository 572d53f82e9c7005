// A form through the fast door: {% express url token done %} inside it. Pressed, its fields go to that address of the
// API as JSON, with the page's pass; then the page opens that the form would have led to. While a crowd is before it,
// the call is made again under the same key when the answer says. Any other answer, or none, and the form is sent as
// a form: its page knows how to say everything, and what was done already is not done twice.
const PATIENCE_MS = 90000, LONGEST_PAUSE_S = 15;
// Stands in data-done for what is only known afterwards.
const SOME_ID = "00000000-0000-0000-0000-000000000000";
const underWay = new Set();

document.addEventListener("submit", (event) => {
  const { target: form } = event;
  const part = form.querySelector("[data-behaviour~=express]");
  // A form that still looks for its place stops its first submit itself (locate.js, loaded before).
  if (!part || event.defaultPrevented || !window.AbortController) return;
  event.preventDefault();
  if (underWay.has(form)) return; // A second tap is impatience.
  underWay.add(form);
  go(form, part).then((to) => (to ? location.assign(to) : form.submit()));
});
// Back again by the browser's own button.
window.addEventListener("pageshow", () => underWay.clear());

// Where to go next; nothing where the form shall go its own way.
async function go(form, part) {
  const { key = newKey(), ...fields } = Object.fromEntries(new FormData(form));
  const body = JSON.stringify(fields, (name, it) => (name === "csrfmiddlewaretoken" ? undefined : it));
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (Date.now() < giveUpAt) {
    const response = await post(part.dataset, key, body).catch(() => undefined);
    if (response?.ok) {
      const answer = await response.json().catch(() => undefined);
      return answer && part.dataset.done.replace(SOME_ID, answer.id);
    }
    const pause = Number(response?.headers.get("Retry-After"));
    if (response?.status !== 503 || !pause) return undefined;
    part.textContent = part.dataset.busy;
    part.hidden = false;
    // Not all at once again.
    await new Promise((again) => setTimeout(again, (Math.min(pause, LONGEST_PAUSE_S) + Math.random()) * 1000));
  }
  return undefined;
}

function post({ url, token }, key, body) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), 20000);
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json", "Idempotency-Key": key };
  return fetch(url, { method: "POST", headers, body, credentials: "omit", signal: patience.signal })
    .finally(() => clearTimeout(timer));
}

const newKey = () => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(16)).join("-");
