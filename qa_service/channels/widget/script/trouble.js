// Why there is no answer now, in one line, and the way to ask again.

import { make, button } from "./nodes.js";

/** Each second is drawn but not read aloud: a reader is told once how long to wait. */
export function trouble({ kind, seconds, reason }, view, again) {
  const line = kind === "rejected" ? reason : view.words(kind, seconds);
  const retry = button(view.words("retry"), again, { class: "retry" });
  const text = make("p", { dir: kind === "rejected" ? "auto" : null }, line);
  const box = make("div", { class: `answer trouble ${kind}` }, text, retry);
  if (kind === "busy") count(seconds, text, retry, view);
  return box;
}

function count(seconds, text, retry, view) {
  const drawn = make("span", { "aria-hidden": "true" }, text.textContent);
  text.replaceChildren(make("span", { class: "unseen" }, text.textContent), drawn);
  retry.disabled = true;
  const ends = Date.now() + seconds * 1000;
  const timer = setInterval(() => {
    const left = Math.ceil((ends - Date.now()) / 1000);
    drawn.textContent = view.words("busy", Math.max(left, 0));
    if (left > 0 && text.isConnected) return;
    clearInterval(timer);
    retry.disabled = false;
  }, 250);
}
