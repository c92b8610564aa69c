import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { AGENT_STATUSES } from '../model/agent.ts';
import { APPROVAL_STATUSES } from '../model/approval.ts';
import { agentsCommand } from './agents-command.ts';
import {
  approvalsCommand,
  approveCommand,
  cancelCommand,
  denyCommand,
  resolveCommand,
} from './approval-commands.ts';
import { askCommand } from './ask-command.ts';
import { HELP } from './client-help.ts';
import { completionCommand, SHELL_NAMES } from './completion.ts';
import type { Context } from './context.ts';
import { initClaudeCode } from './init-command.ts';
import { runCommand } from './run-command.ts';
import { statusCommand } from './status-command.ts';
import { watchCommand } from './watch-command.ts';

type Handler = (...words: never[]) => Promise<number>;
/** A command with a name, its words and what it does. */
type Add = (name: keyof typeof HELP.commands, words: readonly Argument[], run: Handler) => Command;

/** The client's commands. `end` gets how one of them has ended. */
export function buildProgram(context: Context, end: (code: number) => void): Command {
  const program = new Command('sallyport')
    .usage('[command]')
    .description(HELP.about)
    .addHelpText('after', HELP.after)
    .helpOption('-h, --help', 'Prints this; after a command, that of the command.')
    .helpCommand('help [command]', 'Prints the help of a command.')
    .enablePositionalOptions();
  const add: Add = (name, words, run) => {
    const { about, after } = HELP.commands[name];
    const command = program
      .command(name)
      .description(about)
      .addHelpText('after', `\n${after}`)
      .helpOption('-h, --help', 'Prints this.');
    for (const word of words) {
      command.addArgument(word);
    }
    // Its arguments are the words, the flags, and the command itself.
    return command.action(async (...given: unknown[]) => end(await run(...(given.slice(0, -1) as never[]))));
  };
  addAsk(add, context);
  addApprovals(add, context);
  addWhatGoesOn(add, context);
  addRun(add, context);
  addSetUp(add, context);
  add('completion', [new Argument('<shell>').choices(SHELL_NAMES)], (shell: 'bash' | 'zsh' | 'fish') =>
    completionCommand(context.screen, program, shell),
  );
  return program;
}

function addAsk(add: Add, context: Context): void {
  const question = new Argument('<question>', 'What a person is asked.');
  add('ask', [question], (action: string, flags) => askCommand(context, action, flags))
    .option('-d, --details <json>', 'What the person needs to decide: JSON, @FILE, or - for standard input.')
    .addOption(
      repeatable('--option <option>', 'An answer that is offered; repeat it. Default: approve, deny'),
    )
    .option('--approve-label <option>', 'The option that means yes. Default: approve')
    .option('--agent <id>', 'The agent it is about. Default: SALLYPORT_AGENT')
    .option('--timeout <duration>', 'For how long to wait; without --expires the approval ends then, too.')
    .option('--expires <duration>', 'For how long it can be answered.')
    .option('--key <key>', 'The same key is the same approval. Default: one that is made up')
    .addOption(json());
}

function addApprovals(add: Add, context: Context): void {
  const id = () => new Argument('<id>', "The approval's id; 'sallyport approvals' shows them.");
  const comment = () => new Option('--comment <text>', 'Why; whoever asked can read it.');
  const one = new Argument('[id]', 'All of one approval; its id. Default: a list');
  add('approvals', [one], (word: string | undefined, flags) => approvalsCommand(context, word, flags))
    .addOption(repeatable('--status <status>', 'Repeat it for several. Default: pending', APPROVAL_STATUSES))
    .option('--agent <id>', 'Only those about this agent.')
    .option('--limit <number>', 'How many at most, 1-500. Default: 50')
    .addOption(json());
  add('approve', [id()], (word: string, flags) => approveCommand(context, word, flags))
    .addOption(comment())
    .addOption(json());
  add('deny', [id()], (word: string, flags) => denyCommand(context, word, flags))
    .addOption(comment())
    .addOption(json());
  const option = new Argument('<option>', 'One of its options.');
  add('resolve', [id(), option], (word: string, picked: string, flags) =>
    resolveCommand(context, word, picked, flags),
  )
    .addOption(comment())
    .addOption(json());
  add('cancel', [id()], (word: string, flags) => cancelCommand(context, word, flags))
    .addOption(comment())
    .addOption(json());
}

function addWhatGoesOn(add: Add, context: Context): void {
  add('agents', [], (flags) => agentsCommand(context, flags))
    .addOption(new Option('--status <status>', 'Only those that are so.').choices(AGENT_STATUSES))
    .option('--kind <kind>', 'Only those of this kind.')
    .option('--project <project>', 'Only those of this project.')
    .option('--limit <number>', 'How many at most, 1-500. Default: 50')
    .addOption(json());
  add('watch', [], (flags) => watchCommand(context, flags))
    .addOption(repeatable('--kind <kind>', 'Only this kind, or a family such as approval.*; repeat it.'))
    .option('--agent <id>', 'Only what is about this agent.')
    .option('--after <seq>', 'Begin after this event; 0 for all that are kept. Default: with the next one')
    .addOption(json());
  add('status', [], (flags) => statusCommand(context, flags)).addOption(json());
}

function addRun(add: Add, context: Context): void {
  const command = new Argument('<command...>', 'The command and its words.');
  add('run', [command], (words: string[], flags) => runCommand(context, words, flags))
    .requiredOption('--agent <name>', 'What people call it.')
    .option('--id <id>', "The agent's id. Default: the name and some digits")
    .option('--kind <kind>', 'What kind of agent it is.', 'command')
    .option('--task <task>', 'What it does, in words.')
    .option('--required', 'Do not run the command if the service cannot be reached.')
    .addOption(json())
    .passThroughOptions();
}

function addSetUp(add: Add, context: Context): void {
  const which = new Argument('<program>', 'Which program.').choices(['claude-code']);
  add('init', [which], (_: string, flags) => initClaudeCode(context, flags))
    .option('--project', 'Write .claude/settings.json in this folder. The default.')
    .option('--user', 'Write .claude/settings.json in your home.')
    .option('--yes', 'Do not ask.')
    .addOption(json());
}

function json(): Option {
  return new Option('--json', 'Print JSON, one value in a line.');
}

function repeatable(flags: string, description: string, choices?: readonly string[]): Option {
  const option = new Option(flags, description);
  const chosen = choices === undefined ? option : option.choices(choices);
  return chosen.argParser((value: string, before: readonly string[] = []) => {
    if (choices?.includes(value) === false) {
      throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
    }
    return [...before, value];
  });
}
