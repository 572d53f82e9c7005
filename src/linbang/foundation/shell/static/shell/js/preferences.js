// Text size and appearance change at once and are kept in the background.
// Without this script the same forms post and the page comes back changed.
const root = document.documentElement;

function show(form, button) {
  for (const other of form.querySelectorAll("button")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  const elder = root.hasAttribute("data-elder");
  const shown = button.name === "text" && elder && button.value === "standard" ? "large" : button.value;
  root.setAttribute(`data-${button.name}`, shown);
  document.dispatchEvent(new CustomEvent("lb:appearance"));
}

function keep(form, button) {
  const body = new FormData(form);
  body.append(button.name, button.value);
  return fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-behaviour~=preference] button[name]");
  if (!button) return;
  event.preventDefault();
  show(button.form, button);
  keep(button.form, button).catch(() => button.form.submit());
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  document.dispatchEvent(new CustomEvent("lb:appearance"));
});
