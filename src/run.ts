import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { type Logger, pino } from 'pino';
import { type Config, ConfigError, readConfig, withoutPassword } from './config.ts';
import { type Service, startService } from './service.ts';
import { keepYoungGeneration, limitYoungGeneration } from './young-generation.ts';

/** The process: reads its settings, starts the service, and ends it in order when it is told to. */
export async function run(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  try {
    const read = readConfig(argv, environment, version);
    if ('print' in read) {
      process.stdout.write(read.print);
    } else {
      await serve(read.run, version, await makeLog(read.run.logLevel, !environment.NO_COLOR));
    }
  } catch (error) {
    const isWrongWord = error instanceof ConfigError;
    const hint = isWrongWord ? "\nSee 'sallyport serve --help'." : '';
    process.stderr.write(`sallyport: ${(error as Error).message}${hint}\n`);
    process.exitCode = isWrongWord && (await isMeantForClient(argv)) ? 3 : 1;
  }
}

/** `sallyport --json ask …`: 1 would be a person's no. */
async function isMeantForClient(argv: readonly string[]): Promise<boolean> {
  const { HELP } = await import('./cli/client-help.ts');
  return argv.some((word) => Object.hasOwn(HELP.commands, word));
}

async function serve(config: Config, version: string, log: Logger): Promise<void> {
  keepYoungGeneration();
  const onFatal = (error: Error) => {
    log.fatal(
      { err: error },
      'this node cannot go on with its log; ending, so that nothing is answered that is not safe',
    );
    process.exit(1);
  };
  const service = await startService({ config, version, log, onFatal });
  limitYoungGeneration();
  sayHello(service, config, log, version);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => void end(signal));
  }

  let isEnding = false;
  async function end(signal: 'SIGTERM' | 'SIGINT'): Promise<void> {
    if (isEnding) {
      process.exit(128 + constants.signals[signal]);
    }
    isEnding = true;
    log.info(`${signal}: answering what runs, then stopping; once more stops at once`);
    await service.stop();
    log.info('stopped');
    process.exitCode = 0;
  }
}

function sayHello(service: Service, config: Config, log: Logger, version: string): void {
  const url = config.publicUrl ?? service.url;
  // Where all addresses are listened on, this one can be opened too.
  const link = url.replace(/^http:\/\/(0\.0\.0\.0|\[::\])(?=[:/]|$)/, 'http://127.0.0.1');
  const listening = url === service.url ? '' : `listening on ${service.url}, `;
  log.info(
    `Sallyport ${version} is up: ${url} (${listening}documentation: ${link}/docs), keeping its log in ${withoutPassword(config.store)}`,
  );
  const { isConfigured, unusedAdminToken } = service.credentials;
  const credential = isConfigured ? '-H "Authorization: Bearer $SALLYPORT_TOKEN" ' : '';
  log.info(`Try: curl -N ${credential}${link}/events/stream`);
  if (unusedAdminToken !== null) {
    log.warn(
      `an administrator's token is in ${unusedAdminToken}, which goes away when it is used: make others with 'sallyport token create'`,
    );
  }
  if (!isConfigured) {
    log.warn(
      config.insecure
        ? `SALLYPORT_INSECURE is set: whoever reaches ${config.host}:${new URL(service.url).port} can decide everything`
        : "No credentials: every program on this machine may decide. Make a token with 'sallyport token create --name NAME --role admin'",
    );
  }
}

/** JSON lines; on a terminal they are for people. */
async function makeLog(level: string, colorize: boolean): Promise<Logger> {
  if (!process.stdout.isTTY) {
    return pino({ level });
  }
  const { default: pretty } = await import('pino-pretty');
  return pino({ level }, pretty({ colorize, ignore: 'pid,hostname' }));
}
