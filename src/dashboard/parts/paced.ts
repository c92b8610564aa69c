import { effect, untracked } from '@preact/signals';

/** Acts now, and when a signal that `watch` reads has changed, but not again within `paceMs`. Returns what ends it. */
export function paced(paceMs: number, watch: () => unknown, act: () => void): () => void {
  let actedAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const go = () => {
    timer = undefined;
    actedAt = performance.now();
    untracked(act);
  };
  const stop = effect(() => {
    watch();
    const leftMs = actedAt + paceMs - performance.now();
    if (leftMs <= 0) {
      go();
    } else {
      timer ??= setTimeout(go, leftMs);
    }
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}
