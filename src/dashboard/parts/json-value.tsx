import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { T } from '../texts.ts';
import { LongText } from './long-text.tsx';
import { StrangerText } from './stranger-text.tsx';

const MEMBERS_MAX = 50;
/** Deeper than this is closed at first, and so is what has more members. */
const OPEN_DEPTH = 2;
const OPEN_MEMBERS = 20;

interface Props {
  readonly value: unknown;
  readonly depth: number;
  readonly name?: string | undefined;
}

/** JSON, highlighted; every list and object can be closed. */
export function JsonValue({ value, depth, name }: Props) {
  if (typeof value !== 'object' || value === null) {
    return (
      <div class="leaf">
        <Name name={name} />
        <Leaf value={value} />
      </div>
    );
  }
  const isList = Array.isArray(value);
  const members = Object.entries(value);
  if (members.length === 0) {
    return (
      <div class="leaf">
        <Name name={name} />
        <span class="punctuation">{isList ? '[]' : '{}'}</span>
      </div>
    );
  }
  const count = isList ? T.json.items(members.length) : T.json.members(members.length);
  return (
    <Folding
      isOpen={depth < OPEN_DEPTH && members.length <= OPEN_MEMBERS}
      isBare={depth === 0}
      summary={
        <>
          <Name name={name} />
          <span class="punctuation">{isList ? '[…]' : '{…}'}</span> <span class="count">{count}</span>
        </>
      }
    >
      <Members members={members} isList={isList} depth={depth} />
    </Folding>
  );
}

interface FoldingProps {
  readonly isOpen: boolean;
  /** Without a summary: it is all there is. */
  readonly isBare: boolean;
  readonly summary: ComponentChildren;
  readonly children: ComponentChildren;
}

/** What is closed is not in the document: it may be large. */
function Folding({ isOpen, isBare, summary, children }: FoldingProps) {
  const [open, setOpen] = useState(isOpen || isBare);
  return isBare ? (
    <div class="members">{children}</div>
  ) : (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{summary}</summary>
      {open ? <div class="members">{children}</div> : null}
    </details>
  );
}

interface MembersProps {
  readonly members: readonly (readonly [string, unknown])[];
  readonly isList: boolean;
  readonly depth: number;
}

function Members({ members, isList, depth }: MembersProps) {
  const [count, setCount] = useState(MEMBERS_MAX);
  const shown = members.slice(0, count);
  return (
    <>
      {shown.map(([name, member]) => (
        <JsonValue key={name} value={member} depth={depth + 1} name={isList ? undefined : name} />
      ))}
      {shown.length < members.length ? (
        <button type="button" class="more" onClick={() => setCount(count + 10 * MEMBERS_MAX)}>
          {T.json.more(members.length - shown.length)}
        </button>
      ) : null}
    </>
  );
}

function Name({ name }: { readonly name: string | undefined }) {
  return name === undefined ? null : (
    <>
      <span class="name">
        <StrangerText text={name} />
      </span>
      <span class="punctuation">: </span>
    </>
  );
}

function Leaf({ value }: { readonly value: unknown }) {
  return typeof value === 'string' ? (
    <span class="string">
      <LongText text={value} block />
    </span>
  ) : (
    <span class={value === null ? 'null' : typeof value}>{String(value)}</span>
  );
}
