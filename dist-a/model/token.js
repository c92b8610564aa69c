import { Type } from '@sinclair/typebox';
import { RoleWord } from './role.js';
import { Nullable, Time, Words } from './schema.js';
/** A token that is pasted where its name belongs is not written down. */
export const TOKEN_NAME_PATTERN = '^(?!spt_)[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$';
export const TOKEN_NAME_FORM = '1-64 characters of A-Z a-z 0-9 . _ @ -, beginning with a letter or a digit and not with spt_';
/** The longest life that can be asked for. */
export const EXPIRES_DAYS_MAX = 3650;
export const TOKEN_STATES = ['active', 'expired', 'revoked'];
const TokenName = Type.String({
    pattern: TOKEN_NAME_PATTERN,
    description: `Its principal is \`token:\` and this. It is given once, ever: ${TOKEN_NAME_FORM}.`,
    examples: ['ann'],
});
const strict = { additionalProperties: false };
const MEMBERS = {
    name: TokenName,
    role: RoleWord,
    state: Words(TOKEN_STATES, { description: 'Only an `active` one lets anybody in.' }),
    created_at: Time('When it, or its newest secret, was made.'),
    expires_at: Nullable(Time('When it ends by itself; null: never.')),
    revoked_at: Nullable(Time('When it was ended for good; null: it was not.')),
};
const EXAMPLE = {
    name: 'ann',
    role: 'operator',
    state: 'active',
    created_at: '2026-11-23T10:15:30.123Z',
    expires_at: null,
    revoked_at: null,
};
/** A token as it is shown: neither its secret nor the hash of it. */
export const Token = Type.Object(MEMBERS, { ...strict, title: 'Token', examples: [EXAMPLE] });
export const TokensPage = Type.Object({ tokens: Type.Array(Token) }, { ...strict, title: 'TokensPage', examples: [{ tokens: [EXAMPLE] }] });
/** The one answer that has the secret. */
export const IssuedToken = Type.Object({
    ...MEMBERS,
    token: Type.String({ description: 'The secret, `spt_…`. It is not kept, and shown this once.' }),
}, { ...strict, title: 'IssuedToken', examples: [{ ...EXAMPLE, token: 'spt_…' }] });
const ExpiresInDays = Type.Integer({ minimum: 1, maximum: EXPIRES_DAYS_MAX });
export const CreateToken = Type.Object({
    name: TokenName,
    role: RoleWord,
    expires_in_days: Type.Optional({
        ...ExpiresInDays,
        description: 'When it ends by itself; never when not given.',
    }),
}, {
    ...strict,
    title: 'CreateToken',
    examples: [
        { name: 'ann', role: 'operator' },
        { name: 'ci', role: 'agent', expires_in_days: 90 },
    ],
});
export const RotateToken = Type.Object({
    expires_in_days: Type.Optional({
        ...ExpiresInDays,
        description: 'When the new one ends by itself; when the old one would have, when not given.',
    }),
}, { ...strict, title: 'RotateToken', examples: [{}, { expires_in_days: 90 }] });
