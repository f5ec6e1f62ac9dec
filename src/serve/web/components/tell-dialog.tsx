// Tell me: what this browser may do when something waits. A permission is asked for only when a person switches the notification on.

import { useState } from 'preact/hooks';
import { PAUSE_S } from '../pause.ts';
import { tone, type Tell } from '../tell.ts';
import { Dialog } from './dialog.tsx';

type Props = { tell: Tell; set: (tell: Tell) => void; close: () => void };

export function TellDialog({ tell, set, close }: Props) {
  const [refused, setRefused] = useState(false);
  async function notify(on: boolean): Promise<void> {
    const may =
      !on || (typeof Notification !== 'undefined' && (await Notification.requestPermission()) === 'granted');
    setRefused(!may);
    set({ ...tell, notify: on && may });
  }
  return (
    <Dialog title="Tell me" close={close} class="tell-dialog">
      <p>When something waits for an answer and this page is not in front of you:</p>
      <Switch on={tell.notify} set={(on) => void notify(on)} words="show a notification on the desktop" />
      {refused && (
        <p class="tone-bad" role="alert">
          The browser does not allow it. Allow notifications for this address in its settings, then switch it
          on again.
        </p>
      )}
      <Switch
        on={tell.sound}
        set={(on) => {
          if (on) tone(); // so that one knows it, and the browser lets it sound later
          set({ ...tell, sound: on });
        }}
        words="play a short tone"
      />
      <p>While images are being taken:</p>
      <Switch
        on={tell.inPauses}
        set={(inPauses) => set({ ...tell, inPauses })}
        words={`ask me in pauses: once nothing new has come for ${PAUSE_S} seconds`}
      />
      <p class="quiet">For this browser only. At most once a minute; all off unless you switch it on.</p>
    </Dialog>
  );
}

function Switch({ on, set, words }: { on: boolean; set: (on: boolean) => void; words: string }) {
  return (
    <label class="for">
      <input type="checkbox" checked={on} onChange={(event) => set(event.currentTarget.checked)} />
      {words}
    </label>
  );
}
