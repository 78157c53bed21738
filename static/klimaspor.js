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

  // Tidies a text as klimaspor.fields.plain_text does before it counts it; tests/lengths.json holds the two to each other.
  // Half an emoji is left: a browser sends it as one character that the server counts.
  const LINE_BREAK = /\r\n?|[\v\f\x85\u2028\u2029]/g;
  // As klimaspor/danish/text.py: what joins and colors emoji stays where it does.
  const EMOJI = "\\xa9\\xae\\u203c\\u2049\\u2122-\\u2bff\\u3030\\u303d\\u3297\\u3299\\ufe0f\\u{1f000}-\\u{1faff}";
  const UNSEEN = new RegExp(
    `(?<![${EMOJI}])\\u200d|\\u200d(?![${EMOJI}])|(?<![${EMOJI}])\\ufe0f(?!\\u20e3)` +
      "|[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200c\\u200e\\u200f" +
      "\\u202a-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0e\\ufeff\\uffa0\\ufff9-\\ufffb" +
      "\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]",
    "gu",
  );
  const LIGATURES = { "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st" };
  const BULLET = /^[ \t\xa0]*(?:[•‣◦▪▫●○■□·∙➢✓\uf0a7\uf0b7\uf0d8\uf0fc][ \t\xa0]*|[-*–—][ \t\xa0]+|[o§Øüvq]\t[ \t\xa0]*)(?=\S)/;
  function plainText(text) {
    const visible = text.replace(LINE_BREAK, "\n").replace(UNSEEN, "").replace(/[\ufb00-\ufb06]/g, (sign) => LIGATURES[sign]).normalize("NFC");
    const lines = visible.split("\n").map((line) => line.trimEnd().replace(BULLET, "- "));
    return lines.join("\n").replace(/\n{3,}/g, "\n\n").trim();
  }

  // How many characters are left: counted as the server does, in characters, a line break as one.
  function countDown(group) {
    const box = group.querySelector("textarea");
    const hint = group.querySelector(".character-limit");
    const spoken = group.querySelector("[data-limit-spoken]");
    const limit = Number(group.dataset.limit);
    let pause;
    function show() {
      const left = limit - [...plainText(box.value)].length;
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

  // The server's clock, from the moment the page left it: the reader's own clock may be wrong.
  function tick(box) {
    const came = performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
    const start = Number(box.dataset.now);
    const due = Math.floor(Number(box.dataset.due) / 1000);
    const clock = new Intl.DateTimeFormat("da-DK", { timeZone: "Europe/Copenhagen", hour: "numeric", minute: "2-digit", second: "2-digit" });
    const amount = (count, one, many) => `${count} ${count === 1 ? one : many}`;
    function show() {
      const now = Math.floor((start + performance.now() - came) / 1000);
      box.querySelector("[data-clock-now]").textContent = clock.format(now * 1000).replaceAll(":", ".").replace(/^0(?=\d)/, "");
      const left = due - now;
      const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
      const said = amount(seconds, "sekund", "sekunder");
      const long = hours
        ? `${amount(hours, "time", "timer")} og ${amount(minutes, "minut", "minutter")}`
        : minutes ? `${amount(minutes, "minut", "minutter")} og ${said}` : said;
      box.querySelector("[data-clock-left]").textContent = left < 0 ? "Fristen er passeret." : `Der er ${long} til fristen.`;
      if (left >= 0) setTimeout(show, 1000 - ((start + performance.now() - came) % 1000));
    }
    show();
  }

  // What autosave.js keeps in this browser is not in what is sent: say where it is, before it is sent without.
  function keptOf(place) {
    const start = `klimaspor:${place.dataset.writer}:${place.dataset.proposal}:`;
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(start));
      return keys.map((key) => ({ unit: key.slice(start.length).split(":")[0], ...JSON.parse(localStorage.getItem(key)) }));
    } catch {
      // Forbidden, or not ours: then nothing is kept.
      return [];
    }
  }
  function tellUnsaved(place) {
    const units = new Set(keptOf(place).map((one) => one.unit));
    const told = place.querySelector("template").content.cloneNode(true);
    for (const section of told.querySelectorAll("[data-units]")) {
      if (!section.dataset.units.split(" ").some((unit) => units.has(unit))) section.remove();
    }
    if (told.querySelector("[data-units]")) place.append(told);
  }
  for (const place of document.querySelectorAll("[data-unsaved]")) tellUnsaved(place);

  // What can no longer be saved can still be copied.
  function showKept(place) {
    const kept = keptOf(place);
    const shown = place.querySelector("template").content.cloneNode(true);
    for (const part of shown.querySelectorAll("[data-kept-unit]")) {
      const texts = kept.filter((one) => one.unit === part.dataset.keptUnit).map((one) => one.values
        .filter(([name, value]) => value && !/_FORMS$/.test(name))
        .map(([, value]) => value).join("\n"));
      if (texts.some(Boolean)) part.querySelector("[data-kept-text]").textContent = texts.filter(Boolean).join("\n\n");
      else part.remove();
    }
    if (shown.querySelector("[data-kept-unit]")) place.append(shown);
  }
  for (const place of document.querySelectorAll("[data-kept]")) showKept(place);

  // A page that is not saved while one writes asks before it is left with something typed in it.
  for (const form of document.querySelectorAll("form[data-ask]")) {
    let isTyped = false;
    form.addEventListener("input", () => { isTyped = true; });
    form.addEventListener("submit", () => { isTyped = false; });
    window.addEventListener("beforeunload", (event) => { if (isTyped) event.preventDefault(); });
  }

  function enhance(part) {
    for (const box of part.querySelectorAll("[data-clock]")) tick(box);
    for (const group of part.querySelectorAll(".text-limit")) countDown(group);
    for (const rows of part.querySelectorAll("[data-rows]")) tendRows(rows);
  }
  enhance(document);
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) enhance(event.target); });

  // A button may slide away while it is pressed, when an answer comes in above it. The press was meant for it all the same.
  const TREMBLE = 5;
  let held = null;
  document.addEventListener("pointerdown", (event) => {
    const button = event.isPrimary && event.button === 0 ? event.target.closest("button") : null;
    held = button && { button, x: event.clientX, y: event.clientY };
  });
  document.addEventListener("pointercancel", () => { held = null; });
  document.addEventListener("pointerup", (event) => {
    const press = held;
    held = null;
    if (!press?.button.isConnected || press.button.contains(event.target)) return;
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) < TREMBLE) press.button.click();
  });

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
