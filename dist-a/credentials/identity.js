/**
 * Every reason there is. All of them are a 401 over HTTP (`invalid_token` in RFC 6750, section 3.1; both kinds of
 * `missing` without an error code), but `unavailable`, which is a 503: the credential may be good.
 */
const SENTENCES = {
    missing: 'this needs a credential; send a token as `Authorization: Bearer spt_…`',
    'missing-or-jwt': 'this needs a credential; send a token, `spt_…`, or a JWT of the issuer that is trusted here as `Authorization: Bearer …`',
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
};
export function refuse(reason) {
    return { refused: reason, sentence: SENTENCES[reason] };
}
