import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
/** Both halves of V8's young generation together: it grows no more when it has this. In bytes. */
const YOUNG_GENERATION_MAX = 16 * 1024 * 1024;
/**
 * What comes here stays: pending approvals, streams, waits. V8 takes that for a reason to double its young generation
 * again and again, up to 128 MB that an idle node then keeps. Nothing grows while what is open is read at a start.
 */
export function keepYoungGeneration() {
    growBy(1);
}
/**
 * From now on it grows, but not beyond a size from which more makes requests hardly cheaper. There is a flag of V8 for
 * that, which only the command line can set; and V8 gives the room back when nothing happens, so it is looked at after
 * each collection.
 */
export function limitYoungGeneration() {
    let factor = 1;
    new PerformanceObserver(() => {
        const next = youngGenerationBytes() < YOUNG_GENERATION_MAX ? 2 : 1;
        if (next !== factor) {
            factor = next;
            growBy(next);
        }
    }).observe({ entryTypes: ['gc'] });
}
function growBy(factor) {
    setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}
function youngGenerationBytes() {
    const spaces = getHeapSpaceStatistics().filter(({ space_name }) => space_name === 'new_space');
    return spaces.reduce((bytes, { space_size }) => bytes + space_size, 0);
}
