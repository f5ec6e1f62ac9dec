// The states of files, images and deliveries and every transition that is allowed. The database's trigger is filled from this table.

export const FILE_STATES = ['left', 'seen', 'settled', 'incomplete'] as const;
export type FileState = (typeof FILE_STATES)[number];

export const IMAGE_STATES = [
  'settled',
  'read',
  'asked',
  'labelled',
  'tagged',
  'forwarded',
  'quarantined',
] as const;
export type ImageState = (typeof IMAGE_STATES)[number];

export const DELIVERY_STATES = ['owed', 'withheld', 'received', 'superseded', 'emptied'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export type Subject = 'file' | 'image' | 'delivery';

/** `left` = it was there at the first start and the config says to leave it. */
export const TRANSITIONS: Record<Subject, Record<string, readonly string[]>> = {
  file: {
    left: ['seen'], // taken later on request
    seen: ['settled', 'incomplete', 'left'], // left: a text file beside the images that belongs to none of them, or as below
    incomplete: ['seen', 'left'], // it changed, or someone asked for a retry; left: the config names another root
    settled: [],
  },
  image: {
    settled: ['read', 'quarantined'],
    read: ['labelled', 'asked', 'quarantined'],
    asked: ['labelled', 'quarantined'],
    // back to asked: an answer was taken back before the image was tagged
    labelled: ['tagged', 'asked', 'quarantined'],
    // back to labelled: revise() made the next revision
    tagged: ['forwarded', 'labelled', 'quarantined'],
    forwarded: ['labelled', 'quarantined'],
    // a retry resumes where it failed
    quarantined: ['settled', 'read', 'asked', 'labelled', 'tagged'],
  },
  delivery: {
    owed: ['received', 'superseded', 'withheld'],
    withheld: ['owed', 'superseded'], // the config says not to forward it: until the day has come or consent is given
    received: ['emptied'], // a later revision lies elsewhere and this place was cleaned
    superseded: ['emptied'], // what was sent before a newer revision overtook it was cleaned up
    emptied: [],
  },
};

export function isAllowed(subject: Subject, from: string, to: string): boolean {
  return TRANSITIONS[subject][from]?.includes(to) ?? false;
}
