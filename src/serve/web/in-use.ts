// Whether somebody has used this page since the service was told last: a key, a click, the wheel. A page asks by itself for as long as it is open; that is no use.

let used = false;
for (const event of ['keydown', 'pointerdown', 'wheel'])
  addEventListener(event, () => (used = true), { capture: true, passive: true });

/** What a request says of it, once. */
export function useHeader(): Record<string, string> {
  const was = used;
  used = false;
  return was ? { 'x-in-use': '1' } : {};
}
