import type { Approval } from '../../model/approval.ts';
import type { Hello } from '../../model/stream.ts';
import type { Frame, FromTab, Status, ToTab } from './messages.ts';
import { Source } from './source.ts';
import { apply, emptyState, framesOf, noChanges, type State } from './state.ts';
import { Tab } from './tab.ts';

/** Frames are passed on together. */
const BATCH_MS = 30;
const BATCH_ROWS = 200;
const CHECK_MS = 5000;
/** A check that comes this late: the machine has slept. */
const SLEPT_MS = 20_000;
/** After this long without a frame the service is asked whether there is anything newer. */
const QUIET_MS = 20_000;
const PROBE_LIMIT_MS = 10_000;
const SESSIONS_MS = 10_000;
/** Agents that are read again in one go. */
const STALE_MAX = 20;
const STALE_MS = 1000;
/** Notifications for what one frame brings: a snapshot may bring much. */
const NOTIFY_MAX = 3;
/** A tab that has left a message unread for this long is not there. */
const GONE_MS = 30_000;
const FORGET_MS = 300_000;

/** Holds the one stream of this browser and tells every tab what it says. In a worker, or in the tab that leads. */
export class Feed {
  readonly #tabs = new Map<unknown, Tab>();
  /** Those that spoke without having come, and were asked who they are. */
  readonly #unknown = new Set<unknown>();
  readonly #source: Source;
  #state: State;
  #status: Status = 'connecting';
  /** Whose state it is: a principal; undefined: not known yet. */
  #who: string | null | undefined;
  #batch: Frame[] = [];
  #batchTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #stale = new Set<string>();
  #checkedAt = performance.now();
  #sessions: (ToTab & { type: 'sessions' }) | undefined;
  readonly #timers: ReturnType<typeof setInterval>[];

  /** `state`: what is known already, to go on from there. */
  constructor(sessionId: string, state: State = emptyState()) {
    this.#state = state;
    this.#source = new Source({
      sessionId,
      position: () => this.#state.position,
      onFrame: (frame) => this.#onFrame(frame),
      onStatus: (status) => this.#onStatus(status),
    });
    this.#source.open();
    this.#timers = [
      setInterval(() => void this.#check(), CHECK_MS),
      setInterval(() => this.#forgetGone(), GONE_MS),
      setInterval(() => void this.#readSessions(), SESSIONS_MS),
      setInterval(() => void this.#readStale(), STALE_MS),
    ];
  }

  stop(): void {
    this.#timers.forEach(clearInterval);
    this.#source.close();
  }

  /** What a tab says. `key` is its own. */
  take(key: unknown, message: FromTab, send: (message: ToTab) => void): void {
    const tab = this.#tabs.get(key);
    if (message.type === 'join') {
      this.#join(key, message, send);
    } else if (tab !== undefined) {
      this.#listen(key, tab, message);
    } else if (message.type !== 'leave' && !this.#unknown.has(key)) {
      // Once: each time it would be told all there is.
      this.#unknown.add(key);
      send({ type: 'who' });
    }
  }

  #listen(key: unknown, tab: Tab, message: FromTab): void {
    switch (message.type) {
      case 'took':
        if (tab.took()) {
          this.#flush();
          this.#tellState(tab);
        }
        break;
      case 'leave':
        this.#tabs.delete(key);
        break;
      case 'visible':
        tab.isVisible = message.isVisible;
        break;
      case 'retry':
        this.#source.retry();
        break;
      case 'read-sessions':
        void this.#readSessions();
    }
  }

  #join(key: unknown, { isVisible, seq }: FromTab & { type: 'join' }, send: (message: ToTab) => void): void {
    this.#flush();
    const tab = new Tab(isVisible, send);
    // One that asks again is not told the rest of the answer before.
    this.#tabs.get(key)?.forget();
    this.#tabs.set(key, tab);
    this.#unknown.delete(key);
    tab.sayStatus({ type: 'status', status: this.#status });
    // One that joins a new leader may have missed what came between the two.
    if (seq !== this.#state.seq) {
      this.#tellState(tab);
    }
    if (this.#sessions !== undefined) {
      tab.tell(this.#sessions);
    } else {
      void this.#readSessions();
    }
    if (this.#status === 'signed-out') {
      // Whoever opens a tab has signed in again, or is about to be told.
      this.#source.retry();
    } else {
      void this.#askWho();
    }
  }

  #tellState(tab: Tab): void {
    // What there is of another snapshot is not a part of this one.
    tab.tellAll([{ type: 'hello', id: '', hello: NOTHING_YET }, ...framesOf(this.#state)]);
  }

  /** A tab that ended without a word, or was stopped by the browser: if it is there again, it is asked who it is. */
  #forgetGone(): void {
    for (const [key, tab] of this.#tabs) {
      if (tab.hasUnreadFor(FORGET_MS)) {
        this.#tabs.delete(key);
      }
    }
  }

  #onFrame(frame: Frame): void {
    const changes = noChanges();
    apply(this.#state, frame, changes);
    if (changes.isBroken) {
      this.#startAgain();
      return;
    }
    this.#batch.push(frame);
    for (const id of changes.stale) {
      this.#stale.add(id);
    }
    for (const approval of changes.arrived.slice(0, NOTIFY_MAX)) {
      this.#notify(approval);
    }
    if (this.#batch.length >= BATCH_ROWS || frame.type === 'snapshot') {
      this.#flush();
    } else {
      this.#batchTimer ??= setTimeout(() => this.#flush(), BATCH_MS);
    }
  }

  #flush(): void {
    clearTimeout(this.#batchTimer);
    this.#batchTimer = undefined;
    const frames = this.#batch;
    this.#batch = [];
    if (frames.length > 0) {
      this.#tell({ type: 'frames', frames });
    }
  }

  #startAgain(): void {
    this.#state.position = '';
    this.#source.open();
  }

  #onStatus(status: Status): void {
    if (status === 'signed-out') {
      // What somebody may have read is not what the next one may.
      this.#state = emptyState();
      this.#batch = [];
      this.#sessions = undefined;
      this.#who = undefined;
      for (const tab of this.#tabs.values()) {
        tab.forget();
      }
    }
    if (status !== this.#status) {
      this.#status = status;
      for (const tab of this.#tabs.values()) {
        tab.sayStatus({ type: 'status', status });
      }
      if (status === 'live') {
        void this.#askWho();
      }
    }
  }

  /** Somebody else may have signed in without a word: they begin anew. */
  async #askWho(): Promise<void> {
    const answer = await read('/me');
    const who = (await answer?.json())?.principal;
    if (who !== undefined && this.#who !== undefined && who !== this.#who) {
      this.#onStatus('signed-out');
      this.#source.open();
    }
    if (who !== undefined) {
      this.#who = who;
    }
  }

  #tell(message: ToTab & { type: 'frames' | 'sessions' }): void {
    for (const tab of this.#tabs.values()) {
      tab.tell(message);
    }
  }

  /** One tab of all, if nobody is looking at any. */
  #notify(approval: Approval): void {
    const tabs = [...this.#tabs.values()].filter((tab) => !tab.hasUnreadFor(GONE_MS));
    if (tabs.length > 0 && !tabs.some(({ isVisible }) => isVisible)) {
      tabs.at(-1)?.notify(approval);
    }
  }

  /**
   * A connection that died without a word, as after sleep or a change of networks, looks like one on which nothing
   * happens: what keeps it alive dispatches nothing. So after a while without a frame the log is asked for its newest
   * event. If that is one that should have come, the stream is opened again.
   */
  async #check(): Promise<void> {
    const now = performance.now();
    const hasSlept = now - this.#checkedAt > SLEPT_MS;
    this.#checkedAt = now;
    if (this.#status === 'signed-out') {
      return;
    }
    const isQuiet = now - this.#source.heardAt > QUIET_MS && !this.#source.isReading;
    // A connection that is being made may be as dead.
    if (hasSlept || (isQuiet && this.#status !== 'live')) {
      this.#source.open();
    } else if (isQuiet) {
      this.#source.heardAt = now;
      const newest = await newestSeq();
      if (newest === undefined || newest > this.#state.seq) {
        this.#onStatus('reconnecting');
        this.#source.open();
      }
    }
  }

  async #readSessions(): Promise<void> {
    if (this.#status === 'signed-out' || this.#tabs.size === 0) {
      return;
    }
    const answer = await read('/sessions');
    if (answer !== undefined) {
      const date = Date.parse(answer.headers.get('Date') ?? '');
      const clockOffsetMs = Number.isNaN(date) ? 0 : date - Date.now();
      const { sessions } = await answer.json();
      this.#sessions = { type: 'sessions', sessions, clockOffsetMs };
      this.#tell(this.#sessions);
    }
  }

  async #readStale(): Promise<void> {
    const ids = [...this.#stale].slice(0, STALE_MAX);
    for (const id of ids) {
      this.#stale.delete(id);
      const answer = await read(`/agents/${encodeURIComponent(id)}`);
      if (answer !== undefined) {
        this.#onFrame({ type: 'agent', id: '', agent: await answer.json() });
      }
    }
  }
}

const NOTHING_YET: Hello = { seq: 0, resumed_from: null, gap: true, session_id: null };

/** Undefined: it cannot be reached. */
async function newestSeq(): Promise<number | undefined> {
  const answer = await read('/events?limit=1');
  const { events } = (await answer?.json()) ?? {};
  return events === undefined ? undefined : (events[0]?.seq ?? 0);
}

async function read(path: string): Promise<Response | undefined> {
  try {
    const answer = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(PROBE_LIMIT_MS) });
    return answer.ok ? answer : undefined;
  } catch {
    return undefined;
  }
}
