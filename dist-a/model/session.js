import { Type } from '@sinclair/typebox';
import { Nullable, Time } from './schema.js';
/** What a client may call itself or its agents: letters, digits and `. _ : -`. */
export const NAME_PATTERN = '^[A-Za-z0-9._:-]{1,128}$';
export const NAME_FORM = '1-128 characters of A-Z a-z 0-9 . _ : -';
export const SessionId = Type.String({
    pattern: NAME_PATTERN,
    description: 'The name a client gives itself: 1-128 characters of `A-Z a-z 0-9 . _ : -`.',
    examples: ['ui-1'],
});
/** Who uses a session: `token:<name>` or `jwt:<issuer>#<sub>`. */
export const Principal = Nullable(Type.String({ description: 'Who the credential belongs to; null where none was needed.' }));
/** Who did something: a session and, where credentials are needed, the principal that used it. */
export const Actor = Type.Object({ session_id: SessionId, principal: Principal }, { title: 'Actor', additionalProperties: false, examples: [{ session_id: 'ui-1', principal: null }] });
export const ConnectedSession = Type.Object({
    session_id: SessionId,
    principal: Nullable(Type.String({ description: 'Who uses the session; null where no credential is needed.' })),
    connected_at: Time('When its first open stream on the node began.'),
    streams: Type.Integer({ minimum: 1, description: 'How many event streams it holds on the node.' }),
    node: Type.String({
        description: 'The node that the streams are on: its machine, and four hex digits that are of one start.',
    }),
}, {
    title: 'ConnectedSession',
    additionalProperties: false,
    examples: [
        {
            session_id: 'ui-1',
            principal: null,
            connected_at: '2026-11-23T10:15:30.123Z',
            streams: 1,
            node: 'sallyport-0-3fa9',
        },
    ],
});
/** True if both are the same session of the same principal. */
export function sameActor(a, b) {
    return a !== null && b !== null && a.session_id === b.session_id && a.principal === b.principal;
}
/**
 * True if what `maker` made is somebody else's for `by`: the rule of ownership, for agents and approvals alike.
 *
 * A credential owns what its session and its principal made together; the same session name from another principal is
 * another session. What was made where no credential was needed is nobody's for those who come with one: a name that
 * anyone could take proves nothing, not even to the principal that takes it now. Without a credential nothing is owned
 * that was made with one.
 */
export function belongsToAnother(maker, by) {
    const isNobodys = maker.principal === null && by.principal !== null;
    return !isNobodys && !sameActor(maker, by);
}
