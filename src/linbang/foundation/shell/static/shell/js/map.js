// {% map %}: <figure data-behaviour="map" data-spec="id of its JSON">, drawn with Leaflet beside the list that tells the same.
// data-library, data-style: Leaflet; data-tiles, data-attribution: a tile layer, if the site has one (settings).
// data-zoom-in, data-zoom-out: what the buttons are called. data-here-denied: said when the phone does not tell where it is.
// Pressing a point goes to its line of the list; going along the list lifts the point. data-map-here centres on the reader.
import { toast } from "./toast.js";

let library;
function load({ library: source, style }) {
  library ??= new Promise((resolve, reject) => {
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: style });
    const script = Object.assign(document.createElement("script"), { src: source, onerror: reject });
    script.onload = () => resolve(window.L);
    // Before our own styles, which have the last word.
    document.head.prepend(sheet);
    document.head.append(script);
  });
  return library;
}

function draw(L, figure) {
  const { dataset } = figure;
  const canvas = figure.querySelector(".map__canvas");
  const spec = JSON.parse(document.getElementById(dataset.spec).textContent);
  canvas.hidden = false;
  const map = L.map(canvas, { zoomControl: false, attributionControl: Boolean(dataset.tiles), zoomSnap: 0.5 });
  L.control.zoom({ zoomInTitle: dataset.zoomIn, zoomOutTitle: dataset.zoomOut }).addTo(map);
  if (dataset.tiles) {
    map.attributionControl.setPrefix(false);
    L.tileLayer(dataset.tiles, { attribution: dataset.attribution, maxZoom: 18 }).addTo(map);
  }
  const all = L.latLngBounds([...spec.outlines.flatMap(({ ring }) => ring), ...spec.dots, ...spec.points.map(({ at }) => at)]);
  if (!all.isValid()) return canvas.remove();
  // Room for the zoom buttons, if there is any to spare.
  map.fitBounds(all, { paddingTopLeft: [Math.min(60, canvas.clientWidth * 0.15), 28], paddingBottomRight: [28, 28], maxZoom: 17 });
  for (const one of spec.outlines) outline(L, one).addTo(map);
  for (const ends of spec.lines) L.polyline(ends, { className: "map__way", interactive: false }).addTo(map);
  for (const at of spec.dots) L.circleMarker(at, { radius: 3, className: "map__dot", interactive: false }).addTo(map);
  for (const point of spec.points) marker(L, figure, point).addTo(map);
  listen(L, map, figure);
}

function outline(L, { label, ring }) {
  const shape = L.polygon(ring, { className: "map__outline", interactive: false });
  // In its corner and below the points, so that neither hides the other.
  const corner = shape.getBounds().getNorthWest();
  const name = L.tooltip(corner, { content: label, permanent: true, direction: "right", offset: [4, 12], className: "map__place", pane: "shadowPane" });
  return label ? L.featureGroup([shape, name]) : shape;
}

// The button is ours, so that it has a name, a size for fingers and the page's own focus ring.
function marker(L, figure, { id, at, label, sign, tone }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `map__point map__point--${tone}`;
  button.textContent = sign;
  button.setAttribute("aria-label", `${sign} ${label}`);
  button.title = label;
  button.dataset.point = id;
  button.addEventListener("click", () => {
    const line = lineOf(figure, id);
    lift(figure, id);
    line.scrollIntoView({ block: "nearest" });
    (line.querySelector("a, button") ?? line).focus();
  });
  const icon = L.divIcon({ html: button, className: "map__pin", iconSize: null });
  return L.marker(at, { icon, keyboard: false, riseOnHover: true });
}

const lineOf = (figure, id) => figure.querySelector(`.map__list [data-point="${CSS.escape(id)}"]`);

function lift(figure, id) {
  for (const one of figure.querySelectorAll("[data-point]")) one.toggleAttribute("data-lifted", one.dataset.point === id);
}

function listen(L, map, figure) {
  const list = figure.querySelector(".map__list");
  const follow = ({ target }) => {
    const line = target.closest("[data-point]");
    if (line) lift(figure, line.dataset.point);
  };
  list.addEventListener("focusin", follow);
  list.addEventListener("pointerover", follow);
  const here = figure.querySelector("[data-map-here]");
  here.hidden = !navigator.geolocation;
  let spot;
  here.addEventListener("click", () => navigator.geolocation.getCurrentPosition(({ coords }) => {
    const at = [coords.latitude, coords.longitude];
    spot?.remove();
    spot = L.circleMarker(at, { radius: 9, className: "map__here", interactive: false }).addTo(map);
    map.setView(at, Math.max(map.getZoom(), 16));
    figure.dispatchEvent(new CustomEvent("located", { bubbles: true, detail: { lat: at[0], lon: at[1] } }));
  }, () => toast(figure.dataset.hereDenied), { maximumAge: 60000, timeout: 10000 }));
}

function drawAll() {
  for (const figure of document.querySelectorAll("[data-behaviour~=map]:not([data-drawn])")) {
    figure.dataset.drawn = "";
    load(figure.dataset).then((L) => draw(L, figure), () => undefined);
  }
}

drawAll();
document.addEventListener("htmx:afterSwap", drawAll);
