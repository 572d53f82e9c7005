// A page on a projector: <button data-behaviour="kiosk" aria-pressed="false"> fills the screen and keeps it awake.
// While polling (hx-trigger="every 5s") gets no answer, <html> bears data-stale: an old code must not look like a new one.
let isOn = false;

async function stayAwake() {
  if (isOn && !document.hidden) await navigator.wakeLock?.request("screen").catch(() => undefined);
}

function follow() {
  isOn = Boolean(document.fullscreenElement);
  for (const button of document.querySelectorAll("[data-behaviour~=kiosk]")) button.setAttribute("aria-pressed", String(isOn));
  stayAwake();
}

document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-behaviour~=kiosk]")) return;
  const { documentElement: page } = document;
  // What cannot fill the screen can at least stay awake.
  if (!page.requestFullscreen) {
    isOn = true;
    stayAwake();
  } else if (document.fullscreenElement) {
    document.exitFullscreen();
  } else {
    page.requestFullscreen().catch(() => undefined);
  }
});
document.addEventListener("fullscreenchange", follow);
// The lock is lost whenever the page is hidden.
document.addEventListener("visibilitychange", stayAwake);

const mark = (isStale) => () => document.documentElement.toggleAttribute("data-stale", isStale);
for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(failure, mark(true));
document.addEventListener("htmx:afterSwap", mark(false));
addEventListener("offline", mark(true));
