// How this browser tells that something waits: a desktop notification, a tone, and whether questions wait for a pause. All off until a person switches them on; kept in this browser alone.

import { useEffect, useRef, useState } from 'preact/hooks';

export type Tell = { notify: boolean; sound: boolean; inPauses: boolean };

const KEY = 'semtag.tell';
const OFF: Tell = { notify: false, sound: false, inPauses: false };
/** A queue that fills is told of once a minute, not once an image. */
const APART_MS = 60_000;

export function useTell(): { tell: Tell; set: (tell: Tell) => void } {
  const [tell, setTell] = useState(kept);
  return {
    tell,
    set(now) {
      localStorage.setItem(KEY, JSON.stringify(now));
      setTell(now);
    },
  };
}

function kept(): Tell {
  try {
    return { ...OFF, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Tell>) };
  } catch {
    return OFF;
  }
}

/** Tells when more waits than before and nobody has this page in front of them. `waiting`: undefined until known. */
export function useTelling({ notify, sound }: Tell, waiting: number | undefined): void {
  const last = useRef<number>(undefined);
  const toldAt = useRef(-Infinity);
  useEffect(() => {
    if (waiting === undefined) return;
    const more = last.current !== undefined && waiting > last.current;
    last.current = waiting;
    if (!more || document.hasFocus() || performance.now() - toldAt.current < APART_MS) return;
    toldAt.current = performance.now();
    if (sound) tone();
    if (notify) notice(waiting);
  }, [waiting]);
}

function notice(waiting: number): void {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
  const words = waiting === 1 ? '1 image waits for an answer' : `${waiting} images wait for an answer`;
  // the same tag: one notice, not a pile of them; silent: the tone has a switch of its own
  const shown = new Notification('semtag', { body: words, tag: 'semtag', silent: true });
  shown.onclick = () => {
    window.focus();
    shown.close();
  };
}

let audio: AudioContext | undefined;

/** Two short soft tones, made here: no file. Silent where the browser wants a click on the page first. */
export function tone(): void {
  audio ??= new AudioContext();
  void audio.resume();
  for (const [at, pitch] of [
    [0, 660],
    [0.18, 880],
  ] as const) {
    const start = audio.currentTime + at;
    const [note, volume] = [audio.createOscillator(), audio.createGain()];
    note.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.16);
    note.connect(volume).connect(audio.destination);
    note.start(start);
    note.stop(start + 0.17);
  }
}
