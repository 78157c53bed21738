// A unit is what is saved together: a question, or a section's rows. What stands in it, what of that the server has, and putting words back.

function isChosen(control, asServed) {
  return asServed ? control.defaultChecked : control.checked;
}

function hasMark(control) {
  return ["radio", "checkbox"].includes(control.type);
}

function served(control) {
  if (control.options) return ([...control.options].find((option) => option.defaultSelected) ?? control.options[0])?.value ?? "";
  return hasMark(control) ? control.value : control.defaultValue;
}

class Unit {
  constructor(element, base) {
    this.element = element;
    this.name = element.dataset.unit;
    // The hidden field that says what was seen of it.
    this.base = base;
    // What the server wrote, not what somebody has typed before this script came.
    this.confirmed = JSON.stringify(this.values({ asServed: true }));
    // What was sent last and has had no answer: it may have been saved.
    this.sent = null;
    // What the server would not take: not sent again before it is changed.
    this.refused = null;
    this.isDisputed = false;
    this.isReady = false;
  }

  controls() {
    return [...this.element.querySelectorAll("input, select, textarea")].filter(
      (control) => control.name && !control.disabled && control.type !== "file" && control !== this.base,
    );
  }

  values({ asServed = false } = {}) {
    return this.controls()
      .filter((control) => !hasMark(control) || isChosen(control, asServed))
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

  // Put back what was written, in as many rows as it takes.
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
      if (hasMark(control)) control.checked = found.includes(control.value);
      else if (found.length && !/-(TOTAL|INITIAL)_FORMS$/.test(control.name)) control.value = found[0];
      if (control.name.endsWith("-DELETE") && control.checked) control.closest("[data-row]")?.classList.add("row-removed");
      control.dispatchEvent(new Event("input"));
    }
  }
}

export function unitsOf(form) {
  const found = [...form.querySelectorAll("[data-unit]")].map((element) => [
    element,
    form.querySelector(`input[name="base-${element.dataset.unit}"]`),
  ]);
  return found.filter(([, base]) => base).map(([element, base]) => new Unit(element, base));
}
