// The line at the bottom: what was done, with undo; what comes next; how to get help. The one place where the page speaks.

import { thumbUrl, type ImageView } from '../api.ts';
import type { Said } from '../use-table.ts';
import { Icon } from './icon.tsx';

type Props = {
  said: Said | undefined;
  /** what the button takes back, in words; beside what is said of others, never in its place */
  did: string | undefined;
  undoable: boolean;
  undo: () => void;
  coming: ImageView[];
  /** how many wait besides the one on the screen */
  behind: number;
  openHelp: () => void;
  openTell: () => void;
};

const SHOWN = 5;

export function BottomLine({ said, did, undoable, undo, coming, behind, openHelp, openTell }: Props) {
  const shown = coming.slice(0, SHOWN);
  const more = behind - shown.length;
  return (
    <footer class="bottom">
      <div class="said">
        {/* only what is new is read out */}
        <div role="status" aria-atomic="false">
          {said && (
            <p key={said.text} class={`tone-${said.tone}`}>
              {said.tone !== 'note' && <Icon name={said.tone === 'calm' ? 'check' : 'aside'} />} {said.text}
            </p>
          )}
          {did !== undefined && (
            <p key={did} class="tone-calm">
              <Icon name="check" /> {did}
            </p>
          )}
        </div>
        {undoable && (
          <button aria-keyshortcuts="u" onClick={undo}>
            <kbd aria-hidden="true">U</kbd> Undo
          </button>
        )}
      </div>
      {shown.length > 0 && (
        <div class="next">
          <span>next</span>
          {shown.map(({ sha256, name, hasPicture }) => (
            <a key={sha256} href={`#/answer/${sha256}`} title={name} aria-label={`Show ${name} now`}>
              {hasPicture && <img src={thumbUrl(sha256)} alt="" width="48" height="36" />}
            </a>
          ))}
          {more > 0 && <span>+{more}</span>}
        </div>
      )}
      <button class="tell" title="Notification, tone, questions in pauses only" onClick={openTell}>
        Tell me
      </button>
      <button class="keys" aria-keyshortcuts="?" onClick={openHelp}>
        <kbd aria-hidden="true">?</kbd> Keys<span class="long"> and categories</span>
      </button>
    </footer>
  );
}
