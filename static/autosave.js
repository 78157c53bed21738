// Saves the answers of a section while they are written, one at a time and in order. Until the server has confirmed an answer
// it is kept in this browser under its writer's name, so that it survives a closed tab, a lost network and an ended session.
(() => {
  "use strict";

  const form = document.querySelector("form[data-autosave]");
  if (!form) return;

  const PAUSE = 2000;
  const LONGEST_ANSWER = 20000;
  const LONGEST_WAIT = 60000;
  const LONGEST_FLUSH = 4000;
  const { autosave: address, writer, proposal, signIn } = form.dataset;
  const isBound = "bound" in form.dataset;
  const stateLine = form.querySelector("[data-save-state]");
  const othersLine = form.querySelector("[data-others]");
  const OFFLINE = "Ikke gemt: ingen forbindelse, vi prøver igen";
  const NO_ACCESS = "Du kan ikke længere skrive i forslaget. Det, du skrev, er ikke gemt, men står stadig her, så du kan kopiere det.";
  const MONTHS = "januar februar marts april maj juni juli august september oktober november december".split(" ");
  let stopped = false;
  let leaving = false;
  let sending = null;
  let failures = 0;
  let retry;
  let restoring = false;

  // Spoken once for the whole page, and written at the answer it is about.
  function say(text, tone, unit) {
    if (stateLine.textContent !== text) stateLine.textContent = text;
    stateLine.dataset.tone = tone;
    for (const other of units) other.note.textContent = other === unit ? text : "";
  }

  function clock(moment) {
    return `kl. ${moment.getHours()}.${String(moment.getMinutes()).padStart(2, "0")}`;
  }

  // What is kept in this browser

  // Each tab keeps its own: two of the same writer must not wipe out each other's words.
  function tabName() {
    const made = Math.random().toString(36).slice(2);
    try {
      const name = sessionStorage.getItem("klimaspor-tab") ?? made;
      sessionStorage.setItem("klimaspor-tab", name);
      return name;
    } catch {
      return made;
    }
  }
  const tab = tabName();
  const keyOf = (unit) => `klimaspor:${writer}:${proposal}:${unit.name}`;
  const ownKeyOf = (unit) => `${keyOf(unit)}:${tab}`;

  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  // What is kept of a unit, this tab's own first and then the newest: the others have their turn when it is saved.
  function kept(unit) {
    const start = keyOf(unit);
    let keys = [];
    try {
      keys = Object.keys(localStorage).filter((key) => key === start || key.startsWith(`${start}:`));
    } catch {
      // Forbidden: then nothing is kept.
    }
    const found = keys.map((key) => ({ key, isOwn: key === ownKeyOf(unit), ...read(key) })).filter((one) => one.values);
    return found.sort((one, other) => other.isOwn - one.isOwn || other.at - one.at);
  }

  function keep(unit) {
    const value = { values: unit.values(), base: unit.base.value, sent: unit.sent ?? null, at: Date.now() };
    try {
      localStorage.setItem(ownKeyOf(unit), JSON.stringify(value));
      unit.isKept = true;
    } catch {
      // Full, or forbidden: then leaving the page is what loses it, and the browser asks first.
      unit.isKept = false;
    }
  }

  function forget(unit, key = ownKeyOf(unit)) {
    try {
      localStorage.removeItem(key);
    } catch {
      // What cannot be written cannot be there.
    }
  }

  function takeOver(unit, key) {
    try {
      localStorage.setItem(ownKeyOf(unit), localStorage.getItem(key));
      localStorage.removeItem(key);
    } catch {
      // Full: then it stays where it is, and comes again.
    }
  }

  function served(control) {
    if (control.options) return ([...control.options].find((option) => option.defaultSelected) ?? control.options[0])?.value ?? "";
    return ["radio", "checkbox"].includes(control.type) ? control.value : control.defaultValue;
  }

  // A unit is what is saved together: a question, or the section's rows

  class Unit {
    constructor(element) {
      this.element = element;
      this.name = element.dataset.unit;
      this.base = form.querySelector(`input[name="base-${this.name}"]`);
      this.panel = element.querySelector("[data-conflict]");
      this.note = document.createElement("p");
      this.note.className = "form-hint unit-note";
      this.note.setAttribute("aria-hidden", "true");
      if (this.panel) this.panel.before(this.note);
      // What the server wrote, not what somebody has typed before this script came.
      this.confirmed = JSON.stringify(this.values({ asServed: true }));
      this.isKept = true;
      // What was sent last and has had no answer: it may have been saved.
      this.sent = null;
      this.refused = null;
      this.isDisputed = false;
    }

    controls() {
      return [...this.element.querySelectorAll("input, select, textarea")].filter(
        (control) => control.name && !control.disabled && control.type !== "file" && control !== this.base,
      );
    }

    values({ asServed = false } = {}) {
      const isChosen = (control) => (asServed ? control.defaultChecked : control.checked);
      return this.controls()
        .filter((control) => !["radio", "checkbox"].includes(control.type) || isChosen(control))
        .map((control) => [control.name, (asServed ? served(control) : control.value).replace(/\r\n?/g, "\n")]);
    }

    text() {
      return JSON.stringify(this.values());
    }

    get isDirty() {
      return this.text() !== this.confirmed;
    }

    get isWaiting() {
      return this.isDirty && this.text() !== this.refused;
    }

    fill(values) {
      for (const rows of this.element.querySelectorAll("[data-rows]")) {
        const name = `${rows.dataset.rows}-TOTAL_FORMS`;
        const wanted = Number(values.find(([key]) => key === name)?.[1] ?? 0);
        const total = rows.querySelector(`[name="${name}"]`);
        const add = rows.querySelector("[data-rows-add]");
        for (let missing = wanted - Number(total.value); add && missing > 0; missing -= 1) add.click();
      }
      for (const control of this.controls()) {
        const found = values.filter(([name]) => name === control.name).map(([, value]) => value);
        if (["radio", "checkbox"].includes(control.type)) control.checked = found.includes(control.value);
        else if (found.length && !/-(TOTAL|INITIAL)_FORMS$/.test(control.name)) control.value = found[0];
        if (control.name.endsWith("-DELETE") && control.checked) control.closest("[data-row]")?.classList.add("row-removed");
        control.dispatchEvent(new Event("input"));
      }
    }

    showErrors(errors) {
      const group = this.element.querySelector(".form-group");
      const field = this.element.querySelector("textarea, select, input:not([type=hidden])");
      if (this.element.querySelector("[data-rows], table")) {
        if (!errors.length) this.clearRowErrors();
        return;
      }
      if (!group) return;
      const id = `id_${this.name}_error`;
      let place = document.getElementById(id);
      group.classList.toggle("form-error", errors.length > 0);
      const described = new Set((field.getAttribute("aria-describedby") ?? "").split(/\s+/).filter(Boolean));
      if (!errors.length) {
        place?.remove();
        described.delete(id);
        field.removeAttribute("aria-invalid");
      } else {
        if (!place) {
          place = document.createElement("span");
          place.className = "form-error-message";
          place.id = id;
          const after = group.querySelector(".form-hint:not(.character-limit)") ?? group.querySelector(".form-label");
          after.after(place);
        }
        const called = document.createElement("span");
        called.className = "sr-only";
        called.textContent = "Fejl: ";
        place.replaceChildren(called, errors.join(" "));
        described.add(id);
        field.setAttribute("aria-invalid", "true");
      }
      if (described.size) field.setAttribute("aria-describedby", [...described].join(" "));
      else field.removeAttribute("aria-describedby");
    }

    // What the page said of rows when it came is put right when they are saved.
    clearRowErrors() {
      for (const message of this.element.querySelectorAll(".form-error-message")) message.remove();
      for (const cell of this.element.querySelectorAll(".cell-error")) cell.classList.remove("cell-error");
      for (const control of this.element.querySelectorAll("[aria-invalid]")) {
        control.removeAttribute("aria-invalid");
        const still = (control.getAttribute("aria-describedby") ?? "").split(/\s+/).filter((id) => document.getElementById(id));
        if (still.length) control.setAttribute("aria-describedby", still.join(" "));
        else control.removeAttribute("aria-describedby");
      }
    }

    showConflict(html) {
      if (!this.panel) return;
      const texts = this.panel.querySelector(".conflict-texts");
      const button = (place) => place.querySelector("button[name=do]")?.value;
      const came = document.createElement("template");
      came.innerHTML = html;
      // The same choice with newer words of one's own: the buttons stay where they are about to be pressed.
      if (texts && button(this.panel) === button(came.content)) texts.replaceWith(came.content.querySelector(".conflict-texts"));
      else this.panel.replaceChildren(came.content);
    }
  }

  const units = [...form.querySelectorAll("[data-unit]")].map((element) => new Unit(element)).filter((unit) => unit.base);
  const unitOf = (element) => units.find((unit) => unit.element.contains(element));

  // One request at a time, so that none overtakes another

  async function send(unit) {
    const isRepeat = unit.sent !== null;
    const values = isRepeat ? unit.sent : unit.values();
    unit.sent = values;
    if (unit.isDirty) keep(unit);
    const body = new URLSearchParams(values);
    body.append("unit", unit.name);
    body.append("writer", writer);
    body.append(unit.base.name, unit.base.value);
    body.append("revision", form.elements.revision.value);
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const answer = await fetch(address, {
      method: "POST",
      body,
      redirect: "manual",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(LONGEST_ANSWER),
    });
    if (answer.type === "opaqueredirect" || answer.status === 401) throw new Error("signed out");
    if (answer.status === 404) throw new Error("no access");
    if (answer.status === 403) {
      await renew();
      throw new Error("renewed");
    }
    if (answer.status === 400 || answer.status === 413) {
      unit.sent = null;
      unit.refused = JSON.stringify(values);
      unit.showErrors(["Svaret kan ikke sendes, som det er. Gør det kortere"]);
      say("Ikke gemt endnu: der er noget at rette", "warning", unit);
      return;
    }
    if (!answer.ok && answer.status !== 409) throw new Error(`answered ${answer.status}`);
    const told = await answer.json();
    unit.sent = null;
    take(unit, values, told);
  }

  function take(unit, values, told) {
    const sent = JSON.stringify(values);
    if (told.others !== undefined && othersLine.textContent !== told.others) othersLine.textContent = told.others;
    if (told.state === "gone" || told.state === "stale") return stop(told.said);
    unit.isDisputed = told.state === "conflict";
    if (told.state === "saved") {
      unit.base.value = told.token;
      unit.confirmed = sent;
      unit.refused = null;
      unit.showErrors([]);
      unit.showConflict("");
      if (unit.isDirty) keep(unit);
      else forget(unit);
      tryPartnersOf(unit);
      const meter = document.getElementById("meter");
      if (told.meter && meter) meter.outerHTML = told.meter;
    } else if (told.state === "conflict") {
      unit.refused = sent;
      unit.showErrors(told.errors);
      unit.showConflict(told.conflict);
    } else {
      unit.refused = sent;
      // Nobody is told off in the middle of a word; what is too long is better said at once.
      const isWriting = unit.element.contains(document.activeElement);
      if (!isWriting || unit.element.querySelector("textarea")) unit.showErrors(told.errors);
      else unit.late = told.errors;
    }
    // What was typed meanwhile is not saved yet, and says so when it is.
    const isHeld = units.some((other) => other !== unit && other.isDirty && !other.isWaiting);
    if (told.state !== "saved") say(told.said, "warning", unit);
    else if (isHeld) say("Ikke gemt endnu: der er noget at rette", "warning");
    else say(told.said, "success", unit);
  }

  function stop(said) {
    stopped = true;
    say(said, "error");
  }

  // A period that ended before it began may be in order when its other half is saved.
  function tryPartnersOf(unit) {
    const [group] = unit.name.split("_");
    for (const other of units) {
      if (other !== unit && other.refused && !other.isDisputed && other.name.startsWith(`${group}_`)) {
        other.refused = null;
        other.isReady = true;
      }
    }
  }

  // Somebody who signed in again in another tab has a new token, and this page has the old.
  async function renew() {
    const answer = await fetch(location.href, { redirect: "manual", signal: AbortSignal.timeout(LONGEST_ANSWER) });
    if (answer.type === "opaqueredirect") throw new Error("signed out");
    if (answer.status === 403 || answer.status === 404) throw new Error("no access");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-autosave]");
    if (!answer.ok || fresh?.dataset.writer !== writer) throw new Error("signed out");
    form.elements.csrfmiddlewaretoken.value = fresh.elements.csrfmiddlewaretoken.value;
  }

  function failed(error, unit) {
    if (error.message === "no access") return stop(NO_ACCESS);
    failures += 1;
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** failures);
    if (error.message === "signed out") sayShouldSignIn();
    else if (error.message === "renewed" && failures < 3) return schedule(0);
    else if (error.message.startsWith("answered") || error.message === "renewed") {
      say("Ikke gemt: der er en fejl hos os, vi prøver igen", "error", unit);
    } else say(OFFLINE, "error", unit);
    schedule(wait);
  }

  function sayShouldSignIn() {
    if (stateLine.querySelector("a")) return;
    for (const unit of units) unit.note.textContent = "";
    const link = document.createElement("a");
    link.href = signIn;
    link.textContent = "Log på";
    link.addEventListener("click", () => { leaving = true; });
    stateLine.replaceChildren("Du er logget af. ", link, ", så gemmer vi det, du skrev");
    stateLine.dataset.tone = "error";
  }

  function schedule(wait) {
    clearTimeout(retry);
    retry = setTimeout(work, wait);
  }

  function work() {
    if (sending || stopped) return sending;
    clearTimeout(retry);
    const unit = units.find((one) => one.sent !== null) ?? units.find((one) => one.isWaiting && one.isReady);
    if (!unit) return null;
    unit.isReady = unit.sent !== null && unit.text() !== JSON.stringify(unit.sent);
    sending = send(unit).then(
      () => { failures = 0; sending = null; return work(); },
      (error) => { sending = null; unit.isReady = true; failed(error, unit); },
    );
    return sending;
  }

  // When something is written

  function ready(unit) {
    clearTimeout(unit.pause);
    if (!unit.isDirty && unit.sent === null) return;
    unit.isReady = true;
    if (!failures || navigator.onLine) work();
  }

  function changed(unit) {
    if (unit.isDirty) keep(unit);
    else if (unit.sent === null) forget(unit);
    clearTimeout(unit.pause);
    unit.pause = setTimeout(() => ready(unit), PAUSE);
  }

  form.addEventListener("input", (event) => {
    const unit = unitOf(event.target);
    if (unit && !restoring) changed(unit);
  });
  form.addEventListener("change", (event) => {
    const unit = unitOf(event.target);
    if (!unit || restoring) return;
    changed(unit);
    ready(unit);
  });
  form.addEventListener("focusout", (event) => {
    const unit = unitOf(event.target);
    if (!unit || unit.element.contains(event.relatedTarget)) return;
    if (unit.late) unit.showErrors(unit.late);
    unit.late = null;
    ready(unit);
  });
  window.addEventListener("online", () => { failures = 0; schedule(0); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const unit of units) if (unit.isDirty) ready(unit);
  });

  // The section's own buttons send everything; what is on its way is let through first, so that nobody disagrees with themselves
  let waiting = null;
  let isFlushed = false;
  form.addEventListener("submit", (event) => {
    if (waiting) {
      // Pressed again while the first press waits: the last one counts.
      event.preventDefault();
      waiting = event.submitter;
      return;
    }
    if (!navigator.onLine) {
      // The browser's own page about it would take the place of the text.
      event.preventDefault();
      say(OFFLINE, "error");
      return;
    }
    const [kept, name] = (event.submitter?.value ?? "").split(":");
    if (kept === "theirs") for (const unit of units) if (unit.name === name) forget(unit);
    leaving = true;
    if (isFlushed || stopped || failures || !(sending || units.some((unit) => unit.isWaiting))) return;
    event.preventDefault();
    waiting = event.submitter ?? form.querySelector("button[name=do]");
    for (const unit of units) if (unit.isWaiting) unit.isReady = true;
    const late = new Promise((resolve) => { setTimeout(resolve, LONGEST_FLUSH); });
    Promise.race([Promise.resolve(work()), late]).then(() => {
      const pressed = waiting;
      waiting = null;
      isFlushed = true;
      // A choice that was made anew while we waited has another value, and must be seen before it is pressed.
      form.requestSubmit(pressed.isConnected ? pressed : [...form.querySelectorAll("button[name=do]")].find((one) => one.value === pressed.value));
      isFlushed = false;
    });
  });
  window.addEventListener("beforeunload", (event) => {
    const isUnsaved = sending || units.some((unit) => unit.isDirty || unit.sent !== null);
    if (isUnsaved && !leaving) event.preventDefault();
  });
  window.addEventListener("pageshow", () => { leaving = false; });

  // What an earlier page could not save

  function restore() {
    const restored = [];
    for (const unit of units) {
      if (isBound) {
        // The page came back with what was typed, and the server has not taken it.
        const own = read(ownKeyOf(unit));
        if (own && JSON.stringify(own.values) === unit.text()) unit.confirmed = "";
        unit.isReady = true;
        continue;
      }
      const isSaved = (one) => JSON.stringify(one.values) === unit.text();
      for (const one of kept(unit).filter(isSaved)) forget(unit, one.key);
      const [old] = kept(unit);
      if (!old) {
        if (unit.isDirty) changed(unit);
        continue;
      }
      // What was sent and never answered is what stands: then it is our own, and no one else's.
      const isOurs = old.sent && JSON.stringify(old.sent) === unit.text();
      if (!isOurs) unit.base.value = old.base;
      restoring = true;
      unit.fill(old.values);
      restoring = false;
      if (!old.isOwn) takeOver(unit, old.key);
      restored.push(old.at);
      unit.isReady = true;
    }
    work();
    if (!restored.length) return;
    const moment = new Date(Math.max(...restored));
    const day = `${moment.getDate()}. ${MONTHS[moment.getMonth()]}`;
    const place = form.querySelector("[data-fetched]");
    place.append(place.querySelector("template").content.cloneNode(true));
    place.querySelector(".alert-text").textContent = `Vi har hentet det, du skrev den ${day} ${clock(moment)}, som ikke nåede at blive gemt.`;
    window.scrollTo(0, 0);
  }
  restore();
})();
