import type { BaselineRemoveDocument, BaselineSaveDocument, SavedBaseline } from '@scanner/core';

import { sanitizeForTerminal } from '../text/inert-text.ts';
import { filterInWords, minute, plural } from '../text/words.ts';

/** What was accepted just now, one line a reference. Ends with a line break; empty when nothing was. */
export const renderBaselineSave = ({ saved, severities }: BaselineSaveDocument): string =>
  saved.length === 0
    ? ''
    : lines([...saved.map(savedLine), `Accepted are: ${filterInWords({ severities, extra_args: [] })}`]);

/** Which files were removed, one line a reference. */
export const renderBaselineRemove = ({ removed }: BaselineRemoveDocument): string =>
  lines(
    removed.map(
      ({ reference, files }) =>
        `${sanitizeForTerminal(reference)}: removed ${files.map(sanitizeForTerminal).join(' and ')}`,
    ),
  );

const savedLine = ({ reference, accepted, added, dropped, scanned_at: scanned, file }: SavedBaseline): string =>
  `${sanitizeForTerminal(reference)}: ${plural(accepted, 'finding')} accepted, ${added} of them new, ${dropped} dropped, ` +
  `as scanned ${minute(scanned)}; ${sanitizeForTerminal(file)}`;

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
