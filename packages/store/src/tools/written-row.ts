import { Tool, ToolSecurity, Vulnerabilities } from '@scanner/core';

/** What of a row could not be used: the whole of it where no field is named. */
interface RowProblem {
  readonly field: string | null;
  readonly reason: string;
}

export interface WrittenRow {
  /** What can be used, which `Tool` accepts; null where the row is no tool. */
  readonly fields: Readonly<Record<string, unknown>> | null;
  /** What the row calls itself, if it does. */
  readonly id: string | null;
  readonly problems: readonly RowProblem[];
}

type Fields = Record<string, unknown>;
type Shape = Readonly<Record<string, Parser>>;

interface Parser {
  safeParse(value: unknown): {
    readonly success: boolean;
    readonly error?:
      | { readonly issues: ReadonlyArray<{ readonly path: readonly PropertyKey[]; readonly message: string }> }
      | undefined;
  };
}

/**
 * A row of `tools.json` as somebody wrote it. `null` where something must stand counts as not written. A field that makes
 * no sense costs itself: then what is known of it stays. Counts that make no sense cost the coverage too, so that nobody
 * takes what is left for a result.
 *
 * @param row `undefined` for what was too large or too deep to be read
 */
export const readWrittenRow = (row: unknown): WrittenRow => {
  if (row === undefined) return refused(null, 'it is larger or deeper than a tool can be');
  if (!isFields(row)) return refused(null, 'it is no object');
  const { id } = row;
  if (!Tool.shape.id.safeParse(id).success || typeof id !== 'string')
    return refused(typeof id === 'string' ? id : null, 'its id is no text of 1 to 512 characters');
  if (/\p{Cc}/u.test(id) || !id.isWellFormed()) return refused(id, 'its id is no text');

  const problems: RowProblem[] = [];
  const { security: _, ...ownShape } = Tool.shape;
  const fields = usable(row, ownShape, '', problems);
  const security = readSecurity(row['security'], problems);
  if (security === null) delete fields['security'];
  else fields['security'] = security;
  return { fields, id, problems };
};

const refused = (id: string | null, reason: string): WrittenRow => ({
  fields: null,
  id,
  problems: [{ field: null, reason }],
});

/** `null` where nothing is said of it. */
const readSecurity = (written: unknown, problems: RowProblem[]): Fields | null => {
  if (written === undefined || written === null) return null;
  if (!isFields(written)) {
    problems.push({ field: 'security', reason: 'it is no object' });
    return null;
  }
  const { vulnerabilities: _, ...ownShape } = ToolSecurity.shape;
  const security = usable(written, ownShape, 'security.', problems);
  const counts = written['vulnerabilities'];
  if (counts === undefined || counts === null) return security;
  const before = problems.length;
  const read = isFields(counts) ? usable(counts, Vulnerabilities.shape, 'security.vulnerabilities.', problems) : null;
  if (read === null) problems.push({ field: 'security.vulnerabilities', reason: 'it is no object' });
  if (problems.length === before) return { ...security, vulnerabilities: read };
  return { ...security, vulnerabilities: null, coverage: null };
};

/** The fields without those of the shape that make no sense. */
const usable = (written: Fields, shape: Shape, prefix: string, problems: RowProblem[]): Fields => {
  const fields = { ...written };
  for (const [name, schema] of Object.entries(shape)) {
    if (!Object.hasOwn(fields, name)) continue;
    const read = schema.safeParse(fields[name]);
    if (read.success) continue;
    if (fields[name] !== null) problems.push({ field: `${prefix}${name}`, reason: reasonOf(read) });
    delete fields[name];
  }
  return fields;
};

const reasonOf = ({ error }: ReturnType<Parser['safeParse']>): string => {
  const [first] = error?.issues ?? [];
  if (first === undefined) return 'it makes no sense';
  return first.path.length === 0 ? first.message : `${first.path.map(String).join('.')}: ${first.message}`;
};

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
