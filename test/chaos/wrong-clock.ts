/**
 * Loaded into a node before the service: its wall clock is wrong by the first of `CHAOS_CLOCK_SHIFTS_MS`, and by the next
 * one after each SIGUSR2. The monotonic clock stays right, as it does when somebody sets the time of a machine.
 */
const shifts = (process.env.CHAOS_CLOCK_SHIFTS_MS ?? '0').split(',').map(Number);
let current = 0;
process.on('SIGUSR2', () => {
  current = (current + 1) % shifts.length;
});

const RightDate = Date;
const now = () => RightDate.now() + (shifts[current] as number);
globalThis.Date = new Proxy(RightDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
});
