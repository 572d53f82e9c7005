// What {% queue %} shows: how many wait, when the last one went, what was refused and why.
export function show(part, entries, state) {
  const { dataset } = part;
  const refused = entries.filter((entry) => entry.refusal).length;
  const waiting = entries.length - refused;
  part.hidden = !entries.length && !state.sentAt;
  dataset.state = waiting ? state.outcome ?? "waiting" : "empty";
  part.querySelector(".queue__state").textContent =
    [count(waiting, dataset.one, dataset.many), count(refused, dataset.refusedOne, dataset.refusedMany)]
      .filter(Boolean).join(" · ") || dataset.none;
  part.querySelector(".queue__note").textContent = note(dataset, waiting, state);
  part.querySelector("[data-queue-now]").hidden = !waiting || state.outcome === "held";
  part.querySelector("[data-queue-sign-in]").hidden = state.outcome !== "held";
  part.querySelector(".queue__list").replaceChildren(...entries.map((entry) => line(part, entry)));
}

function count(number, one, many) {
  if (!number) return "";
  return number === 1 ? one : many.replace("{count}", number);
}

function note(dataset, waiting, { busy, outcome, answer, sentAt }) {
  if (busy) return dataset.sending;
  if (waiting && outcome === "held") return answer.code === "csrf_failed" ? dataset.old : answer.detail;
  if (waiting) return dataset.later;
  return sentAt ? dataset.last.replace("{time}", clock(sentAt)) : "";
}

function line(part, entry) {
  const item = part.querySelector("template").content.cloneNode(true).firstElementChild;
  item.querySelector(".queue__label").textContent = entry.label;
  item.querySelector("time").dateTime = entry.at;
  item.querySelector("time").textContent = clock(entry.at);
  item.querySelector(".queue__refusal").textContent = entry.refusal ?? "";
  const button = item.querySelector("[data-queue-dismiss]");
  button.value = entry.id;
  button.hidden = !entry.refusal;
  return item;
}

// A time of today by its hour, an older one with its day.
function clock(instant) {
  const at = new Date(instant);
  const hour = { hour: "2-digit", minute: "2-digit", hour12: false };
  const isToday = at.toDateString() === new Date().toDateString();
  return at.toLocaleString(document.documentElement.lang, isToday ? hour : { ...hour, month: "numeric", day: "numeric" });
}
