import { useEffect, useRef } from 'preact/hooks';

/** Keys that may be held down. */
const MOVES = ['j', 'k'];

/**
 * Calls `onKey` for keys that nobody is typing with; what it has used goes no further. A key that is held down only
 * moves: a decision is one press.
 */
export function useKeys(onKey: (event: KeyboardEvent) => boolean): void {
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { key, repeat, ctrlKey, metaKey, altKey, isComposing, defaultPrevented } = event;
      const isHeld = repeat && !MOVES.includes(key);
      const isOurs = !(isHeld || ctrlKey || metaKey || altKey || isComposing || defaultPrevented);
      if (isOurs && !isTyping(event.target) && document.querySelector('dialog[open]') === null) {
        if (latest.current(event)) {
          event.preventDefault();
        }
      }
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  const { tagName, type, isContentEditable } = target as HTMLInputElement;
  const isButton = tagName === 'INPUT' && ['checkbox', 'radio', 'button'].includes(type);
  return isContentEditable || (['INPUT', 'TEXTAREA', 'SELECT'].includes(tagName) && !isButton);
}
