// The field for the reason of what a manager does: label and input. What is done with it is the form's.

type Props = { id: string; reason: string; change: (reason: string) => void };

export function ReasonField({ id, reason, change }: Props) {
  return (
    <>
      <label for={id}>Reason</label>
      <input
        id={id}
        value={reason}
        maxLength={500}
        autocomplete="off"
        onInput={(event) => change(event.currentTarget.value)}
      />
    </>
  );
}
