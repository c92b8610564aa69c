import { CannotWrite } from '../credentials/cannot-write.js';
import { shown } from '../credentials/shown-token.js';
import { TokenFile } from '../credentials/token-file.js';
import { readTokenCommand } from './token-command.js';
import { HELP } from './token-help.js';
import { tokenTable } from './token-table.js';
import { UsageError } from './usage-error.js';
/**
 * `sallyport token …`. A new secret is all there is on standard output, so that `TOKEN=$(sallyport token create …)`
 * works; what a person should know is on standard error.
 */
export async function runToken(argv, environment) {
    try {
        const command = readTokenCommand(argv, environment);
        return command === 'help' ? done(HELP) : await act(command);
    }
    catch (error) {
        const advice = error instanceof CannotWrite ? '; run this where the file can be written' : '';
        const message = error.message + advice;
        return error instanceof UsageError
            ? { code: 2, stdout: '', stderr: `sallyport: ${message}\nSee 'sallyport token --help'.\n` }
            : { code: 1, stdout: '', stderr: `sallyport: ${message}\n` };
    }
}
async function act(command) {
    const file = new TokenFile(command.path);
    switch (command.verb) {
        case 'create': {
            const { name, role } = command;
            const { entry, token } = await file.create({ name, role, expiresAt: command.expiresAt ?? null });
            return issued('made', entry, token, command);
        }
        case 'rotate': {
            const { entry, token } = await file.rotate(command.name, command.expiresAt);
            return issued('has a new secret, and the old one has ended', entry, token, command);
        }
        case 'revoke': {
            const entry = await file.revoke(command.name);
            return done(command.json
                ? json(shown(entry, Date.now()))
                : `'${entry.name}' is revoked since ${entry.revoked_at}.\n`);
        }
        case 'list':
            return listed(await file.list(), command);
    }
}
function issued(what, entry, token, { json: asJson, path }) {
    const expires = entry.expires_at === null ? 'It never expires.' : `It expires at ${entry.expires_at}.`;
    return {
        code: 0,
        stdout: asJson ? json({ ...shown(entry, Date.now()), token }) : `${token}\n`,
        stderr: `Token '${entry.name}' (${entry.role}) ${what}. ${expires} Its hash is in ${path}.
Keep the token now; it is not shown again. Send it as 'Authorization: Bearer <token>'.
`,
    };
}
function listed(entries, { json: asJson, path }) {
    if (asJson) {
        return done(json({ tokens: entries.map((entry) => shown(entry, Date.now())) }));
    }
    return entries.length > 0
        ? done(tokenTable(entries, Date.now()))
        : {
            code: 0,
            stdout: '',
            stderr: `There are no tokens in ${path} yet. Make one: sallyport token create --name NAME --role ROLE\n`,
        };
}
function json(value) {
    return `${JSON.stringify(value)}\n`;
}
function done(stdout) {
    return { code: 0, stdout, stderr: '' };
}
