// The numbers of teaching, in one place so that a score can name them. Chosen in replays on sources and series that a head had not seen: docs/teaching.md.

export type TeachSettings = {
  /** what the head says in a series, counted in answers: with so little one answer to a like image decides */
  headSay: number;
  /** how fast likeness falls with the angle between two images: exp(-(1 - cosine) / reach) */
  reach: number;
  /** pull of the corrected head towards the shipped one */
  lambda: number;
  /** scores are flattened by this power in a series where nobody has answered */
  caution: number;
  /** an answer that had a score below this just before counts less... */
  implausible: number;
  /** ...so much */
  implausibleWeight: number;
};

export const TEACH_SETTINGS: Readonly<TeachSettings> = Object.freeze({
  headSay: 0.1,
  reach: 0.3,
  lambda: 30,
  caution: 1.5,
  implausible: 0.05,
  implausibleWeight: 0.3,
});
