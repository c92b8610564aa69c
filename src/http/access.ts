import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../credentials/authenticator.ts';
import type { Refused } from '../credentials/identity.ts';
import { allows, type Permission } from '../credentials/roles.ts';
import type { App } from './app.ts';
import { ANYONE, type Caller } from './caller.ts';
import { cookieOf, requireOwnOrigin } from './cookie.ts';
import { OpenMode, type OpenModeOptions } from './open-mode.ts';
import { invalid, ProblemError } from './problems.ts';
import { type RateLimits, RequestRates } from './request-rates.ts';
import { needOf } from './route-permissions.ts';

export interface AccessOptions extends OpenModeOptions {
  readonly authenticator: Authenticator;
  /** Everybody may do everything, wherever they come from. */
  readonly isInsecure: boolean;
  /** Where people reach the service, if that is known. */
  readonly publicOrigin: string | null;
  readonly limits: RateLimits;
}

/** Credentials do not belong into URLs, which end up in logs, histories and the headers of other requests. */
const CREDENTIAL_IN_QUERY = /\?.*(\bspt_|\b(access_)?token=)/i;

/** `WWW-Authenticate` (RFC 6750, section 3): without a credential there is no error code. */
const NO_TOKEN = 'Bearer realm="sallyport"';
export const INVALID_TOKEN = `${NO_TOKEN}, error="invalid_token"`;

/** Who sends a request, and whether they may do what it asks: before anything else of the request is looked at. */
export class Access {
  readonly #options: AccessOptions;
  readonly #openMode: OpenMode;
  readonly #rates: RequestRates;
  readonly #callers = new WeakMap<FastifyRequest, Caller>();

  /** Guards every route that is added to `app` from now on; one that is not in the table cannot be added. */
  constructor(app: App, options: AccessOptions) {
    this.#options = options;
    this.#openMode = new OpenMode(options);
    this.#rates = new RequestRates(app, options.limits, (request) => `${this.callerOf(request).principal}`);
    this.#guardRoutes(app);
  }

  get authenticator(): Authenticator {
    return this.#options.authenticator;
  }

  /** Who sends this request. Only after a guard has let it in. */
  callerOf(request: FastifyRequest): Caller {
    return this.#callers.get(request) ?? ANYONE;
  }

  /** Throws unless the request may do it. */
  async admit(request: FastifyRequest, permission: Permission): Promise<void> {
    if (!this.#options.authenticator.isConfigured) {
      this.#checkOpenMode(request);
      return;
    }
    const caller = await this.#identify(request);
    this.#callers.set(request, caller);
    await this.#rates.ofPrincipal(request);
    if (!allows(caller.role, permission)) {
      throw notAllowed(caller, permission);
    }
  }

  /** Counts a wrong credential that came in a body. Throws a 429 when there were too many from this address. */
  countRefused(request: FastifyRequest): Promise<void> {
    return this.#rates.ofRefused(request);
  }

  /** Calls `end` once when the credential of a request that goes on is no longer good. Call the answer at its end. */
  onInvalid(request: FastifyRequest, end: () => void): () => void {
    const { authenticated } = this.callerOf(request);
    return authenticated === null ? () => undefined : this.authenticator.onInvalid(authenticated, end);
  }

  #guardRoutes(app: App): void {
    app.addHook('onRoute', (route) => {
      // Several methods: those that the path does not have. Whoever is known may know that.
      const need = Array.isArray(route.method) ? 'read' : needOf(String(route.method), route.url);
      if (need === undefined) {
        throw new Error(`nobody has said who may use ${route.method} ${route.url}`);
      }
      if (need !== 'open') {
        route.onRequest = [this.#guard(need), ...[route.onRequest ?? []].flat()];
      }
    });
  }

  #guard(permission: Permission) {
    return (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
      if (this.#options.authenticator.isConfigured) {
        this.admit(request, permission).then(() => done(), done);
        return;
      }
      try {
        this.#checkOpenMode(request);
      } catch (error) {
        done(error as Error);
        return;
      }
      done();
    };
  }

  #checkOpenMode(request: FastifyRequest): void {
    if (!this.#options.isInsecure) {
      this.#openMode.check(request);
    }
  }

  async #identify(request: FastifyRequest): Promise<Caller> {
    const { authenticator, publicOrigin } = this.#options;
    await this.#rates.ofAddress(request);
    if (CREDENTIAL_IN_QUERY.test(request.url)) {
      throw invalid('query', 'must not hold a credential: send it in the header Authorization');
    }
    const { authorization } = request.headers;
    const found = await authenticator.authenticate({ authorization, cookie: cookieOf(request) });
    if ('refused' in found) {
      throw await this.#refusal(request, found);
    }
    if (found.source === 'cookie') {
      requireOwnOrigin(request, publicOrigin);
    }
    return { principal: found.principal, role: found.role, authenticated: found };
  }

  async #refusal(request: FastifyRequest, { refused, sentence }: Refused): Promise<ProblemError> {
    if (refused === 'unavailable') {
      return new ProblemError('storage-unavailable', sentence);
    }
    if (refused !== 'missing') {
      await this.#rates.ofRefused(request);
    }
    return new ProblemError('unauthenticated', sentence, {
      challenge: refused === 'missing' ? NO_TOKEN : INVALID_TOKEN,
    });
  }
}

function notAllowed({ role }: Caller, permission: Permission): ProblemError {
  return new ProblemError(
    'forbidden',
    `the role '${role}' does not include '${permission}'; ask an administrator for a credential with another role`,
  );
}
