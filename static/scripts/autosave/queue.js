// One request at a time, so that none overtakes another, and tried again until it is answered.

import { NoAccess, Renewed, SignedOut, post } from "./request.js";

const LONGEST_WAIT = 60000;
const MOST_RENEWALS = 2;

export class Queue {
  constructor({ form, units, kept, shown }) {
    Object.assign(this, { form, units, kept, shown });
    this.sending = null;
    this.failures = 0;
    this.isStopped = false;
    this.retry = undefined;
  }

  // Whether there is something it could send now.
  get isBusy() {
    return !this.isStopped && !this.failures && Boolean(this.sending || this.units.some((unit) => unit.isWaiting));
  }

  work() {
    if (this.sending || this.isStopped) return this.sending;
    clearTimeout(this.retry);
    const unit = this.units.find((one) => one.sent !== null) ?? this.units.find((one) => one.isWaiting && one.isReady);
    if (!unit) return null;
    unit.isReady = unit.sent !== null && unit.text() !== JSON.stringify(unit.sent);
    this.sending = this.send(unit).then(
      () => {
        this.failures = 0;
        this.sending = null;
        return this.work();
      },
      (error) => {
        this.sending = null;
        unit.isReady = true;
        this.failed(error, unit);
      },
    );
    return this.sending;
  }

  async send(unit) {
    // What was sent and never answered is sent again as it was, so that it is known what became of it.
    const values = unit.sent ?? unit.values();
    unit.sent = values;
    if (unit.isDirty) this.keep(unit);
    const answer = await post(this.form, unit, values);
    unit.sent = null;
    this.take(unit, JSON.stringify(values), answer);
  }

  take(unit, sent, answer) {
    this.shown.others(answer.others);
    if (answer.state === "gone" || answer.state === "stale") {
      this.stop(answer.said);
      return;
    }
    if (answer.state === "saved") this.confirm(unit, sent, answer);
    else unit.refused = sent;
    if (answer.state !== "unreadable") unit.isDisputed = answer.state === "conflict";
    this.shown.answer(unit, answer);
  }

  confirm(unit, sent, answer) {
    unit.base.value = answer.token;
    unit.confirmed = sent;
    unit.refused = null;
    if (unit.isDirty) this.keep(unit);
    else this.kept.forget(unit.name);
    this.letPartnersTry(unit);
  }

  // Units whose names begin alike are judged together: a period that ended before it began may be in order when its other half is saved.
  letPartnersTry(unit) {
    const [group] = unit.name.split("_");
    for (const other of this.units) {
      if (other !== unit && other.refused && !other.isDisputed && other.name.startsWith(`${group}_`)) {
        other.refused = null;
        other.isReady = true;
      }
    }
  }

  keep(unit) {
    this.kept.keep(unit.name, { values: unit.values(), base: unit.base.value, sent: unit.sent });
  }

  stop(text) {
    this.isStopped = true;
    this.shown.stopped(text);
  }

  failed(error, unit) {
    if (error instanceof NoAccess) {
      this.stop(this.form.dataset.noAccess);
      return;
    }
    this.failures += 1;
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** this.failures);
    if (error instanceof Renewed && this.failures <= MOST_RENEWALS) {
      this.schedule(0);
      return;
    }
    if (error instanceof SignedOut) this.shown.signedOut();
    else this.shown.failed(error, unit);
    this.schedule(wait);
  }

  schedule(wait) {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.work(), wait);
  }

  tryAgain() {
    this.failures = 0;
    this.schedule(0);
  }
}
