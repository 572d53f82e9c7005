// scanned-cards: <ul data-behaviour="scanned-cards" hidden> says who was just scanned, as the server answered.
// Without network the queue part of the page says what waits.
const SHOWN = 8;
const list = document.querySelector("[data-behaviour~=scanned-cards]");

document.addEventListener("sent", ({ detail: { answer } }) => {
  if (!answer?.text) return;
  const item = document.createElement("li");
  item.className = "rows__link";
  item.textContent = answer.text;
  list.prepend(item);
  list.hidden = false;
  for (const old of [...list.children].slice(SHOWN)) old.remove();
});

// A card that comes back later is a second deed, also while the first still waits for network.
const AGAIN_MS = 300000; // As long as the server takes a second scan for the first.
document.addEventListener(
  "submit",
  ({ target }) => {
    if (target.id === "card-scan") target.elements.minutes.value = Math.floor(Date.now() / AGAIN_MS);
  },
  true,
);
