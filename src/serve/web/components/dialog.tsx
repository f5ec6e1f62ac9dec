// A dialog over the page: the browser's own, so that focus, Escape and screen readers are right by themselves. However it goes, it is closed first: the focus returns to where it was.

import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useOpenDialog } from '../at-work.ts';

type Props = { title: string; close: () => void; class?: string; children: ComponentChildren };

export function Dialog({ title, close, children, ...rest }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const gone = useRef(false);
  /** the press began beside the dialog: text that is marked out to there must not close it */
  const beside = useRef(false);
  useOpenDialog();
  // at once: what is typed right away goes into it
  useLayoutEffect(() => {
    const element = dialog.current!;
    element.showModal();
    return () => {
      gone.current = true;
      element.close();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={rest.class}
      aria-label={title}
      // told late: another dialog may be open by then
      onClose={() => !gone.current && close()}
      onPointerDown={(event) => (beside.current = event.target === dialog.current)}
      onClick={(event) => event.target === dialog.current && beside.current && close()}
    >
      <div class="inside">
        <header>
          <h2>{title}</h2>
          <button aria-label="Close" onClick={close}>
            Esc
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
