// What was asked and answered in this tab: kept for the next page of the same site, gone with the tab.

const KEPT = 20;

export class Memory {
  constructor(name, kept) {
    Object.assign(this, { name: `qa-widget ${name}`, kept, exchanges: [] });
    try {
      if (kept) this.exchanges = JSON.parse(sessionStorage.getItem(this.name)) ?? [];
    } catch {} // a page may forbid storage, or another script may have written here
  }

  add(question, answer) {
    this.exchanges = [...this.exchanges, { question, answer }].slice(-KEPT);
    this.#write();
  }

  clear() {
    this.exchanges = [];
    this.#write();
  }

  /** The questions that the next one may refer to, oldest first. */
  history() {
    return this.exchanges.map((one) => one.question);
  }

  #write() {
    try {
      if (this.kept) sessionStorage.setItem(this.name, JSON.stringify(this.exchanges));
    } catch {}
  }
}
