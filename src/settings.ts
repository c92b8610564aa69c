import { flag, httpUrl, type Kind, list, textLike, wholeNumber } from './setting-kinds.ts';

/** What the process was told, checked. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly store: string;
  readonly pollMs: number | null;
  readonly logLevel: string;
  readonly publicUrl: string | null;
  readonly retainEvents: number;
  readonly retainApprovalsDays: number;
  readonly defaultExpiresMs: number | null;
  readonly streamMaxAgeMs: number;
  readonly maxBodyBytes: number;
  readonly maxJsonBytes: number;
  readonly maxConnections: number;
  readonly maxStreams: number;
  readonly maxStreamsPerPrincipal: number;
  readonly maxWaits: number;
  readonly maxWaitsPerPrincipal: number;
  readonly maxAgents: number;
  readonly maxPending: number;
  readonly maxPendingBytes: number;
  readonly maxPendingPerSession: number;
  readonly recentBytes: number;
  readonly allowedHosts: readonly string[];
  readonly insecure: boolean;
  readonly tokensFile: string | null;
  readonly tokens: string | null;
  readonly jwtIssuer: string | null;
  readonly jwtAudience: string | null;
  readonly jwtJwks: string | null;
  readonly jwtRoleClaim: string;
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly maxRequestsPerPrincipal: number;
  readonly maxRequestsPerAddress: number;
  readonly maxRefusedPerAddress: number;
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
    help: 'Where the log is kept; several nodes may share one in PostgreSQL. Both kinds of memory forget it at the end.',
    ...textLike(
      /^(sqlite:.+|postgres(ql)?:\/\/.+|memory:)$/,
      '`sqlite:` and a path, `postgres://…`, `sqlite::memory:` or `memory:`',
    ),
  },
  {
    key: 'pollMs',
    name: 'SALLYPORT_POLL_MS',
    default: null,
    help: 'How often PostgreSQL is asked for what is new, where a pooler in transaction mode is between and `LISTEN` does not work; with `LISTEN` when unset.',
    ...wholeNumber(5, 1000),
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
    ...httpUrl(),
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
    key: 'maxJsonBytes',
    name: 'SALLYPORT_MAX_JSON_BYTES',
    default: '131072',
    help: 'How many characters `details`, `metadata` or `payload` may have as JSON.',
    ...wholeNumber(1024, 10_485_760),
  },
  {
    key: 'maxConnections',
    name: 'SALLYPORT_MAX_CONNECTIONS',
    default: '70000',
    help: 'How many connections may be open at once; one more is closed unread.',
    ...wholeNumber(1, 1_000_000),
  },
  {
    key: 'maxStreams',
    name: 'SALLYPORT_MAX_STREAMS',
    default: '10000',
    help: 'How many event streams may be open at once.',
    ...wholeNumber(1, 1_000_000),
  },
  {
    key: 'maxStreamsPerPrincipal',
    name: 'SALLYPORT_MAX_STREAMS_PER_PRINCIPAL',
    default: '1000',
    help: 'How many of them one principal may have; without credentials there are no principals.',
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
    key: 'maxWaitsPerPrincipal',
    name: 'SALLYPORT_MAX_WAITS_PER_PRINCIPAL',
    default: '10000',
    help: 'How many of them one principal may have; without credentials there are no principals.',
    ...wholeNumber(1, 1_000_000),
  },
  {
    key: 'maxAgents',
    name: 'SALLYPORT_MAX_AGENTS',
    default: '100000',
    help: 'How many agents may be registered.',
    ...wholeNumber(1, 10_000_000),
  },
  {
    key: 'maxPending',
    name: 'SALLYPORT_MAX_PENDING',
    default: '200000',
    help: 'How many approvals may be pending.',
    ...wholeNumber(1, 10_000_000),
  },
  {
    key: 'maxPendingBytes',
    name: 'SALLYPORT_MAX_PENDING_BYTES',
    default: '536870912',
    help: 'How many bytes the texts of all pending approvals may have together.',
    ...wholeNumber(1_048_576, 68_719_476_736),
  },
  {
    key: 'maxPendingPerSession',
    name: 'SALLYPORT_MAX_PENDING_PER_SESSION',
    default: '10000',
    help: 'How many approvals of one session, with one principal, may be pending.',
    ...wholeNumber(1, 10_000_000),
  },
  {
    key: 'recentBytes',
    name: 'SALLYPORT_RECENT_BYTES',
    default: '16777216',
    help: 'How many bytes of the newest events are kept in memory, for clients that resume.',
    ...wholeNumber(65_536, 4_294_967_296),
  },
  {
    key: 'allowedHosts',
    name: 'SALLYPORT_ALLOWED_HOSTS',
    default: '',
    help: 'Names in `Host` that are taken besides those of loopback while no credentials are configured.',
    ...list(/^[a-z0-9.-]+$/i, 'names of hosts'),
  },
  {
    key: 'insecure',
    name: 'SALLYPORT_INSECURE',
    default: 'false',
    help: 'Whoever reaches the port may do everything, on any address, without credentials.',
    ...flag(),
  },
  {
    key: 'tokensFile',
    name: 'SALLYPORT_TOKENS_FILE',
    default: null,
    help: 'The file of tokens, which has to be there; `tokens.json` beside the log when unset. `sallyport token` makes it.',
    ...textLike(/./s, 'a path'),
  },
  {
    key: 'tokens',
    name: 'SALLYPORT_TOKENS',
    default: null,
    help: 'Tokens as the text of such a file, for where there is none.',
    ...textLike(/./s, 'the text of a file of tokens'),
  },
  {
    key: 'jwtIssuer',
    name: 'SALLYPORT_JWT_ISSUER',
    default: null,
    help: 'Whose JWTs are taken: their `iss`. Needs SALLYPORT_JWT_AUDIENCE and SALLYPORT_JWT_JWKS.',
    ...textLike(/^\S+$/, 'an issuer'),
  },
  {
    key: 'jwtAudience',
    name: 'SALLYPORT_JWT_AUDIENCE',
    default: null,
    help: 'Whom these JWTs have to be for: their `aud`.',
    ...textLike(/^\S+$/, 'an audience'),
  },
  {
    key: 'jwtJwks',
    name: 'SALLYPORT_JWT_JWKS',
    default: null,
    help: "Where the issuer's keys are (RFC 7517). Plain http is for this machine only.",
    ...textLike(/./s, 'a URL or a path'),
  },
  {
    key: 'jwtRoleClaim',
    name: 'SALLYPORT_JWT_ROLE_CLAIM',
    default: 'roles',
    help: 'The claim with the role or roles; dots lead into objects.',
    ...textLike(/^\S+$/, 'the name of a claim'),
  },
  {
    key: 'corsOrigins',
    name: 'SALLYPORT_CORS_ORIGINS',
    default: '',
    help: 'Origins whose pages may talk to the service, with `Authorization`.',
    ...list(/^https?:\/\/[^\s/]+$/i, 'origins, such as `https://console.example`'),
  },
  {
    key: 'trustedProxies',
    name: 'SALLYPORT_TRUSTED_PROXIES',
    default: '',
    help: 'Proxies whose `X-Forwarded-*` is believed.',
    ...list(/^([0-9a-f.:]+(\/\d{1,3})?|loopback|linklocal|uniquelocal)$/i, 'addresses and networks'),
  },
  {
    key: 'maxRequestsPerPrincipal',
    name: 'SALLYPORT_MAX_REQUESTS_PER_PRINCIPAL',
    default: '1000',
    help: 'Requests that one principal may send in a second.',
    ...wholeNumber(1, 1_000_000),
  },
  {
    key: 'maxRequestsPerAddress',
    name: 'SALLYPORT_MAX_REQUESTS_PER_ADDRESS',
    default: '5000',
    help: 'Requests that may come from one address in a second, where credentials are needed.',
    ...wholeNumber(1, 1_000_000),
  },
  {
    key: 'maxRefusedPerAddress',
    name: 'SALLYPORT_MAX_REFUSED_PER_ADDRESS',
    default: '30',
    help: 'Credentials from one address that may be wrong in a minute, before the next wrong one is told to wait.',
    ...wholeNumber(1, 1_000_000),
  },
];

/** A value may be a URL with a password in it, and messages end up in logs. */
export function withoutPassword(text: string): string {
  return text.replace(/\/\/.*@/s, '//...@').replace(/([?&]\w*password=)[^&]*/gi, '$1...');
}
