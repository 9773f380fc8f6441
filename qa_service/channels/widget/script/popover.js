// The popover behind a number: the quote in its passage, what it is from, where to read on.

import { copied, make, button, webLink } from "./nodes.js";
import { spelled } from "./dates.js";
import { place, reference } from "./quotes.js";

const EDGE = 8; // pixels that stay free around it

export class Popover {
  constructor(view) {
    this.view = view;
    this.element = make("div", { popover: "auto", role: "dialog", class: "popover", tabindex: "-1", autofocus: true });
    this.element.addEventListener("toggle", (event) => event.newState === "closed" && this.#released());
  }

  get open() {
    return this.element.matches(":popover-open");
  }

  /** Show a citation beside the element that asked for it; focus goes back there when it closes. */
  async show(citation, opener) {
    this.opener?.removeAttribute("aria-expanded");
    this.opener = opener;
    opener.setAttribute("aria-expanded", "true");
    this.element.setAttribute("aria-label", this.view.words("source", citation.number, citation.title));
    const passage = this.#passage(citation);
    this.element.replaceChildren(...this.#content(citation, passage));
    if (!this.open) this.element.showPopover();
    this.#placed();
    const around = await this.view.service.around(citation).catch(() => null);
    if (around?.quote !== citation.quote || this.opener !== opener) return;
    passage.prepend(around.before);
    passage.append(around.after);
    this.#placed();
  }

  /** Focus that nothing else has taken goes back: a browser loses it across the shadow root. */
  #released() {
    this.opener.removeAttribute("aria-expanded");
    if (this.element.matches(":focus-within") || document.activeElement === document.body) this.opener.focus();
    this.opener = null;
  }

  #passage(citation) {
    return make("blockquote", { dir: "auto", lang: this.view.languages.get(citation.document_id) }, make("mark", {}, citation.quote));
  }

  #content(citation, passage) {
    const { words, language, service } = this.view;
    const date = citation.published && spelled(citation.published, language);
    const copy = async (event) => {
      const clicked = event.currentTarget;
      clicked.textContent = words((await copied(reference(citation, this.view))) ? "copied" : "notCopied");
    };
    const proof = words("verifiedNote", citation.start, citation.end, citation.sha256);
    return [
      make("div", { class: "top" }, make("span", { class: "number" }, citation.number), button("×", () => this.element.hidePopover(), { class: "close", "aria-label": words("close") })),
      passage,
      make("p", { class: "from", dir: "auto" }, make("cite", {}, citation.title), make("br"), [citation.author, citation.publisher, date, place(citation, this.view)].filter(Boolean).join(" · ")),
      make("p", { class: "links" }, webLink(service.sourcePage(citation), words("openSource")), webLink(fragment(citation), words("publisher")), button(words("copyCitation"), copy)),
      make("details", {}, make("summary", {}, words("verified")), make("p", { class: "fine" }, proof)),
    ];
  }

  /** Below the number, or above it where there is more room; the style sheet makes it a sheet on a phone. */
  #placed() {
    const { left, right, top, bottom } = this.opener.getBoundingClientRect();
    const { width, height } = this.element.getBoundingClientRect();
    const start = this.view.direction === "rtl" ? right - width + 16 : left - 16;
    const under = bottom + EDGE + height < innerHeight ? bottom + EDGE : Math.max(EDGE, top - EDGE - height);
    this.element.style.setProperty("--left", `${Math.max(EDGE, Math.min(start, innerWidth - width - EDGE))}px`);
    this.element.style.setProperty("--top", `${under}px`);
  }
}

/** The publisher's page, scrolled to the quote by its first and last words. */
function fragment(citation) {
  if (!citation.url) return null;
  const words = citation.quote.split(/\s+/);
  const ends = words.length > 10 ? [words.slice(0, 5), words.slice(-5)] : [words];
  const encoded = ends.map((part) => encodeURIComponent(part.join(" ")).replaceAll("-", "%2D"));
  return `${citation.url.split("#")[0]}#:~:text=${encoded.join(",")}`;
}
