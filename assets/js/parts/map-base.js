// What every map has: the background passed through by the portal, the lokalsamfunn, and ways to move without a mouse.
import { CircleMarker, Control, GeoJSON, Icon, LatLngBounds, Map, Marker, Point, TileLayer } from "leaflet/dist/leaflet-src.esm.js";

const COUNTRY = new LatLngBounds([56, 0], [73, 34]);
const LETTER = 7.5;

/** A map in the element, showing the frame «west,south,east,north». */
export function makeMap(element, { frame, tiles, areas, land, words }) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = new Map(element, {
    attributionControl: false,
    fadeAnimation: !calm,
    inertia: !calm,
    markerZoomAnimation: !calm,
    maxBounds: COUNTRY,
    maxZoom: 18,
    minZoom: 4,
    scrollWheelZoom: false, // the page's own, until the map is in use
    zoomAnimation: !calm,
    zoomControl: false,
  });
  map.calm = calm;
  map.fitBounds(bounds(frame), { animate: false });
  new Control.Zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", words.label);
  element.addEventListener("focusin", () => map.scrollWheelZoom.enable());
  element.addEventListener("focusout", () => map.scrollWheelZoom.disable());
  const names = nameLayer(map);
  if (tiles) backgroundOf(tiles, names, () => drawLand(map, land)).addTo(map);
  else {
    names.show(true);
    drawLand(map, land);
  }
  if (areas) drawAreas(map, areas, names);
  return map;
}

export function bounds(box) {
  const [west, south, east, north] = box.split(",").map(Number);
  return new LatLngBounds([south, west], [north, east]);
}

/** Tiles are the portal's own address. As long as none comes, the lokalsamfunn have their names on the map, on land. */
function backgroundOf(address, names, standIn) {
  const layer = new TileLayer(address, { className: "map-tiles", maxNativeZoom: 18, minNativeZoom: 4 });
  layer.on("tileload", () => names.show(false));
  layer.once("tileerror", () => {
    names.show(true);
    standIn();
  });
  return layer;
}

/** The country's outline, under everything else. */
async function drawLand(map, address) {
  if (!address) return;
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return;
  map.createPane("land").style.zIndex = 150; // Leaflet's tiles lie at 200
  new GeoJSON(await answer.json(), { interactive: false, pane: "land", style: { className: "map-land" } }).addTo(map);
}

async function drawAreas(map, address, names) {
  const items = await ask(address);
  for (const { name, latitude, longitude, outline } of items ?? []) {
    if (outline) new GeoJSON(outline, { interactive: false, style: { className: "map-area" } }).addTo(map);
    else new CircleMarker([latitude, longitude], { className: "map-spot", interactive: false, radius: 4 }).addTo(map);
    names.add(name, [latitude, longitude], Boolean(outline));
  }
  names.place();
}

/** Names that don't lie on each other; the map's background has names of its own. */
function nameLayer(map) {
  const all = [];
  let shown = false;
  const place = () => {
    const taken = [];
    for (const { element, marker } of all) {
      const { x, y } = map.latLngToContainerPoint(marker.getLatLng());
      const half = (element.textContent.length * LETTER) / 2;
      const free = shown && !taken.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < 18);
      element.hidden = !free;
      if (free) taken.push({ x, y, half });
    }
  };
  map.on("zoomend", place);
  return {
    add(name, where, hasOutline) {
      const element = document.createElement("span");
      element.className = hasOutline ? "map-name" : "map-name map-name--below";
      element.textContent = name;
      element.setAttribute("aria-hidden", "true");
      const marker = new Marker(where, { icon: iconOf(element), interactive: false, keyboard: false, zIndexOffset: -1000 });
      marker.addTo(map);
      all.push({ element, marker });
    },
    place,
    show(is) {
      if (shown === is) return;
      shown = is;
      place();
    },
  };
}

/** A Leaflet icon that is an element of our own: a real button can be reached and read. */
export function iconOf(element) {
  const icon = new Icon({ className: "map-icon" });
  icon.createIcon = () => {
    element.classList.add("leaflet-marker-icon", "map-icon");
    return element;
  };
  icon.createShadow = () => null;
  icon.options.iconAnchor = new Point(0, 0);
  return icon;
}

/** The items of a JSON answer; null when there is none. */
export async function ask(address, options = {}) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, ...options });
    if (!answer.ok || !answer.headers.get("content-type")?.includes("json")) return null;
    return (await answer.json()).items;
  } catch {
    return null;
  }
}

export function later(milliseconds, run) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(run, milliseconds, ...given);
  };
}
