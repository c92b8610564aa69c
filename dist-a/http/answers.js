import { problemOf, sendProblem } from './problems.js';
const STATUS = { created: 201, changed: 200, 'passed-on': 202 };
/** Sends text that is JSON already. */
export function sendJson(reply, json) {
    return reply.type('application/json; charset=utf-8').send(json);
}
/** Answers a change, or its refusal. `location`: the folder that a created thing is found in. */
export function sendResult(reply, host, result, location) {
    if ('refusal' in result) {
        return sendProblem(reply.header('Sallyport-Seq', host.seq), problemOf(result.refusal));
    }
    reply.header('Sallyport-Seq', result.seq).code(STATUS[result.outcome]);
    if (location !== undefined && result.outcome === 'created') {
        reply.header('Location', `${location}/${result.id}`);
    }
    return sendJson(reply, result.json);
}
