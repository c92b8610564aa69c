import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noPostgres } from '../test/postgres-server.ts';
import { stripTypes } from './strip-types.ts';

/**
 * `npm test`: runs tap, then says again what was skipped and why, and how many assertions passed and failed.
 * With CI=true a skip is a failure. Without a PostgreSQL the code for it is not counted in the coverage. Arguments go to tap: `npm test -- test/config.test.ts`.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const tap = realpathSync(join(root, 'node_modules', '.bin', 'tap'));
const record = join(root, '.tap', 'last-run.tap');

buildPlugins();
if (process.argv.length === 2) beginAnew();
stripTypes(root);
const { text, code: firstCode } = await runTap(process.argv.slice(2));
const skipped = skippedIn(text);
const { pass, fail: firstFail } = countsIn(text);
const unsteady = await passesAlone(text);
const code = unsteady.length > 0 ? 0 : firstCode;
const fail = unsteady.length > 0 ? 0 : firstFail;
const complaints = [
  ...(pass + fail === 0 ? ['no test ran'] : []),
  ...(skipped.length > 0 && process.env.CI === 'true' ? ['with CI=true a skipped test is a failure'] : []),
  ...(code === 0 ? [] : [`tap ended with exit code ${code}; what it says is above`]),
];
console.log(
  [
    '',
    ...skipped,
    ...failuresIn(text),
    ...unsteady,
    ...complaints.map((complaint) => `failed: ${complaint}`),
  ].join('\n'),
);
console.log(`${pass} passed, ${fail} failed`);
process.exitCode = complaints.length > 0 ? 1 : 0;

/**
 * Makes tap ready for the plugins that `.taprc` names. By itself it does so at its first run, but that run still uses
 * the ones it was installed with, and they cannot load TypeScript 7. The mark goes with `node_modules`.
 */
function buildPlugins(): void {
  const mark = join(root, 'node_modules', '.tap-plugins');
  const wanted = readFileSync(join(root, '.taprc'), 'utf8');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) {
    return;
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [tap, 'build'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new Error(`tap could not build its plugins\n${stdout}${stderr}`);
  }
  writeFileSync(mark, wanted);
}

/** What is kept from one run to the next is made again when all is run: what makes it is tested, too, and old things go. */
function beginAnew(): void {
  for (const name of globSync('.tap/{compiled,dashboard-*,dist}', { cwd: root })) {
    rmSync(join(root, name), { recursive: true });
  }
}

/** On a terminal tap shows its own report and the TAP text goes to a file; elsewhere that text is the report. */
async function runTap(args: readonly string[]): Promise<{ text: string; code: number }> {
  const onTerminal = process.stdout.isTTY === true;
  mkdirSync(join(root, '.tap'), { recursive: true });
  rmSync(record, { force: true });
  const notCounted = noPostgres ? ['--coverage-exclude=src/journal/postgres*.ts'] : [];
  const command = [tap, ...args, ...notCounted, ...(onTerminal ? [`--output-file=${record}`] : [])];
  const stripped = `--import=${new URL('./stripped.js', import.meta.url)}`;
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${stripped}`.trim() },
    stdio: ['inherit', onTerminal ? 'inherit' : 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    process.stdout.write(chunk);
  });
  const [code] = await once(child, 'close');
  if (onTerminal && existsSync(record)) {
    text = readFileSync(record, 'utf8');
  }
  return { text, code: code ?? 1 };
}

/**
 * On a busy machine a program that is not ours misses a beat now and then. At most so many files that failed among the
 * others are run once more, alone: if all pass, that is said for each, with what had failed, and they count as passed.
 * Empty where anything else is wrong.
 */
async function passesAlone(first: string): Promise<string[]> {
  const MAX = 3;
  const failed = [...first.matchAll(/^not ok \d+ - (\S+\.test\.ts)/gm)].map(([, file]) => String(file));
  const isCovered = !/^All files +\|/m.test(first);
  if (failed.length === 0 || failed.length > MAX || !isCovered) {
    return [];
  }
  console.log(`\nonce more, alone: ${failed.join(' ')}`);
  const { code } = await runTap(['--disable-coverage', '--jobs=1', ...failed]);
  return code === 0 ? failed.map((file) => `unsteady: ${file} failed among the others and passed alone`) : [];
}

/** One line for each test that did not run, with its file and the reason. */
function skippedIn(text: string): string[] {
  const found: string[] = [];
  let file = '';
  for (const line of text.split('\n')) {
    file = /^# Subtest: (.*)$/.exec(line)?.[1] ?? file;
    const [, name, kind, reason] = /^\s*(?:not )?ok \d+(?: - (.*?))? # (SKIP|TODO) ?(.*)$/.exec(line) ?? [];
    if (kind !== undefined) {
      found.push(`${kind === 'SKIP' ? 'skipped' : 'to do'}: ${file}: ${name}${reason ? `: ${reason}` : ''}`);
    }
  }
  return found;
}

/** The assertions that failed, each under the name of its file, with what tap says of it: the end of a long log is what is read. */
function failuresIn(text: string): string[] {
  const MAX_LINES = 400;
  const lines = text.split('\n');
  const found: string[] = [];
  let file = '';
  let inDiagnostics = false;
  for (const [at, line] of lines.entries()) {
    file = /^# Subtest: (.*)$/.exec(line)?.[1] ?? file;
    if (/^\s*not ok /.test(line)) {
      found.push(...(found.length === 0 ? ['what failed:'] : []), `${file}: ${line.trim()}`);
    }
    const isStart = /^\s*---$/.test(line) && /^\s*not ok /.test(lines[at - 1] ?? '');
    inDiagnostics = isStart || (inDiagnostics && !/^\s*\.\.\.$/.test(line));
    if (inDiagnostics && !isStart) {
      found.push(line);
    }
  }
  return found.slice(0, MAX_LINES);
}

/** From tap's own summary, `# { total: 6, pass: 5, fail: 1 }`; a figure that is 0 may be left out. */
function countsIn(text: string): { pass: number; fail: number } {
  const summary = text.match(/^# \{ total: .*\}$/gm)?.at(-1) ?? '';
  const figure = (name: string) => Number(new RegExp(` ${name}: (\\d+)`).exec(summary)?.[1] ?? 0);
  return { pass: figure('pass'), fail: figure('fail') };
}
