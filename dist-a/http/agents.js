import { Type } from '@sinclair/typebox';
import { allows } from '../credentials/roles.js';
import { newId } from '../host/ids.js';
import { Agent, RegisterAgent, SetAgentStatus } from '../model/agent.js';
import { AgentsPage, AgentsQuery } from '../model/page.js';
import { sendJson, sendResult } from './answers.js';
import { refuseBody } from './body.js';
import { answer, changed, created, idIn, NoQuery, problems } from './documentation.js';
import { actorOf, MinSeqHeader, requireSession, SessionHeader } from './headers.js';
import { problemOf, sendProblem } from './problems.js';
/** Agents looked at for one page: a filter that few pass ends the page early, with a cursor to go on from. */
const SCAN_MAX = 10_000;
const LIMIT_DEFAULT = 50;
export function agentRoutes(app, host, access, cursors) {
    const tags = ['agents'];
    const headers = Type.Object({ ...SessionHeader, ...MinSeqHeader });
    app.post('/agents', {
        onRequest: requireSession,
        schema: {
            operationId: 'registerAgent',
            tags,
            summary: 'Register an agent, or register it again',
            description: 'The same session that registers the same id again replaces the agent; its status is `idle`.',
            headers,
            querystring: NoQuery,
            body: RegisterAgent,
            response: {
                201: created('Registered.', Agent),
                200: changed('Registered again.', Agent),
                ...problems(400, 409, 413, 415, 429, 503),
            },
        },
    }, async (request, reply) => {
        const by = actorOf(request, access);
        const id = request.body.id ?? newId('agent-', Date.now());
        const result = await host.execute({ type: 'register-agent', by, id, request: request.body });
        return sendResult(reply, host, result, '/agents');
    });
    app.get('/agents', {
        schema: {
            operationId: 'listAgents',
            tags,
            summary: 'List agents',
            description: 'By `name`, then `id`, by code point. A page may hold fewer agents than `limit` and still have a `next_cursor`.',
            headers: Type.Object(MinSeqHeader),
            querystring: AgentsQuery,
            response: { 200: answer('A page of agents.', AgentsPage), ...problems(400, 503) },
        },
    }, async (request, reply) => {
        const { cursor, limit = LIMIT_DEFAULT, ...filter } = request.query;
        const position = cursors.read('agents', cursor);
        const { agents, next } = page(host.agents(position), filter, limit);
        const nextCursor = next === null ? null : cursors.make('agents', next);
        return sendJson(reply, JSON.stringify({ agents, next_cursor: nextCursor }));
    });
    app.get('/agents/:id', {
        schema: {
            operationId: 'getAgent',
            tags,
            summary: 'Get an agent',
            headers: Type.Object(MinSeqHeader),
            querystring: NoQuery,
            params: idIn('agent'),
            response: { 200: answer('The agent.', Agent), ...problems(400, 404, 503) },
        },
    }, async (request, reply) => {
        const agent = await host.agent(request.params.id);
        return agent === undefined
            ? sendProblem(reply, problemOf({ code: 'agent-not-found', agentId: request.params.id }))
            : sendJson(reply, JSON.stringify(agent));
    });
    app.put('/agents/:id/status', {
        onRequest: requireSession,
        schema: {
            operationId: 'setAgentStatus',
            tags,
            summary: 'Report what an agent is doing',
            description: 'Records an event each time. A `current_task` that is not given becomes null.',
            headers,
            querystring: NoQuery,
            params: idIn('agent'),
            body: SetAgentStatus,
            response: { 200: changed('The agent.', Agent), ...problems(400, 403, 404, 413, 415, 503) },
        },
    }, async (request, reply) => {
        const by = actorOf(request, access);
        const { id } = request.params;
        const result = await host.execute({ type: 'set-agent-status', by, id, request: request.body });
        return sendResult(reply, host, result);
    });
    app.delete('/agents/:id', {
        onRequest: requireSession,
        schema: {
            operationId: 'unregisterAgent',
            tags,
            summary: 'Unregister an agent',
            headers,
            querystring: NoQuery,
            params: idIn('agent'),
            response: {
                204: { description: 'It is unregistered.', type: 'null', headers: changed('', Agent).headers },
                ...problems(400, 403, 404, 413, 415, 503),
            },
        },
    }, async (request, reply) => {
        const by = actorOf(request, access);
        refuseBody(request.body);
        const { id } = request.params;
        const result = await host.execute({
            type: 'unregister-agent',
            by,
            id,
            asAdministrator: allows(access.callerOf(request).role, 'agents.unregister-any'),
        });
        return 'refusal' in result
            ? sendResult(reply, host, result)
            : reply.code(204).header('Sallyport-Seq', result.seq).send();
    });
}
function page(agents, filter, limit) {
    const found = [];
    let scanned = 0;
    let last = null;
    for (const agent of agents) {
        if (found.length === limit || scanned === SCAN_MAX) {
            return { agents: found, next: last };
        }
        scanned += 1;
        last = { name: agent.name, id: agent.id };
        if (passes(agent, filter)) {
            found.push(agent);
        }
    }
    return { agents: found, next: null };
}
function passes(agent, { status, kind, project, capability }) {
    return ((status === undefined || agent.status === status) &&
        (kind === undefined || agent.kind === kind) &&
        (project === undefined || agent.project === project) &&
        (capability === undefined || agent.capabilities.includes(capability)));
}
