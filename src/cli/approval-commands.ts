import { type Approval, type ListApprovalsQuery, type Sallyport, SallyportError } from '../client/index.ts';
import {
  APPROVAL_HEAD,
  actorName,
  approvalRow,
  approvalText,
  colourOf,
  outcomeLine,
} from './approval-line.ts';
import { type Context, clientOf, type JsonOption } from './context.ts';
import { CommandFailed, EXIT } from './exit.ts';
import { visible } from './visible.ts';

export interface ApprovalsFlags extends JsonOption {
  readonly status?: readonly string[];
  readonly agent?: string;
  readonly limit?: string;
}
export interface CommentFlags extends JsonOption {
  readonly comment?: string;
}

/** `sallyport approvals`: what is pending, or has been asked; with an id all that is known of one. */
export async function approvalsCommand(
  context: Context,
  id: string | undefined,
  flags: ApprovalsFlags,
): Promise<number> {
  const { screen } = context;
  if (id !== undefined) {
    const approval = await clientOf(context).approvals.get(checked(id));
    await (flags.json ? screen.printJson(approval) : screen.print(approvalText(approval)));
    return EXIT.done;
  }
  const page = await clientOf(context).approvals.list({
    status: (flags.status ?? ['pending']) as NonNullable<ListApprovalsQuery['status']>,
    ...(flags.agent === undefined ? {} : { agent_id: flags.agent }),
    limit: readLimit(flags.limit),
  });
  if (flags.json) {
    await screen.printJson(page);
    return EXIT.done;
  }
  if (page.approvals.length === 0) {
    screen.say('There are none.');
    return EXIT.done;
  }
  const now = Date.now();
  const rows = page.approvals.map((approval) => approvalRow(approval, now));
  const colours = page.approvals.map(({ outcome }) => colourOf(outcome));
  await screen.table(APPROVAL_HEAD, rows, colours);
  if (page.next_cursor !== null) {
    screen.say('There are more: --limit says how many are shown.');
  }
  return EXIT.done;
}

export function readLimit(text = '50'): number {
  if (!/^([1-9]\d?|[1-4]\d\d|500)$/.test(text)) {
    throw new CommandFailed('--limit must be a whole number from 1 to 500');
  }
  return Number(text);
}

/** `sallyport approve ID`: picks the option that means yes, whatever it is called. */
export function approveCommand(context: Context, id: string, flags: CommentFlags): Promise<number> {
  return decide(context, id, flags, ({ approve_label }) => approve_label);
}

/** `sallyport deny ID`: picks the other option, where there is one other. */
export function denyCommand(context: Context, id: string, flags: CommentFlags): Promise<number> {
  return decide(context, id, flags, ({ options, approve_label }) => {
    const others = options.filter((option) => option !== approve_label);
    if (others.length !== 1) {
      throw new CommandFailed(
        `${others.length === 0 ? 'there is no option that means no' : 'several options are no yes'}; say which one: sallyport resolve ${id} OPTION, with one of ${options.map((option) => `'${visible(option)}'`).join(', ')}`,
      );
    }
    return String(others[0]);
  });
}

export function resolveCommand(
  context: Context,
  id: string,
  option: string,
  flags: CommentFlags,
): Promise<number> {
  return decide(context, id, flags, () => option);
}

/** `sallyport cancel ID`: of whoever asked, or an administrator. */
export async function cancelCommand(context: Context, id: string, flags: CommentFlags): Promise<number> {
  const approval = await clientOf(context).approvals.cancel(checked(id), commentOf(flags));
  await show(context, approval, flags);
  return EXIT.done;
}

async function decide(
  context: Context,
  id: string,
  flags: CommentFlags,
  choose: (approval: Approval) => string,
): Promise<number> {
  const client = clientOf(context);
  const resolution = choose(await client.approvals.get(checked(id)));
  const approval = await resolve(client, id, { resolution, ...commentOf(flags) });
  await show(context, approval, flags);
  return approval.status === 'pending' ? EXIT.passedOn : EXIT.done;
}

/** A refusal because it is final says how it ended, and by whom. */
async function resolve(client: Sallyport, id: string, body: { resolution: string; comment?: string }) {
  try {
    return await client.approvals.resolve(id, body);
  } catch (error) {
    const { problem, code, status } = error as SallyportError;
    const approval = problem?.approval;
    if (approval !== undefined && approval.status !== 'pending') {
      const detail = `${approval.id} is final already: ${outcomeLine(approval)}`;
      throw new SallyportError({ code, status, detail });
    }
    throw error;
  }
}

async function show({ screen }: Context, approval: Approval, flags: JsonOption): Promise<void> {
  if (flags.json) {
    await screen.printJson(approval);
  } else if (approval.status === 'pending') {
    const owner = visible(actorName(approval.requested_by));
    await screen.print(
      screen.ink(
        'yellow',
        `passed on to ${owner}, which owns it and has to decide; ${approval.id} is still pending`,
      ),
    );
  } else {
    await screen.print(screen.ink(colourOf(approval.outcome), outcomeLine(approval)));
  }
}

function commentOf({ comment }: CommentFlags): { comment?: string } {
  return comment === undefined ? {} : { comment };
}

/** What is no id is not repeated: somebody may paste a token here. */
function checked(id: string): string {
  if (!/^approval-[0-9a-f]{12,}$/.test(id)) {
    throw new CommandFailed(
      "an approval's id looks like approval-01a206c1528148ab0323825c312e: 'sallyport approvals' shows them",
    );
  }
  return id;
}
