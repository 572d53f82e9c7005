// The service worker, served at /sw.js with FRAME set before it: {version, offline, files, statics}.
// Keeps the frame's files, and those pages alone whose answer says for how long (X-Offline-Seconds), for the one
// account that was last seen (X-Account): with the first page of another, or of nobody, they are gone.
// API answers, fragments, other pages and everything that is not a GET pass it by.
const PATIENCE_MS = 5000;
const FILES = `files-${FRAME.version}`;
const isPages = (name) => name.startsWith("pages-");
const isFile = (url) => url.origin === location.origin && FRAME.statics.some((path) => url.pathname.startsWith(path));

async function drop(isUnwanted) {
  for (const name of await caches.keys()) if (isUnwanted(name)) await caches.delete(name);
}

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(FRAME.files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(drop((name) => name.startsWith("files-") && name !== FILES).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (isFile(new URL(request.url))) event.respondWith(file(request));
});

// A page that was open before there was a worker hands itself over, with its files.
self.addEventListener("message", (event) => {
  const { page: address, files } = event.data;
  const wanted = files.filter((one) => isFile(new URL(one)));
  event.waitUntil(Promise.all([fetch(address).then((answer) => keep(address, answer)), ...wanted.map((one) => file(one))]));
});

// The network if it answers in time, else the copy; without a copy one waits as ever.
async function freshest(live, copy) {
  if (!copy) return live;
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, copy));
  return Promise.race([live, patience]).catch(() => copy);
}

async function file(request) {
  const cache = await caches.open(FILES);
  const copy = await cache.match(request, { ignoreVary: true });
  const live = fetch(request).then(async (response) => {
    if (response.ok && !copy) await cache.put(request, response.clone());
    return response;
  });
  return freshest(live, copy);
}

async function page(request) {
  const live = fetch(request).then((response) => {
    // A gateway whose server is away speaks for itself, not for us.
    if (response.status >= 502 && response.status <= 504) throw new TypeError("gateway");
    return keep(request.url, response);
  });
  const answer = freshest(live, await copyOf(request.url));
  return answer.catch(() => caches.match(FRAME.offline, { ignoreVary: true }));
}

async function keep(address, response) {
  const account = response.headers.get("X-Account");
  if (account === null) return response; // A file, a redirect, an error: no page of anybody.
  await drop((name) => isPages(name) && name !== `pages-${account}`);
  const seconds = Number(response.headers.get("X-Offline-Seconds"));
  if (response.ok && seconds) {
    const headers = new Headers(response.headers);
    headers.delete("Content-Encoding"); // What is kept is decoded.
    // By this device's own clock, at both ends: many a phone is hours off.
    headers.set("X-Kept-Until", Date.now() + seconds * 1000);
    const cache = await caches.open(`pages-${account}`);
    await cache.put(address, new Response(response.clone().body, { headers }));
  }
  return response;
}

// The kept page, marked as a copy so that it says so itself. What is too old goes, whichever was asked for.
async function copyOf(address) {
  const name = (await caches.keys()).find(isPages);
  if (!name) return undefined;
  const cache = await caches.open(name);
  for (const request of await cache.keys()) {
    const { headers } = await cache.match(request, { ignoreVary: true });
    if (Number(headers.get("X-Kept-Until")) < Date.now()) await cache.delete(request);
  }
  const kept = await cache.match(address, { ignoreVary: true });
  if (!kept) return undefined;
  return new Response((await kept.text()).replace("<html ", "<html data-copy "), { headers: kept.headers });
}
