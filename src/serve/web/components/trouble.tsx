// What could not be had, and what to do. Nothing where nothing is wrong.

import type { ApiError } from '../api.ts';

export function Trouble({ error }: { error: ApiError | undefined }) {
  if (!error) return null;
  return (
    <p role="alert" class="tone-bad">
      {error.message} {error.hint}
    </p>
  );
}
