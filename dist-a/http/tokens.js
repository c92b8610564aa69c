import { Type } from '@sinclair/typebox';
import { CreateToken, IssuedToken, RotateToken, Token, TokensPage } from '../model/token.js';
import { sendJson } from './answers.js';
import { refuseBody } from './body.js';
import { answer, LOCATION_HEADER, NoQuery, problems } from './documentation.js';
import { tokenProblem, unknownToken } from './token-problems.js';
const NO_STORE = {
    'Cache-Control': Type.String({ description: '`no-store`: no cache keeps the secret.' }),
};
const Params = Type.Object({ name: Type.String({ description: 'The name of the token.' }) });
/** Administrators see, make and end tokens, as the command `sallyport token` does. */
export function tokenRoutes(app, access) {
    const tags = ['credentials'];
    const tokens = access.authenticator.managedTokens;
    app.get('/tokens', {
        schema: {
            operationId: 'listTokens',
            tags,
            summary: 'List tokens',
            description: 'All that count, those that have ended included: first those of `SALLYPORT_TOKENS`, then those of the file, the oldest first.',
            querystring: NoQuery,
            response: { 200: answer('The tokens, without their secrets.', TokensPage), ...problems() },
        },
    }, async (_request, reply) => sendJson(reply, JSON.stringify({ tokens: await tokens.list() })));
    app.post('/tokens', {
        schema: {
            operationId: 'createToken',
            tags,
            summary: 'Make a token',
            description: 'The answer is the only one that has the secret. If it does not arrive, give the token a new one with `/rotate`.',
            querystring: NoQuery,
            body: CreateToken,
            response: {
                201: { ...answer('Made.', IssuedToken), headers: { ...LOCATION_HEADER, ...NO_STORE } },
                ...problems(409, 413, 415, 503),
            },
        },
    }, async (request, reply) => {
        const { name, role, expires_in_days } = request.body;
        const made = await tokens.create(name, role, expires_in_days).catch(refuse(name));
        report(request, `the token '${name}' (${role}) was made`);
        return sendSecret(reply.code(201).header('Location', `/tokens/${name}`), made);
    });
    app.get('/tokens/:name', {
        schema: {
            operationId: 'getToken',
            tags,
            summary: 'Get a token',
            querystring: NoQuery,
            params: Params,
            response: { 200: answer('The token, without its secret.', Token), ...problems(404) },
        },
    }, async (request, reply) => {
        const { name } = request.params;
        const token = (await tokens.list()).find((one) => one.name === name);
        if (token === undefined) {
            throw unknownToken(name);
        }
        return sendJson(reply, JSON.stringify(token));
    });
    app.post('/tokens/:name/rotate', {
        schema: {
            operationId: 'rotateToken',
            tags,
            summary: 'Give a token a new secret',
            description: 'Its name, principal and role stay. The old secret ends at once, and with it every stream, wait and sign-in.',
            querystring: NoQuery,
            params: Params,
            body: RotateToken,
            response: {
                200: { ...answer('It has a new secret.', IssuedToken), headers: NO_STORE },
                ...problems(404, 409, 413, 415, 503),
            },
        },
    }, async (request, reply) => {
        const { name } = request.params;
        const made = await tokens.rotate(name, request.body.expires_in_days).catch(refuse(name));
        report(request, `the token '${name}' has a new secret`);
        return sendSecret(reply, made);
    });
    app.delete('/tokens/:name', {
        schema: {
            operationId: 'revokeToken',
            tags,
            summary: 'Revoke a token',
            description: 'For good, and with it every stream, wait and sign-in. Its name stays taken. Again: 204, and nothing changes.',
            querystring: NoQuery,
            params: Params,
            response: {
                204: { description: 'It is revoked.', type: 'null' },
                ...problems(404, 409, 413, 415, 503),
            },
        },
    }, async (request, reply) => {
        refuseBody(request.body);
        const { name } = request.params;
        await tokens.revoke(name).catch(refuse(name));
        report(request, `the token '${name}' is revoked`);
        return reply.code(204).send();
    });
    /** Who made somebody's credential has to be found out later, and no event says it. */
    function report(request, what) {
        const { principal } = access.callerOf(request);
        request.log.info({ reqId: request.id, principal }, what);
    }
}
function refuse(name) {
    return (error) => {
        throw tokenProblem(error, name);
    };
}
function sendSecret(reply, token) {
    return sendJson(reply.header('Cache-Control', 'no-store'), JSON.stringify(token));
}
