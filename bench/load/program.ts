import { LOADS } from './loads.ts';

/** The load program: a process of its own that does what its parent asks, one thing at a time, and says what it cost. */
process.on('message', ({ name, url, options }: { name: keyof typeof LOADS; url: string; options: never }) => {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const load = LOADS[name] as (url: URL, options: never) => Promise<object>;
  load(new URL(url), options).then(
    (result) => {
      const { user, system } = process.cpuUsage(cpu);
      const seconds = (performance.now() - started) / 1000;
      process.send?.({ ...result, loadCpu: (user + system) / 1e6 / seconds });
    },
    (error: Error) => process.send?.({ error: error.stack }),
  );
});

process.on('disconnect', () => process.exit());
