import type { Role } from '../model/role.ts';

/** Who a request comes from, as its credential proves. */
export interface Identity {
  /** `token:<name>` or `jwt:<issuer>#<sub>`. A cookie has the principal of the token that signed in. */
  readonly principal: string;
  readonly role: Role;
  /** From when on it is no longer accepted, in milliseconds since 1970, UTC; null: never. */
  readonly expiresAt: number | null;
}

/** An identity, and by what it was proved. */
export interface Authenticated extends Identity {
  readonly source: 'token' | 'jwt' | 'cookie';
  /** Names the credential for as long as it is open. It is no secret, but it says nothing to a reader of logs either. */
  readonly credential: string;
}

/** Why a credential was not accepted. The sentence may be shown to whoever sent it. */
export interface Refused {
  readonly refused: Reason;
  readonly sentence: string;
}

export type Reason = keyof typeof SENTENCES;

/**
 * Every reason there is. All of them are a 401 over HTTP (`invalid_token` in RFC 6750, section 3.1; both kinds of
 * `missing` without an error code), but `unavailable`, which is a 503: the credential may be good.
 */
const SENTENCES = {
  missing: 'this needs a credential; send a token as `Authorization: Bearer spt_…`',
  'missing-or-jwt':
    'this needs a credential; send a token, `spt_…`, or a JWT of the issuer that is trusted here as `Authorization: Bearer …`',
  'unsupported-scheme': 'the Authorization header must be `Bearer` and a token',
  malformed: 'this is not a token of this service; a token begins with spt_ and has 53 characters',
  'bad-checksum': 'the token was not copied as it was made: its checksum is wrong',
  unknown: 'the token or the sign-in is not known here; it may have been replaced or ended',
  revoked: 'the token has been revoked; ask an administrator for another',
  expired: 'the credential has expired; get a new one',
  'jwt-not-accepted': 'this service takes no JWT; send a token that begins with spt_',
  'jwt-malformed': 'the JWT cannot be read',
  'jwt-algorithm': 'the JWT is not signed by an algorithm that is taken here (RS, PS, ES or EdDSA)',
  'jwt-signature': 'the signature of the JWT does not fit the key of its issuer',
  'jwt-unknown-key': 'the JWT is not signed by a key that its issuer publishes',
  'jwt-issuer': 'the JWT is from another issuer than the one that is trusted here',
  'jwt-audience': 'the JWT is for another audience than this service',
  'jwt-not-yet-valid': 'the JWT is not valid yet',
  'jwt-claims': 'the JWT needs a numeric exp and a sub of 1-255 characters without control characters',
  'jwt-role': 'the JWT has no role that is known here (viewer, agent, operator or admin)',
  unavailable: 'the keys of the issuer cannot be had at the moment; try again',
} as const;

export function refuse(reason: Reason): Refused {
  return { refused: reason, sentence: SENTENCES[reason] };
}
