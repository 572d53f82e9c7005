// A desk's counts rise with the stroke, before the network answers: what waits on this device is counted on top of
// what the page was given. A refused stroke is taken off again; the queue part of the page says why.
function add(entry, sign) {
  const fields = Object.fromEntries(entry.fields);
  const people = sign * Number(fields.people);
  const place = document.querySelector(`[data-desk-count="${CSS.escape(fields.topic ?? "")}"]`);
  if (!place || !people) return;
  for (const one of [place, document.querySelector("[data-desk-total]")]) {
    one.textContent = Math.max(0, Number(one.textContent) + people);
  }
}

// Two strokes on one topic are two people, not impatience: each is told apart before the queue looks.
document.addEventListener(
  "submit",
  ({ target }) => {
    if (target.elements.stroke) target.elements.stroke.value = String(Math.random());
  },
  true,
);
document.addEventListener("queued", ({ detail: { entry } }) => add(entry, 1));
document.addEventListener("refused", ({ detail: { entry, answer } }) => {
  // What was refused on an earlier visit to the page is not in its counts.
  if (answer) add(entry, -1);
});
