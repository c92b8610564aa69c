import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** Reads as much of a Dockerfile as ours has; what it does not know is an error, so that nothing goes unchecked. */

export interface Run {
  readonly kind: 'run';
  readonly directory: string;
  readonly env: Record<string, string>;
  readonly command: string;
}

export interface Copy {
  readonly kind: 'copy';
  readonly directory: string;
  /** The stage it is copied from; null: the build context. */
  readonly from: string | null;
  readonly owner: string | null;
  readonly sources: readonly string[];
  readonly target: string;
}

export interface Stage {
  readonly name: string;
  readonly image: string;
  readonly steps: readonly (Run | Copy)[];
}

/** How the last stage is run. */
export interface Final {
  readonly stage: string;
  readonly directory: string;
  readonly env: Record<string, string>;
  readonly user: string;
  readonly volumes: readonly string[];
  readonly health: readonly string[];
  readonly command: readonly string[];
  readonly stopSignal: NodeJS.Signals;
}

interface Reading extends Stage, Omit<Final, 'stage'> {
  name: string;
  image: string;
  steps: (Run | Copy)[];
  directory: string;
  user: string;
  volumes: string[];
  health: string[];
  command: string[];
  stopSignal: NodeJS.Signals;
}

type Instruction = (stage: Reading, rest: string) => void;

const INSTRUCTIONS: Record<string, Instruction> = {
  WORKDIR: (stage, rest) => {
    stage.directory = resolve(stage.directory, rest);
  },
  ENV: (stage, rest) => {
    const equals = rest.indexOf('=');
    stage.env[rest.slice(0, equals)] = rest.slice(equals + 1);
  },
  RUN: ({ steps, directory, env }, command) => {
    steps.push({ kind: 'run', directory, env: { ...env }, command });
  },
  COPY: ({ steps, directory }, rest) => {
    const words = rest.split(/\s+/);
    const flags = new Map(words.filter((word) => word.startsWith('--')).map(splitFlag));
    const paths = words.filter((word) => !word.startsWith('--'));
    const [from, owner] = [flags.get('--from') ?? null, flags.get('--chown') ?? null];
    steps.push({
      kind: 'copy',
      directory,
      from,
      owner,
      sources: paths.slice(0, -1),
      target: String(paths.at(-1)),
    });
  },
  USER: (stage, rest) => {
    stage.user = rest;
  },
  VOLUME: (stage, rest) => {
    stage.volumes.push(rest);
  },
  STOPSIGNAL: (stage, rest) => {
    stage.stopSignal = rest as NodeJS.Signals;
  },
  HEALTHCHECK: (stage, rest) => {
    stage.health = JSON.parse(rest.slice(rest.indexOf('[')));
  },
  CMD: (stage, rest) => {
    stage.command = JSON.parse(rest);
  },
  EXPOSE: () => {},
  LABEL: () => {},
};

/** Reads `Dockerfile` in the folder `context`. */
export function readDockerfile(context: string): { stages: Stage[]; final: Final } {
  const stages: Reading[] = [];
  for (const line of logicalLines(readFileSync(join(context, 'Dockerfile'), 'utf8'))) {
    const [, word = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(line) ?? [];
    const stage = stages.at(-1);
    if (word === 'FROM') {
      stages.push(newStage(rest, stages.length));
    } else if (stage !== undefined && INSTRUCTIONS[word] !== undefined) {
      INSTRUCTIONS[word](stage, rest);
    } else {
      throw new Error(`no check knows how to do: ${line}`);
    }
  }
  const last = stages.at(-1);
  if (last === undefined) {
    throw new Error('it has no FROM');
  }
  return { stages, final: { ...last, stage: last.name } };
}

function newStage(rest: string, index: number): Reading {
  const [image = '', , name = `stage-${index}`] = rest.split(/\s+/);
  return {
    name,
    image,
    steps: [],
    directory: '/',
    env: {},
    user: 'root',
    volumes: [],
    health: [],
    command: [],
    stopSignal: 'SIGTERM',
  };
}

function splitFlag(word: string): [string, string] {
  const equals = word.indexOf('=');
  return [word.slice(0, equals), word.slice(equals + 1)];
}

function logicalLines(text: string): string[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '');
}

/** Whether `.dockerignore` lets the file, or something in the folder, through. Knows `*`, then `!path` lines. */
export function isInContext(context: string, file: string): boolean {
  const lines = readFileSync(join(context, '.dockerignore'), 'utf8').split('\n');
  const [everything, ...rules] = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (everything !== '*' || rules.some((rule) => !/^![^*?[]+$/.test(rule))) {
    throw new Error('.dockerignore has to be `*` and then lines of `!path`');
  }
  const path = relative(context, file);
  return rules.some((rule) => path === rule.slice(1) || path.startsWith(`${rule.slice(1)}/`));
}
