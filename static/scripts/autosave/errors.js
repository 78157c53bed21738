// What is wrong with a unit, said at its field as the server's own page would; and taken away again when it is right.

function describedBy(field) {
  return (field.getAttribute("aria-describedby") ?? "").split(/\s+/).filter(Boolean);
}

function describe(field, ids) {
  if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
  else field.removeAttribute("aria-describedby");
}

export function showErrors(unit, errors) {
  if (unit.element.querySelector("[data-rows], table")) {
    // What the page said of rows when it came is put right when they are saved.
    if (!errors.length) clearRowErrors(unit.element);
    return;
  }
  const group = unit.element.querySelector(".form-group");
  if (!group) return;
  const field = unit.element.querySelector("textarea, select, input:not([type=hidden])");
  const id = `id_${unit.name}_error`;
  const described = new Set(describedBy(field));
  group.classList.toggle("form-error", errors.length > 0);
  if (errors.length) {
    messageAt(group, id).replaceChildren(calledError(), errors.join(" "));
    described.add(id);
    field.setAttribute("aria-invalid", "true");
  } else {
    document.getElementById(id)?.remove();
    described.delete(id);
    field.removeAttribute("aria-invalid");
  }
  describe(field, [...described]);
}

function messageAt(group, id) {
  const there = document.getElementById(id);
  if (there) return there;
  const message = document.createElement("span");
  message.className = "form-error-message";
  message.id = id;
  (group.querySelector(".form-hint:not(.character-limit)") ?? group.querySelector(".form-label")).after(message);
  return message;
}

function calledError() {
  const called = document.createElement("span");
  called.className = "sr-only";
  called.textContent = "Fejl: ";
  return called;
}

function clearRowErrors(rows) {
  for (const message of rows.querySelectorAll(".form-error-message")) message.remove();
  for (const cell of rows.querySelectorAll(".cell-error")) cell.classList.remove("cell-error");
  for (const control of rows.querySelectorAll("[aria-invalid]")) {
    control.removeAttribute("aria-invalid");
    describe(control, describedBy(control).filter((id) => document.getElementById(id)));
  }
}
