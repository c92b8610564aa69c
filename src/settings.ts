/** What the process was told, checked. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly store: string;
  readonly logLevel: string;
  readonly publicUrl: string | null;
  readonly retainEvents: number;
  readonly retainApprovalsDays: number;
  readonly defaultExpiresMs: number | null;
  readonly streamMaxAgeMs: number;
  readonly maxBodyBytes: number;
  readonly maxStreams: number;
  readonly maxWaits: number;
  readonly recentBytes: number;
}

export interface Setting extends Kind {
  readonly key: keyof Config;
  /** The environment variable; its flag is made from it. */
  readonly name: `SALLYPORT_${string}`;
  /** As text; null: not set. */
  readonly default: string | null;
  /** What it does, as a sentence. */
  readonly help: string;
}

interface Kind {
  /** What `parse` takes, as a noun that can follow `must be`. */
  readonly accepts: string;
  /** The value; undefined when the text is not acceptable. */
  readonly parse: (text: string) => string | number | undefined;
}

/** Every setting there is. Reading them, `--help` and the README's table are made from this. */
export const SETTINGS: readonly Setting[] = [
  {
    key: 'host',
    name: 'SALLYPORT_HOST',
    default: '127.0.0.1',
    help: 'The address to listen on.',
    ...textLike(/^[^\s/-][^\s/]*$/, 'an address or a host name'),
  },
  {
    key: 'port',
    name: 'SALLYPORT_PORT',
    default: '7420',
    help: 'The port to listen on; 0 picks a free one.',
    ...wholeNumber(0, 65_535),
  },
  {
    key: 'store',
    name: 'SALLYPORT_STORE',
    default: 'sqlite:./data/sallyport.db',
    help: 'Where the log is kept. Both kinds of memory forget it at the end.',
    ...textLike(/^(sqlite:.+|memory:)$/, '`sqlite:` and a path, `sqlite::memory:` or `memory:`'),
  },
  {
    key: 'logLevel',
    name: 'SALLYPORT_LOG_LEVEL',
    default: 'info',
    help: 'How much is logged; `debug` adds a line for each request.',
    ...textLike(
      /^(fatal|error|warn|info|debug|trace|silent)$/,
      'one of fatal, error, warn, info, debug, trace, silent',
    ),
  },
  {
    key: 'publicUrl',
    name: 'SALLYPORT_PUBLIC_URL',
    default: null,
    help: 'Where people reach the service when that is not where it listens.',
    accepts: 'an http or https URL without a query',
    parse: httpUrl,
  },
  {
    key: 'retainEvents',
    name: 'SALLYPORT_RETAIN_EVENTS',
    default: '100000',
    help: 'At least this many of the newest events are kept.',
    ...wholeNumber(500, 1_000_000_000),
  },
  {
    key: 'retainApprovalsDays',
    name: 'SALLYPORT_RETAIN_APPROVALS_DAYS',
    default: '365',
    help: 'For at least this many days final approvals are kept.',
    ...wholeNumber(1, 36_500),
  },
  {
    key: 'defaultExpiresMs',
    name: 'SALLYPORT_DEFAULT_EXPIRES_MS',
    default: null,
    help: 'How long an approval can be answered when its request does not say; for ever when unset.',
    ...wholeNumber(1, 31_536_000_000),
  },
  {
    key: 'streamMaxAgeMs',
    name: 'SALLYPORT_STREAM_MAX_AGE_MS',
    default: '600000',
    help: 'After about this long an event stream ends and its client resumes.',
    ...wholeNumber(1000, 86_400_000),
  },
  {
    key: 'maxBodyBytes',
    name: 'SALLYPORT_MAX_BODY_BYTES',
    default: '262144',
    help: 'The largest request body that is taken.',
    ...wholeNumber(1024, 10_485_760),
  },
  {
    key: 'maxStreams',
    name: 'SALLYPORT_MAX_STREAMS',
    default: '10000',
    help: 'How many event streams may be open at once.',
    ...wholeNumber(1, 1_000_000),
  },
  {
    key: 'maxWaits',
    name: 'SALLYPORT_MAX_WAITS',
    default: '50000',
    help: 'How many waits may be parked at once.',
    ...wholeNumber(1, 1_000_000),
  },
  {
    key: 'recentBytes',
    name: 'SALLYPORT_RECENT_BYTES',
    default: '16777216',
    help: 'How many bytes of the newest events are kept in memory, for clients that resume.',
    ...wholeNumber(65_536, 4_294_967_296),
  },
];

function textLike(pattern: RegExp, accepts: string): Kind {
  return { accepts, parse: (text) => (pattern.test(text) ? text : undefined) };
}

function wholeNumber(least: number, most: number): Kind {
  return {
    accepts: `a whole number from ${least} to ${most}`,
    parse: (text) => {
      const number = /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
      return number >= least && number <= most ? number : undefined;
    },
  };
}

function httpUrl(text: string): string | undefined {
  if (!/^https?:\/\/[^\s?#@]+$/i.test(text) || !URL.canParse(text)) {
    return undefined;
  }
  return new URL(text).href.replace(/\/+$/, '');
}
