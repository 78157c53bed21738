// Saves what is written in a form while it is written, a unit at a time. The form says by data attributes what it is:
//   data-autosave="address"  where each unit is posted; answered { state, said, errors, token, conflict, others, parts }
//   data-writer, data-subject   whose words they are and what about: what the browser keeps them under
//   data-sign-in="address"   where to go when the session has ended
//   data-no-access="text"    said when the writer may no longer write
//   data-bound               the page came back with what was typed, and nothing is put back
// It is our own and not htmx, which has no queue that survives a lost network or a closed tab. What the browser keeps is only what is unsaved,
// so it stays at sign-out, and only its writer gets it back. Reconsider if people write on shared machines they do not trust.
// Inside: [data-unit="name"] with a hidden base-<name>, [data-conflict], [data-save-state], [data-fetched] and, where others write, [data-others].

import { Kept } from "./kept.js";
import { watchLeaving } from "./autosave/leaving.js";
import { Queue } from "./autosave/queue.js";
import { restore } from "./autosave/restore.js";
import { Shown } from "./autosave/shown.js";
import { unitsOf } from "./autosave/unit.js";

const PAUSE = 2000;

function start(form) {
  const units = unitsOf(form);
  const kept = new Kept(form);
  const shown = new Shown(form, units);
  const queue = new Queue({ form, units, kept, shown });
  const pauses = new Map();
  let isRestoring = false;

  const unitAt = (element) => units.find((unit) => unit.element.contains(element));

  function ready(unit) {
    clearTimeout(pauses.get(unit));
    if (!unit.isDirty && unit.sent === null) return;
    unit.isReady = true;
    if (!queue.failures || navigator.onLine) queue.work();
  }

  function changed(unit) {
    if (unit.isDirty) queue.keep(unit);
    else if (unit.sent === null) kept.forget(unit.name);
    clearTimeout(pauses.get(unit));
    pauses.set(unit, setTimeout(() => ready(unit), PAUSE));
  }

  form.addEventListener("input", (event) => {
    const unit = unitAt(event.target);
    if (unit && !isRestoring) changed(unit);
  });
  form.addEventListener("change", (event) => {
    const unit = unitAt(event.target);
    if (!unit || isRestoring) return;
    changed(unit);
    ready(unit);
  });
  form.addEventListener("focusout", (event) => {
    const unit = unitAt(event.target);
    if (!unit || unit.element.contains(event.relatedTarget)) return;
    shown.left(unit);
    ready(unit);
  });
  window.addEventListener("online", () => queue.tryAgain());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const unit of units) if (unit.isDirty) ready(unit);
  });

  watchLeaving({ form, units, kept, shown, queue });
  isRestoring = true;
  restore({ form, units, kept, shown, queue, changed });
  isRestoring = false;
}

for (const form of document.querySelectorAll("form[data-autosave]")) start(form);
