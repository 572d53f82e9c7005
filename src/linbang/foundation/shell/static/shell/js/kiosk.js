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

const mark = (isStale) => document.documentElement.toggleAttribute("data-stale", isStale);
// An error, or a sign-in page that the request was led to, never takes the place of the code.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { xhr, pathInfo } = detail;
  const wanted = new URL(pathInfo.requestPath, location.href).pathname;
  detail.shouldSwap = xhr.status < 400 && new URL(xhr.responseURL).pathname === wanted;
  mark(!detail.shouldSwap);
});
document.addEventListener("htmx:sendError", () => mark(true));
document.addEventListener("htmx:timeout", () => mark(true));
addEventListener("offline", () => mark(true));
