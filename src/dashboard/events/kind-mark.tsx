import { familyOf } from './event-filter.ts';

/** A kind, in the colour of its family. It is made of plain letters: the service takes no others. */
export function KindMark({ kind }: { readonly kind: string }) {
  return <code class={`kind ${familyOf(kind)}`}>{kind}</code>;
}
