// What this browser keeps of what somebody wrote until the server has confirmed it: under its writer's name, what it is about, and its unit.
// The only place that knows the names it is kept under.

const START = "klimaspor";
const TAB = "klimaspor-tab";
const HEARD = "klimaspor-heard";

// Each tab keeps its own: two of the same writer must not wipe out each other's words.
function tabName() {
  const made = Math.random().toString(36).slice(2);
  try {
    const name = sessionStorage.getItem(TAB) ?? made;
    sessionStorage.setItem(TAB, name);
    return name;
  } catch {
    return made;
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

// When the server last heard of any tab of this browser; nothing where that may not be kept.
export function lastHeard() {
  return read(HEARD) ?? 0;
}

export function noteHeard(at) {
  try {
    localStorage.setItem(HEARD, JSON.stringify(at));
  } catch {
    // Full, or forbidden: then each tab knows only of itself.
  }
}

// A choice of how the page behaves, which is nobody's words.
export function isOff(name) {
  return read(`${START}-${name}-off`) === true;
}

export function turnOff(name, isNowOff) {
  try {
    localStorage.setItem(`${START}-${name}-off`, JSON.stringify(isNowOff));
  } catch {
    // Then it is forgotten with the page.
  }
}

export class Kept {
  // `place` is an element that says whose words and about what: data-writer and data-subject, neither with a colon in it.
  constructor(place) {
    this.start = `${START}:${place.dataset.writer}:${place.dataset.subject}:`;
    this.tab = tabName();
  }

  ownKey(unit) {
    return `${this.start}${unit}:${this.tab}`;
  }

  // Everything that is kept: { key, unit, isOwn, values, base, sent, at }.
  all() {
    let keys = [];
    try {
      keys = Object.keys(localStorage).filter((key) => key.startsWith(this.start));
    } catch {
      // Forbidden: then nothing is kept.
    }
    const found = keys.map((key) => {
      const [unit] = key.slice(this.start.length).split(":");
      return { ...read(key), key, unit, isOwn: key === this.ownKey(unit) };
    });
    return found.filter((one) => one.values);
  }

  // What is kept of a unit, this tab's own first and then the newest: the others have their turn when it is saved.
  of(unit) {
    const found = this.all().filter((one) => one.unit === unit);
    return found.sort((one, other) => other.isOwn - one.isOwn || other.at - one.at);
  }

  own(unit) {
    return read(this.ownKey(unit));
  }

  // `sent` is what was sent last and has had no answer: it may have been saved.
  keep(unit, { values, base, sent }) {
    try {
      localStorage.setItem(this.ownKey(unit), JSON.stringify({ values, base, sent, at: Date.now() }));
    } catch {
      // Full, or forbidden: then leaving the page is what loses it, and the browser asks first.
    }
  }

  forget(unit, key = this.ownKey(unit)) {
    try {
      localStorage.removeItem(key);
    } catch {
      // What cannot be written cannot be there.
    }
  }

  takeOver(unit, key) {
    try {
      localStorage.setItem(this.ownKey(unit), localStorage.getItem(key));
      localStorage.removeItem(key);
    } catch {
      // Full: then it stays where it is, and comes again.
    }
  }
}
