// A dialog over the page: the browser's own, so that focus, Escape and screen readers are right by themselves.

import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

type Props = { title: string; close: () => void; class?: string; children: ComponentChildren };

export function Dialog({ title, close, children, ...rest }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  // at once: what is typed right away goes into it
  useLayoutEffect(() => dialog.current!.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class={rest.class}
      aria-label={title}
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
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
