import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);

// src/setting-kinds.ts
function textLike(pattern, accepts) {
  return { accepts, parse: (text) => pattern.test(text) ? text : void 0 };
}
function wholeNumber(least, most) {
  return {
    accepts: `a whole number from ${least} to ${most}`,
    parse: (text) => {
      const number = /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
      return number >= least && number <= most ? number : void 0;
    }
  };
}
function httpUrl() {
  return {
    accepts: "an http or https URL without a query",
    parse: (text) => /^https?:\/\/[^\s?#@]+$/i.test(text) && URL.canParse(text) ? new URL(text).href.replace(/\/+$/, "") : void 0
  };
}
function list(pattern, of) {
  return {
    accepts: `${of}, with commas between`,
    parse: (text) => {
      const items = text.split(",").map((item) => item.trim().toLowerCase());
      const given = items.filter((item) => item !== "");
      return given.every((item) => pattern.test(item)) ? given : void 0;
    }
  };
}
function flag() {
  return {
    accepts: "`true` or `false`",
    parse: (text) => text === "true" || text === "false" ? text === "true" : void 0
  };
}

// src/settings.ts
var SETTINGS = [
  {
    key: "host",
    name: "SALLYPORT_HOST",
    default: "127.0.0.1",
    help: "The address to listen on.",
    ...textLike(/^[^\s/-][^\s/]*$/, "an address or a host name")
  },
  {
    key: "port",
    name: "SALLYPORT_PORT",
    default: "7420",
    help: "The port to listen on; 0 picks a free one.",
    ...wholeNumber(0, 65535)
  },
  {
    key: "store",
    name: "SALLYPORT_STORE",
    default: "sqlite:./data/sallyport.db",
    help: "Where the log is kept; several nodes may share one in PostgreSQL. Both kinds of memory forget it at the end.",
    ...textLike(
      /^(sqlite:.+|postgres(ql)?:\/\/.+|memory:)$/,
      "`sqlite:` and a path, `postgres://\u2026`, `sqlite::memory:` or `memory:`"
    )
  },
  {
    key: "pollMs",
    name: "SALLYPORT_POLL_MS",
    default: null,
    help: "How often PostgreSQL is asked for what is new, where a pooler in transaction mode is between and `LISTEN` does not work; with `LISTEN` when unset.",
    ...wholeNumber(5, 1e3)
  },
  {
    key: "logLevel",
    name: "SALLYPORT_LOG_LEVEL",
    default: "info",
    help: "How much is logged; `debug` adds a line for each request.",
    ...textLike(
      /^(fatal|error|warn|info|debug|trace|silent)$/,
      "one of fatal, error, warn, info, debug, trace, silent"
    )
  },
  {
    key: "publicUrl",
    name: "SALLYPORT_PUBLIC_URL",
    default: null,
    help: "Where people reach the service when that is not where it listens.",
    ...httpUrl()
  },
  {
    key: "retainEvents",
    name: "SALLYPORT_RETAIN_EVENTS",
    default: "100000",
    help: "At least this many of the newest events are kept.",
    ...wholeNumber(500, 1e9)
  },
  {
    key: "retainApprovalsDays",
    name: "SALLYPORT_RETAIN_APPROVALS_DAYS",
    default: "365",
    help: "For at least this many days final approvals are kept.",
    ...wholeNumber(1, 36500)
  },
  {
    key: "defaultExpiresMs",
    name: "SALLYPORT_DEFAULT_EXPIRES_MS",
    default: null,
    help: "How long an approval can be answered when its request does not say; for ever when unset.",
    ...wholeNumber(1, 31536e6)
  },
  {
    key: "streamMaxAgeMs",
    name: "SALLYPORT_STREAM_MAX_AGE_MS",
    default: "600000",
    help: "After about this long an event stream ends and its client resumes.",
    ...wholeNumber(1e3, 864e5)
  },
  {
    key: "maxBodyBytes",
    name: "SALLYPORT_MAX_BODY_BYTES",
    default: "262144",
    help: "The largest request body that is taken.",
    ...wholeNumber(1024, 10485760)
  },
  {
    key: "maxJsonBytes",
    name: "SALLYPORT_MAX_JSON_BYTES",
    default: "131072",
    help: "How many characters `details`, `metadata` or `payload` may have as JSON.",
    ...wholeNumber(1024, 10485760)
  },
  {
    key: "maxConnections",
    name: "SALLYPORT_MAX_CONNECTIONS",
    default: "70000",
    help: "How many connections may be open at once; one more is closed unread.",
    ...wholeNumber(1, 1e6)
  },
  {
    key: "maxStreams",
    name: "SALLYPORT_MAX_STREAMS",
    default: "10000",
    help: "How many event streams may be open at once.",
    ...wholeNumber(1, 1e6)
  },
  {
    key: "maxStreamsPerPrincipal",
    name: "SALLYPORT_MAX_STREAMS_PER_PRINCIPAL",
    default: "1000",
    help: "How many of them one principal may have; without credentials there are no principals.",
    ...wholeNumber(1, 1e6)
  },
  {
    key: "maxWaits",
    name: "SALLYPORT_MAX_WAITS",
    default: "50000",
    help: "How many waits may be parked at once.",
    ...wholeNumber(1, 1e6)
  },
  {
    key: "maxWaitsPerPrincipal",
    name: "SALLYPORT_MAX_WAITS_PER_PRINCIPAL",
    default: "10000",
    help: "How many of them one principal may have; without credentials there are no principals.",
    ...wholeNumber(1, 1e6)
  },
  {
    key: "maxAgents",
    name: "SALLYPORT_MAX_AGENTS",
    default: "100000",
    help: "How many agents may be registered.",
    ...wholeNumber(1, 1e7)
  },
  {
    key: "maxPending",
    name: "SALLYPORT_MAX_PENDING",
    default: "200000",
    help: "How many approvals may be pending.",
    ...wholeNumber(1, 1e7)
  },
  {
    key: "maxPendingBytes",
    name: "SALLYPORT_MAX_PENDING_BYTES",
    default: "536870912",
    help: "How many bytes the texts of all pending approvals may have together.",
    ...wholeNumber(1048576, 68719476736)
  },
  {
    key: "maxPendingPerSession",
    name: "SALLYPORT_MAX_PENDING_PER_SESSION",
    default: "10000",
    help: "How many approvals of one session, with one principal, may be pending.",
    ...wholeNumber(1, 1e7)
  },
  {
    key: "recentBytes",
    name: "SALLYPORT_RECENT_BYTES",
    default: "16777216",
    help: "How many bytes of the newest events are kept in memory, for clients that resume.",
    ...wholeNumber(65536, 4294967296)
  },
  {
    key: "allowedHosts",
    name: "SALLYPORT_ALLOWED_HOSTS",
    default: "",
    help: "Names in `Host` that are taken besides those of loopback while no credentials are configured.",
    ...list(/^[a-z0-9.-]+$/i, "names of hosts")
  },
  {
    key: "insecure",
    name: "SALLYPORT_INSECURE",
    default: "false",
    help: "Whoever reaches the port may do everything, on any address, without credentials.",
    ...flag()
  },
  {
    key: "tokensFile",
    name: "SALLYPORT_TOKENS_FILE",
    default: null,
    help: "The file of tokens, which has to be there; `tokens.json` beside the log when unset. `sallyport token` makes it.",
    ...textLike(/./s, "a path")
  },
  {
    key: "tokens",
    name: "SALLYPORT_TOKENS",
    default: null,
    help: "Tokens as the text of such a file, for where there is none.",
    ...textLike(/./s, "the text of a file of tokens")
  },
  {
    key: "jwtIssuer",
    name: "SALLYPORT_JWT_ISSUER",
    default: null,
    help: "Whose JWTs are taken: their `iss`. Needs SALLYPORT_JWT_AUDIENCE and SALLYPORT_JWT_JWKS.",
    ...textLike(/^\S+$/, "an issuer")
  },
  {
    key: "jwtAudience",
    name: "SALLYPORT_JWT_AUDIENCE",
    default: null,
    help: "Whom these JWTs have to be for: their `aud`.",
    ...textLike(/^\S+$/, "an audience")
  },
  {
    key: "jwtJwks",
    name: "SALLYPORT_JWT_JWKS",
    default: null,
    help: "Where the issuer's keys are (RFC 7517). Plain http is for this machine only.",
    ...textLike(/./s, "a URL or a path")
  },
  {
    key: "jwtRoleClaim",
    name: "SALLYPORT_JWT_ROLE_CLAIM",
    default: "roles",
    help: "The claim with the role or roles; dots lead into objects.",
    ...textLike(/^\S+$/, "the name of a claim")
  },
  {
    key: "corsOrigins",
    name: "SALLYPORT_CORS_ORIGINS",
    default: "",
    help: "Origins whose pages may talk to the service, with `Authorization`.",
    ...list(/^https?:\/\/[^\s/]+$/i, "origins, such as `https://console.example`")
  },
  {
    key: "trustedProxies",
    name: "SALLYPORT_TRUSTED_PROXIES",
    default: "",
    help: "Proxies whose `X-Forwarded-*` is believed.",
    ...list(/^([0-9a-f.:]+(\/\d{1,3})?|loopback|linklocal|uniquelocal)$/i, "addresses and networks")
  },
  {
    key: "maxRequestsPerPrincipal",
    name: "SALLYPORT_MAX_REQUESTS_PER_PRINCIPAL",
    default: "1000",
    help: "Requests that one principal may send in a second.",
    ...wholeNumber(1, 1e6)
  },
  {
    key: "maxRequestsPerAddress",
    name: "SALLYPORT_MAX_REQUESTS_PER_ADDRESS",
    default: "5000",
    help: "Requests that may come from one address in a second, where credentials are needed.",
    ...wholeNumber(1, 1e6)
  },
  {
    key: "maxRefusedPerAddress",
    name: "SALLYPORT_MAX_REFUSED_PER_ADDRESS",
    default: "30",
    help: "Credentials from one address that may be wrong in a minute, before the next wrong one is told to wait.",
    ...wholeNumber(1, 1e6)
  }
];
function withoutPassword(text) {
  return text.replace(/\/\/.*@/s, "//...@").replace(/([?&]\w*password=)[^&]*/gi, "$1...");
}

export {
  SETTINGS,
  withoutPassword
};
