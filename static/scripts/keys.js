// Keys for a long list: next, previous, open, comment, tick, and ? that shows them. A letter alone does something only while the focus
// stands on a row of the list, never while one types, and a button puts them off and on: whoever speaks to the page, or reads it with
// a screen reader, meets none they did not ask for (WCAG 2.1.4).

import { isOff as isTurnedOff, turnOff } from "./kept.js";

const KEYS = [
  ["j", "Næste forslag"],
  ["k", "Forrige forslag"],
  ["o", "Åbn forslaget"],
  ["c", "Gå til sparringen for at kommentere"],
  ["x", "Sæt eller fjern kryds"],
  ["?", "Vis tasterne"],
];

const isOff = () => isTurnedOff("keys");
const turn = (off) => turnOff("keys", off);

function element(name, text, className = "") {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function aDialog() {
  const dialog = element("dialog", "", "keys-dialog");
  dialog.setAttribute("aria-labelledby", "keys-heading");
  const heading = element("h2", "Taster på listen", "h4");
  heading.id = "keys-heading";
  const list = element("dl", "", "keys-list");
  for (const [key, text] of KEYS) {
    const row = element("div");
    row.append(element("dt"), element("dd", text));
    row.firstChild.append(element("kbd", key));
    list.append(row);
  }
  const turned = element("button", "", "button button-secondary");
  const closing = element("button", "Luk", "button button-secondary");
  turned.type = closing.type = "button";
  const say = () => { turned.textContent = isOff() ? "Slå tasterne til" : "Slå tasterne fra"; };
  turned.addEventListener("click", () => { turn(!isOff()); say(); });
  closing.addEventListener("click", () => dialog.close());
  const actions = element("div", "", "form-actions");
  actions.append(turned, closing);
  dialog.append(heading, element("p", "De virker, mens markøren står på et forslag i listen."), list, actions);
  say();
  return dialog;
}

export function tendKeys(place) {
  const dialog = aDialog();
  const showing = element("button", "Taster på listen", "function-link d-print-none");
  showing.type = "button";
  showing.addEventListener("click", () => dialog.showModal());
  place.before(showing);
  place.after(dialog);

  place.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-row]");
    const isTyping = event.target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (!row || isTyping || isOff() || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const rows = [...place.querySelectorAll("[data-row]")];
    const beside = (step) => rows[rows.indexOf(row) + step]?.querySelector("[data-open]");
    const acts = {
      j: () => beside(1)?.focus(),
      k: () => beside(-1)?.focus(),
      o: () => row.querySelector("[data-open]").click(),
      c: () => row.querySelector("[data-sparring]").click(),
      x: () => row.querySelector("[type=checkbox]")?.click(),
      "?": () => dialog.showModal(),
    };
    const act = Object.hasOwn(acts, event.key) && acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
