import { parseArgs } from 'node:util';
import { credentialPaths } from '../credentials/paths.ts';
import { isRole } from '../credentials/roles.ts';
import { expiryAfter, isTokenName } from '../credentials/token-entry.ts';
import { ROLES, type Role } from '../model/role.ts';
import { EXPIRES_DAYS_MAX, TOKEN_NAME_FORM } from '../model/token.ts';
import { SETTINGS } from '../settings.ts';
import { UsageError } from './usage-error.ts';

interface Common {
  readonly json: boolean;
  /** Of the token file. */
  readonly path: string;
}

/** `expiresAt` in milliseconds since 1970, UTC; undefined: not said. */
export type TokenCommand = Common &
  (
    | {
        readonly verb: 'create';
        readonly name: string;
        readonly role: Role;
        readonly expiresAt: number | undefined;
      }
    | { readonly verb: 'rotate'; readonly name: string; readonly expiresAt: number | undefined }
    | { readonly verb: 'revoke'; readonly name: string }
    | { readonly verb: 'list' }
  );

type Environment = Readonly<Record<string, string | undefined>>;

const FLAGS = {
  name: { type: 'string' },
  role: { type: 'string' },
  expires: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  store: { type: 'string' },
  'tokens-file': { type: 'string' },
} as const;
type Flag = keyof typeof FLAGS;

const EVERYWHERE: readonly Flag[] = ['json', 'store', 'tokens-file'];
const VERBS: Record<TokenCommand['verb'], readonly Flag[]> = {
  create: ['name', 'role', 'expires'],
  list: [],
  rotate: ['name', 'expires'],
  revoke: ['name'],
};

/** Throws a UsageError. */
export function readTokenCommand(argv: readonly string[], environment: Environment): TokenCommand | 'help' {
  const { values, positionals } = parse(argv);
  const [verb, ...names] = positionals;
  if (values.help === true || (verb === undefined && argv.length === 0)) {
    return 'help';
  }
  if (!isVerb(verb)) {
    // Words are not repeated: somebody may paste a token where its name belongs.
    throw new UsageError(`the commands are: token ${Object.keys(VERBS).join(', token ')}`);
  }
  const wrong = (Object.keys(values) as Flag[]).find(
    (flag) => ![...VERBS[verb], ...EVERYWHERE].includes(flag),
  );
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
  const expiresAt =
    values.expires === undefined ? undefined : expiryAfter(readDays(values.expires), Date.now());
  return verb === 'rotate'
    ? { ...common, verb, name, expiresAt }
    : { ...common, verb, name, role: readRole(values.role), expiresAt };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true });
  } catch (error) {
    // After its first sentence it explains how to pass on what begins with a dash.
    throw new UsageError((error as Error).message.replace(/\. .*/s, ''));
  }
}

function isVerb(word: string | undefined): word is TokenCommand['verb'] {
  return word !== undefined && Object.hasOwn(VERBS, word);
}

function refuseMore(verb: string, words: readonly string[]): void {
  if (words.length > 0) {
    throw new UsageError(`'token ${verb}' got more words than it takes`);
  }
}

/** With `--name` or without. */
function readName(verb: string, [word, ...more]: readonly string[], flag: string | undefined): string {
  refuseMore(verb, flag === undefined ? more : [word, ...more].filter((extra) => extra !== undefined));
  const name = flag ?? word;
  if (name === undefined) {
    throw new UsageError(
      `'token ${verb}' needs a name: ${verb === 'create' ? '--name NAME' : `token ${verb} NAME`}`,
    );
  }
  if (!isTokenName(name)) {
    throw new UsageError(`the name of a token must be ${TOKEN_NAME_FORM}`);
  }
  return name;
}

function readRole(word: string | undefined): Role {
  if (!isRole(word)) {
    throw new UsageError(
      `--role must be one of ${ROLES.join(', ')}${word === undefined ? '' : `, not '${word}'`}`,
    );
  }
  return word;
}

function readDays(text: string): number {
  const days = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(days <= EXPIRES_DAYS_MAX)) {
    throw new UsageError(
      `--expires must be a whole number of days from 1 to ${EXPIRES_DAYS_MAX}, not '${text}'`,
    );
  }
  return days;
}

/** As the service finds it; an empty variable counts as unset. */
function tokensPath(
  flags: { readonly store?: string | undefined; readonly 'tokens-file'?: string | undefined },
  environment: Environment,
): string {
  const setting = storeSetting();
  const store = flags.store ?? (environment[setting.name] || setting.default);
  const tokensFile = flags['tokens-file'] ?? (environment.SALLYPORT_TOKENS_FILE || null);
  if (typeof store !== 'string' || setting.parse(store) === undefined) {
    throw new UsageError(`--store, or SALLYPORT_STORE, must be ${setting.accepts}`);
  }
  const paths = credentialPaths(store, tokensFile);
  if (paths === null) {
    throw new UsageError(
      'a store in memory has no folder for tokens; say where they are with --tokens-file or SALLYPORT_TOKENS_FILE',
    );
  }
  return paths.tokens;
}

export function storeSetting() {
  return SETTINGS.find(({ key }) => key === 'store') as (typeof SETTINGS)[number];
}
