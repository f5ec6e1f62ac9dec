// One line: why this image is asked, or what is known of one that is not.

import { categoryTitle } from '../../../domain/categories.ts';
import { DECISION_WORDS } from '../../../domain/decision.ts';
import type { Status } from '../api.ts';
import type { Question } from '../blind.ts';
import { byWhom, flagOf, labelWords } from '../flags.ts';
import { age, ahead, score, scores } from '../format.ts';

export function Why({ image, status }: { image: Question; status: Status | undefined }) {
  // what a series looks like would say what a blind check is not to know
  const series = image.check ? undefined : image.series;
  return (
    <p class="why">
      {words(image, status)} {series !== undefined && <a href={`#/series/${series}`}>Its series</a>}
    </p>
  );
}

function doubts({ category, score: share }: NonNullable<Question['doubt']>): string {
  const title = categoryTitle(category);
  return share === undefined
    ? `Another part of its acquisition was answered ${title}.`
    : `Answers in its series speak for ${title} ${score(share)}.`;
}

function words(image: Question, status: Status | undefined): string {
  const { label, decision, error } = image;
  if (image.check)
    return 'It labelled itself already; what it said is not shown. Yours tells how often such labels are right.';
  if (error) return `Aside: ${error.sentence}`;
  if (label?.basis === 'observe' && decision && image.category && image.score !== undefined)
    return `Observed only. Mode auto: ${categoryTitle(image.category)} ${score(image.score)}, ${DECISION_WORDS[decision]}. An answer labels it.`;
  if (image.doubt)
    return `${byWhom(label)}: ${label ? labelWords(label) : ''}. ${doubts(image.doubt)} Yours decides.`;
  if (label) {
    const held = image.leavesAt !== undefined && Date.parse(image.leavesAt) > Date.now();
    const then = held
      ? `It leaves in ${ahead(image.leavesAt!)}; until then an answer makes no new revision.`
      : 'An answer makes a new revision.';
    return `${labelWords(label)}. ${byWhom(label)}, ${age(label.at)} ago. ${then}${parts(image)}`;
  }
  if (image.state !== 'asked') return `${flagOf(image).words}. It can be answered once it is classified.`;
  const alike = image.alike
    ? ` Asked now because ${image.alike} more that ${image.alike === 1 ? 'waits looks' : 'wait look'} like it.`
    : '';
  const known = image.taught?.lessons.length ?? 0;
  const answers = known > 0 ? ` It knows ${known} ${known === 1 ? 'answer' : 'answers'} of this series.` : '';
  return asked(image, status) + answers + alike + parts(image);
}

/** One answer is for all of them; what was said of one picture only is not. */
function parts({ otherParts, partOf }: Question): string {
  if (!otherParts || !partOf) return '';
  const { all, names } = otherParts;
  const more = all > names.length ? ` and ${all - names.length} more` : '';
  return ` Its answer is for ${all === 1 ? 'another part' : `${all} other parts`} of one acquisition (${partOf.kind}) too: ${names.join(', ')}${more}.`;
}

function asked(image: Question, status: Status | undefined): string {
  const { decision } = image;
  if (image.score === undefined || decision === undefined) return 'It was not classified.';
  if (decision === 'auto')
    return 'It is sure by itself, but a person is wanted: this instrument asks for every image, or an answer was taken back.';
  const { auto, prompt } = status?.thresholds ?? {};
  if (decision === 'choose')
    return `No score reaches ${prompt === undefined ? 'the threshold' : score(prompt)}: any of the ten.`;
  if (auto === undefined) return `The top score ${score(image.score)} is not above the threshold.`;
  const [top, above] = scores(image.score, auto);
  return `The top score ${top} is not above ${above}.`;
}
