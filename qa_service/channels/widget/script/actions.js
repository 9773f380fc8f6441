// What a reader can do with an answer: copy, link, verify, say whether it helped.

import { copied, make, button } from "./nodes.js";
import { reference } from "./quotes.js";

export function actions(answer, view) {
  const note = make("p", { class: "fine" });
  const say = (name, ...values) => note.replaceChildren(name && view.words(name, ...values));
  const copy = async (text) => say((await copied(text)) ? "copied" : "notCopied");
  const verify = async () => {
    const all = answer.citations.length;
    try {
      const standing = await view.service.standing(answer.citations);
      say(standing === all ? "stands" : "stale", standing, all);
    } catch {
      say("notVerified");
    }
  };
  return [
    make(
      "div",
      { class: "actions", "aria-live": "off" },
      button(view.words("copy"), () => copy(withSources(answer, view))),
      button(view.words("link"), () => copy(deepLink(answer.question))),
      button(view.words("verify"), verify),
      thumbs(answer, view, say),
    ),
    note,
  ];
}

/** The answer as plain text, its sources as endnotes. */
function withSources(answer, view) {
  const dated = new Map((answer.timeline ?? []).map((item) => [item.statement, `${item.wording}: `]));
  const lines = answer.statements.map((one, index) => `${dated.get(index) ?? ""}${one.text} [${one.citations.join("][")}]`);
  const notes = answer.citations.map((citation) => `[${citation.number}] ${reference(citation, view)}`);
  return [answer.question, "", ...(answer.short ? [answer.short] : []), ...lines, "", ...notes].join("\n");
}

function deepLink(question) {
  const address = new URL(location.href);
  address.searchParams.set("qa", question);
  return address.href;
}

function thumbs(answer, view, say) {
  const comment = make("input", { type: "text", maxlength: 1000, "aria-label": view.words("comment"), placeholder: view.words("comment") });
  const form = make("form", { class: "comment", hidden: true }, comment, make("button", {}, view.words("sendComment")));
  const values = ["up", "down"];
  const buttons = values.map((value) => button(view.words(value), () => send(value), { class: value, "aria-pressed": "false" }));
  let chosen = null;
  const send = async (value, written = "") => {
    chosen = value;
    buttons.forEach((one, index) => one.setAttribute("aria-pressed", values[index] === value));
    form.hidden = written !== "";
    try {
      await view.service.feedback(answer.id, value, written);
      say(written && "thanks");
      view.tell("feedback", { answer_id: answer.id, value, comment: written });
    } catch {
      say("notNoted");
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (comment.value.trim()) send(chosen, comment.value.trim());
  });
  return [make("span", { class: "thumbs" }, buttons), form];
}
