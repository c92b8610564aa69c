import { useMemo } from 'preact/hooks';
import { looksLikeDiff } from '../text/diff.ts';
import { isDeceptive } from '../text/visible.ts';
import { T } from '../texts.ts';
import { Diff } from './diff.tsx';
import { JsonValue } from './json-value.tsx';
import { LongText } from './long-text.tsx';
import { StrangerText } from './stranger-text.tsx';

/** What a person needs to decide: a command as one, a diff as one, all else as JSON. */
export function Details({ value }: { readonly value: unknown }) {
  const isMarked = useMemo(() => hasDeceptive(value), [value]);
  if (value === null) {
    return <p class="quiet">{T.card.noDetails}</p>;
  }
  const members = typeof value === 'object' && !Array.isArray(value) ? Object.entries(value as object) : [];
  const shown = members.filter(([name, member]) => isCommand(name, member) || isDiff(name, member));
  const rest =
    members.length === 0 ? value : Object.fromEntries(members.filter((member) => !shown.includes(member)));
  const hasRest = members.length === 0 || members.length > shown.length;
  return (
    <div class="details">
      {isMarked ? (
        <p class="warning" role="note">
          {T.odd.hidden}
        </p>
      ) : null}
      {shown.map(([name, member]) =>
        isCommand(name, member) ? (
          <Command key={name} text={member as string} />
        ) : (
          <Diff key={name} name={name} text={member as string} />
        ),
      )}
      {hasRest && typeof rest === 'string' ? (
        looksLikeDiff(rest) ? (
          <Diff name="details" text={rest} />
        ) : (
          <p class="plain-details">
            <StrangerText text={rest} block />
          </p>
        )
      ) : hasRest ? (
        <div class="json">
          <JsonValue value={rest} depth={0} />
        </div>
      ) : null}
    </div>
  );
}

function Command({ text }: { readonly text: string }) {
  return (
    <figure class="command">
      <figcaption class="visually-hidden">{T.json.command}</figcaption>
      <pre>
        <code>
          <LongText text={text} block />
        </code>
      </pre>
    </figure>
  );
}

function isCommand(name: string, value: unknown): boolean {
  return name === 'command' && typeof value === 'string' && value !== '';
}

function isDiff(name: string, value: unknown): boolean {
  return typeof value === 'string' && ((name === 'diff' && value !== '') || looksLikeDiff(value));
}

/** In any text or name of it. */
function hasDeceptive(value: unknown): boolean {
  if (typeof value === 'string') {
    return isDeceptive(value);
  }
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return Object.entries(value).some(([name, member]) => isDeceptive(name) || hasDeceptive(member));
}
