// An answer as a card: the short answer, the statements, as of when, sources, actions, what to ask next.

import { make, button } from "./nodes.js";
import { spelled } from "./dates.js";
import { comparison } from "./comparison.js";
import { timeline } from "./timeline.js";
import { folded, quoted, sourceLine, told } from "./quotes.js";
import { actions } from "./actions.js";

export function card(answer, view) {
  const said = ["yes", "no"].includes(answer.short) ? view.words(answer.short) : answer.short;
  const parts = answer.parts?.length ? answer.parts : [{ statements: [...answer.statements.keys()], explanation: !answer.answered && answer.text }];
  const told = (part) => part.statements.length || part.explanation;
  const left = parts.filter((part) => !told(part)).map((part) => part.question);
  return make(
    "div",
    { class: "answer", "data-kind": answer.kind },
    answer.standalone_question !== answer.question && make("p", { class: "fine", dir: "auto" }, view.words("understood", answer.standalone_question)),
    said && make("p", { class: "short", dir: "auto" }, said),
    parts.filter(told).map((part) => section(part, answer, view)),
    asOf(answer.citations, view),
    sources(answer.citations, view),
    nearest(answer, view),
    next(left, view, "left", null),
    answer.answered && actions(answer, view),
    next(answer.suggestions, view),
  );
}

/** One question of the message, where it had several: the table, the time axis, other statements, or why there are none. */
function section({ question, statements, explanation }, answer, view) {
  const compared = (answer.comparison?.rows ?? []).flatMap((row) => row.cells.flat());
  const dated = (answer.timeline ?? []).map((item) => item.statement);
  const others = statements.filter((one) => ![...compared, ...dated].includes(one)).map((one) => told(answer.statements[one], answer, view));
  return [
    question && make("h3", { dir: "auto" }, question),
    explanation && make("p", { dir: "auto" }, explanation.split("\n")[0]),
    statements.includes(compared[0]) && comparison(answer, view),
    statements.includes(dated[0]) && timeline(answer, view),
    others,
    folded(others, view),
  ];
}

/** What stands nearest to a refusal, visibly not an answer. */
function nearest(answer, view) {
  const found = answer.refusal?.nearest ?? [];
  const items = found.map((citation) => make("li", { dir: "auto" }, quoted(citation, view), " ", sourceButton(citation, view)));
  const shown = [make("h3", {}, view.words("nearest")), make("p", { class: "fine" }, view.words("nearestNote"))];
  return items[0] && [shown, make("ul", { class: "nearest", role: "list" }, items)];
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
  return items[0] && [make("h3", {}, view.words("sources")), make("ol", { class: "sources", role: "list" }, items)];
}

const sourceButton = (citation, view) =>
  button(sourceLine(citation, view), (event) => view.show(citation, event.currentTarget), { class: "source", dir: "auto", "aria-haspopup": "dialog" });

/** Questions to ask: each stands alone, since it was tried without a history. With null, the questions before count. */
export function next(questions, view, title = "next", history = []) {
  const items = questions.map((one) => make("li", {}, button(one, () => view.ask(one, history), { class: "suggestion", dir: "auto" })));
  return items[0] && make("div", { class: "next" }, make("h3", {}, view.words(title)), make("ul", { role: "list" }, items));
}
