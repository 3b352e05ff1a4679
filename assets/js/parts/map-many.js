// A map of many things: gathered by the portal for each zoom, asked for again when the map is moved; the list follows.
import { DomEvent, Marker, Popup } from "leaflet/dist/leaflet-src.esm.js";
import { ask, bounds, iconOf, later, makeMap } from "./map-base.js";

export function showMany(element) {
  const { points, list, frame, tiles, areas, land } = element.dataset;
  const words = JSON.parse(element.dataset.words);
  const pane = document.createElement("div");
  pane.className = "map-pane";
  element.replaceChildren(pane);
  element.classList.add("place-map--live");
  const map = makeMap(pane, { frame, tiles, areas, land, words });
  const marks = new globalThis.Map();
  let asked = new AbortController();
  let from = null;

  const refresh = async () => {
    asked.abort();
    asked = new AbortController();
    const items = await ask(withBox(points, map, { zoom: map.getZoom() }), { signal: asked.signal });
    if (items) draw(items);
  };

  const draw = (items) => {
    const focused = pane.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    const seen = map.getBounds();
    const wanted = new Set(items.map(key));
    for (const [name, mark] of marks) {
      if (wanted.has(name)) continue;
      mark.remove();
      marks.delete(name);
    }
    for (const item of items) {
      if (!marks.has(key(item))) marks.set(key(item), markOf(item).addTo(map));
      marks.get(key(item)).button.tabIndex = seen.contains([item.latitude, item.longitude]) ? 0 : -1;
    }
    if (focused && !marks.has(focused)) pane.focus({ preventScroll: true });
  };

  const markOf = (item) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.key = key(item);
    const many = item.count > 1;
    button.className = `map-mark ${many ? `map-mark--many map-mark--${String(item.count).length}` : "map-mark--one"}`;
    if (item.shape) button.classList.add(`map-mark--${item.shape}`);
    if (item.approximate) button.classList.add("map-mark--approximate");
    if (many) button.textContent = item.count.toLocaleString(document.documentElement.lang);
    button.setAttribute("aria-label", many ? words.many.replace("{n}", item.count) : `${item.title}, ${item.word}`);
    if (!many) {
      button.title = item.title;
      button.lang = item.lang;
      button.setAttribute("aria-haspopup", "dialog");
    }
    DomEvent.disableClickPropagation(button);
    button.addEventListener("click", () => (many ? closer(item) : open(item, button)));
    const mark = new Marker([item.latitude, item.longitude], { icon: iconOf(button), interactive: false, keyboard: false });
    mark.button = button;
    return mark;
  };

  const closer = (item) => {
    pane.focus({ preventScroll: true });
    const box = bounds(item.box);
    if (item.heap || map.getZoom() >= map.getMaxZoom()) tell(item);
    map.fitBounds(box, { animate: !map.calm, maxZoom: item.heap ? Math.max(map.getZoom(), 14) : 18, padding: [48, 48] });
  };

  /** Many at one place: the list beside has them. */
  const tell = (item) => {
    const text = document.createElement("p");
    text.textContent = words.heap.replace("{n}", item.count);
    popup(item, text);
  };

  const open = (item, button) => {
    from = button;
    const content = document.createElement("div");
    const link = document.createElement("a");
    link.href = item.url;
    link.textContent = item.title;
    link.className = "map-popup__title";
    const rest = [item.status, item.approximate ? words.approximate : ""].filter(Boolean).join(" · ");
    content.append(link, ...[item.excerpt, rest].filter(Boolean).map((text, at) => {
      const line = document.createElement("p");
      line.textContent = text;
      if (at || !item.excerpt) line.className = "map-popup__meta";
      else line.lang = item.lang;
      return line;
    }));
    link.lang = item.lang;
    popup(item, content);
    link.focus({ preventScroll: true });
  };

  const popup = (item, content) => {
    const box = new Popup({ autoPanPadding: [16, 16], className: "map-popup", maxWidth: 280, minWidth: 200, offset: [0, -8] });
    box.setLatLng([item.latitude, item.longitude]).setContent(content).openOn(map);
    const close = box.getElement().querySelector(".leaflet-popup-close-button");
    close?.setAttribute("aria-label", words.close);
  };

  map.on("popupclose", ({ popup: gone }) => {
    if (from?.isConnected && (gone.getElement()?.contains(document.activeElement) || document.activeElement === document.body)) {
      from.focus({ preventScroll: true });
    }
    from = null;
  });
  pane.addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup(); // Leaflet hears it only when the map itself has the focus
  });
  const follow = list ? follower(map, list, element.closest(".place-map").querySelector("[data-map-says]")) : () => {};
  map.on("moveend", later(150, () => {
    refresh();
    follow();
  }));
  refresh();
}

/** Lets the list beside, and the address of the page, follow what the map shows. The page itself is asked for it. */
function follower(map, id, says) {
  let asked = new AbortController();
  return async () => {
    asked.abort();
    asked = new AbortController();
    const here = withBox(location.href, map, { fra: null });
    const page = await pageAt(here, asked.signal);
    const fresh = page?.getElementById(id);
    if (!fresh) return;
    document.getElementById(id).replaceChildren(...fresh.childNodes);
    says.textContent = document.querySelector(`#${id} h2`)?.textContent.trim() ?? "";
    history.replaceState(history.state, "", here);
  };
}

/** The page at an address; null when the map was moved again, or nobody answered: the list stays as it was. */
async function pageAt(address, signal) {
  try {
    const answer = await fetch(address, { signal });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}

function withBox(address, map, more) {
  const url = new URL(address, location.href);
  const seen = map.getBounds();
  const sides = [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()];
  url.searchParams.set("boks", sides.map((side) => side.toFixed(5)).join(","));
  for (const [name, value] of Object.entries(more)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url;
}

const key = (item) => [item.latitude, item.longitude, item.count, item.url ?? ""].join();
