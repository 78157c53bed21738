// What stands only in this browser, shown on pages that do not save: where it is, before something is sent without it, and the words themselves.

import { Kept } from "./kept.js";

// [data-unsaved]: which of the places in its template hold something that is not saved.
export function tellUnsaved(place) {
  const units = new Set(new Kept(place).all().map((one) => one.unit));
  const told = place.querySelector("template").content.cloneNode(true);
  for (const part of told.querySelectorAll("[data-units]")) {
    if (!part.dataset.units.split(" ").some((unit) => units.has(unit))) part.remove();
  }
  if (told.querySelector("[data-units]")) place.append(told);
}

// [data-kept]: what can no longer be saved can still be copied.
export function showKept(place) {
  const kept = new Kept(place).all();
  const shown = place.querySelector("template").content.cloneNode(true);
  for (const part of shown.querySelectorAll("[data-kept-unit]")) {
    const texts = kept.filter((one) => one.unit === part.dataset.keptUnit).map((one) => words(one.values));
    if (texts.some(Boolean)) part.querySelector("[data-kept-text]").textContent = texts.filter(Boolean).join("\n\n");
    else part.remove();
  }
  if (shown.querySelector("[data-kept-unit]")) place.append(shown);
}

function words(values) {
  return values.filter(([name, value]) => value && !/_FORMS$/.test(name)).map(([, value]) => value).join("\n");
}
