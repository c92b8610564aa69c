import { useState } from 'preact/hooks';
import { T } from '../texts.ts';
import { StrangerText } from './stranger-text.tsx';

/** Characters that are shown at first. */
const SHOWN_MAX = 1000;

/** A text that may be very long: the rest of it is asked for. */
export function LongText({ text, block = false }: { readonly text: string; readonly block?: boolean }) {
  const [isWhole, setWhole] = useState(false);
  if (isWhole || text.length <= SHOWN_MAX) {
    return <StrangerText text={text} block={block} />;
  }
  return (
    <>
      <StrangerText text={[...text.slice(0, SHOWN_MAX)].join('')} block={block} />
      <button type="button" class="more" onClick={() => setWhole(true)}>
        … {T.json.long(text.length)}
      </button>
    </>
  );
}
