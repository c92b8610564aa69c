import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);
import {
  SqliteLog,
  SqliteReader,
  decodeChanges,
  memoryOf,
  readBoot
} from "./chunk-V2TDGO33.js";
import "./chunk-HTUXLBNY.js";
import "./chunk-LG2IJRYR.js";
import {
  StorageUnavailable
} from "./chunk-75OKU47O.js";
import "./chunk-VF57VZD3.js";

// src/journal/sqlite-worker.ts
import { parentPort, workerData } from "node:worker_threads";

// src/journal/sqlite-serve.ts
import { DatabaseSync } from "node:sqlite";
function serve(port, start) {
  const thread = start.role === "writer" ? new WriterThread(port, start) : new ReaderThread(start);
  port.on("message", (request) => {
    const [id] = request;
    try {
      const value = thread.answer(request);
      port.postMessage([id, null, value], request[1] === "boot" ? memoryOf(value) : []);
      thread.afterwards?.(request);
    } catch (error) {
      port.postMessage([id, failureOf(error), error.message]);
    }
  });
}
function failureOf(error) {
  return error instanceof StorageUnavailable ? "unavailable" : "error";
}
var ReaderThread = class {
  #path;
  #db;
  #reader;
  constructor({ path }) {
    this.#path = path;
  }
  answer([, method, argument]) {
    if (method === "open") {
      this.#db = new DatabaseSync(this.#path, { readOnly: true, timeout: 5e3 });
      this.#reader = new SqliteReader(this.#db);
      return void 0;
    }
    if (method === "close") return this.#db?.close();
    return read(this.#reader, method, argument);
  }
};
var WriterThread = class {
  #port;
  #start;
  #log;
  #tidying;
  constructor(port, start) {
    this.#port = port;
    this.#start = start;
  }
  answer([, method, argument, now]) {
    if (method === "open") {
      this.#log = new SqliteLog(this.#start.path, this.#start.retention);
      return this.#log.epoch;
    }
    if (method === "boot") return readBoot(this.#start.path);
    const log = this.#log;
    if (method === "commit") return log.commit(decodeChanges(argument), now);
    if (method === "probe") return log.probe(now);
    if (method === "retain") return void 0;
    if (method === "close") {
      clearImmediate(this.#tidying);
      return log.close();
    }
    return read(log.reader, method, argument);
  }
  afterwards([, method, , now]) {
    if (method !== "commit" && method !== "retain") return;
    this.#tidying ??= setImmediate(() => this.#tidy(now));
  }
  /** Forgets one slice at a time, so that a group that has arrived meanwhile goes first. */
  #tidy(now) {
    const log = this.#log;
    const { floor } = log;
    try {
      const more = log.retain(now);
      this.#tidying = more ? setImmediate(() => this.#tidy(now)) : void 0;
      if (log.floor !== floor) this.#port.postMessage([0, null, log.floor]);
      log.checkpoint();
    } catch (error) {
      this.#port.postMessage([0, "error", error.message]);
    }
  }
};
function read(reader, method, argument) {
  if (method === "events") return reader.events(argument);
  if (method === "approvals") return reader.approvals(argument);
  if (method === "approvalByKey") return reader.approvalByKey(argument);
  return reader.approval(argument);
}

// src/journal/sqlite-worker.ts
serve(parentPort, workerData);
