// Elements, made of names, attributes and text nodes only: nothing from outside ever becomes markup.

// Every class is a part too, so that a page can style it.

/** An element. Attributes that are null or false are left out; "on…" are listeners; children are nodes or text. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value || value === "") element.setAttribute(key, value === true ? "" : value);
    if (key === "class" && value) element.setAttribute("part", value);
  }
  element.append(...children.flat(9).filter((child) => child));
  return element;
}

/** A button. */
export const button = (label, onclick, more = {}) => make("button", { type: "button", onclick, ...more }, label);

/** A link to the web, in a tab of its own; null when the address is not one of the web. */
export function webLink(address, label) {
  if (!/^https?:\/\//i.test(address ?? "")) return null;
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label);
}

/** Put text on the clipboard, where the page may (it needs HTTPS). */
export const copied = (text) => Promise.resolve(navigator.clipboard?.writeText(text).then(() => true)).catch(() => false);
