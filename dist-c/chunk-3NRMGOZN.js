import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);

// src/host/presence.ts
function presenceKey({ session_id, principal }) {
  return principal === null ? session_id : `${session_id} ${principal}`;
}

// src/host/local-presence.ts
var LocalPresence = class {
  #node;
  #sessions = /* @__PURE__ */ new Map();
  /** `node`: its name. */
  constructor(node) {
    this.#node = node;
  }
  get size() {
    return this.#sessions.size;
  }
  connect(actor, now) {
    const key = presenceKey(actor);
    const { since = now, streams = 0 } = this.#sessions.get(key) ?? {};
    this.#sessions.set(key, { actor, since, streams: streams + 1 });
  }
  disconnect(actor) {
    const key = presenceKey(actor);
    const session = this.#sessions.get(key);
    if (session === void 0 || session.streams === 1) {
      this.#sessions.delete(key);
    } else {
      this.#sessions.set(key, { ...session, streams: session.streams - 1 });
    }
  }
  isConnected(actor) {
    return this.#sessions.has(presenceKey(actor));
  }
  find(actor) {
    return this.isConnected(actor);
  }
  async list() {
    return this.all().map(({ actor, since, streams }) => ({
      session_id: actor.session_id,
      principal: actor.principal,
      connected_at: new Date(since).toISOString(),
      streams,
      node: this.#node
    }));
  }
  get(key) {
    return this.#sessions.get(key);
  }
  all() {
    return [...this.#sessions.values()];
  }
};

// src/host/locks.ts
var Locks = class {
  #waiting = /* @__PURE__ */ new Map();
  /** Undefined when the name is free, which is the usual case and costs no turn; else a promise of its turn. */
  take(name) {
    const queue = this.#waiting.get(name);
    if (queue === void 0) {
      this.#waiting.set(name, []);
      return void 0;
    }
    return new Promise((resolve) => queue.push(resolve));
  }
  release(name) {
    const next = this.#waiting.get(name)?.shift();
    if (next === void 0) {
      this.#waiting.delete(name);
    } else {
      next();
    }
  }
};

export {
  presenceKey,
  LocalPresence,
  Locks
};
