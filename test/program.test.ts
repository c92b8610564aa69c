import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { codeOf, codePath, compileProgram, loadProgram, runProgram } from '../src/program.ts';

const SOURCE = `(function (exports, require, module, __filename, __dirname) {
  exports.where = [__filename, require('node:path').join(__dirname, 'twice.cjs')];
  exports.answer = () => 6 * 7;
})`;

/** A program that has run once, and its code beside it. */
function program(t: Test): string {
  const path = join(t.testdir({ 'twice.cjs': SOURCE }), 'twice.cjs');
  const script = compileProgram(path);
  t.equal(script.cachedDataRejected, undefined, 'there is no code yet');
  t.equal(answerOf(runProgram(script, path)), 42);
  writeFileSync(codePath(path), codeOf(script, readFileSync(path)));
  return path;
}

function answerOf(exports: unknown): number {
  return (exports as { answer: () => number }).answer();
}

test('a program is given what a module is given, and its code is taken from beside it', (t) => {
  const path = program(t);
  t.match(loadProgram(path), { where: [path, path] });
  const script = compileProgram(path);
  t.equal(script.cachedDataRejected, false);
  t.equal(answerOf(runProgram(script, path)), 42);
  t.end();
});

test('code of another source is not taken, even where that is as long', (t) => {
  const path = program(t);
  writeFileSync(path, SOURCE.replace('6 * 7', '6 * 8'));
  t.equal(compileProgram(path).cachedDataRejected, undefined);
  t.equal(answerOf(loadProgram(path)), 48);
  t.end();
});

test('code that is damaged or cut off is not taken', (t) => {
  const path = program(t);
  const whole = readFileSync(codePath(path));
  const damaged = Buffer.from(whole);
  damaged[whole.length >> 1] = 1 + (damaged[whole.length >> 1] as number);
  writeFileSync(codePath(path), damaged);
  t.equal(compileProgram(path).cachedDataRejected, undefined);
  t.equal(answerOf(loadProgram(path)), 42);
  for (const length of [whole.length - 1, 7, 0]) {
    truncateSync(codePath(path), length);
    t.equal(compileProgram(path).cachedDataRejected, undefined);
    t.equal(answerOf(loadProgram(path)), 42);
  }
  t.end();
});

test('code of another Node.js is not taken', (t) => {
  const path = program(t);
  const { version } = process;
  t.teardown(() => Object.defineProperty(process, 'version', { value: version }));
  Object.defineProperty(process, 'version', { value: 'v24.0.0' });
  t.equal(compileProgram(path).cachedDataRejected, undefined);
  t.equal(answerOf(loadProgram(path)), 42);
  t.end();
});

test('code that V8 does not know is not taken', (t) => {
  // One that this process has not compiled yet.
  const path = join(t.testdir({ 'other.cjs': SOURCE.replace('twice', 'other') }), 'other.cjs');
  const made = { createCachedData: () => Buffer.alloc(1000) };
  writeFileSync(codePath(path), codeOf(made as never, readFileSync(path)));
  t.equal(compileProgram(path).cachedDataRejected, true, 'it is whole, but V8 does not know it');
  t.equal(answerOf(loadProgram(path)), 42);
  t.end();
});
