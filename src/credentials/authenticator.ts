import { AdminToken } from './admin-token.ts';
import { type Authenticated, type Refused, refuse } from './identity.ts';
import type { JwtOptions, JwtVerifier, JwtVerifierOptions } from './jwt.ts';
import { KeptCredentials } from './kept-credentials.ts';
import { LiveTokens } from './live-tokens.ts';
import { Logins } from './logins.ts';
import { ManagedTokens } from './managed-tokens.ts';
import { OpenUses } from './open-uses.ts';
import type { CredentialPaths } from './paths.ts';

export interface AuthenticatorOptions {
  /** Null: nothing is kept in files. */
  readonly paths: CredentialPaths | null;
  /** SALLYPORT_TOKENS; null: not set. */
  readonly tokens: string | null;
  /** Null: no JWT is taken. */
  readonly jwt: JwtOptions | null;
  /** Gets a sentence without secrets, for the log. */
  readonly reportError: (sentence: string) => void;
  /** Called once, when there is a first credential and what was open without one has ended. */
  readonly onFirstCredential?: () => void;
  /** Milliseconds since 1970, UTC. */
  readonly clock?: () => number;
  /** How often files are looked at, and what is open is asked again. */
  readonly checkEveryMs?: number;
}

/** What a request brings along. Undefined: it does not. */
export interface Presented {
  /** The header, as it came. */
  readonly authorization: string | undefined;
  /** The value of our cookie, no more of its header. */
  readonly cookie: string | undefined;
}

const CHECK_EVERY_MS = 250;
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** Says who a request comes from, and when what was let in has to end. */
export class Authenticator {
  /** For those who may see and change them. */
  readonly managedTokens: ManagedTokens;
  readonly #options: AuthenticatorOptions;
  readonly #tokens: LiveTokens;
  readonly #kept: KeptCredentials;
  readonly #jwt: JwtVerifier | null;
  readonly #adminToken: AdminToken | null;
  readonly #uses: OpenUses;
  readonly #timer: NodeJS.Timeout;
  #checked: Promise<void> = Promise.resolve();
  #checks = 0;
  /** Requests without a credential may have been let in. */
  #wasOpen: boolean;

  private constructor(options: AuthenticatorOptions, parts: Parts) {
    this.#options = options;
    this.#tokens = parts.tokens;
    this.#kept = parts.kept;
    this.#jwt = parts.jwt;
    this.#adminToken = parts.adminToken;
    this.managedTokens = new ManagedTokens({
      live: parts.tokens,
      path: options.paths?.tokens ?? null,
      clock: options.clock ?? Date.now,
      check: () => this.check(),
    });
    this.#uses = new OpenUses(options.reportError);
    this.#wasOpen = !this.isConfigured;
    this.#timer = setInterval(() => this.#tick(), options.checkEveryMs ?? CHECK_EVERY_MS).unref();
  }

  /** Throws a sentence if tokens or keys are not as they have to be. `close` it. */
  static async open(options: AuthenticatorOptions): Promise<Authenticator> {
    const { paths, tokens: text, reportError, clock = Date.now } = options;
    const tokens = await LiveTokens.open({ path: paths?.tokens ?? null, text, reportError });
    const logins = await Logins.open({ path: paths?.logins ?? null, clock, reportError });
    const adminToken = paths === null ? null : await AdminToken.open(paths.adminToken);
    const jwt = options.jwt === null ? null : await openJwt({ ...options.jwt, reportError, clock });
    const kept = new KeptCredentials(tokens, logins, clock);
    return new Authenticator(options, { tokens, kept, jwt, adminToken });
  }

  /**
   * Whether anybody could have a credential: there is a JWT issuer, or there is or was a token, be it revoked. Once
   * true it stays true, whatever happens to files.
   */
  get isConfigured(): boolean {
    return this.#jwt !== null || this.#tokens.isConfigured;
  }

  /** Where the administrator's token lies that nobody has used yet; null: nowhere. */
  get unusedAdminToken(): string | null {
    const adminToken = this.#adminToken;
    return adminToken?.sha256 && this.#kept.goodToken(adminToken.sha256) ? adminToken.path : null;
  }

  /**
   * Makes the administrator's token of a first start, unless there is any token. Throws a sentence if there is no place
   * for it.
   */
  async makeAdminToken(): Promise<void> {
    const { paths } = this.#options;
    if (paths === null || this.#adminToken === null) {
      throw new Error(
        'there is no folder to keep an administrator token in; make a token, and set SALLYPORT_TOKENS_FILE or SALLYPORT_TOKENS',
      );
    }
    this.#wasOpen = false;
    await this.#adminToken.make(paths.tokens);
    await this.check();
  }

  /** Asks the issuer of JWTs, if there is one, for its keys. Throws a sentence if they cannot be had; takes 5 s at most. */
  async askIssuer(): Promise<void> {
    await this.#jwt?.askIssuer();
  }

  /** Never rejects. Only a JWT whose issuer has to be asked for its keys takes time, 5 s at most. */
  async authenticate({ authorization, cookie }: Presented): Promise<Authenticated | Refused> {
    if (authorization === undefined) {
      return cookie === undefined
        ? refuse(this.#jwt === null ? 'missing' : 'missing-or-jwt')
        : this.#kept.byCookie(cookie);
    }
    const credential = BEARER.exec(authorization)?.[1];
    if (credential === undefined) {
      return refuse(/^Bearer\b/i.test(authorization) ? 'malformed' : 'unsupported-scheme');
    }
    if (JWT.test(credential)) {
      return this.#jwt === null ? refuse('jwt-not-accepted') : await this.#jwt.verify(credential);
    }
    return this.#byToken(credential);
  }

  /** Whether who was let in would be let in again. Null: no credential was needed, which is over when there is a first one. */
  isGood(authenticated: Authenticated | null): boolean {
    return authenticated === null ? !this.isConfigured : this.#kept.isGood(authenticated);
  }

  /**
   * Calls the listener, once, within half a second after the credential has been revoked, rotated, given another role,
   * signed out or has expired. Null: none was needed, which is over when there is a first one. The answer takes it back,
   * and has to be called when the stream or the wait ends.
   */
  onInvalid(authenticated: Authenticated | null, listener: () => void): () => void {
    return this.#uses.add(authenticated, listener);
  }

  /**
   * Signs a browser in with a token. The cookie is good for as long as the token is, 12 h at most. `too-many`: as many
   * are signed in as may be. Rejects if it cannot be written down. `before`: the cookie that the browser had; that
   * sign-in ends, and all that is open under it, so that nobody goes on reading as who they were.
   */
  async login(
    token: string,
    before?: string,
  ): Promise<{ cookie: string; expiresAt: number } | Refused | 'too-many'> {
    const authenticated = await this.#byToken(token);
    if ('refused' in authenticated) {
      return authenticated;
    }
    const login = await this.#kept.login(authenticated, before).finally(() => this.#endUses());
    return login === null ? 'too-many' : { cookie: login.id, expiresAt: login.expiresAt };
  }

  /** Ends the sign-in of the cookie and all that is open under it. Rejects if that cannot be written down. */
  async logout(cookie: string): Promise<void> {
    try {
      await this.#kept.logout(cookie);
    } finally {
      this.#endUses();
    }
  }

  /** Looks at the files as they are now. Never rejects. */
  check(): Promise<void> {
    this.#checks++;
    this.#checked = this.#checked.then(async () => {
      await Promise.all([this.#tokens.check(), this.#jwt?.check()]);
      this.#checks--;
      this.#endUses();
      if (this.#wasOpen && this.isConfigured) {
        this.#wasOpen = false;
        this.#options.onFirstCredential?.();
      }
    });
    return this.#checked;
  }

  /** Ends the looking at files. */
  close(): void {
    clearInterval(this.#timer);
  }

  /** What has expired ends also while a file system does not answer. */
  #tick(): void {
    this.#endUses();
    if (this.#checks === 0) void this.check();
  }

  #endUses(): void {
    this.#uses.endUnless((authenticated) => this.isGood(authenticated));
  }

  async #byToken(text: string): Promise<Authenticated | Refused> {
    const found = this.#kept.byToken(text);
    if (!('refused' in found) && this.#adminToken?.sha256 === found.credential) {
      await this.#adminToken.onUse().catch((error) => this.#options.reportError(error.message));
    }
    return found;
  }
}

interface Parts {
  readonly tokens: LiveTokens;
  readonly kept: KeptCredentials;
  readonly jwt: JwtVerifier | null;
  readonly adminToken: AdminToken | null;
}

/** Loaded only where JWTs are taken. */
async function openJwt(options: JwtVerifierOptions): Promise<JwtVerifier> {
  const { JwtVerifier } = await import('./jwt.ts');
  return await JwtVerifier.open(options);
}
