// Pages that may be read without network (gates.kept_offline): <html data-offline="/sw.js">.
// Registers the service worker and hands it this page with its files, which were fetched before it was there.
// Old web views without one lose nothing. On /offline/: <ul data-behaviour="kept-pages"> lists what is kept.
const { offline } = document.documentElement.dataset;

async function hand() {
  await navigator.serviceWorker.register(offline);
  const { active } = await navigator.serviceWorker.ready;
  const files = performance.getEntriesByType("resource").map((entry) => entry.name);
  active.postMessage({ page: location.href, files });
}

async function list(box) {
  const names = (await caches.keys()).filter((name) => name.startsWith("pages-"));
  for (const name of names) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) box.append(await line(request.url, await cache.match(request, { ignoreVary: true })));
  }
  box.hidden = !box.children.length;
}

async function line(url, response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.className = "button button--ghost button--block";
  link.href = url;
  link.textContent = page.title.split(" · ")[0];
  item.append(link);
  return item;
}

if (offline && "serviceWorker" in navigator) hand().catch(() => undefined);
const box = document.querySelector("[data-behaviour~=kept-pages]");
if (box && "caches" in window) list(box);
