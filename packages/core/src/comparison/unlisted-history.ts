import { z } from 'zod';

import { FindingFilter } from '../documents/host-scan-document.ts';
import { Severity } from '../model/severity.ts';
import type { ListedForm } from './listing.ts';

const Moment = z.iso.datetime();
const MOST_FORMS = 8;
const MOST_LISTINGS = 32;

/**
 * When a filter last said what is listed of a reference. A `partial` scan may have missed what lies in a file of a
 * language, and a `doubtful` one anything: its database was too old, or it could judge less than the one before.
 */
export const Listing = z.object({ filter: FindingFilter, at: Moment, scan: z.enum(['whole', 'partial', 'doubtful']) });
export type Listing = z.infer<typeof Listing>;

/** How a finding was from a moment on; null: from before anybody noted it. */
const Form = z.tuple([Moment.nullable(), Severity, z.string().nullable()]);
type Form = z.infer<typeof Form>;

/** A finding that was found and not listed: its key, and how it was since it was found first, the latest form at the end. */
export const UnlistedFinding = z
  .union([
    z.tuple([z.string(), z.array(Form).min(1)]),
    // As it was kept before its history was.
    z.tuple([z.string(), Severity]),
  ])
  .transform(([key, forms]): [string, Form[]] => [key, typeof forms === 'string' ? [[null, forms, null]] : forms]);
export type UnlistedFinding = z.infer<typeof UnlistedFinding>;

/** How an unlisted finding was over time. */
export class UnlistedHistory {
  readonly forms: readonly Form[];

  constructor(forms: readonly Form[]) {
    this.forms = forms;
  }

  /** How it was found last. */
  get last(): ListedForm {
    const [, severity, status] = this.forms.at(-1) ?? [null, 'UNKNOWN' as const, null];
    return { severity, status };
  }

  /** How it was at a moment; null where it was not found yet. */
  at(moment: string): ListedForm | null {
    const form = this.forms.findLast(([since]) => since === null || since <= moment);
    return form === undefined ? null : { severity: form[1], status: form[2] };
  }
}

/** The history of a finding that was found once more; `since` is when it was met, null when nobody can say. */
export const foundUnlisted = (
  before: readonly Form[] | undefined,
  { severity, status }: ListedForm,
  since: string | null,
): Form[] => {
  if (before === undefined) return [[since, severity, status]];
  const last = before.at(-1);
  if (last === undefined || (last[1] === severity && (last[2] === status || last[2] === null))) return [...before];
  return [...before, [since, severity, status] satisfies Form].slice(-MOST_FORMS);
};

/** Notes that a filter lists a reference now. */
export const listedNow = (listings: readonly Listing[], { filter, at, scan }: Listing): Listing[] => {
  const nameOf = (listing: Pick<Listing, 'filter' | 'scan'>): string =>
    JSON.stringify([listing.filter.severities.toSorted(), listing.filter.extra_args, listing.scan]);
  const same = nameOf({ filter, scan });
  return [
    ...listings.filter((listing) => nameOf(listing) !== same),
    { filter: { severities: [...filter.severities], extra_args: [...filter.extra_args] }, at, scan },
  ].slice(-MOST_LISTINGS);
};
