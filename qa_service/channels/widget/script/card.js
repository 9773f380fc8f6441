// An answer as a card: the short answer, the statements, as of when, sources, actions, what to ask next.

import { make, button } from "./nodes.js";
import { spelled } from "./dates.js";
import { comparison } from "./comparison.js";
import { timeline } from "./timeline.js";
import { folded, quoted, sourceLine, told } from "./quotes.js";
import { actions } from "./actions.js";

export function card(answer, view) {
  const understood = answer.standalone_question !== answer.question && view.words("understood", answer.standalone_question);
  return make(
    "div",
    { class: "answer", "data-kind": answer.kind },
    understood && make("p", { class: "fine", dir: "auto" }, understood),
    answer.answered ? answered(answer, view) : notAnswered(answer, view),
    left(answer, view),
    answer.answered && actions(answer, view),
    next(answer.suggestions, view),
  );
}

function answered(answer, view) {
  const said = ["yes", "no"].includes(answer.short) ? view.words(answer.short) : answer.short;
  const short = said && make("p", { class: "short", dir: "auto" }, said);
  const body = answer.parts?.length ? parts(answer, view) : shown(answer.statements.keys(), answer, view);
  return [short, body, asOf(answer.citations, view), sources(answer.citations, view)];
}

/** These statements: in the table or the time axis where they stand there, else one after the other. */
function shown(statements, answer, view) {
  const compared = new Set((answer.comparison?.rows ?? []).flatMap((row) => row.cells.flat()));
  const dated = new Set((answer.timeline ?? []).map((item) => item.statement));
  const indexes = [...statements];
  const others = indexes.filter((one) => !compared.has(one) && !dated.has(one)).map((one) => told(answer.statements[one], answer, view));
  return [
    indexes.some((one) => compared.has(one)) && comparison(answer, view),
    indexes.some((one) => dated.has(one)) && timeline(answer, view),
    others,
    folded(others, view),
  ];
}

const tooMany = (part) => !part.statements.length && part.explanation === null;

/** Of a message with several questions, each with its answer or why there is none. */
function parts(answer, view) {
  return answer.parts
    .filter((part) => !tooMany(part))
    .map((part) => [
      make("h3", { class: "part", dir: "auto" }, part.question),
      part.explanation ? make("p", { dir: "auto" }, part.explanation.split("\n")[0]) : shown(part.statements, answer, view),
    ]);
}

/** Questions that were too many for one message, to be asked again after it. */
function left(answer, view) {
  const questions = (answer.parts ?? []).filter(tooMany).map((part) => part.question);
  return asked(questions, view.words("left"), (one) => view.ask(one));
}

/** A refusal or small talk: one line, then what stands nearest, visibly not an answer. */
function notAnswered(answer, view) {
  const nearest = answer.refusal?.nearest ?? [];
  const items = nearest.map((citation) => make("li", { dir: "auto" }, quoted(citation, view), " ", sourceButton(citation, view)));
  return [
    answer.parts?.length ? parts(answer, view) : make("p", { dir: "auto" }, answer.text.split("\n")[0]),
    items.length > 0 && make("h3", {}, view.words("nearest")),
    items.length > 0 && make("p", { class: "fine" }, view.words("nearestNote")),
    items.length > 0 && make("ul", { class: "nearest", role: "list" }, items),
  ];
}

function asOf(citations, view) {
  const lines = citations.map(({ author, title, publisher, published }) => {
    const source = [author, title].filter(Boolean).join(", ") + (publisher ? ` (${publisher})` : "");
    return view.words("asOf", published ? spelled(published, view.language) : view.words("unknownDate"), source);
  });
  return [...new Set(lines)].map((line) => make("p", { class: "fine", dir: "auto" }, line));
}

function sources(citations, view) {
  const items = citations.map((citation) => make("li", { value: citation.number }, sourceButton(citation, view)));
  return items.length > 0 && [make("h3", {}, view.words("sources")), make("ol", { class: "sources", role: "list" }, items)];
}

const sourceButton = (citation, view) =>
  button(sourceLine(citation, view), (event) => view.show(citation, event.currentTarget), { class: "source", dir: "auto", "aria-haspopup": "dialog" });

/** Questions to ask: each stands alone, since it was tried without a history. */
export function next(suggestions, view, title = "next") {
  return asked(suggestions, view.words(title), (one) => view.ask(one, []));
}

function asked(questions, title, ask) {
  const items = questions.map((one) => make("li", {}, button(one, () => ask(one), { class: "suggestion", dir: "auto" })));
  return items.length > 0 && make("div", { class: "next" }, make("h3", {}, title), make("ul", { role: "list" }, items));
}
