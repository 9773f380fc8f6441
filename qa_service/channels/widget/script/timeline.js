// A timeline: an ordered list, drawn as an axis. An exact day is a point, anything less exact a span.

import { make } from "./nodes.js";
import { extent } from "./dates.js";
import { folded, told } from "./quotes.js";

const LENGTHS = [1.1, 6.1, 12.1]; // months up to which a span is drawn as short, middling, long
const COMPRESSED = 24; // months; a longer gap is drawn broken, and says how long it is

const step = (months) => LENGTHS.filter((limit) => months > limit).length + 1;

export function timeline(answer, view) {
  let reached = null;
  const items = answer.timeline.map((item) => {
    const { begin, end } = extent(item);
    const gap = reached === null ? 0 : begin - reached;
    reached = Math.max(reached ?? end, end);
    const exact = end - begin < 0.1;
    return make(
      "li",
      { class: exact ? "point" : `span span${step(end - begin)}`, "data-gap": gap > 0 ? Math.min(step(gap), 3) : null },
      gap >= COMPRESSED && make("span", { class: "gap" }, view.words("years", Math.round(gap / 12))),
      make("time", { class: "date", datetime: item.date, title: item.end ? view.words("to", item.date, item.end) : item.date, dir: "auto" }, item.wording),
      told(answer.statements[item.statement], answer, view),
    );
  });
  return [make("ol", { class: "timeline", role: "list", "aria-label": view.words("timeline") }, items), folded(items, view)];
}
