// What the line at the bottom of the Answer page says of answers: sentences from what the service replied. Pure.

import type { ImageSummary } from './api.ts';
import { byWhom, labelWords } from './flags.ts';
import { when } from './format.ts';

/** What the answer went to besides: look-alikes, ticked now or with the answer before; parts of the same acquisition. */
export function along(all: number, parts: number): string {
  const alike = all - parts;
  return [
    ...(alike > 0 ? [` and ${alike} ${alike === 1 ? 'look-alike' : 'look-alikes'}`] : []),
    ...(parts > 0 ? [` and ${parts} more of the same acquisition`] : []),
  ].join('');
}

export function leftWords(n: number): string {
  if (n === 0) return '';
  return n === 1 ? '1 had changed meanwhile and stays as it is.' : `${n} had changed meanwhile and stay as they are.`; // prettier-ignore
}

/** Marked so on the page, or given by somebody whom the config does not name. */
export function untaught({ label }: ImageSummary): string {
  return label?.teaches === false ? 'Nothing is learned from it.' : '';
}

export function askedAgain(name: string, more: number): string {
  return more === 0 ? `${name} is asked again.` : `${name} and ${more} that went with it are asked again.`;
}

export function checkedAgain(name: string, more: number): string {
  const along = more === 0 ? '' : ` ${more} that went with it ${more === 1 ? 'is' : 'are'} asked again.`;
  return `The check of ${name} waits again.${along}`;
}

/** What was labelled because of an answer that is gone. */
export function shaken(n: number): string {
  if (n === 0) return '';
  return n === 1 ? '1 image that was labelled because of it is judged anew.' : `${n} images that were labelled because of it are judged anew.`; // prettier-ignore
}

/** What was typed for an image that somebody else answered goes with no other. */
export function notSent(note: string): string {
  return note ? ` (your note was not sent: “${note}”)` : '';
}

export function whatHappened(image: ImageSummary): string {
  const { label, name, state } = image;
  if (label?.basis === 'answer')
    return `${label.by} answered ${name} at ${when(label.at)}: ${labelWords(label)}`;
  if (state === 'asked') return `${name} is asked now: its label does not hold any more.`;
  return `${name} went on without an answer: ${byWhom(label).toLowerCase()}.`;
}
