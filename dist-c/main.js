#!/usr/bin/env node
import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);

// src/main.ts
var NODE_MAJOR_MIN = 24;
var [major] = process.versions.node.split(".").map(Number);
if (Number(major) < NODE_MAJOR_MIN) {
  process.stderr.write(
    `sallyport needs Node.js ${NODE_MAJOR_MIN} or newer, and this is ${process.version}. Use 'npm start', or 'node_modules/.bin/node dist/main.js'.
`
  );
  process.exitCode = 1;
} else {
  const [command, ...rest] = process.argv.slice(2);
  if (command === "token") {
    const { runToken } = await import("./token-PUUGETO3.js");
    const { code, stdout, stderr } = await runToken(rest, process.env);
    process.stderr.write(stderr);
    process.stdout.write(stdout);
    process.exitCode = code;
  } else if (command === "copy") {
    const [{ runCopy }, { copyLog }] = await Promise.all([
      import("./copy-4MAC4UEM.js"),
      import("./copy-QISRAC5K.js")
    ]);
    const { stdout, stderr } = process;
    process.exitCode = await runCopy(rest, { copyLog, stdout, stderr, now: () => performance.now() });
  } else {
    const { run } = await import("./run-PEMQQE5G.js");
    await run(process.argv.slice(2), process.env);
  }
}
