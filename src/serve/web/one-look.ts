// One look at a time, one more where somebody asked for one meanwhile, and again soon where it failed. Knows nothing of what is looked at.

const RETRY_MS = 2_000;

/** Returns what asks for a look. `look` throws where it failed, and `failed` says so. */
export function oneLook(look: () => Promise<void>, failed: (error: unknown) => void): () => void {
  let looks = false;
  let more = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  async function go(): Promise<void> {
    more = true;
    if (looks) return;
    looks = true;
    while (more) {
      more = false;
      clearTimeout(retry);
      try {
        await look();
      } catch (error) {
        failed(error);
        retry = setTimeout(() => void go(), RETRY_MS);
      }
    }
    looks = false;
  }
  return () => void go();
}
