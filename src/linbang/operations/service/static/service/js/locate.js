// locate: fills a form's latitude and longitude from the device and sends it. Without script, or
// without a position, the code does the same; so the button shows itself only when it can work.
const OPTIONS = { enableHighAccuracy: true, timeout: 15000, maximumAge: 0 };

function reveal() {
  if (!("geolocation" in navigator) || !window.isSecureContext) return;
  for (const form of document.querySelectorAll("[data-behaviour~=locate]")) form.hidden = false;
}

function say(form, text) {
  const place = form.querySelector("[role=status]");
  if (place) place.textContent = text;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-behaviour~=locate]");
  if (!form || form.dataset.located) return;
  event.preventDefault();
  say(form, form.dataset.waiting);
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      form.elements.latitude.value = coords.latitude;
      form.elements.longitude.value = coords.longitude;
      form.dataset.located = "yes";
      form.requestSubmit();
    },
    () => say(form, form.dataset.failed),
    OPTIONS,
  );
});

reveal();
document.addEventListener("htmx:afterSwap", reveal);
