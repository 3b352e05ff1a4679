// Maps: of many things with a list beside, and for choosing one place in a form. Only pages that show a map load this.
import { choosePlace } from "./parts/map-choose.js";
import { showMany } from "./parts/map-many.js";

for (const element of document.querySelectorAll("[data-map]")) showMany(element);
for (const element of document.querySelectorAll("[data-place-field]")) choosePlace(element);
