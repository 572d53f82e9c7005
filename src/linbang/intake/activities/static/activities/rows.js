// rows: <div data-behaviour="rows" data-prefix="posts"> with its rows, a <template> and a [data-add] button.
// Without script the button submits the form, which comes back with one row more.
function grow(box) {
  const total = box.closest("form").querySelector(`[name="${box.dataset.prefix}-TOTAL_FORMS"]`);
  const holder = document.createElement("div");
  holder.innerHTML = box.querySelector("template").innerHTML
    .replaceAll("__prefix__", total.value)
    .replaceAll("__number__", Number(total.value) + 1);
  const row = holder.firstElementChild;
  box.querySelector(".rows__all").append(row);
  total.value = Number(total.value) + 1;
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

// A row taken out stays in the form, folded away, so that the server hears of it.
function fold(row, isOut) {
  row.dataset.out = isOut ? "yes" : "no";
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-behaviour~=rows] [data-add]");
  if (!button) return;
  event.preventDefault();
  grow(button.closest("[data-behaviour~=rows]"));
});

document.addEventListener("change", (event) => {
  if (event.target.name?.endsWith("-DELETE")) fold(event.target.closest(".line"), event.target.checked);
});
