// Send one entry of the queue, and tell what became of it:
// sent or refused (with the answer), later (no network, or a busy server), held (sign in again).
const PATIENCE_MS = 20000;
const LATER = new Set([408, 425, 429, 502, 503, 504, 511]);

export async function send(entry, token) {
  let response;
  try {
    response = await post(entry, token);
  } catch {
    return { outcome: "later" };
  }
  // What our server answers bears the sender's name; a hotel's sign-in page does not.
  const isOurs = response.headers.get("X-Account") === entry.account || response.status === 401;
  if (LATER.has(response.status) || !(isOurs || response.status === 413)) {
    return { outcome: "later", seconds: Number(response.headers.get("Retry-After")) || 0 };
  }
  const answer = await read(response).catch(() => undefined);
  // Half an answer is no answer: the key makes it safe to ask again.
  if (answer === undefined) return { outcome: "later" };
  if (response.ok) return { outcome: "sent", answer };
  const isHeld = response.status === 401 || answer.code === "csrf_failed";
  return { outcome: isHeld ? "held" : "refused", answer };
}

function post(entry, token) {
  const body = new FormData();
  for (const [name, value] of entry.fields) body.append(name, value);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  return fetch(entry.url, {
    method: "POST",
    body,
    credentials: "same-origin",
    signal: patience.signal,
    headers: {
      Accept: "application/problem+json, application/json;q=0.9, text/html;q=0.5",
      "Idempotency-Key": entry.key,
      "X-Account": entry.account,
      "X-Acted-At": entry.at,
      "X-CSRFToken": token,
      "X-Requested-With": "fetch",
    },
  }).finally(() => clearTimeout(timer));
}

// JSON as it is; of a page that came back with errors, what it says first.
async function read(response) {
  const text = await response.text();
  if (/json/.test(response.headers.get("Content-Type"))) return JSON.parse(text);
  if (response.ok || !text) return {};
  const page = new DOMParser().parseFromString(text, "text/html");
  const said = page.querySelector("main .errorlist, main [role=alert], [role=alert]");
  return { detail: said?.textContent.trim() };
}
