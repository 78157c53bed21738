// Makes pages that already work without it quicker to use. It never holds a form back; what is written while one writes is saved by autosave.js.

import { tick } from "./clock.js";
import { countDown } from "./countdown.js";
import { forgetSaid, keepDrafts } from "./drafts.js";
import { tendGrid } from "./grid.js";
import { tellIdle } from "./idle.js";
import { tendKeys } from "./keys.js";
import { continueLists } from "./lists.js";
import { catchSlidButtons, lookUpAtEnter, stopDoublePresses } from "./presses.js";
import { offerQuoting, takeQuote } from "./quoting.js";
import { tendRows } from "./rows.js";
import { showKept, tellUnsaved } from "./unsaved.js";

document.documentElement.classList.add("js");

// The menu button is a link to the menu at the foot of the page; with the drawer it is a button.
for (const link of document.querySelectorAll("a[data-menu-button]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.setAttribute("aria-haspopup", "dialog");
  button.append(...link.childNodes);
  link.replaceWith(button);
}

// Before the characters are counted.
for (const box of document.querySelectorAll("[data-quote]")) takeQuote(box);

// The design system starts what it owns and moves the focus to a summary of errors.
window.DKFDS?.init();

// Screen readers say only what changes after the page has come.
const announcer = document.querySelector("[data-announcer]");
for (const said of document.querySelectorAll("[data-announce]")) {
  setTimeout(() => { announcer.textContent = said.innerText; }, 500);
}

for (const place of document.querySelectorAll("[data-unsaved]")) tellUnsaved(place);
for (const place of document.querySelectorAll("[data-kept]")) showKept(place);
for (const place of document.querySelectorAll("[data-idle]")) tellIdle(place);
for (const place of document.querySelectorAll("[data-sent], form[data-drafts]")) forgetSaid(place);
for (const form of document.querySelectorAll("form[data-drafts]")) keepDrafts(form);

// Printing takes a script; without one the browser's own menu does it.
for (const place of document.querySelectorAll("[data-print]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-secondary";
  button.textContent = "Skriv ud";
  button.addEventListener("click", () => window.print());
  place.replaceWith(button);
}

// A page that is not saved while one writes asks before it is left with something typed in it.
for (const form of document.querySelectorAll("form[data-ask]")) {
  let isTyped = false;
  form.addEventListener("input", () => { isTyped = true; });
  form.addEventListener("submit", () => { isTyped = false; });
  window.addEventListener("beforeunload", (event) => { if (isTyped) event.preventDefault(); });
}

// Also what comes into the page later: a row that is added, and what htmx puts in.
function enhance(part) {
  for (const box of part.querySelectorAll("[data-clock]")) tick(box);
  for (const group of part.querySelectorAll(".text-limit")) countDown(group);
  for (const rows of part.querySelectorAll("[data-rows]")) tendRows(rows, enhance);
  for (const grid of part.querySelectorAll("[data-grid]")) tendGrid(grid);
  for (const list of part.querySelectorAll("[data-keys]")) tendKeys(list);
}
enhance(document);
document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) enhance(event.target); });

catchSlidButtons();
continueLists();
stopDoublePresses();
lookUpAtEnter();
offerQuoting();
