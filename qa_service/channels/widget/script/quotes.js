// Quotes and what they are quoted from. `view` holds words, language, service, and what opens a source.

import { make, button } from "./nodes.js";
import { spelled } from "./dates.js";

/** Where in its document a quote stands: the page, else the section. */
export const place = (citation, view) => (citation.page ? view.words("page", citation.page) : citation.section);

/** Author, title, date, place; what is not known is left out. */
export function sourceLine(citation, view) {
  const date = citation.published && spelled(citation.published, view.language);
  return [citation.author, citation.title, date, place(citation, view)].filter(Boolean).join(", ");
}

/** A reference in plain text, with the link that shows the quote in its text. */
export const reference = (citation, view) =>
  `${sourceLine(citation, view)}: “${citation.quote}” ${view.service.sourcePage(citation)}`;

/** A quote in the face that only quotes have. */
export const quoted = (citation, view) =>
  make("q", { class: "quote", lang: view.languages.get(citation.document_id) }, citation.quote);

/** The number behind a quote, a button that opens its source; it does not leave the quote's last line. */
function mark(citation, view) {
  const label = view.words("source", citation.number, citation.title);
  const open = (event) => view.show(citation, event.currentTarget);
  return make("sup", {}, "\u2060", button(citation.number, open, { class: "citation", "aria-label": label, "aria-haspopup": "dialog" }));
}

/** A statement of an answer as a paragraph: each quote with its number, after the speaker where one is named. */
export function told(statement, answer, view, speaker = true) {
  const citations = statement.citations.map((number) => answer.citations[number - 1]);
  return make(
    "p",
    { class: "told", dir: "auto" },
    speaker && statement.speaker && make("b", { class: "speaker" }, `${statement.speaker}: `),
    citations.map((citation) => [quoted(citation, view), mark(citation, view), " "]),
  );
}

/** Hide what follows after about twelve lines, behind a button that shows it. */
export function folded(items, view) {
  let letters = 0;
  const rest = items.filter((item) => (letters += item.textContent.length + 60) > 1000).slice(1);
  if (rest.length < 2) return null;
  for (const item of rest) item.toggleAttribute("data-folded", true);
  const show = (event) => {
    for (const item of rest) item.removeAttribute("data-folded");
    event.currentTarget.remove();
    rest[0].querySelector("button")?.focus();
  };
  return button(view.words("more", rest.length), show, { class: "more" });
}
