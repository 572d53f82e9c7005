// Small behaviours bound by data-behaviour; all by delegation, so swapped fragments need no binding.
import { toast } from "./toast.js";

const is = (element, name) => element?.closest?.(`[data-behaviour~=${name}]`);

// confirm: <button data-behaviour="confirm" data-question="…"> or the same on a form.
function ask(question) {
  const dialog = document.getElementById("confirm");
  if (!dialog?.showModal) return Promise.resolve(window.confirm(question));
  dialog.querySelector(".dialog__text").textContent = question;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
  });
}

document.addEventListener("submit", (event) => {
  const asked = is(event.submitter, "confirm") || is(event.target, "confirm");
  if (!asked || asked.dataset.confirmed) {
    if (asked) delete asked.dataset.confirmed;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter, target: form } = event;
  ask(asked.dataset.question).then((yes) => {
    if (!yes) return submitter?.focus();
    asked.dataset.confirmed = "yes";
    return form.requestSubmit(submitter);
  });
}, true);

document.addEventListener("click", (event) => {
  const answer = event.target.closest("#confirm button");
  if (answer) answer.closest("dialog").close(answer.value);

  const copied = is(event.target, "copy");
  if (copied) copy(copied.dataset.text, copied.dataset.done);
  const shared = is(event.target, "share");
  if (shared && share(shared)) event.preventDefault();
  if (is(event.target, "print")) window.print();
});

// copy: <button data-behaviour="copy" data-text="…" data-done="…">
function copy(text, done) {
  if (!navigator.clipboard) return false;
  navigator.clipboard.writeText(text).then(() => toast(done), () => prompt("", text));
  return true;
}

// share: <a data-behaviour="share" href="…" data-title="…" data-text="…" data-done="…">; else it copies the
// address, and without script it is a plain link to what would have been shared.
function share(link) {
  const { title, text, done } = link.dataset;
  if (!navigator.share) return copy(link.href, done);
  navigator.share({ title, text, url: link.href }).catch((error) => {
    if (error.name !== "AbortError") copy(link.href, done);
  });
  return true;
}

// autosubmit: a filter form that answers each change; its button stays for those without script.
document.addEventListener("change", (event) => {
  is(event.target, "autosubmit")?.closest("form").requestSubmit();
});

// countdown: tells how long an offer stays open; nothing is taken away when it ends, the server decides.
function tick() {
  for (const element of document.querySelectorAll("[data-behaviour~=countdown]")) {
    const minutes = Math.ceil((new Date(element.dataset.until) - Date.now()) / 60000);
    element.textContent = minutes > 0
      ? element.dataset.left.replace("{hours}", Math.floor(minutes / 60)).replace("{minutes}", minutes % 60)
      : element.dataset.over;
  }
}
tick();
setInterval(tick, 30000);
document.addEventListener("htmx:afterSwap", tick);

// After a form came back with errors, go to the first one.
document.addEventListener("htmx:afterSwap", (event) => {
  event.target.querySelector?.("[data-invalid] input, [data-invalid] select, [data-invalid] textarea")?.focus();
});
if (!document.activeElement || document.activeElement === document.body) {
  document.querySelector("[data-invalid] input, [data-invalid] select, [data-invalid] textarea")?.focus();
}
