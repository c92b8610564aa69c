import { useState } from 'preact/hooks';
import { diffLines } from '../text/diff.ts';
import { T } from '../texts.ts';
import { StrangerText } from './stranger-text.tsx';

const LINES_MAX = 60;

/** A unified diff, with a class for what each line does. The signs stay, so that colour is not all that tells. */
export function Diff({ name, text }: { readonly name: string; readonly text: string }) {
  const [isWhole, setWhole] = useState(false);
  const lines = diffLines(text);
  const shown = isWhole ? lines : lines.slice(0, LINES_MAX);
  return (
    <figure class="diff">
      <figcaption>{name === 'diff' ? T.json.diff : <StrangerText text={name} />}</figcaption>
      <pre>
        {shown.map((line, index) => (
          <span key={index} class={`line ${line.kind}`}>
            <StrangerText text={line.text === '' ? ' ' : line.text} block />
            {'\n'}
          </span>
        ))}
      </pre>
      {shown.length < lines.length ? (
        <button type="button" class="more" onClick={() => setWhole(true)}>
          {T.json.more(lines.length - shown.length)}
        </button>
      ) : null}
    </figure>
  );
}
