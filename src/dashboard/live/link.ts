import type { Feed } from './feed.ts';
import type { FromTab, ToTab } from './messages.ts';
import type { State } from './state.ts';

declare const WORKER_PATH: string;

const NAME = 'sallyport-stream';

export interface LinkOptions {
  readonly sessionId: string;
  /** What this tab knows, for when it has to hold the stream itself. */
  readonly state: () => State;
  readonly onMessage: (message: ToTab) => void;
}

export interface Link {
  post(message: FromTab): void;
}

/** The way to whoever holds the stream: a shared worker, the tab that leads, or, where there is neither, this tab. */
export function openLink(options: LinkOptions): Link {
  if ('SharedWorker' in globalThis) {
    return workerLink(options);
  }
  return 'locks' in navigator && 'BroadcastChannel' in globalThis ? channelLink(options) : ownLink(options);
}

function workerLink({ onMessage }: LinkOptions): Link {
  const { port } = new SharedWorker(WORKER_PATH, { type: 'module', name: NAME });
  port.addEventListener('message', ({ data }: MessageEvent<ToTab>) => onMessage(data));
  port.start();
  return { post: (message) => port.postMessage(message) };
}

/** The worker's own script has it. It is fetched at once: when it is needed, there may be another one. */
async function makerOfFeed({ sessionId, state }: LinkOptions): Promise<() => Feed> {
  const { Feed } = (await import(WORKER_PATH)) as typeof import('./worker.ts');
  return () => new Feed(sessionId, structuredClone(state()));
}

function ownLink(options: LinkOptions): Link {
  const made = makerOfFeed(options).then((make) => make());
  return { post: (message) => void made.then((feed) => feed.take(NAME, message, options.onMessage)) };
}

type Letter =
  | { readonly to: 'leader'; readonly from: string; readonly message: FromTab }
  | { readonly to: string; readonly message: ToTab };

/** The tab that gets the lock leads until it goes; then the next one does, from where it is. */
function channelLink(options: LinkOptions): Link {
  const { state, onMessage } = options;
  const maker = makerOfFeed(options);
  const channel = new BroadcastChannel(NAME);
  const self = crypto.randomUUID();
  let feed: Feed | undefined;
  let joined: FromTab | undefined;
  const toTab = (to: string) => (message: ToTab) =>
    to === self ? onMessage(message) : channel.postMessage({ to, message } satisfies Letter);
  channel.addEventListener('message', ({ data }: MessageEvent<Letter>) => {
    if ('from' in data) {
      feed?.take(data.from, data.message, toTab(data.from));
    } else if (data.to === self || data.to === 'all') {
      if (data.message.type === 'who' && joined !== undefined) {
        post({ ...joined, seq: state().isComplete ? state().seq : null } as FromTab);
      } else {
        onMessage(data.message);
      }
    }
  });
  const post = (message: FromTab) => {
    joined = message.type === 'join' ? message : joined;
    if (feed === undefined) {
      channel.postMessage({ to: 'leader', from: self, message } satisfies Letter);
    } else {
      feed.take(self, message, onMessage);
    }
  };
  void navigator.locks.request(NAME, async () => {
    feed = (await maker)();
    channel.postMessage({ to: 'all', message: { type: 'who' } } satisfies Letter);
    if (joined !== undefined) {
      post({ ...joined, seq: state().isComplete ? state().seq : null } as FromTab);
    }
    // For as long as the tab is there.
    return new Promise(() => undefined);
  });
  return { post };
}
