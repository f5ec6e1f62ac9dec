// In place of a question while images are taken: how many will be asked, and a way to be asked at once.

import { PAUSE_S } from '../pause.ts';

export function HeldBack({ waiting, askNow }: { waiting: number; askNow: () => void }) {
  return (
    <main class="nothing">
      <h1>Taking images</h1>
      <p>
        {waiting} {waiting === 1 ? 'image' : 'images'} will be asked once nothing new has come for {PAUSE_S}{' '}
        seconds.
      </p>
      <button onClick={askNow}>Ask now</button>
    </main>
  );
}
