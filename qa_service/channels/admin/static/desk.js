// What a script adds to the desk: progress while files are sent, a question before one is removed, a choice of
// many rows, times as the reader's clock has them. Without it every page does the same in more steps.
"use strict";

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

function made(name, text, properties = {}) {
  const node = Object.assign(document.createElement(name), properties);
  if (text) node.textContent = text;
  return node;
}

for (const time of all("time"))
  time.textContent = new Date(time.dateTime).toLocaleString("en-GB",
    { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" });

// Files are sent one after the other, so that each is told of by itself.
function upload(form, list) {
  const token = one("[name=token]", form).value;
  const largest = Number(form.dataset.largest);
  const button = one("button", form);

  function send(file, line) {
    return new Promise(done => {
      const bar = made("progress", "", { max: 1, value: 0, ariaLabel: `Sending ${file.name}` });
      const told = made("span");
      line.append(bar);
      const ended = text => { bar.remove(); told.textContent = text; line.append(told); done(); };
      if (file.size > largest) return ended("not taken: the file is too large");
      const request = new XMLHttpRequest();
      const body = new FormData();
      body.append("file", file);
      request.upload.onprogress = event => { bar.value = event.loaded / event.total; };
      request.upload.onload = () => bar.removeAttribute("value"); // sent; now it is read
      request.onerror = () => ended("not sent: the service cannot be reached");
      request.onload = () => {
        if (request.status === 401) return location.assign("/admin/login");
        ended(outcome(request));
      };
      request.open("POST", form.action);
      request.setRequestHeader("X-Form-Token", token);
      request.setRequestHeader("Accept", "application/json");
      request.send(body);
    });
  }

  function outcome(request) {
    let told;
    try { told = JSON.parse(request.responseText); } catch { return `not taken (${request.status})`; }
    if (told.problem) return `not taken: ${told.problem}`;
    const parts = [];
    if (told.added.length) parts.push(told.added.length > 1 ? `added ${told.added.length} documents` : "added");
    if (told.known.length) parts.push("there already");
    for (const { name, reason } of told.rejected) parts.push(`not taken: ${reason}`);
    return parts.join("; ");
  }

  async function sendAll(files) {
    button.disabled = true;
    list.replaceChildren();
    const lines = files.map(file => [file, made("li")]);
    for (const [file, line] of lines) { line.append(made("span", file.name)); list.append(line); }
    for (const [file, line] of lines) await send(file, line);
    button.disabled = false;
    form.reset();
    if (!one("a", list)) list.after(made("p")), list.nextSibling.append(made("a", "Show the list anew", { href: "/admin/documents" }));
  }

  form.addEventListener("submit", event => {
    event.preventDefault();
    sendAll([...one("[type=file]", form).files]);
  });
  for (const name of ["dragover", "dragleave", "drop"])
    form.addEventListener(name, event => {
      event.preventDefault();
      form.classList.toggle("over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) sendAll([...event.dataTransfer.files]);
    });
}

function removal(dialog) {
  for (const link of all(".remove"))
    link.addEventListener("click", event => {
      event.preventDefault();
      one("form", dialog).action = link.href;
      one(".what", dialog).textContent = one("a", link.closest("tr")).textContent;
      dialog.showModal();
    });
}

function choosing(form) {
  const boxes = all("[name=id]", form), every = one(".all", form), button = one("button", form);
  function count() {
    const chosen = boxes.filter(box => box.checked).length;
    button.disabled = !chosen;
    one(".count", form).textContent = chosen ? `${chosen} of ${boxes.length}` : "";
    one("input", every).checked = chosen === boxes.length;
  }
  every.hidden = false;
  one("input", every).addEventListener("change", event => {
    for (const box of boxes) box.checked = event.target.checked;
    count();
  });
  form.addEventListener("change", count);
  count();
}

if (one(".upload")) upload(one(".upload"), one(".sending"));
if (one("#removing")) removal(one("#removing"));
if (one(".rows")) choosing(one(".rows"));
