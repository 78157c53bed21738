// Makes pages that already work without it quicker to use. It never holds a form back; what is written in a section is kept by autosave.js.
(() => {
  "use strict";

  const root = document.documentElement;
  root.classList.add("js");

  // The menu button is a link to the menu at the foot of the page; with the drawer it is a button.
  for (const link of document.querySelectorAll("a[data-menu-button]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = link.className;
    button.setAttribute("aria-haspopup", "dialog");
    button.append(...link.childNodes);
    link.replaceWith(button);
  }

  // The design system starts what it owns and moves the focus to a summary of errors.
  window.DKFDS?.init();

  // Screen readers say only what changes after the page has come.
  const announcer = document.querySelector("[data-announcer]");
  for (const said of document.querySelectorAll("[data-announce]")) {
    setTimeout(() => { announcer.textContent = said.innerText; }, 500);
  }

  // How many characters are left: counted as the server does, in characters, a line break as one.
  function countDown(group) {
    const box = group.querySelector("textarea");
    const hint = group.querySelector(".character-limit");
    const spoken = group.querySelector("[data-limit-spoken]");
    const limit = Number(group.dataset.limit);
    let pause;
    function show() {
      const left = limit - [...box.value.trim()].length;
      const count = Math.abs(left).toLocaleString("da-DK");
      hint.textContent = left < 0 ? `Du har skrevet ${count} tegn for meget` : `Du har ${count} tegn tilbage`;
      group.classList.toggle("text-limit--over", left < 0);
    }
    box.addEventListener("input", () => {
      show();
      clearTimeout(pause);
      pause = setTimeout(() => { spoken.textContent = hint.textContent; }, 1000);
    });
    show();
  }

  // Rows that come and go. Django counts them in <prefix>-TOTAL_FORMS, so a row taken away is hidden and marked, not removed.
  function tendRows(rows) {
    const prefix = rows.dataset.rows;
    const total = rows.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
    const most = Number(rows.querySelector(`[name="${prefix}-MAX_NUM_FORMS"]`)?.value || 1000);
    const body = rows.querySelector("[data-rows-body]");
    const template = rows.querySelector("[data-row-template]");
    const add = rows.querySelector("[data-rows-add]");

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
      const button = document.createElement("button");
      button.type = "button";
      button.className = "function-link";
      button.textContent = place.querySelector("label").firstChild.textContent;
      const which = document.createElement("span");
      which.className = "sr-only";
      which.textContent = " række ";
      const count = document.createElement("span");
      count.dataset.rowNumber = "";
      which.append(count);
      button.append(which);
      button.addEventListener("click", () => {
        box.checked = true;
        row.classList.add("row-removed");
        number();
        (add ?? rows).focus();
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
    add.addEventListener("click", () => {
      if (Number(total.value) >= most) return;
      const copy = template.content.cloneNode(true);
      for (const element of copy.querySelectorAll("*")) {
        for (const attribute of element.attributes) {
          if (attribute.value.includes("__prefix__")) {
            attribute.value = attribute.value.replaceAll("__prefix__", total.value);
          }
        }
      }
      const row = copy.querySelector("[data-row]");
      body.append(copy);
      total.value = Number(total.value) + 1;
      removable(row);
      number();
      enhance(row);
      row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
  }

  function enhance(part) {
    for (const group of part.querySelectorAll(".text-limit")) countDown(group);
    for (const rows of part.querySelectorAll("[data-rows]")) tendRows(rows);
  }
  enhance(document);
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) enhance(event.target); });

  // The second press of a double press is one too many. A later one may be meant: the server decides.
  const DOUBLE_PRESS = 1500;
  const sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    const last = sent.get(form);
    if (last && last.submitter === event.submitter && event.timeStamp - last.at < DOUBLE_PRESS) {
      event.preventDefault();
      return;
    }
    sent.set(form, { at: event.timeStamp, submitter: event.submitter });
    // A large file takes a while, and the browser says little of it.
    const sending = form.querySelector("[data-sending]");
    const files = [...form.querySelectorAll('input[type="file"]')].flatMap((box) => [...box.files]);
    if (sending && files.length) sending.textContent = sending.dataset.sending;
  });
})();
