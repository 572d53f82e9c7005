// roll: a leader's mark shows at once, before the network answers: <form data-then> or <button data-then> names the
// state its line is in then. roll-find: <form data-behaviour="roll-find" hidden> filters the lines by name or initials.
// What was refused goes back to how it was; the queue part of the page says why.
const lines = () => [...document.querySelectorAll(".roll__line")];
const HERE = new Set(["here", "forgotten"]);

const lineOf = (entry) => {
  const [, who] = entry.fields.find(([name]) => name === "sign_up") ?? [];
  return who && document.getElementById(`who-${who}`);
};

// The mark's own button or form says what follows from it.
const thenOf = (line, entry) => {
  const [, mark] = entry.fields.find(([name]) => name === "mark") ?? [];
  return (line.querySelector(`button[value="${mark}"]`) ?? line.querySelector(`[data-then=${mark}]`))?.dataset.then;
};

function count() {
  const states = lines().map((line) => line.dataset.state);
  for (const [name, number] of Object.entries({
    here: states.filter((state) => HERE.has(state)).length,
    missing: states.filter((state) => state === "expected").length,
  })) {
    const place = document.querySelector(`[data-count=${name}]`);
    if (place) place.textContent = number;
  }
}

function show(line, state) {
  line.dataset.state = state;
  line.querySelector(".roll__more")?.removeAttribute("open");
  count();
}

document.addEventListener("queued", ({ detail: { entry } }) => {
  const line = lineOf(entry);
  const then = line && thenOf(line, entry);
  if (!then) return;
  line.dataset.before ??= line.dataset.state;
  show(line, then);
  // A going that reaches the server without its coming brings it along.
  if (then === "here") line.querySelector("[name=came_at]").value = entry.at;
  // The same mark after another one is a new deed, which the queue must not take for impatience.
  for (const field of line.querySelectorAll("[name=turn]")) field.value = entry.key;
});

document.addEventListener("sent", ({ detail: { entry } }) => {
  const line = lineOf(entry);
  if (line) delete line.dataset.before;
});

document.addEventListener("refused", ({ detail: { entry } }) => {
  const line = lineOf(entry);
  if (!line?.dataset.before) return;
  show(line, line.dataset.before);
  delete line.dataset.before;
});

const find = document.querySelector("[data-behaviour~=roll-find]");
if (find) {
  find.hidden = false;
  find.addEventListener("submit", (event) => event.preventDefault());
  find.addEventListener("input", ({ target }) => {
    const wanted = target.value.trim().toLowerCase();
    for (const line of lines()) line.hidden = !line.dataset.find.toLowerCase().includes(wanted);
  });
}
