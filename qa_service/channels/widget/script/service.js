// The service's API. Whatever keeps an answer away is a Trouble whose kind the reader is told in words.

/** kind: offline, timeout, busy (with seconds to wait), outage, rejected (with the reason), stopped. */
export class Trouble extends Error {
  constructor(kind, seconds = 0, reason = "") {
    super(reason || kind);
    Object.assign(this, { kind, seconds, reason });
  }
}

export class Service {
  #around = new Map();
  #reader = null;

  constructor(api, seconds) {
    Object.assign(this, { api, seconds });
  }

  /** The answer object. The server may take fewer earlier questions than we send: then it is asked without. */
  async ask(question, history, stop) {
    try {
      return await this.#fetched("/api/v1/ask", { question, history }, stop);
    } catch (trouble) {
      if (!history.length || !/^history/.test(trouble.reason)) throw trouble;
      return this.ask(question, [], stop);
    }
  }

  /** What is indexed, and what to ask first. */
  async about() {
    const [{ documents }, { suggestions }] = await Promise.all([this.#fetched("/api/v1/documents"), this.#fetched("/api/v1/suggestions")]);
    return { documents, suggestions };
  }

  /** The sentences around a quote; asked for once. */
  around({ document_id, start, end }) {
    const path = `/api/v1/documents/${encodeURIComponent(document_id)}/context?start=${start}&end=${end}`;
    if (!this.#around.has(path)) this.#around.set(path, this.#fetched(path));
    return this.#around.get(path);
  }

  /** How many of an answer's quotes stand in their documents now. */
  async standing(citations) {
    const { citations: verdicts } = await this.#fetched("/api/v1/verify", { citations });
    return verdicts.filter((one) => one.valid).length;
  }

  /** A reader's thumb and comment. A conversation stands for the reader, whose later opinion replaces the first. */
  async feedback(answer_id, value, comment) {
    this.#reader ??= await this.#fetched("/api/v1/conversations", {});
    return this.#fetched("/api/v1/feedback", { answer_id, value, comment, conversation_id: this.#reader.id });
  }

  /** Where a quote is read in its text. */
  sourcePage({ document_id, start, end, sha256 }) {
    return `${this.api}/documents/${encodeURIComponent(document_id)}?start=${start}&end=${end}&sha256=${sha256.slice(0, 12)}#quote`;
  }

  async #fetched(path, body, stop) {
    const late = AbortSignal.timeout(this.seconds * 1000);
    const request = { signal: stop ? AbortSignal.any([stop, late]) : late };
    if (body) Object.assign(request, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    try {
      const response = await fetch(this.api + path, request);
      if (!response.ok) throw await refused(response);
      return response.status === 204 ? null : await response.json();
    } catch (error) {
      if (error instanceof Trouble) throw error;
      if (stop?.aborted) throw new Trouble("stopped");
      if (late.aborted) throw new Trouble("timeout", this.seconds);
      throw new Trouble(navigator.onLine ? "outage" : "offline");
    }
  }
}

async function refused(response) {
  if (response.status === 429) return new Trouble("busy", waiting(response.headers.get("Retry-After")));
  if (response.status >= 500 || response.status === 404) return new Trouble("outage");
  const { detail } = await response.json().catch(() => ({}));
  return new Trouble("rejected", 0, detail ?? "");
}

/** Seconds until a Retry-After, which is a number of them or a date. */
function waiting(header) {
  const seconds = Number(header ?? 10);
  return Math.max(1, Math.ceil(Number.isNaN(seconds) ? (Date.parse(header) - Date.now()) / 1000 || 10 : seconds));
}
