import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);
import {
  ConfigError,
  beginOpening,
  readConfig,
  require_pino
} from "./chunk-KIQ5NMNJ.js";
import "./chunk-V2TDGO33.js";
import {
  withoutPassword
} from "./chunk-KJRQW6KF.js";
import "./chunk-HTUXLBNY.js";
import "./chunk-FSVKVDGF.js";
import "./chunk-LG2IJRYR.js";
import "./chunk-75OKU47O.js";
import {
  __toESM
} from "./chunk-VF57VZD3.js";

// src/run.ts
var import_pino = __toESM(require_pino(), 1);
import { readFileSync } from "node:fs";
import { constants } from "node:os";

// src/young-generation.ts
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
var YOUNG_GENERATION_MAX = 16 * 1024 * 1024;
function keepYoungGeneration() {
  growBy(1);
}
function limitYoungGeneration() {
  let factor = 1;
  new PerformanceObserver(() => {
    const next = youngGenerationBytes() < YOUNG_GENERATION_MAX ? 2 : 1;
    if (next !== factor) {
      factor = next;
      growBy(next);
    }
  }).observe({ entryTypes: ["gc"] });
}
function growBy(factor) {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}
function youngGenerationBytes() {
  const spaces = getHeapSpaceStatistics().filter(({ space_name }) => space_name === "new_space");
  return spaces.reduce((bytes, { space_size }) => bytes + space_size, 0);
}

// src/run.ts
async function run(argv, environment) {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  try {
    const read = readConfig(argv, environment, version);
    if ("print" in read) {
      process.stdout.write(read.print);
    } else {
      await serve(read.run, version, await makeLog(read.run.logLevel, !environment.NO_COLOR));
    }
  } catch (error) {
    const text = error instanceof ConfigError ? `${error.message}
See 'sallyport --help'.` : error.message;
    process.stderr.write(`sallyport: ${text}
`);
    process.exitCode = 1;
  }
}
async function serve(config, version, log) {
  keepYoungGeneration();
  const onFatal = (error) => {
    log.fatal(
      { err: error },
      "this node cannot go on with its log; ending, so that nothing is answered that is not safe"
    );
    process.exit(1);
  };
  const opening = beginOpening(config, log, onFatal);
  const { startService } = await import("./service-VZFZL3W5.js");
  const service = await startService({ config, version, log, onFatal, opening });
  limitYoungGeneration();
  sayHello(service, config, log, version);
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.on(signal, () => void end(signal));
  }
  let isEnding = false;
  async function end(signal) {
    if (isEnding) {
      process.exit(128 + constants.signals[signal]);
    }
    isEnding = true;
    log.info(`${signal}: answering what runs, then stopping; once more stops at once`);
    await service.stop();
    log.info("stopped");
    process.exitCode = 0;
  }
}
function sayHello(service, config, log, version) {
  const url = config.publicUrl ?? service.url;
  const link = url.replace(/^http:\/\/(0\.0\.0\.0|\[::\])(?=[:/]|$)/, "http://127.0.0.1");
  const listening = url === service.url ? "" : `listening on ${service.url}, `;
  log.info(
    `Sallyport ${version} is up: ${url} (${listening}documentation: ${link}/docs), keeping its log in ${withoutPassword(config.store)}`
  );
  const { isConfigured, unusedAdminToken } = service.credentials;
  const credential = isConfigured ? '-H "Authorization: Bearer $SALLYPORT_TOKEN" ' : "";
  log.info(`Try: curl -N ${credential}${link}/events/stream`);
  if (unusedAdminToken !== null) {
    log.warn(
      `an administrator's token is in ${unusedAdminToken}, which goes away when it is used: make others with 'sallyport token create'`
    );
  }
  if (!isConfigured) {
    log.warn(
      config.insecure ? `SALLYPORT_INSECURE is set: whoever reaches ${config.host}:${new URL(service.url).port} can decide everything` : "No credentials: every program on this machine may decide. Make a token with 'sallyport token create --name NAME --role admin'"
    );
  }
}
async function makeLog(level, colorize) {
  if (!process.stdout.isTTY) {
    return (0, import_pino.pino)({ level });
  }
  const { default: pretty } = await import("pino-pretty");
  return (0, import_pino.pino)({ level }, pretty({ colorize, ignore: "pid,hostname" }));
}
export {
  run
};
