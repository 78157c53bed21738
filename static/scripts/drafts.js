// Keeps a comment and each answer while they are written, until they stand on the page: in this browser only, under their writer's name.
// Nobody else reads what is not sent, so nothing of it is sent. The form says by data attributes what it is:
//   data-drafts="name"   what its fields are kept as; an answer among others is kept as the beginning of its fields' names
//   data-writer, data-subject   whose words they are and what about, see kept.js
//   data-drafts-base     the text it opened with, where it is one that is written anew
// Elsewhere: [data-fetched] with what is said when something was put back, [data-drafts-state], and [data-said], what somebody has said already;
// [data-sent], with writer and subject, stands where that is shown without a form.

import { Kept } from "./kept.js";

const ANSWER = /^(svar\d+)-/;

function isKept(control) {
  return control.name && control.matches("textarea, select, input:is([type=radio], [type=checkbox])");
}

function hasMark(control) {
  return ["radio", "checkbox"].includes(control.type);
}

// What is kept together: a comment with what was chosen of it, or one answer.
class Draft {
  constructor(name, form) {
    this.name = name;
    this.controls = [];
    this.base = form.dataset.draftsBase;
  }

  texts() {
    return this.controls.filter((control) => control.matches("textarea")).map((control) => control.value);
  }

  get isEmpty() {
    return this.texts().every((text) => !text.trim()) || this.texts().join("\n") === this.base;
  }

  values() {
    return this.controls.filter((one) => !hasMark(one) || one.checked).map((one) => [one.name.replace(ANSWER, ""), one.value]);
  }

  // Whether nothing but what it opened with stands in it.
  get isUntouched() {
    return this.base === undefined ? this.isEmpty : this.texts().join("\n") === this.base;
  }

  fill(values) {
    for (const control of this.controls) {
      const found = values.filter(([name]) => name === control.name.replace(ANSWER, "")).map(([, value]) => value);
      if (hasMark(control)) control.checked = found.includes(control.value);
      else if (found.length) control.value = found[0];
      control.dispatchEvent(new Event("input"));
      if (found.length && control.matches("textarea, :checked")) {
        for (let box = control.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
      }
    }
  }
}

function draftsOf(form) {
  const found = new Map();
  for (const control of [...form.elements].filter(isKept)) {
    const name = control.name.match(ANSWER)?.[1] ?? form.dataset.drafts;
    if (!found.has(name)) found.set(name, new Draft(name, form));
    found.get(name).controls.push(control);
  }
  return [...found.values()];
}

function letters(text) {
  return text.replace(/[^\p{L}\p{N}]+/gu, "");
}

// Whether the writer's own words stand on the page: then they were sent.
function isSaid({ values }, said) {
  const texts = values.filter(([name, value]) => ["text", "suggestion"].includes(name) && value.trim()).map(([, value]) => letters(value));
  return texts.length > 0 && texts.every((text) => said.has(text));
}

// Forget what was sent: it stands on the page, which need not have a form.
export function forgetSaid(place) {
  const kept = new Kept(place);
  const mine = [...document.querySelectorAll("[data-said]")].filter((one) => one.dataset.said === place.dataset.writer);
  const said = new Set(mine.map((one) => letters(one.textContent)));
  for (const one of kept.all()) if (isSaid(one, said)) kept.forget(one.unit, one.key);
}

export function keepDrafts(form) {
  const kept = new Kept(form);
  const drafts = draftsOf(form);
  let isFetched = false;
  for (const draft of drafts) {
    const [old] = kept.of(draft.name);
    if (!old || !draft.isUntouched || (old.base ?? undefined) !== draft.base) continue;
    draft.fill(old.values);
    if (!old.isOwn) kept.takeOver(draft.name, old.key);
    isFetched = true;
  }
  const box = document.querySelector("[data-fetched]");
  const template = box?.querySelector("template");
  if (isFetched && template) box.append(template.content.cloneNode(true));

  const state = document.querySelector("[data-drafts-state]");
  for (const draft of drafts) {
    const keep = () => {
      if (draft.isEmpty) kept.forget(draft.name);
      else kept.keep(draft.name, { values: draft.values(), base: draft.base, sent: null });
      if (state && !state.textContent) state.textContent = "Det, du skriver, huskes i denne browser, til du sender det";
    };
    for (const control of draft.controls) for (const event of ["input", "change"]) control.addEventListener(event, keep);
  }
}
