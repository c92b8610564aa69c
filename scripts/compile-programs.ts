import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { codeOf, codePath, compileProgram, runProgram } from '../src/program.ts';

/**
 * A part of `npm run build`: puts the code of what a start runs beside the sources in `dist/programs/`, by starting the
 * service once, with a log of its own.
 */

const programs = fileURLToPath(new URL('../dist/programs/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sallyport-build-'));
const path = join(programs, 'run.cjs');
const script = compileProgram(path);
const { run } = runProgram(script, path) as typeof import('../src/run.ts');
await run(['--port', '0', '--store', `sqlite:${join(folder, 'log.db')}`, '--log-level', 'error'], {});
// V8 asks for code that was made with the flags it has: at a start, those it comes with.
setFlagsFromString('--semi-space-growth-factor=2');
writeFileSync(codePath(path), codeOf(script, readFileSync(path)));
process.once('exit', () => rmSync(folder, { recursive: true }));
process.kill(process.pid, 'SIGTERM');
