// <qa-widget>: a launcher and its panel, or the panel in the page. Attributes, events and parts: docs/channels/widget.md.

import { button, make } from "./nodes.js";
import { card, next } from "./card.js";
import { Memory } from "./memory.js";
import { Popover } from "./popover.js";
import { Service } from "./service.js";
import { spelled } from "./dates.js";
import { trouble } from "./trouble.js";
import { speech } from "./words.js";

const SCRIPT = document.currentScript;
const HOME = SCRIPT ? SCRIPT.src.replace(/\/widget\/.*$/, "") : location.origin;
const QUIET = 300; // milliseconds before a search says that it is under way
const LONGEST = 2000; // characters of a question
const NARROW = "(max-width: 30rem)";

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

class QaWidget extends HTMLElement {
  #root = this.attachShadow({ mode: "open" });
  #listening = null;
  #asking = null;
  #waiting = null; // what to do when the connection is back

  async connectedCallback() {
    this.#listening = new AbortController();
    addEventListener("online", () => this.#waiting?.(), { signal: this.#listening.signal });
    this.#root.adoptedStyleSheets = [sheet];
    await (this.drawn = this.#draw());
    this.#reveal();
    const linked = (this.getAttribute("question") ?? new URLSearchParams(location.search).get("qa") ?? "").trim();
    if (!linked) return;
    await this.open();
    if (this.memory.exchanges.at(-1)?.question !== linked) this.ask(linked, []);
  }

  disconnectedCallback() {
    this.#listening.abort();
    this.stop();
  }

  get floating() {
    return this.getAttribute("mode") !== "inline";
  }

  /** Open the panel and put the cursor into it. */
  async open() {
    await this.drawn;
    if (this.floating && !this.panel.open) {
      this.panel[matchMedia(NARROW).matches ? "showModal" : "show"]();
      this.launcher.setAttribute("aria-expanded", "true");
      this.launcher.classList.remove("unread");
      this.dot.textContent = "";
      this.#learn();
      this.#reveal();
      this.tell("open");
    }
    this.input.focus();
  }

  close() {
    if (this.floating) this.panel.close();
  }

  /** Forget this conversation. */
  reset() {
    this.stop();
    this.memory.clear();
    this.log.replaceChildren(this.intro);
    this.#learn();
    this.input.focus();
  }

  /** Stop asking. */
  stop() {
    this.#asking?.abort();
  }

  /** Ask a question; resolves with the answer object, or null when there is none. */
  async ask(text, history) {
    await this.drawn;
    const question = text.trim().slice(0, LONGEST);
    if (!question || this.#asking) return null;
    this.intro.remove();
    const exchange = this.#exchange(question);
    this.log.append(exchange);
    this.tell("question", { question });
    return this.#answer(exchange, question, history ?? this.memory.history());
  }

  /** Tell the page: an event that bubbles out of the widget. */
  tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`qa-${name}`, { bubbles: true, composed: true, detail }));
  }

  async #answer(exchange, question, history) {
    const asking = (this.#asking = new AbortController());
    const status = make("p", { class: "status fine" }, this.view.words("searching"));
    const slow = setTimeout(() => exchange.append(status), QUIET);
    this.#drawSend();
    this.#reveal(exchange);
    try {
      const answer = await this.view.service.ask(question, history, asking.signal);
      this.memory.add(question, answer);
      exchange.append(card(answer, this.view));
      this.tell("answer", { answer });
      return answer;
    } catch (error) {
      if (!error.kind) throw error;
      this.#troubled(error, exchange, question, history);
      return null;
    } finally {
      clearTimeout(slow);
      status.remove();
      this.#asking = null;
      this.#drawSend();
      this.#reveal(exchange);
      this.#announce();
    }
  }

  #troubled(error, exchange, question, history) {
    const again = () => {
      if (this.#asking) return;
      this.#waiting = null;
      box.remove();
      this.input.focus();
      this.#answer(exchange, question, history);
    };
    const box = trouble(error, this.view, again);
    this.#waiting = error.kind === "offline" ? again : null;
    exchange.append(box);
    this.tell("error", { kind: error.kind });
  }

  /** A dot on the launcher says that an answer came while the panel was closed. */
  #announce() {
    if (!this.floating || this.panel.open) return;
    this.launcher.classList.add("unread");
    this.dot.textContent = this.view.words("unread");
  }

  /** An answer is read from its question on. */
  #reveal(exchange = this.log.lastChild) {
    this.log.scrollTop = exchange.firstChild?.offsetTop - this.log.offsetTop - 12;
  }

  async #draw() {
    const spoken = await speech(this.closest("[lang]")?.lang ?? "en", HOME, JSON.parse(this.getAttribute("words")));
    const api = (this.getAttribute("api") ?? HOME).replace(/\/$/, "");
    this.view = {
      ...spoken,
      direction: this.dir || spoken.direction,
      service: new Service(api, Number(this.getAttribute("timeout") ?? 15)),
      languages: new Map(),
      ask: (question, history) => this.ask(question, history),
      show: (citation, opener) => this.shown.show(citation, opener),
      tell: (name, detail) => this.tell(name, detail),
    };
    this.memory = new Memory(api, this.getAttribute("history") !== "none");
    this.shown = new Popover(this.view);
    const parts = this.floating ? this.#floated() : [this.#panel("section")];
    this.#root.replaceChildren(make("div", { class: "root", dir: this.view.direction, lang: this.view.language }, parts));
    if (!this.floating) this.#learn();
  }

  #floated() {
    const { words } = this.view;
    this.dot = make("span");
    const toggle = () => (this.panel.open ? this.close() : this.open());
    this.launcher = make(
      "button",
      { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: toggle },
      make("span", { class: "unseen" }, words("open"), " ", this.dot),
      make("span", { "aria-hidden": "true" }, "“"),
    );
    const panel = this.#panel("dialog");
    panel.addEventListener("close", () => {
      this.launcher.setAttribute("aria-expanded", "false");
      this.launcher.focus();
      this.tell("close");
    });
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.shown.open) return;
      event.preventDefault();
      this.close();
    });
    return [this.launcher, panel];
  }

  #panel(kind) {
    const { words } = this.view;
    const heading = this.getAttribute("heading") ?? words("heading");
    this.intro = make("div", { class: "intro", "aria-live": "off" });
    this.log = make("div", { class: "log", role: "log", tabindex: "0", "aria-label": words("log") }, this.intro);
    for (const { question, answer } of this.memory.exchanges) {
      this.log.append(make("div", { class: "exchange" }, this.#asked(question), card(answer, this.view)));
    }
    if (this.memory.exchanges.length) this.intro.remove();
    return (this.panel = make(
      kind,
      { class: "panel", "aria-labelledby": "heading" },
      make(
        "div",
        { class: "header" },
        make("h2", { id: "heading", dir: "auto" }, heading),
        button(words("restart"), () => this.reset(), { class: "restart" }),
        this.floating && button("×", () => this.close(), { class: "close", "aria-label": words("close") }),
      ),
      this.log,
      this.#form(),
      make("p", { class: "note fine" }, words("quoted")),
      this.shown.element,
    ));
  }

  #exchange(question) {
    return make("div", { class: "exchange" }, this.#asked(question));
  }

  #asked(question) {
    return make("p", { class: "question" }, make("span", { class: "unseen" }, `${this.view.words("asked")} `), make("bdi", {}, question));
  }

  #form() {
    const { words } = this.view;
    const onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    };
    this.input = make("textarea", { rows: "1", class: "input", dir: "auto", maxlength: LONGEST, "aria-label": words("question"), placeholder: words("placeholder"), onkeydown });
    this.button = make("button", { class: "send" });
    this.#drawSend();
    const onsubmit = (event) => {
      event.preventDefault();
      this.#asking ? this.stop() : this.#send();
    };
    return make("form", { class: "form", onsubmit }, this.input, this.button);
  }

  #send() {
    if (this.#asking || !this.input.value.trim()) return;
    const question = this.input.value;
    this.input.value = "";
    this.ask(question);
  }

  /** While a question is asked, the button that sends is the one that stops. */
  #drawSend() {
    this.button.textContent = this.view.words(this.#asking ? "stop" : "send");
  }

  /** The empty state: what is indexed, and questions proven answerable. */
  async #learn() {
    const { intro, view } = this;
    const { documents, suggestions } = await view.service.about().catch(() => ({ documents: [], suggestions: null }));
    for (const one of documents) view.languages.set(one.id, one.language);
    if (!intro.isConnected || suggestions === null) return;
    const items = documents.slice(0, 5).map((one) => {
      const date = one.published && spelled(one.published, view.language);
      return make("li", { dir: "auto" }, make("cite", {}, one.title), [one.author, date].filter(Boolean).map((part) => `, ${part}`));
    });
    const indexed = items.length ? make("ul", { role: "list" }, items) : make("p", { class: "fine" }, view.words("nothing"));
    intro.replaceChildren(make("h3", {}, view.words("indexed")), indexed, next(suggestions, view, "start") || "");
  }
}

if (!customElements.get("qa-widget")) customElements.define("qa-widget", QaWidget);

// <script src=… data-…>: any data attribute asks for a widget, which takes them as its attributes.
if (SCRIPT && Object.keys(SCRIPT.dataset).length) {
  const widget = make("qa-widget", SCRIPT.dataset);
  if (document.body) document.body.append(widget);
  else addEventListener("DOMContentLoaded", () => document.body.append(widget));
}
