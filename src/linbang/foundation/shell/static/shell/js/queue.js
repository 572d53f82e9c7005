// Forms that may wait: <form data-behaviour="queued" id="…" data-label="…">, or the same on a form's button.
// What is done is kept on the device and sent in its order: now, when the network is back, or when the page is next
// opened. Its key is made once, so that the server takes it once however often it is sent.
// The page needs {% queue %}; without it, without storage or without script the form is a form.
// On the form: data-queue becomes waiting, sent or refused; the events queued, sent and refused bubble from it with
// detail {entry, answer}. data-reset empties it once kept. After a reload a form is found again by its id.
import * as store from "./queue-store.js";
import { send } from "./queue-send.js";
import { show } from "./queue-show.js";

const part = document.querySelector("[data-behaviour~=queue]");
const { account } = part.dataset;
const sentAt = `linbang-sent:${account}`;
const forms = new Map();
const is = (element, name) => element?.closest?.(`[data-behaviour~=${name}]`);
let sending, again, timer, pause = 0, isBroken = false;

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const marked = is(submitter, "queued") || is(form, "queued");
  if (!marked || event.defaultPrevented || !account || isBroken || !store.isOpen()) return;
  event.preventDefault();
  keep(form, submitter, marked.dataset.label).then(flush, () => {
    isBroken = true; // A full or forbidden storage: then as a form.
    form.requestSubmit(submitter);
  });
});

// Attributes, since a field may be called action or id.
async function keep(form, submitter, label) {
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  if (submitter?.name) fields.push([submitter.name, submitter.value]);
  const target = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  const url = new URL(target, location.href).href;
  // A second tap on what still waits is impatience, not a second deed.
  if ((await waiting()).some((one) => one.url === url && told(one.fields) === told(fields))) return;
  const entry = {
    key: store.newKey(), account, url, fields, form: form.getAttribute("id"), at: new Date().toISOString(),
    label: label || submitter?.textContent.trim() || document.title,
  };
  entry.id = await store.add(entry);
  forms.set(entry.key, form);
  if ("reset" in form.dataset) form.reset();
  tell("queued", "waiting", entry);
  await render({});
}

// Two photos are two things, though JSON tells nothing of either.
const told = (fields) => JSON.stringify(fields, (_, it) => (it instanceof File ? [it.name, it.size, it.lastModified] : it));
const waiting = async () => (await store.all(account)).filter((entry) => !entry.refusal);

function tell(name, state, entry, answer) {
  const form = forms.get(entry.key) ?? (entry.form ? document.getElementById(entry.form) : null);
  if (form) form.dataset.queue = state;
  const target = form?.isConnected ? form : document;
  target.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { entry, answer } }));
}

// One tab at a time, so that the order holds. What was kept meanwhile is seen to afterwards.
function flush() {
  again = Boolean(sending);
  const alone = navigator.locks ? (work) => navigator.locks.request("linbang-queue", work) : (work) => work();
  sending ??= alone(sendAll).finally(() => {
    sending = undefined;
    if (again) flush();
  });
  return sending;
}

async function sendAll() {
  clearTimeout(timer);
  let result = {};
  for (let entry; (entry = (await waiting())[0]);) {
    await render({ busy: true });
    result = await send(entry, part.querySelector("[name=csrfmiddlewaretoken]").value);
    if (result.outcome === "later" || result.outcome === "held") break;
    pause = 0;
    await settle(entry, result);
  }
  if (result.outcome === "later") {
    pause = Math.min(60, Math.max(result.seconds ?? 0, pause * 2, 2));
    timer = setTimeout(flush, pause * 1000);
  }
  await render(result);
}

async function settle(entry, { outcome, answer }) {
  if (outcome === "sent") {
    // First this: a page that is left in between sends once more, and still says that it was sent.
    localStorage.setItem(sentAt, new Date().toISOString());
    await store.remove(entry.id);
  } else {
    await store.put({ ...entry, refusal: answer.detail || part.dataset.refused });
  }
  tell(outcome, outcome, entry, answer);
}

const render = async (state) => show(part, await store.all(account), { ...state, sentAt: localStorage.getItem(sentAt) });

part.addEventListener("click", ({ target }) => {
  const dismissed = target.closest("[data-queue-dismiss]");
  if (dismissed) store.remove(Number(dismissed.value)).then(() => render({}));
  if (target.closest("[data-queue-now]")) flush();
});
addEventListener("online", flush);
document.addEventListener("visibilitychange", () => document.hidden || flush());

store.opened.then(async (isOpen) => {
  if (!isOpen || !account) return;
  await store.forgetOthers(account);
  for (const entry of await store.all(account)) tell(...(entry.refusal ? ["refused", "refused"] : ["queued", "waiting"]), entry);
  flush();
});
