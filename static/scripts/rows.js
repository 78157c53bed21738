// Rows that come and go. Django counts them in <prefix>-TOTAL_FORMS, so a row taken away is hidden and marked, not removed.

export function tendRows(rows, enhance) {
  const prefix = rows.dataset.rows;
  const total = rows.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
  const most = Number(rows.querySelector(`[name="${prefix}-MAX_NUM_FORMS"]`)?.value || 1000);
  const body = rows.querySelector("[data-rows-body]");
  const template = rows.querySelector("[data-row-template]");
  const add = rows.querySelector("[data-rows-add]");
  // What a row is called, and where: there may be several tables on the page.
  const word = rows.dataset.rowsWord.toLowerCase();
  const where = rows.dataset.rowsName ? ` i ${rows.dataset.rowsName}` : "";

  function number() {
    const shown = body.querySelectorAll("[data-row]:not(.row-removed)");
    shown.forEach((row, index) => {
      for (const place of row.querySelectorAll("[data-row-number]")) place.textContent = index + 1;
    });
  }

  function removable(row) {
    const box = row.querySelector('input[name$="-DELETE"]');
    if (!box) return;
    const place = box.closest("[data-row-remove], .form-group");
    const button = removeButton(place.querySelector("label").firstChild.textContent, word, where);
    button.addEventListener("click", () => {
      box.checked = true;
      row.classList.add("row-removed");
      (beside(row)?.querySelector("[data-row-button]") ?? add ?? rows).focus();
      say(`${word} ${row.querySelector("[data-row-number]").textContent}${where} er fjernet.`);
      number();
      rows.dispatchEvent(new Event("change", { bubbles: true }));
    });
    place.hidden = true;
    place.after(button);
    if (box.checked) row.classList.add("row-removed");
  }

  for (const row of body.querySelectorAll("[data-row]")) removable(row);
  number();
  if (!add) return;
  // Enter in a field must save, not add.
  add.type = "button";
  const full = document.createElement("p");
  full.className = "form-hint";
  full.setAttribute("role", "status");
  add.parentElement.after(full);
  add.addEventListener("click", () => {
    if (Number(total.value) >= most) {
      // Those that were taken away are counted until the page is opened again.
      full.textContent = "Der kan ikke være flere her. Har du fjernet nogle, så tryk Gem først.";
      return;
    }
    const copy = numbered(template.content.cloneNode(true), total.value);
    const row = copy.querySelector("[data-row]");
    goOn(body.querySelectorAll("[data-row]:not(.row-removed)"), row);
    body.append(copy);
    total.value = Number(total.value) + 1;
    removable(row);
    number();
    enhance(row);
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
}

// A new row begins as the last one goes on: what follows it is the same, and a year is the next.
function goOn(shown, row) {
  const last = shown[shown.length - 1];
  for (const field of last ? row.querySelectorAll("[data-follows]") : []) {
    const [, name] = field.name.match(/-([a-z_]+)$/) ?? [];
    const above = last.querySelector(`[name$="-${name}"]`)?.value.trim() ?? "";
    if (field.dataset.follows === "same") field.value = above;
    else if (/^20\d\d$/.test(above)) field.value = Number(above) + 1;
  }
}

// The row that one goes on at: the one after, else the one before.
function beside(row) {
  const shown = [...row.parentElement.querySelectorAll("[data-row]")].filter((r) => r === row || !r.classList.contains("row-removed"));
  const place = shown.indexOf(row);
  return shown[place + 1] ?? shown[place - 1];
}

function say(sentence) {
  const announcer = document.querySelector("[data-announcer]");
  if (announcer) announcer.textContent = sentence[0].toUpperCase() + sentence.slice(1);
}

function removeButton(label, word, where) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "function-link";
  button.dataset.rowButton = "";
  button.textContent = label;
  const which = document.createElement("span");
  which.className = "sr-only";
  which.textContent = ` ${word} `;
  const count = document.createElement("span");
  count.dataset.rowNumber = "";
  which.append(count, where);
  button.append(which);
  return button;
}

function numbered(copy, number) {
  for (const element of copy.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      if (attribute.value.includes("__prefix__")) attribute.value = attribute.value.replaceAll("__prefix__", number);
    }
  }
  return copy;
}
