import { T } from '../texts.ts';

export function Loading({ heading }: { readonly heading: string }) {
  return (
    <>
      <div class="view-head">
        <h1>{heading}</h1>
      </div>
      <p class="quiet" role="status">
        {T.loading}
      </p>
    </>
  );
}
