import { parseArgs } from 'node:util';
import { credentialPaths } from '../credentials/paths.js';
import { isRole } from '../credentials/roles.js';
import { expiryAfter, isTokenName } from '../credentials/token-entry.js';
import { ROLES } from '../model/role.js';
import { EXPIRES_DAYS_MAX, TOKEN_NAME_FORM } from '../model/token.js';
import { SETTINGS } from '../settings.js';
import { UsageError } from './usage-error.js';
const FLAGS = {
    name: { type: 'string' },
    role: { type: 'string' },
    expires: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
    store: { type: 'string' },
    'tokens-file': { type: 'string' },
};
const EVERYWHERE = ['json', 'store', 'tokens-file'];
const VERBS = {
    create: ['name', 'role', 'expires'],
    list: [],
    rotate: ['name', 'expires'],
    revoke: ['name'],
};
/** Throws a UsageError. */
export function readTokenCommand(argv, environment) {
    const { values, positionals } = parse(argv);
    const [verb, ...names] = positionals;
    if (values.help === true || (verb === undefined && argv.length === 0)) {
        return 'help';
    }
    if (!isVerb(verb)) {
        // Words are not repeated: somebody may paste a token where its name belongs.
        throw new UsageError(`the commands are: token ${Object.keys(VERBS).join(', token ')}`);
    }
    const wrong = Object.keys(values).find((flag) => ![...VERBS[verb], ...EVERYWHERE].includes(flag));
    if (wrong !== undefined) {
        throw new UsageError(`'token ${verb}' takes no --${wrong}`);
    }
    const common = { json: values.json === true, path: tokensPath(values, environment) };
    if (verb === 'list') {
        refuseMore(verb, names);
        return { ...common, verb };
    }
    const name = readName(verb, names, values.name);
    if (verb === 'revoke') {
        return { ...common, verb, name };
    }
    const expiresAt = values.expires === undefined ? undefined : expiryAfter(readDays(values.expires), Date.now());
    return verb === 'rotate'
        ? { ...common, verb, name, expiresAt }
        : { ...common, verb, name, role: readRole(values.role), expiresAt };
}
function parse(argv) {
    try {
        return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true });
    }
    catch (error) {
        // After its first sentence it explains how to pass on what begins with a dash.
        throw new UsageError(error.message.replace(/\. .*/s, ''));
    }
}
function isVerb(word) {
    return word !== undefined && Object.hasOwn(VERBS, word);
}
function refuseMore(verb, words) {
    if (words.length > 0) {
        throw new UsageError(`'token ${verb}' got more words than it takes`);
    }
}
/** With `--name` or without. */
function readName(verb, [word, ...more], flag) {
    refuseMore(verb, flag === undefined ? more : [word, ...more].filter((extra) => extra !== undefined));
    const name = flag ?? word;
    if (name === undefined) {
        throw new UsageError(`'token ${verb}' needs a name: ${verb === 'create' ? '--name NAME' : `token ${verb} NAME`}`);
    }
    if (!isTokenName(name)) {
        throw new UsageError(`the name of a token must be ${TOKEN_NAME_FORM}`);
    }
    return name;
}
function readRole(word) {
    if (!isRole(word)) {
        throw new UsageError(`--role must be one of ${ROLES.join(', ')}${word === undefined ? '' : `, not '${word}'`}`);
    }
    return word;
}
function readDays(text) {
    const days = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : Number.NaN;
    if (!(days <= EXPIRES_DAYS_MAX)) {
        throw new UsageError(`--expires must be a whole number of days from 1 to ${EXPIRES_DAYS_MAX}, not '${text}'`);
    }
    return days;
}
/** As the service finds it; an empty variable counts as unset. */
function tokensPath(flags, environment) {
    const setting = storeSetting();
    const store = flags.store ?? (environment[setting.name] || setting.default);
    const tokensFile = flags['tokens-file'] ?? (environment.SALLYPORT_TOKENS_FILE || null);
    if (typeof store !== 'string' || setting.parse(store) === undefined) {
        throw new UsageError(`--store, or SALLYPORT_STORE, must be ${setting.accepts}`);
    }
    const paths = credentialPaths(store, tokensFile);
    if (paths === null) {
        throw new UsageError('a store in memory has no folder for tokens; say where they are with --tokens-file or SALLYPORT_TOKENS_FILE');
    }
    return paths.tokens;
}
export function storeSetting() {
    return SETTINGS.find(({ key }) => key === 'store');
}
