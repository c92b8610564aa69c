import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);
import {
  UsageError
} from "./chunk-IVCN7ZWN.js";
import {
  credentialPaths
} from "./chunk-BORXUKUJ.js";
import {
  withoutPassword
} from "./chunk-KJRQW6KF.js";
import "./chunk-VF57VZD3.js";

// src/cli/copy.ts
import { existsSync } from "node:fs";

// src/cli/copy-command.ts
import { parseArgs } from "node:util";
var FLAGS = {
  from: { type: "string" },
  to: { type: "string" },
  help: { type: "boolean", short: "h" }
};
function readCopyCommand(argv) {
  const { values, positionals } = parse(argv);
  if (values.help === true || argv.length === 0) {
    return "help";
  }
  if (positionals.length > 0) {
    throw new UsageError("'copy' takes no words besides --from STORE and --to STORE");
  }
  const from = readStore("--from", values.from);
  const to = readStore("--to", values.to);
  if (from === to) {
    throw new UsageError("--from and --to are the same");
  }
  return { from, to };
}
function parse(argv) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(withoutPassword(error.message.replace(/\. .*/s, "")));
  }
}
function readStore(flag, store) {
  if (store === void 0) {
    throw new UsageError(`'copy' needs ${flag} STORE`);
  }
  if (!/^(sqlite:(?!:memory:).|postgres(ql)?:\/\/.)/s.test(store)) {
    throw new UsageError(`${flag} must be sqlite:PATH or postgres://\u2026, not '${withoutPassword(store)}'`);
  }
  return store;
}

// src/cli/copy-help.ts
var HELP = `Usage: sallyport copy --from STORE --to STORE

Copies a log into an empty one: every agent, approval, event and idempotency key, each with its number. It moves a
service from SQLite to PostgreSQL, and back. The log it reads stays as it is.

  --from STORE  The log to copy: sqlite:PATH or postgres://... . No service may run on it.
  --to STORE    Where to: the same. It is made if it is not there; if there is anything in it, it is refused.
  --help, -h    Prints this.

A copy is whole or not there: after one that was interrupted the target is empty, and the same command can be given
again. How far it is goes to standard error. What is copied is as secret as the log: a password in a URL is best kept
in ~/.pgpass or PGPASSWORD, as other users of a machine may see the words of a command.

Tokens are not in the log. They stay in their file, which SALLYPORT_TOKENS_FILE names where the store has no folder.

Ends with 0 if it was copied, 1 if it was not, 2 if the command is wrong.

Examples:
  sallyport copy --from sqlite:./data/sallyport.db --to postgres://sallyport@db.internal/sallyport
  sallyport copy --from sqlite:./data/sallyport.db --to 'postgres://sallyport@db.internal/shared?schema=team_a'
  sallyport copy --from postgres://sallyport@db.internal/sallyport --to sqlite:/var/lib/sallyport/sallyport.db
`;

// src/cli/copy-progress.ts
var ON_TERMINAL_EVERY_MS = 100;
var IN_A_FILE_EVERY_MS = 5e3;
var CLEAR_LINE = "\r\x1B[K";
var CopyProgress = class {
  #output;
  /** Milliseconds, from any moment on. */
  #now;
  #startedAt;
  #saidAt;
  constructor(output, now) {
    this.#output = output;
    this.#now = now;
    this.#startedAt = now();
    this.#saidAt = this.#startedAt;
  }
  get seconds() {
    return (this.#now() - this.#startedAt) / 1e3;
  }
  say(done, total) {
    const now = this.#now();
    const everyMs = this.#output.isTTY ? ON_TERMINAL_EVERY_MS : IN_A_FILE_EVERY_MS;
    if (now - this.#saidAt < everyMs) {
      return;
    }
    this.#saidAt = now;
    const perSecond = done / this.seconds;
    const left = Math.ceil((total - done) / perSecond);
    const percent = Math.floor(100 * done / total);
    const text = `${percent} %: ${count(done)} of ${count(total)} rows, ${count(Math.round(perSecond))} a second, ${count(left)} s left`;
    this.#output.write(this.#output.isTTY ? CLEAR_LINE + text : `${text}
`);
  }
  /** The line of a terminal is free again. */
  end() {
    if (this.#output.isTTY) {
      this.#output.write(CLEAR_LINE);
    }
  }
};
function count(number) {
  return number.toLocaleString("en");
}

// src/cli/copy.ts
async function runCopy(argv, parts) {
  const { copyLog, stdout, stderr, now } = parts;
  try {
    const command = readCopyCommand(argv);
    if (command === "help") {
      stdout.write(HELP);
      return 0;
    }
    const progress = new CopyProgress(stderr, now);
    try {
      const copied = await copyLog({ ...command, progress: (done, total) => progress.say(done, total) });
      progress.end();
      stdout.write(report(command, copied, progress.seconds));
    } catch (error) {
      progress.end();
      throw error;
    }
    return 0;
  } catch (error) {
    const { message } = error;
    const isUsage = error instanceof UsageError;
    stderr.write(`sallyport: ${message}
${isUsage ? "See 'sallyport copy --help'.\n" : ""}`);
    return isUsage ? 2 : 1;
  }
}
function report({ from, to }, { head, floor, rows }, seconds) {
  const tokens = credentialPaths(from, null)?.tokens;
  const hint = tokens !== void 0 && credentialPaths(to, null)?.tokens !== tokens && existsSync(tokens) ? `The tokens are not in the log but in ${tokens}: name it, or a copy, in SALLYPORT_TOKENS_FILE.
` : "";
  return `Copied the log up to seq ${count(head)}, with its events after ${count(floor)}, in ${seconds.toFixed(1)} s: ${count(rows.events)} events and
final approvals, ${count(rows.open)} agents and pending approvals, ${count(rows.keys)} idempotency keys.
From here on ${withoutPassword(to)} is a log of its own, with a new epoch: clients start again from a snapshot.
Next, set SALLYPORT_STORE to it and start the service; do not serve ${withoutPassword(from)} any more.
${hint}`;
}
export {
  runCopy
};
