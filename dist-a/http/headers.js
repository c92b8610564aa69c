import { Type } from '@sinclair/typebox';
import { NAME_FORM, NAME_PATTERN } from '../model/session.js';
import { invalid, ProblemError, problemOf } from './problems.js';
/** The headers of the contract, each read and checked in one place. */
const NAME = new RegExp(NAME_PATTERN);
const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;
const SEQ = /^(0|[1-9]\d{0,15})$/;
/** How long a request with `Sallyport-Min-Seq` waits for that state. */
export const MIN_SEQ_WAIT_MS = 5000;
export const SessionHeader = {
    'X-Session-Id': Type.String({
        pattern: NAME_PATTERN,
        description: 'Who asks: the name of your session.',
        examples: ['ui-1'],
    }),
};
export const IdempotencyHeader = {
    'Idempotency-Key': Type.Optional(Type.String({
        pattern: '^[\\x21-\\x7e]{1,255}$',
        description: 'The same key from the same session means the same approval.',
        examples: ['deploy-1.4.2'],
    })),
};
export const MinSeqHeader = {
    'Sallyport-Min-Seq': Type.Optional(Type.Integer({
        minimum: 0,
        description: 'Answer from a state that includes this event, or with a 503 after 5 s.',
    })),
};
/** The session that a change is made for: the name that the request gives, and the principal that its credential proves. */
export function actorOf(request, access) {
    return { session_id: sessionOf(request), principal: access.callerOf(request).principal };
}
function sessionOf({ headers }) {
    const name = headers['x-session-id'];
    if (name === undefined || name === '') {
        throw new ProblemError('session-required', "say who you are with the header 'X-Session-Id'");
    }
    return checkSessionName(String(name), 'X-Session-Id');
}
export function checkSessionName(name, field) {
    if (!NAME.test(name)) {
        throw invalid(field, `must be ${NAME_FORM}`);
    }
    return name;
}
/** Undefined: none was sent. */
export function idempotencyKeyOf(request) {
    const key = request.headers['idempotency-key'];
    if (key !== undefined && !VISIBLE_ASCII.test(String(key))) {
        throw invalid('Idempotency-Key', 'must be 1-255 visible ASCII characters');
    }
    return key;
}
/** A hook: a change is refused before its body is looked at when nobody says who makes it. */
export function requireSession(request, _reply, done) {
    try {
        sessionOf(request);
    }
    catch (error) {
        done(error);
        return;
    }
    done();
}
/** A hook: waits until the state includes what the client has seen already. */
export function awaitMinSeq(host) {
    return (request, _reply, done) => {
        const text = request.headers['sallyport-min-seq'];
        if (text === undefined) {
            done();
        }
        else {
            awaitSeq(host, String(text)).then(() => done(), done);
        }
    };
}
async function awaitSeq(host, text) {
    if (!SEQ.test(text)) {
        throw invalid('Sallyport-Min-Seq', 'must be a seq: a whole number');
    }
    const seq = Number(text);
    if (await host.reached(seq, MIN_SEQ_WAIT_MS)) {
        return;
    }
    if (host.isStopping) {
        throw problemOf({ code: 'shutting-down' });
    }
    throw new ProblemError('storage-unavailable', `this node has not seen event ${seq} after ${MIN_SEQ_WAIT_MS / 1000} s; the newest it knows is ${host.seq}`);
}
