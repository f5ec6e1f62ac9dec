// A button for what has no way back: the first click asks, the second does it.

import { useSure } from '../use-sure.ts';

type Props = { words: string; sure: string; disabled?: boolean; act: () => void };

export function Twice({ words, sure, disabled = false, act }: Props) {
  const { asked, ask } = useSure<true>();
  return (
    <button
      type="button"
      disabled={disabled}
      onClick={({ detail }) => {
        if (!asked) ask(true);
        // the second half of a double click is no second thought
        else if (detail < 2) act();
      }}
    >
      {asked ? sure : words}
    </button>
  );
}
