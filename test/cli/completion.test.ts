import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { HELP } from '../../src/cli/client-help.ts';
import { without } from '../process/built.ts';
import { sallyport } from './command.ts';

const COMMANDS = Object.keys(HELP.commands);

/** A shell's own program that reads the script, of which the name is its first word, and completes the others. */
const COMPLETE = {
  bash: [
    '-c',
    `. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sallyport; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  // What belongs to its line editor is not there, so the shell is told what is handed to that.
  zsh: [
    '-fc',
    `compdef() { }; compset() { }; _files() { print files }; compadd() { shift; print -l -- "$@" }
    . "$0"; words=("$@"); CURRENT=$#; _sallyport`,
  ],
  fish: ['--no-config', '-c', 'source $argv[1]; complete -C "$argv[2..]"'],
} as const;
type Shell = keyof typeof COMPLETE;

/** What the shell offers for these words, of which the last has just begun. */
async function completer(t: Test, shell: Shell) {
  const { code, stdout: script } = await sallyport(t, ['completion', shell]);
  t.equal(code, 0);
  const file = join(t.testdir({}), 'completion');
  writeFileSync(file, script);
  return (...words: string[]) => {
    const args = [...COMPLETE[shell], file, 'sallyport', ...words];
    const { stdout, stderr } = spawnSync(shell, args, { encoding: 'utf8', cwd: t.testdirName });
    t.equal(stderr, '');
    return stdout.split('\n').filter(Boolean).sort();
  };
}

for (const shell of ['bash', 'zsh', 'fish'] as const) {
  test(`${shell} completes commands, their flags, and the values of those`, {
    skip: without(shell),
  }, async (t) => {
    const complete = await completer(t, shell);
    /** Bash and fish leave out what does not begin so; zsh does that later. */
    const has = (offered: string[], ...wanted: string[]) =>
      t.strictSame(
        wanted.filter((word) => !offered.includes(word)),
        [],
        wanted.join(' '),
      );
    has(complete(''), ...COMMANDS, 'serve', 'token', 'copy', 'help');
    has(complete('ask', '--'), '--details', '--timeout', '--help');
    has(complete('init', ''), 'claude-code');
    has(complete('token', 'r'), 'rotate', 'revoke');
    has(complete('help', 're'), 'resolve');
    has(complete('approve', 'x', '--comment', 'y', '--j'), '--json');
    const statuses = ['cancelled', 'expired', 'pending', 'resolved'];
    t.strictSame(complete('approvals', '--status', ''), statuses);
    t.notOk(complete('ask', '--details', '').includes('--timeout'), 'a value is no flag');
    if (shell !== 'zsh') {
      t.strictSame(complete('app'), ['approvals', 'approve']);
      t.strictSame(complete('ask', '--ti'), ['--timeout']);
    }
  });
}

test('there is no script for other shells', async (t) => {
  const other = await sallyport(t, ['completion', 'tcsh']);
  t.match(other, { code: 3, stderr: /Allowed choices are bash, zsh, fish/ });
});
