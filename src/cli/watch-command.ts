import type { Event } from '../client/index.ts';
import { colourOf } from './approval-line.ts';
import { type Context, clientOf, type JsonOption } from './context.ts';
import { CommandFailed } from './exit.ts';
import type { Screen } from './screen.ts';
import { Troubles } from './troubles.ts';
import { visible } from './visible.ts';

export interface WatchFlags extends JsonOption {
  readonly kind?: readonly string[];
  readonly agent?: string;
  readonly after?: string;
}

/** `sallyport watch`: a line for each event, until a signal stops it. */
export async function watchCommand(context: Context, flags: WatchFlags): Promise<never> {
  const { screen } = context;
  const troubles = new Troubles(context, (line) => screen.say(line));
  const printing: Promise<void>[] = [];
  const stream = clientOf(context).events({
    kind: flags.kind,
    agentId: flags.agent,
    after: readAfter(flags.after),
    onOpen: () => troubles.over(),
    onDisconnect: (error) => {
      if (error !== null) {
        troubles.onRetry(error);
      }
    },
    onGap: ({ seq }) => {
      screen.say(
        `sallyport: events up to ${seq} were missed: they are not kept any more, or it is another log`,
      );
      if (flags.json) {
        // In its place among the lines, for whoever reads only those.
        printing.push(screen.printJson({ gap: { seq } }));
      }
    },
  });
  const events = stream[Symbol.asyncIterator]();
  for (;;) {
    const event = (await events.next()).value as Event;
    await Promise.all(printing.splice(0));
    await (flags.json ? screen.printJson(event) : screen.print(lineOf(screen, event)));
  }
}

function readAfter(text: string | undefined): string | undefined {
  if (text !== undefined && !/^([0-9a-f]{8}-)?\d{1,15}$/.test(text)) {
    throw new CommandFailed('--after takes the seq of an event: 0 for the beginning of what is kept');
  }
  return text;
}

function lineOf(screen: Screen, { timestamp, seq, kind, message, payload }: Event): string {
  const outcome = kind.startsWith('approval.')
    ? (payload as { outcome?: string | null } | null)?.outcome
    : undefined;
  const words = `${kind}  ${visible(message)}${outcome ? ` (${visible(outcome)})` : ''}`;
  const painted = outcome === undefined ? words : screen.ink(colourOf(outcome), words);
  return `${screen.ink('dim', `${timestamp.slice(0, 19)}Z  ${String(seq)}`)}  ${painted}`;
}
