import type { ComponentChildren, Ref } from 'preact';
import { useCallback, useImperativeHandle, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { offsetsOf, spanAt, spansWith } from '../text/windowing.ts';

/** Pixels above and below the window in which rows are kept. */
const MORE_PX = 300;
/** So much of new rows, and one at least, is drawn at once, of the very first ones one; the others follow in the next frames. */
const NEW_PX = 240;
/** After a jump new rows wait for this long, in case there is another. */
const CALM_MS = 50;
/** Heights that are kept beyond twice those of the rows that there are. */
const HEIGHTS_MORE = 1000;

interface Props<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** The id of the element in a row that names it. */
  readonly labelIdOf: (item: T) => string;
  readonly rowClass?: (item: T) => string;
  /** A row's height before it was ever drawn. */
  readonly estimatePx: number;
  /** What the list is. */
  readonly label: string;
  /** The row that Tab leads to; null: the first. */
  readonly activeKey: string | null;
  readonly onActive: (key: string) => void;
  /** The row with the focus has gone; `onActive` tells of the one that has it now. */
  readonly onActiveGone?: () => void;
  /** After each time that rows were drawn, or have changed their size. */
  readonly onDrawn?: (root: HTMLElement) => void;
  /** What is in a row. As long as this is the same function, the row of an item is drawn once. */
  readonly children: (item: T) => ComponentChildren;
  readonly handle?: Ref<ListHandle>;
}

export interface ListHandle {
  /** Brings a row into view and gives it the focus. */
  focus(key: string): void;
}

/**
 * A list of any length of which only what is in the window is in the document. Rows have the height that they need. The
 * page scrolls, not the list. For a screen reader it is a feed (ARIA 1.2): each row knows its place among all, and the
 * row with the focus stays while it is scrolled away.
 */
export function VirtualList<T>(props: Props<T>) {
  const { items, keyOf, labelIdOf, rowClass, estimatePx, label, activeKey, onActive, children, handle } =
    props;
  const { onActiveGone, onDrawn } = props;
  const root = useRef<HTMLDivElement>(null);
  const heights = useRef(new Map<string, number>());
  const wanted = useRef<string | null>(null);
  const focused = useRef<{ key: string; index: number } | null>(null);
  const pace = useRef({ top: 0, fastAt: Number.NEGATIVE_INFINITY });
  const filled = useRef<ReadonlySet<string>>(new Set());
  const contents = useRef(new Map<string, Content<T>>());
  const [, draw] = useState(0);
  const drawAgain = () => draw((count) => count + 1);
  const drawSoon = useNextFrame(draw);
  const observer = useRowObserver(heights, estimatePx, drawSoon);
  useScroll(drawSoon);

  const keys = items.map(keyOf);
  forgetHeights(heights.current, keys);
  const offsets = offsetsOf(keys.map((key) => heights.current.get(key) ?? estimatePx));
  const top = root.current === null ? 0 : -root.current.getBoundingClientRect().top;
  const kept = [activeKey, wanted.current, focused.current?.key].map((key) => (key ? keys.indexOf(key) : -1));
  const spans = spansWith(spanAt(offsets, top, top + innerHeight, MORE_PX), kept);

  const seen = spanAt(offsets, top, top + innerHeight, 0);
  const inOrder = [seen, ...spans].flatMap(({ from, to }) => keys.slice(from, to));
  // Nobody reads what passes by faster than a window at a time.
  const isFast = passes(pace.current, top);
  // Nor is anything in the first drawing: it has enough to do.
  const isFirst = filled.current.size === 0;
  const newMax = isFast || root.current === null ? 0 : isFirst ? 1 : Math.max(1, NEW_PX / estimatePx);
  const filling = fillNext(filled.current, inOrder, [wanted.current, activeKey], newMax);
  filled.current = filling;
  for (const key of contents.current.keys()) {
    if (!filling.has(key)) {
      contents.current.delete(key);
    }
  }
  const isPartial = inOrder.some((key) => !filling.has(key));
  useLayoutEffect(() => {
    if (isPartial) {
      const timer = setTimeout(drawSoon, isFast ? CALM_MS : 0);
      return () => clearTimeout(timer);
    }
    return undefined;
  });

  const focus = (key: string) => {
    wanted.current = key;
    drawAgain();
  };
  useImperativeHandle(handle ?? null, () => ({ focus }), []);
  useLayoutEffect(() => {
    const wantedKey = wanted.current;
    const row = wantedKey === null ? null : rowOf(root.current, wantedKey);
    if (row !== null) {
      wanted.current = null;
      row.focus({ preventScroll: true });
      row.scrollIntoView({ block: 'nearest' });
    }
    keepFocus();
    if (root.current !== null) {
      onDrawn?.(root.current);
    }
  });

  /** A row that has gone takes the focus with it: the next one gets it. */
  function keepFocus(): void {
    const last = focused.current;
    const isLost = document.activeElement === document.body || document.activeElement === null;
    if (last !== null && isLost && keys.includes(last.key)) {
      // What had it in the row can be used no more: a button that was pressed.
      rowOf(root.current, last.key)?.focus({ preventScroll: true });
    } else if (last !== null && isLost) {
      const next = keys[Math.min(last.index, keys.length - 1)];
      focused.current = null;
      if (next !== undefined) {
        onActiveGone?.();
        onActive(next);
        focus(next);
      }
    }
  }

  const tabStop = activeKey !== null && keys.includes(activeKey) ? activeKey : keys[spans.at(-1)?.from ?? 0];
  const rows: ComponentChildren[] = [];
  let end = 0;
  for (const { from, to } of spans) {
    rows.push(
      <Space key={`before-${keys[from]}`} height={(offsets[from] as number) - (offsets[end] as number)} />,
    );
    for (let index = from; index < to; index++) {
      const item = items[index] as T;
      const key = keys[index] as string;
      rows.push(
        <article
          key={key}
          ref={observer}
          class={`row ${rowClass?.(item) ?? ''}`}
          data-key={key}
          data-empty={filling.has(key) ? undefined : ''}
          style={filling.has(key) ? {} : { minHeight: `${heights.current.get(key) ?? estimatePx}px` }}
          tabIndex={key === tabStop ? 0 : -1}
          aria-posinset={index + 1}
          aria-setsize={items.length}
          aria-labelledby={labelIdOf(item)}
          aria-current={key === activeKey ? 'true' : undefined}
          onFocusIn={() => {
            focused.current = { key, index };
            onActive(key);
          }}
        >
          {filling.has(key) ? contentOf(contents.current, key, item, children) : null}
        </article>,
      );
    }
    end = to;
  }
  rows.push(<Space key="after" height={(offsets.at(-1) as number) - (offsets[end] as number)} />);
  return (
    <div
      ref={root}
      class="virtual-list"
      role="feed"
      aria-label={label}
      onFocusOut={({ relatedTarget, target }) => {
        const left = focused.current;
        // Of an element that is being removed it is said while it is still there.
        queueMicrotask(() => {
          if (focused.current === left && (relatedTarget !== null || isLeft(target as HTMLElement))) {
            focused.current = null;
          }
        });
      }}
    >
      {rows}
    </div>
  );
}

interface Content<T> {
  readonly item: T;
  readonly draw: (item: T) => ComponentChildren;
  readonly drawn: ComponentChildren;
}

/**
 * What is in a row, as it was made for this item. Not a function of the drawing: what one of those refers to, each row
 * keeps, and with it the rows of the drawing before, and so on.
 */
function contentOf<T>(
  contents: Map<string, Content<T>>,
  key: string,
  item: T,
  draw: (item: T) => ComponentChildren,
): ComponentChildren {
  const kept = contents.get(key);
  if (kept?.item === item && kept.draw === draw) {
    return kept.drawn;
  }
  const drawn = draw(item);
  contents.set(key, { item, draw, drawn });
  return drawn;
}

/** True while a window at a time, or more, is passed by. */
function passes(pace: { top: number; fastAt: number }, top: number): boolean {
  const now = performance.now();
  if (Math.abs(top - pace.top) > innerHeight) {
    pace.fastAt = now;
  }
  pace.top = top;
  return now - pace.fastAt < CALM_MS;
}

/** The rows that have their content in the next drawing: those that had it, those that must, and a few new ones. */
function fillNext(
  filled: ReadonlySet<string>,
  inOrder: readonly string[],
  must: readonly (string | null)[],
  newMax: number,
): ReadonlySet<string> {
  const next = new Set<string>();
  let left = newMax;
  for (const key of inOrder) {
    const isThere = filled.has(key) || must.includes(key) || next.has(key);
    if (isThere || left > 0) {
      next.add(key);
      left -= isThere ? 0 : 1;
    }
  }
  return next;
}

/** True if somebody has pressed elsewhere, and false if the element went, or cannot be used any more. */
function isLeft(element: HTMLElement): boolean {
  return (
    document.activeElement !== element && element.isConnected && !(element as HTMLButtonElement).disabled
  );
}

/** A page stays open for weeks: heights of rows that are gone are let go. */
function forgetHeights(heights: Map<string, number>, keys: readonly string[]): void {
  if (heights.size > 2 * keys.length + HEIGHTS_MORE) {
    const there = new Set(keys);
    for (const key of heights.keys()) {
      if (!there.has(key)) {
        heights.delete(key);
      }
    }
  }
}

function Space({ height }: { readonly height: number }) {
  return height > 0 ? <div class="space" style={{ height: `${height}px` }} /> : null;
}

function rowOf(root: HTMLElement | null, key: string): HTMLElement | null {
  return root?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? null;
}

/** Keeps the heights of the rows that are drawn. */
function useRowObserver(
  heights: { current: Map<string, number> },
  estimatePx: number,
  onChange: () => void,
): Ref<HTMLElement> {
  const made = useRef<{ observer: ResizeObserver; ref: Ref<HTMLElement> } | null>(null);
  if (made.current === null) {
    const observer = new ResizeObserver((entries) => {
      let isChanged = false;
      for (const { target, borderBoxSize } of entries) {
        const height = borderBoxSize[0]?.blockSize ?? 0;
        const { key = '', empty } = (target as HTMLElement).dataset;
        const known = heights.current.get(key) ?? estimatePx;
        if (height > 0 && empty === undefined) {
          heights.current.set(key, height);
          isChanged ||= height !== known;
        }
      }
      if (isChanged) {
        onChange();
      }
    });
    const ref = (row: HTMLElement | null) => {
      if (row !== null) {
        observer.observe(row);
        return () => observer.unobserve(row);
      }
      return undefined;
    };
    made.current = { observer, ref };
  }
  useLayoutEffect(() => () => made.current?.observer.disconnect(), []);
  return made.current.ref;
}

function useScroll(onScroll: () => void): void {
  useLayoutEffect(() => {
    addEventListener('scroll', onScroll, { passive: true });
    addEventListener('resize', onScroll, { passive: true });
    return () => {
      removeEventListener('scroll', onScroll);
      removeEventListener('resize', onScroll);
    };
  }, [onScroll]);
}

/** Draws in the next frame, once, however often it is asked to: two drawings in a frame are laid out twice. */
function useNextFrame(draw: (change: (count: number) => number) => void): () => void {
  const frame = useRef(0);
  useLayoutEffect(() => () => cancelAnimationFrame(frame.current), []);
  return useCallback(() => {
    frame.current ||= requestAnimationFrame(() => {
      frame.current = 0;
      draw((count) => count + 1);
    });
  }, []);
}
