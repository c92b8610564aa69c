import { piecesOf } from '../text/visible.ts';
import { T } from '../texts.ts';

interface Props {
  readonly text: string;
  /** Line feeds and tabs are laid out. */
  readonly block?: boolean;
}

/** What somebody else wrote, as text: what would not be seen, or not as what it is, is marked. */
export function StrangerText({ text, block = false }: Props) {
  return (
    <bdi class="stranger">
      {piecesOf(text, block).map((piece) =>
        'text' in piece ? (
          piece.text
        ) : piece.kind === 'invisible' ? (
          <span
            class="unseen"
            role="img"
            aria-label={T.invisible(piece.code)}
            title={T.invisible(piece.code)}
          >
            {piece.code}
          </span>
        ) : (
          <span class="lookalike" title={T.lookalike(piece.code)}>
            {piece.code}
          </span>
        ),
      )}
    </bdi>
  );
}
