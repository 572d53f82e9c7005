// repeat: shows only what the chosen kind of repetition asks for; without script all of it is shown.
function show(form) {
  const chosen = form.querySelector("[name=repeat]:checked")?.value ?? "";
  for (const part of form.querySelectorAll("[data-for]")) {
    part.hidden = !part.dataset.for.split(" ").includes(chosen);
  }
}

for (const form of document.querySelectorAll("form")) {
  if (!form.querySelector("[name=repeat]")) continue;
  show(form);
  form.addEventListener("change", () => show(form));
}
