// What an earlier page could not save is put back into the form, with what that page had seen, and sent.

export function restore({ form, units, kept, shown, queue, changed }) {
  const restored = "bound" in form.dataset ? markUnsaved(units, kept) : units.map((unit) => putBack(unit, kept, changed)).filter(Boolean);
  queue.work();
  if (restored.length) shown.fetched(new Date(Math.max(...restored)));
}

// The page came back with what was typed, and the server has not taken it.
function markUnsaved(units, kept) {
  for (const unit of units) {
    const own = kept.own(unit.name);
    if (own && JSON.stringify(own.values) === unit.text()) unit.confirmed = "";
    unit.isReady = true;
  }
  return [];
}

// Gives when it was written, if anything was put back.
function putBack(unit, kept, changed) {
  for (const one of kept.of(unit.name)) if (JSON.stringify(one.values) === unit.text()) kept.forget(unit.name, one.key);
  const [old] = kept.of(unit.name);
  if (!old) {
    if (unit.isDirty) changed(unit);
    return null;
  }
  // What was sent and never answered is what stands: then it is our own, and no one else's.
  const isOurs = old.sent && JSON.stringify(old.sent) === unit.text();
  if (!isOurs) unit.base.value = old.base;
  unit.fill(old.values);
  if (!old.isOwn) kept.takeOver(unit.name, old.key);
  unit.isReady = true;
  return old.at;
}
