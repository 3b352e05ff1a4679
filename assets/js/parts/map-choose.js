// Choosing a place in a form: click on the map, search an address, or move the map with the keyboard and set the mark.
import { Marker } from "leaflet/dist/leaflet-src.esm.js";
import { ask, iconOf, later, makeMap } from "./map-base.js";

export function choosePlace(element) {
  const { frame, tiles, areas, addresses } = element.dataset;
  const words = JSON.parse(element.dataset.words);
  const part = (name) => element.querySelector(`[data-place-${name}]`);
  const [latitude, longitude] = ["latitude", "longitude"].map((name) => part(name));
  const says = part("says");
  element.querySelector("[data-place-live]").hidden = false;
  const map = makeMap(part("map"), { frame, tiles, areas, words });
  let mark = null;
  let found = null;

  const written = () => {
    const [north, east] = [latitude, longitude].map(({ value }) => Number.parseFloat(value.replace(",", ".")));
    return Number.isFinite(north) && Number.isFinite(east) ? [north, east] : null;
  };

  const show = (where, { near = false } = {}) => {
    mark?.remove();
    mark = null;
    part("remove").hidden = !where;
    if (!where) return;
    const pin = document.createElement("span");
    pin.className = "map-pin";
    mark = new Marker(where, { autoPan: true, draggable: true, icon: iconOf(pin), keyboard: false }).addTo(map);
    mark.on("dragend", () => set(mark.getLatLng()));
    if (near || !map.getBounds().contains(where)) map.setView(where, Math.max(map.getZoom(), 14), { animate: !map.calm });
  };

  const set = (where, said = words.set, options = {}) => {
    latitude.value = where ? where.lat.toFixed(5) : "";
    longitude.value = where ? where.lng.toFixed(5) : "";
    if (found && found !== options.address) clearFound();
    for (const field of [latitude, longitude]) field.dispatchEvent(new Event("change", { bubbles: true }));
    show(where && [where.lat, where.lng], options);
    says.textContent = said;
  };

  // An address that was found belongs to its point; one that somebody wrote is theirs.
  const clearFound = () => {
    const field = part("address");
    if (field.value === found) field.value = "";
    found = null;
  };

  map.on("click", ({ latlng }) => set(latlng));
  part("middle").addEventListener("click", () => set(map.getCenter()));
  part("remove").addEventListener("click", () => {
    set(null, words.removed);
    part("middle").focus();
  });
  for (const field of [latitude, longitude]) field.addEventListener("input", later(400, () => show(written(), { near: true })));
  part("neighbourhood")?.addEventListener("change", ({ target }) => {
    const where = target.selectedOptions[0]?.dataset.point;
    if (where && !written()) map.setView(where.split(",").map(Number), 13, { animate: !map.calm });
  });
  if (navigator.geolocation && isSecureContext) locateHere(part("here"), words, says, set);
  if (addresses) suggest(part("address"), part("addresses"), addresses, words, says, (item) => {
    found = item.text;
    set({ lat: item.latitude, lng: item.longitude }, words.found.replace("{address}", item.text), { near: true, address: item.text });
  });
  show(written(), { near: true });
  element.closest("details")?.addEventListener("toggle", () => map.invalidateSize());
}

function locateHere(button, words, says, set) {
  button.hidden = false;
  button.addEventListener("click", () => {
    says.textContent = words.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => set({ lat: coords.latitude, lng: coords.longitude }, words.set, { near: true }),
      () => {
        says.textContent = words.unknown;
      },
      { timeout: 10_000 },
    );
  });
}

function suggest(field, list, address, words, says, choose) {
  let asked = new AbortController();
  const close = () => list.replaceChildren();
  const look = later(300, async () => {
    asked.abort();
    asked = new AbortController();
    if (field.value.trim().length < 3) return close();
    const url = new URL(address, location.href);
    url.searchParams.set("q", field.value.trim());
    const items = await ask(url, { signal: asked.signal });
    if (!items) return;
    list.replaceChildren(...items.map((item) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = item.text;
      button.addEventListener("click", () => {
        field.value = item.text;
        close();
        choose(item);
        field.focus();
      });
      const row = document.createElement("li");
      row.append(button);
      return row;
    }));
    if (items.length) says.textContent = words.addresses.replace("{n}", items.length);
  });
  field.setAttribute("autocomplete", "off");
  field.addEventListener("input", look);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
}
