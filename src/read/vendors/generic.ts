// Everything that is no known vendor: the size of the picture, and nothing else. Resolution tags are screen or printer dpi and DateTime may be
// that of any program, so neither is offered.

import type { InstrumentHeader } from '../../domain/header.ts';
import { putStoredSize } from '../header-area.ts';
import { finish, newDraft } from '../header-fields.ts';
import { defaultPage, type HeaderInput } from '../header-input.ts';

export function readGeneric(input: HeaderInput): InstrumentHeader {
  const draft = newDraft(defaultPage(input));
  putStoredSize(draft, input);
  return finish(draft, 'generic');
}
