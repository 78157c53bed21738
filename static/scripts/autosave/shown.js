// What the writer is shown of how saving goes: one line for the page, a note at each unit, and what came of it.

import { Renewed, ServerFailed } from "./request.js";
import { showErrors } from "./errors.js";

const OFFLINE = "Ikke gemt: ingen forbindelse, vi prøver igen";
const OUR_FAULT = "Ikke gemt: der er en fejl hos os, vi prøver igen";
const UNFINISHED = "Ikke gemt endnu: der er noget at rette";
const UNREADABLE = "Svaret kan ikke sendes, som det er. Gør det kortere";
const MONTHS = "januar februar marts april maj juni juli august september oktober november december".split(" ");

function noteOf(unit) {
  const note = document.createElement("p");
  note.className = "form-hint unit-note";
  note.setAttribute("aria-hidden", "true");
  unit.element.querySelector("[data-conflict]")?.before(note);
  return note;
}

export class Shown {
  constructor(form, units) {
    this.form = form;
    this.units = units;
    this.line = form.querySelector("[data-save-state]");
    this.othersLine = form.querySelector("[data-others]");
    this.notes = new Map(units.map((unit) => [unit, noteOf(unit)]));
    // Errors that wait until their writer leaves the field.
    this.late = new Map();
  }

  // Spoken once for the whole page, and written at the unit it is about.
  say(text, tone, unit) {
    if (this.line.textContent !== text) this.line.textContent = text;
    this.line.dataset.tone = tone;
    for (const [other, note] of this.notes) note.textContent = other === unit ? text : "";
  }

  offline(unit) {
    this.say(OFFLINE, "error", unit);
  }

  stopped(text) {
    this.say(text, "error");
  }

  failed(error, unit) {
    if (error instanceof ServerFailed || error instanceof Renewed) this.say(OUR_FAULT, "error", unit);
    else this.offline(unit);
  }

  signedOut() {
    if (this.line.querySelector("a")) return;
    for (const note of this.notes.values()) note.textContent = "";
    const link = document.createElement("a");
    link.href = this.form.dataset.signIn;
    link.textContent = "Log på";
    this.line.replaceChildren("Du er logget af. ", link, ", så gemmer vi det, du skrev");
    this.line.dataset.tone = "error";
  }

  others(text) {
    if (text !== undefined && this.othersLine && this.othersLine.textContent !== text) this.othersLine.textContent = text;
  }

  answer(unit, answer) {
    // What was said of an earlier word is over.
    this.late.delete(unit);
    if (answer.state === "saved") {
      this.saved(unit, answer);
      return;
    }
    if (answer.state === "unreadable") {
      showErrors(unit, [UNREADABLE]);
      this.say(UNFINISHED, "warning", unit);
      return;
    }
    if (answer.state === "conflict") {
      showErrors(unit, answer.errors);
      this.conflict(unit, answer.conflict);
    } else this.errors(unit, answer.errors);
    this.say(answer.said, "warning", unit);
  }

  saved(unit, answer) {
    showErrors(unit, []);
    this.conflict(unit, "");
    for (const [id, html] of Object.entries(answer.parts ?? {})) {
      const part = document.getElementById(id);
      if (part) part.outerHTML = html;
    }
    // What was typed meanwhile is not saved yet, and says so when it is.
    const isHeld = this.units.some((other) => other !== unit && other.isDirty && !other.isWaiting);
    if (isHeld) this.say(UNFINISHED, "warning");
    else this.say(answer.said, "success", unit);
  }

  // Nobody is told off in the middle of a word; what is too long is better said at once. What the page said of rows stays until they are saved.
  errors(unit, errors) {
    if (!errors.length) return;
    const isWriting = unit.element.contains(document.activeElement);
    if (!isWriting || unit.element.querySelector("textarea")) showErrors(unit, errors);
    else this.late.set(unit, errors);
  }

  left(unit) {
    if (this.late.has(unit)) showErrors(unit, this.late.get(unit));
    this.late.delete(unit);
  }

  conflict(unit, html) {
    const panel = unit.element.querySelector("[data-conflict]");
    if (!panel) return;
    const texts = panel.querySelector(".conflict-texts");
    const button = (place) => place.querySelector("button[name=do]")?.value;
    const came = document.createElement("template");
    came.innerHTML = html;
    // The same choice with newer words of one's own: the buttons stay where they are about to be pressed.
    if (texts && button(panel) === button(came.content)) texts.replaceWith(came.content.querySelector(".conflict-texts"));
    else panel.replaceChildren(came.content);
  }

  fetched(moment) {
    const clock = `kl. ${moment.getHours()}.${String(moment.getMinutes()).padStart(2, "0")}`;
    const day = `${moment.getDate()}. ${MONTHS[moment.getMonth()]}`;
    const place = this.form.querySelector("[data-fetched]");
    place.append(place.querySelector("template").content.cloneNode(true));
    place.querySelector(".alert-text").textContent = `Vi har hentet det, du skrev den ${day} ${clock}, som ikke nåede at blive gemt.`;
    window.scrollTo(0, 0);
  }
}
