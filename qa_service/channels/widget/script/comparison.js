// A divergence: one row an issue, one column an actor, each cell a quote. Narrow, each issue is a heading.

import { make } from "./nodes.js";
import { folded, told } from "./quotes.js";

/** The roles are said again, since a table that is laid out as blocks loses them. */
export function comparison(answer, view) {
  const { actors, rows } = answer.comparison;
  const heads = [view.words("issue"), ...actors].map((name) => make("th", { scope: "col", role: "columnheader", dir: "auto" }, name));
  const body = rows.map((row) => {
    const issue = row.issue ? make("q", { dir: "auto" }, row.issue) : "–";
    const cells = row.cells.map((cell, column) => cellOf(cell.map((index) => answer.statements[index]), actors[column], answer, view));
    return make("tr", { role: "row" }, make("th", { scope: "row", role: "rowheader", class: row.issue ? null : "unnamed" }, issue), cells);
  });
  const table = make(
    "table",
    { role: "table", class: "comparison" },
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, heads)),
    make("tbody", { role: "rowgroup" }, body),
  );
  return [table, folded(body, view)];
}

function cellOf(statements, actor, answer, view) {
  const quotes = statements.map((one) => told(one, answer, view, false));
  const none = make("p", { class: "fine" }, view.words("noPosition", actor));
  return make("td", { role: "cell", "data-actor": actor }, quotes.length ? quotes : none);
}
