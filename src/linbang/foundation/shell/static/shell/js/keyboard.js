// Telephone intake by keyboard alone, inside <form data-behaviour="keyboard">:
// Alt+1…9 take the n-th choice of the group in focus (plain digits when no text is being typed),
// Alt+letter of data-key jumps to a control, Ctrl+Enter submits, Escape leaves a text box.
const isTyping = (element) =>
  element.matches("textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=submit])");

function choose(form, digit) {
  const group = document.activeElement.closest("fieldset") ?? form.querySelector("fieldset[data-digits], fieldset");
  const input = group?.querySelectorAll("input[type=radio], input[type=checkbox]")[digit - 1];
  if (!input) return false;
  input.focus();
  input.click();
  return true;
}

function jump(form, key) {
  const target = form.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return false;
  const inner = target.matches("input, select, textarea, button, a") ? target : target.querySelector("input:checked, input, select, textarea, button");
  inner?.focus();
  return Boolean(inner);
}

document.addEventListener("keydown", (event) => {
  const form = document.querySelector("form[data-behaviour~=keyboard]");
  if (!form || event.isComposing) return;
  const typing = isTyping(event.target);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && typing) {
    event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || (typing && !event.altKey)) return;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase();
  const done = digit ? choose(form, Number(digit)) : Boolean(event.altKey && letter && jump(form, letter));
  if (done) event.preventDefault();
});
