import { useEffect, useRef } from 'preact/hooks';

/** Calls `onKey` for keys that nobody is typing with; what it has used goes no further. */
export function useKeys(onKey: (event: KeyboardEvent) => boolean): void {
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { ctrlKey, metaKey, altKey, isComposing, defaultPrevented } = event;
      const isOurs = !(ctrlKey || metaKey || altKey || isComposing || defaultPrevented);
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
