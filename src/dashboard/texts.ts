import type { Approval } from '../model/approval.ts';
import type { Actor } from '../model/session.ts';
import type { Status } from './live/messages.ts';
import { inWords } from './text/visible.ts';

/** Every word that the page says. */
export const T = {
  product: 'Sallyport',
  title: (count: number) => (count === 0 ? 'Sallyport' : `(${count}) Sallyport`),
  skip: 'Skip to the content',
  navigation: 'Views',
  views: { inbox: 'Inbox', agents: 'Agents', events: 'Events', history: 'History' },
  status: {
    connecting: 'connecting',
    live: 'live',
    reconnecting: 'reconnecting',
    'signed-out': 'signed out',
  } satisfies Record<Status, string>,
  statusHint: {
    connecting: 'Asking the service for what is there',
    live: 'Everything that happens is shown as it happens',
    reconnecting: 'The service cannot be reached. What you see may be old; this page catches up by itself',
    'signed-out': 'Sign in to see what is there',
  } satisfies Record<Status, string>,
  stale: 'Not connected: what you see may be old. A decision can still be tried.',
  signedOut: {
    title: 'You are signed out',
    text: 'The sign-in has ended, or the token was revoked. Sign in again to see what waits.',
    link: 'Sign in',
  },
  signOut: 'Sign out',
  signOutFailed: 'Signing out did not work; try again.',
  you: (principal: string | null, role: string) =>
    principal === null ? 'Open mode: no sign-in is needed' : `${inWords(principal)}, ${role}`,
  openMode: 'open mode',
  viewer: (role: string) =>
    `Your role, ${role}, may look but not decide. Ask an administrator for a token of the role operator.`,
  loading: 'Loading …',
  notFound: {
    title: 'There is nothing here',
    text: 'This address is not one of this page.',
    link: 'To the inbox',
  },
  soon: 'This view is not built yet.',
  close: 'Close',
  help: {
    open: 'Keys',
    title: 'Keys',
    hint: 'Keys work while you are not typing in a field.',
    keys: [
      ['j / k', 'next, previous'],
      ['a', 'approve; can be taken back for 3 s'],
      ['d', 'deny, or choose among the other options; can be taken back for 3 s'],
      ['c', 'write a comment'],
      ['x', 'select'],
      ['/', 'filter'],
      ['u', 'take back what is not sent yet'],
      ['Enter', 'open the approval on a page of its own'],
      ['Esc', 'leave a field, end the selection'],
      ['?', 'this help'],
    ] as const,
  },
  inbox: {
    heading: 'Inbox',
    waiting: (count: number) => (count === 1 ? '1 approval waits' : `${count} approvals wait`),
    shown: (shown: number, count: number) => `${shown} of ${count} shown`,
    filter: 'Filter',
    filterHint: 'Action, agent, details …',
    empty: 'Nothing waits for you',
    emptyText: 'When an agent asks, its question appears here at once.',
    noMatch: 'Nothing that waits matches the filter',
    clearFilter: 'Clear the filter',
    list: 'Pending approvals, oldest first',
    arrived: (count: number, action: string) =>
      count === 1 ? `New approval: ${inWords(action)}` : `${count} new approvals`,
  },
  card: {
    select: (action: string) => `Select ${inWords(action)}`,
    noAgent: 'no agent',
    asked: 'asked',
    ago: (span: string) => `${span} ago`,
    left: (span: string) => `${span} left`,
    overdue: 'time is up',
    never: 'no time limit',
    by: (who: string) => `asked by ${who}`,
    noDetails: 'No details were given.',
    approves: 'approves',
    doesNotApprove: 'does not approve',
    options: (action: string) => `Decide: ${inWords(action)}`,
    comment: 'Comment',
    commentHint: 'Why? Kept with the decision (optional)',
    addComment: 'Add a comment',
    link: 'Link to this approval',
    sending: 'Sending …',
    held: (option: string) => `${inWords(option)} will be sent`,
    moved: 'The list has just moved. Look again, then press again.',
    outOfSight: 'It was out of sight. Look at it, then press again.',
  },
  odd: {
    'yes-reads-no': (option: string) => `Careful: the option “${inWords(option)}” is the one that approves.`,
    'no-reads-yes': (option: string) => `Careful: the option “${inWords(option)}” does not approve.`,
    keys: 'The options are named misleadingly: read them and use the buttons.',
    hidden:
      'Careful: this text has characters that cannot be seen or that look like others. They are marked.',
  },
  owner: {
    connected: (session: string) => `Owned by the session ${session}: your decision is passed on to it.`,
    gone: (session: string) =>
      `Owned by the session ${session}, which is not connected: a decision is refused until it is.`,
    passedOn: (option: string, who: string) => `“${inWords(option)}” was passed on to its owner by ${who}.`,
    passedOnNow: 'Passed on to its owner, who has not answered yet.',
  },
  outcome: { approved: 'approved', denied: 'denied', expired: 'expired', cancelled: 'cancelled' },
  gone: (approval: Approval, who: string | null) => {
    const { outcome, resolution, approve_label } = approval;
    if (outcome === 'expired') {
      return 'Expired: nobody decided in time';
    }
    const odd = outcome === 'denied' && resolution !== 'deny' ? ` with “${inWords(resolution ?? '')}”` : '';
    const plain =
      outcome === 'approved' && approve_label !== 'approve' ? ` with “${inWords(approve_label)}”` : '';
    const word = outcome === null ? 'decided' : T.outcome[outcome];
    return `${word[0]?.toUpperCase()}${word.slice(1)}${odd}${plain}${who === null ? '' : ` by ${who}`}`;
  },
  already: (sentence: string) => `It was final already. ${sentence}.`,
  youName: 'you',
  who: (actor: Actor | null) => (actor === null ? 'nobody' : inWords(actor.principal ?? actor.session_id)),
  refused: (problem: string) => `Not decided: ${problem}`,
  unreachable: 'Not decided, as far as is known: the service could not be reached. Try again.',
  bulk: {
    selected: (count: number) => `${count} selected`,
    hidden: (count: number) => `${count} of them not shown by the filter`,
    all: 'Select all of this kind',
    none: 'End the selection',
    mixed: 'The selected ones offer different options: decide them one by one.',
    decide: (option: string, count: number) => `${inWords(option)} ${count}`,
    region: 'Decide the selected ones',
  },
  undo: {
    one: (option: string, action: string) => `${inWords(option)}: ${inWords(action)}`,
    many: (option: string, count: number) => `${inWords(option)}: ${count} approvals`,
    sentIn: (seconds: number) => `sent in ${seconds} s`,
    undo: 'Undo',
    hint: 'Leaving the page before that means it is not sent.',
    taken: 'Taken back: nothing was sent.',
    nothing: 'There is nothing to take back: what was decided is sent.',
    late: 'Not sent: the page was asleep. Decide again.',
    region: 'Not sent yet',
  },
  choose: {
    title: 'Which one?',
    text: (action: string) => `None of these approves “${inWords(action)}”.`,
  },
  approval: {
    heading: 'Approval',
    back: 'To the inbox',
    unknown: 'There is no such approval, or it is not kept any more.',
    asked: 'Asked',
    decided: 'Decided',
    askedBy: 'Asked by',
    decidedBy: 'Decided by',
    agent: 'Agent',
    options: 'Options',
    comment: 'Comment',
    expires: 'Expires',
    expiredAt: 'Could be decided until',
    owner: 'Owner',
    anybody: 'any session may decide',
    id: 'Id',
    details: 'Details',
    status: 'Status',
    pending: 'pending',
  },
  json: {
    more: (count: number) => `Show ${count} more`,
    long: (count: number) => `Show all ${count} characters`,
    copy: 'Copy',
    copied: 'Copied',
    items: (count: number) => (count === 1 ? '1 item' : `${count} items`),
    members: (count: number) => (count === 1 ? '1 member' : `${count} members`),
    command: 'Command',
    diff: 'Diff',
  },
  invisible: (code: string) => `invisible character ${code}`,
  lookalike: (code: string) => `${code}, a letter of another script`,
  notices: {
    ask: 'Notify me',
    askHint: 'Shows a notification when an agent asks while this page is hidden',
    on: 'Notifications are on',
    denied: 'Notifications are blocked in this browser',
    title: 'An approval waits',
  },
};
