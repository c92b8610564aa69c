#!/usr/bin/env node
const NODE_MAJOR_MIN = 24;
const [major] = process.versions.node.split('.').map(Number);
if (Number(major) < NODE_MAJOR_MIN) {
    process.stderr.write(`sallyport needs Node.js ${NODE_MAJOR_MIN} or newer, and this is ${process.version}. Use 'npm start', or 'node_modules/.bin/node dist/main.js'.\n`);
    process.exitCode = 1;
}
else {
    // No static imports: older versions would stop at what they do not know before they could say so.
    const [command, ...rest] = process.argv.slice(2);
    if (command === 'token') {
        const { runToken } = await import('./cli/token.js');
        const { code, stdout, stderr } = await runToken(rest, process.env);
        process.stderr.write(stderr);
        process.stdout.write(stdout);
        process.exitCode = code;
    }
    else if (command === 'copy') {
        const [{ runCopy }, { copyLog }] = await Promise.all([
            import('./cli/copy.js'),
            import('./journal/copy.js'),
        ]);
        const { stdout, stderr } = process;
        process.exitCode = await runCopy(rest, { copyLog, stdout, stderr, now: () => performance.now() });
    }
    else {
        const { run } = await import('./run.js');
        await run(process.argv.slice(2), process.env);
    }
}
export {};
