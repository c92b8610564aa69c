import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { text as textOf } from 'node:stream/consumers';
import type { AskOptions, Question, WaitAnswer } from '../client/index.ts';
import { colourOf, outcomeLine } from './approval-line.ts';
import { type Context, clientOf, type JsonOption } from './context.ts';
import { readDuration, shownDuration } from './duration.ts';
import { CommandFailed, EXIT } from './exit.ts';
import { Interrupted, Interruption } from './interruption.ts';
import { Spinner } from './spinner.ts';
import { Troubles } from './troubles.ts';
import { visible } from './visible.ts';

export interface AskFlags extends JsonOption {
  readonly details?: string;
  readonly option?: readonly string[];
  readonly approveLabel?: string;
  readonly agent?: string;
  readonly timeout?: string;
  readonly expires?: string;
  readonly key?: string;
}

/** `sallyport ask …`: asks a person, waits, and ends as it was decided. */
export async function askCommand(context: Context, action: string, flags: AskFlags): Promise<number> {
  const { screen } = context;
  const question = await readQuestion(context, action, flags);
  const timeoutMs = flags.timeout === undefined ? undefined : readDuration('--timeout', flags.timeout);
  const client = clientOf(context);
  const spinner = new Spinner(screen);
  const troubles = new Troubles(context, (line) => spinner.say(line));
  const interruption = new Interruption(context, client, spinner);
  const answer = await interruption
    .watch((signal) =>
      client.ask(question, {
        signal,
        timeoutMs,
        idempotencyKey: flags.key,
        onRetry: troubles.onRetry,
        onAsked: (approval) => {
          interruption.approval = approval;
          troubles.over();
          spinner.start(approval, `${client.url}/#/approvals/${approval.id}`);
        },
      } satisfies AskOptions),
    )
    .catch((error) => {
      throw error instanceof Interrupted ? new CommandFailed(interruption.farewell(error)) : error;
    })
    .finally(() => {
      spinner.stop();
      interruption.end();
    });
  await (flags.json ? screen.printJson(answer) : screen.print(line(context, answer, timeoutMs)));
  return exitCode(answer, interruption.wasAsked);
}

async function readQuestion(context: Context, action: string, flags: AskFlags): Promise<Question> {
  const agent = flags.agent ?? context.settings().agent;
  return {
    action,
    ...(flags.details === undefined ? {} : { details: await readDetails(flags.details) }),
    ...(flags.option === undefined ? {} : { options: [...flags.option] }),
    ...(flags.approveLabel === undefined ? {} : { approve_label: flags.approveLabel }),
    ...(agent === undefined ? {} : { agent_id: agent }),
    ...(flags.expires === undefined ? {} : { expires_in_ms: readDuration('--expires', flags.expires) }),
  };
}

/** JSON, `@` and the name of a file with it, or `-` for standard input. */
async function readDetails(text: string): Promise<unknown> {
  const isInput = text === '-';
  const file = text.startsWith('@') ? text.slice(1) : undefined;
  try {
    return JSON.parse(
      isInput ? await textOf(process.stdin) : file === undefined ? text : await readFile(file, 'utf8'),
    );
  } catch (error) {
    const reason = visible((error as Error).message);
    throw new CommandFailed(
      `--details takes JSON, @FILE or -, and this is none: ${reason}. A text needs quotes of its own: '"like this"'`,
    );
  }
}

/** The words that begin it are the outcome. */
function line({ screen }: Context, { outcome, approval }: WaitAnswer, timeoutMs: number | undefined): string {
  if (outcome === 'timed_out') {
    const time = shownDuration(Number(timeoutMs));
    const { id, expires_at } = approval;
    return screen.ink('yellow', `timed out after ${time}; ${id} is still pending until ${expires_at}`);
  }
  return screen.ink(colourOf(outcome), outcomeLine({ ...approval, outcome }));
}

/** Whoever has interrupted the command does not expect what follows on an approval to run. */
function exitCode({ outcome, approval }: WaitAnswer, wasInterrupted: boolean): number {
  if (outcome === 'approved') {
    if (approval.resolution !== approval.approve_label) {
      throw new CommandFailed('the answer contradicts itself, and is not taken for an approval');
    }
    if (wasInterrupted) {
      throw new CommandFailed(
        'it was approved while you were stopping it, so this does not count as approved',
      );
    }
    return EXIT.done;
  }
  const code = CODES.get(outcome);
  if (code === undefined) {
    throw new CommandFailed(
      `the outcome '${visible(String(outcome))}' is not known here, and is not taken for an approval`,
    );
  }
  return code;
}

const CODES = new Map<string, number>([
  ['denied', EXIT.denied],
  ['expired', EXIT.undecided],
  ['cancelled', EXIT.undecided],
  ['timed_out', EXIT.undecided],
]);
