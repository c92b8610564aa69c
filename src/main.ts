#!/usr/bin/env node

const NODE_MAJOR_MIN = 24;
const [major] = process.versions.node.split('.').map(Number);
const [command, ...rest] = process.argv.slice(2);
// What begins with a flag is for the service, but for a call for help.
const isForService =
  command === undefined ||
  ['serve', 'token', 'copy'].includes(command) ||
  (command.startsWith('-') && !['--help', '-h'].includes(command));
/** Of a command that talks to a service: 1 and 2 say what a person has decided, so nothing else may end with them. */
const CLIENT_FAILED = 3;

if (Number(major) < NODE_MAJOR_MIN) {
  process.stderr.write(
    `sallyport needs Node.js ${NODE_MAJOR_MIN} or newer, and this is ${process.version}. Use 'npm start', or 'node_modules/.bin/node dist/main.js'.\n`,
  );
  process.exitCode = isForService ? 1 : CLIENT_FAILED;
} else if (!isForService) {
  process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.stderr.write(`sallyport: ${error.stack}\n`);
    process.exit(CLIENT_FAILED);
  });
  // No static imports: older versions would stop at what they do not know before they could say so.
  const { runClient } = await import('./cli/client.ts');
  process.exit(await runClient(process.argv.slice(2), process.env));
} else if (command === 'token') {
  const { runToken } = await import('./cli/token.ts');
  const { code, stdout, stderr } = await runToken(rest, process.env);
  process.stderr.write(stderr);
  process.stdout.write(stdout);
  process.exitCode = code;
} else if (command === 'copy') {
  const [{ runCopy }, { copyLog }] = await Promise.all([
    import('./cli/copy.ts'),
    import('./journal/copy.ts'),
  ]);
  const { stdout, stderr } = process;
  process.exitCode = await runCopy(rest, { copyLog, stdout, stderr, now: () => performance.now() });
} else {
  const { run } = await import('./run.ts');
  await run(process.argv.slice(2), process.env);
}
