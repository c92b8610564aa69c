import { Type } from '@sinclair/typebox';
import { sendJson } from './answers.js';
import { answer, openProblems } from './documentation.js';
import { ProblemError, sendProblem } from './problems.js';
const Healthy = Type.Object({ status: Type.String() }, { title: 'Healthy', additionalProperties: false, examples: [{ status: 'ok' }] });
export function healthRoutes(app, host) {
    const tags = ['health'];
    app.get('/health/live', {
        schema: {
            operationId: 'getLiveness',
            tags,
            security: [],
            summary: 'The process runs',
            response: { 200: answer('It runs.', Healthy), ...openProblems() },
        },
    }, async (_request, reply) => sendJson(reply, '{"status":"ok"}'));
    app.get('/health/ready', {
        schema: {
            operationId: 'getReadiness',
            tags,
            security: [],
            summary: 'The service can take changes',
            response: { 200: answer('It can.', Healthy), ...openProblems(503) },
        },
    }, async (_request, reply) => {
        const problem = host.problem();
        return problem === null
            ? sendJson(reply, '{"status":"ok"}')
            : sendProblem(reply, new ProblemError(host.isStopping ? 'shutting-down' : 'storage-unavailable', problem));
    });
}
