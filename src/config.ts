import { parseArgs } from 'node:util';
import { isLoopback } from './model/loopback.ts';
import { type Config, SETTINGS, type Setting, withoutPassword } from './settings.ts';

export { type Config, withoutPassword };

/** A wrong setting; the message is a sentence that names it. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the flags and the environment; a flag wins. `print` is what `--help` and `--version` say. */
export function readConfig(
  argv: readonly string[],
  environment: Environment,
  version: string,
): { run: Config } | { print: string } {
  const flags = readFlags(argv);
  if (flags.has('--help')) {
    return { print: help() };
  }
  if (flags.has('--version')) {
    return { print: `${version}\n` };
  }
  refuseUnknownNames(environment);
  const values = SETTINGS.map((setting) => [setting.key, readSetting(setting, flags, environment)]);
  const config = Object.fromEntries(values) as Config;
  refuseHalfAnIssuer(config);
  refuseOpenKeys(config);
  return { run: config };
}

function refuseHalfAnIssuer({ jwtIssuer, jwtAudience, jwtJwks }: Config): void {
  const given = [jwtIssuer, jwtAudience, jwtJwks].filter((value) => value !== null);
  if (given.length === 1 || given.length === 2) {
    throw new ConfigError(
      'JWTs need all of SALLYPORT_JWT_ISSUER, SALLYPORT_JWT_AUDIENCE and SALLYPORT_JWT_JWKS',
    );
  }
}

/** Whoever is on the way of plain HTTP may send keys of their own, and make credentials with them. */
function refuseOpenKeys({ jwtJwks }: Config): void {
  const url = jwtJwks === null ? null : URL.parse(jwtJwks);
  if (url?.protocol === 'http:' && !isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1'))) {
    throw new ConfigError(
      `SALLYPORT_JWT_JWKS must be an https URL, a URL of this machine, or a path: what '${url.host}' sends by plain http can be replaced on its way`,
    );
  }
}

/** `SALLYPORT_MAX_BODY_BYTES` is `--max-body-bytes`. */
function flagOf({ name }: Setting): string {
  return `--${name.slice('SALLYPORT_'.length).toLowerCase().replaceAll('_', '-')}`;
}

/** The flags as they were written, with their values; given twice, the last one counts. */
function readFlags(argv: readonly string[]): Map<string, string | undefined> {
  const takesValue = SETTINGS.map(flagOf);
  const known = [...takesValue, '--help', '--version'];
  const { tokens, positionals } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: {
      ...Object.fromEntries(takesValue.map((flag) => [flag.slice(2), { type: 'string' as const }])),
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean' },
    },
  });
  const flags = new Map<string, string | undefined>();
  for (const { name, rawName, value: given, inlineValue } of tokens.filter(
    (token) => token.kind === 'option',
  )) {
    // The parser takes `--port` for the value in `--insecure --port 0`.
    const value = inlineValue === false && known.includes(String(given)) ? undefined : given;
    const flag = rawName === '-h' ? '--help' : rawName;
    if (!known.includes(flag)) {
      throw new ConfigError(`${rawName} is not a flag${didYouMean(flag, known)}`);
    }
    if (takesValue.includes(flag) !== (value !== undefined)) {
      throw new ConfigError(value === undefined ? needsValue(flag) : `--${name} takes no value`);
    }
    flags.set(flag, value);
  }
  if (positionals.length > 1 || (positionals[0] ?? 'serve') !== 'serve') {
    throw new ConfigError(
      `'${positionals.join(' ')}' is not a command here; a command comes first, and 'sallyport --help' lists them`,
    );
  }
  return flags;
}

function needsValue(flag: string): string {
  const setting = SETTINGS.find((one) => flagOf(one) === flag) as Setting;
  return `${flag} needs a value: it is ${setting.accepts}`;
}

/** An empty variable counts as unset, as container tools pass on what they do not have. */
function readSetting(setting: Setting, flags: Map<string, string | undefined>, environment: Environment) {
  const flag = flagOf(setting);
  const text = flags.get(flag) ?? (environment[setting.name] || setting.default);
  if (text === null) {
    return null;
  }
  const value = setting.parse(text);
  if (value === undefined) {
    const name = flags.has(flag) ? flag : setting.name;
    throw new ConfigError(`${name} must be ${setting.accepts}, not '${withoutPassword(text)}'`);
  }
  return value;
}

/** Clients read these, and may run in the same environment. */
const CLIENT_NAMES = ['SALLYPORT_URL', 'SALLYPORT_TOKEN', 'SALLYPORT_SESSION', 'SALLYPORT_AGENT'];

function refuseUnknownNames(environment: Environment): void {
  const known: string[] = SETTINGS.map(({ name }) => name);
  for (const name of Object.keys(environment)) {
    const isOurs = name.startsWith('SALLYPORT_') && !name.startsWith('SALLYPORT_TEST_');
    if (isOurs && !known.includes(name) && !CLIENT_NAMES.includes(name)) {
      throw new ConfigError(`${name} is not a setting${didYouMean(name, known)}`);
    }
  }
}

function didYouMean(wrong: string, known: readonly string[]): string {
  const distances = known.map((name) => ({ name, distance: editDistance(wrong, name) }));
  const nearest = distances.reduce((best, next) => (next.distance < best.distance ? next : best));
  return nearest.distance <= Math.min(4, wrong.length / 3) ? `; did you mean ${nearest.name}?` : '';
}

/** Levenshtein: how many characters to insert, delete or replace. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, character] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, wanted] of [...to].entries()) {
      const replaced = Number(row[column]) + (character === wanted ? 0 : 1);
      next.push(Math.min(replaced, Number(row[column + 1]) + 1, Number(next[column]) + 1));
    }
    row = next;
  }
  return Number(row.at(-1));
}

function help(): string {
  const rows = SETTINGS.map((setting) => {
    const byDefault = setting.default || 'unset';
    return `  ${flagOf(setting).padEnd(32)}${setting.name}
      ${setting.help}
      It is ${setting.accepts}. Default: ${byDefault}`;
  });
  return `Usage: sallyport [serve] [flags]

Starts the service, which knows which AI agents are running and puts a person in front of what they must not do alone.
'sallyport --help' lists the other commands.

Settings, each by flag or by environment variable; a flag wins:

${rows.join('\n')}

  --help, -h                      Prints this.
  --version                       Prints the version.

Examples:
  sallyport
  sallyport --port 8080 --store sqlite:/var/lib/sallyport/sallyport.db
  SALLYPORT_LOG_LEVEL=debug sallyport serve
`;
}
