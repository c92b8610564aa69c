import { Gate } from './gate.ts';
import type { Programs } from './programs.ts';
import type { Played, Scenario } from './scenario.ts';
import { Stage } from './stage.ts';

/** For one scenario; a long one has minutes of waiting in it. */
const LIMIT_MS = 90_000;
const LONG_LIMIT_MS = 200_000;

/** The stages that are open, so that who ends the whole run can close them. */
const open = new Set<Stage>();

export async function closeStages(): Promise<void> {
  await Promise.all([...open].map((stage) => stage.close()));
}

/** Plays one after the other, and the long ones beside them. */
export async function playAll(
  scenarios: readonly Scenario[],
  programs: Programs,
  report: (played: Played) => void,
): Promise<Played[]> {
  const one = async (scenario: Scenario) => {
    const played = await play(scenario, programs);
    report(played);
    return played;
  };
  const long = scenarios.filter(({ isLong }) => isLong).map(one);
  const played: Played[] = [];
  for (const scenario of scenarios.filter(({ isLong }) => !isLong)) played.push(await one(scenario));
  played.push(...(await Promise.all(long)));
  return scenarios.flatMap((scenario) => played.filter((one) => one.scenario === scenario));
}

async function play(scenario: Scenario, programs: Programs): Promise<Played> {
  const program = programs[scenario.program];
  const began = performance.now();
  const stage = new Stage();
  open.add(stage);
  let failure: string | null = null;
  try {
    await within(scenario.isLong ? LONG_LIMIT_MS : LIMIT_MS, async () => {
      await scenario.play({ stage, program, programs, gate: await Gate.start(stage) });
    });
  } catch (error) {
    failure = (error as Error).message;
  }
  await stage.close();
  open.delete(stage);
  const seconds = (performance.now() - began) / 1000;
  return { scenario, version: program.version, seconds, failure };
}

async function within(limitMs: number, run: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not end within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}
