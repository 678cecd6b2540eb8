import { AcceptanceRule, ScannerError } from '@scanner/core';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';

/** A vulnerability that a file says to ignore, with the line it begins on. */
interface IgnoredFinding {
  readonly line: number;
  readonly rule: AcceptanceRule;
}

interface IgnoredFindings {
  readonly ignored: readonly IgnoredFinding[];
  /** What is there and is no acceptance of a vulnerability. */
  readonly passedOver: readonly { readonly line: number; readonly what: string; readonly reason: string }[];
}

const MOST_ENTRIES = 20_000;
const LONGEST_SHOWN = 80;

/**
 * Reads the body of a `.trivyignore`: an ID a line, with `exp:2027-01-31` behind it where it ends.
 *
 * @param at now, ISO 8601
 * @throws ScannerError `usage` with the line that is wrong
 */
export const readPlainIgnores = (text: string, at: string): IgnoredFindings => {
  const collected = new Collected(at);
  for (const [index, written] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const [id, ...more] = written.trim().split(/\s+/);
    if (id === undefined || id === '' || id.startsWith('#')) continue;
    const line = index + 1;
    const end = more.find((word) => word.startsWith('exp:'))?.slice('exp:'.length);
    if (end !== undefined && !isMoment(end)) throw wrong(line, `${shown(end)} is no day, such as 2027-01-31`);
    collected.add(line, id, { expires: end ?? null });
  }
  return collected;
};

/**
 * Reads the body of a `.trivyignore.yaml`: its `vulnerabilities`, each with `id`, and `paths`, `purls`, `expired_at` and
 * `statement` where there are any. Aliases are not followed.
 *
 * @param at now, ISO 8601
 * @throws ScannerError `usage` with the line that is wrong
 */
export const readStructuredIgnores = (text: string, at: string): IgnoredFindings => {
  const lines = new LineCounter();
  const lineOf = (node: unknown): number => lines.linePos(rangeOf(node)).line;
  const root = parsed(text, lines);
  const collected = new Collected(at);
  if (root === null) return collected;
  if (!isMap(root)) throw wrong(lineOf(root), 'a map with "vulnerabilities" is expected');
  for (const { name, key, value } of entriesOf(root, lineOf)) {
    if (name !== 'vulnerabilities') {
      collected.passOver(lineOf(key), name, 'it names no vulnerabilities');
      continue;
    }
    if (isScalar(value) && value.value === null) continue;
    if (!isSeq(value)) throw wrong(lineOf(value ?? key), 'a list is expected');
    for (const entry of value.items) {
      if (!isMap(entry)) throw wrong(lineOf(entry), 'an entry with "id" is expected');
      addEntry(collected, entry, lineOf);
    }
  }
  return collected;
};

const parsed = (text: string, lineCounter: LineCounter): Node | null => {
  try {
    // Pretty errors show their line, each of them the whole of it; keys are compared where they are read.
    const options = { lineCounter, uniqueKeys: false, prettyErrors: false, logLevel: 'error' } as const;
    const { contents, errors } = parseDocument(text, options);
    const [error] = errors;
    if (error?.code === 'MULTIPLE_DOCS')
      throw wrong(lineCounter.linePos(error.pos[0]).line, 'a second document begins');
    if (error !== undefined)
      throw wrong(lineCounter.linePos(error.pos[0]).line, (error.message.split('\n', 1)[0] ?? '').slice(0, 200));
    return isScalar(contents) && contents.value === null ? null : contents;
  } catch (error) {
    if (ScannerError.is(error)) throw error;
    // What is nested too deeply ends the parser's own recursion.
    throw wrong(1, 'it cannot be read as YAML');
  }
};

const rangeOf = (node: unknown): number =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? Number(node.range[0]) : 0;

interface Entry {
  readonly name: string;
  readonly key: unknown;
  readonly value: unknown;
}

/** What a map holds by its names, of which each may stand there once. */
const entriesOf = (map: YAMLMap, lineOf: (node: unknown) => number): Entry[] => {
  const entries = map.items.map(({ key, value }) => ({ name: isScalar(key) ? String(key.value) : '', key, value }));
  const names = new Set<string>();
  for (const { name, key } of entries) {
    if (names.has(name)) throw wrong(lineOf(key), `"${shown(name)}" stands there twice`);
    names.add(name);
  }
  return entries;
};

const addEntry = (collected: Collected, entry: YAMLMap, lineOf: (node: unknown) => number): void => {
  const fields = new Map(entriesOf(entry, lineOf).map((field) => [field.name, field]));
  const textOf = (name: string): string | null => {
    const field = fields.get(name);
    if (field === undefined || (isScalar(field.value) && field.value.value === null) || field.value === null)
      return null;
    if (isScalar(field.value) && ['string', 'number'].includes(typeof field.value.value))
      return String(field.value.value);
    throw wrong(lineOf(field.value), `"${name}" is no text`);
  };
  const listOf = (name: 'paths' | 'purls'): string[] | null => {
    const field = fields.get(name);
    if (field === undefined || (isScalar(field.value) && field.value.value === null) || field.value === null)
      return null;
    const items = isSeq(field.value)
      ? field.value.items.map((item) => (isScalar(item) ? item.value : undefined))
      : null;
    const checked = AcceptanceRule.shape[name].safeParse(items);
    if (items === null || !checked.success)
      throw wrong(lineOf(field.value), `"${name}" is no list of texts of up to 1024 characters`);
    return checked.data ?? null;
  };
  const line = lineOf(entry);
  const id = textOf('id');
  if (id === null) throw wrong(line, 'an entry has no "id"');
  const expires = textOf('expired_at');
  if (expires !== null && !isMoment(expires))
    throw wrong(lineOf(fields.get('expired_at')?.value), `${shown(expires)} is no day, such as 2027-01-31`);
  const reason = textOf('statement');
  if (!AcceptanceRule.shape.reason.safeParse(reason).success)
    throw wrong(lineOf(fields.get('statement')?.value), '"statement" is longer than 4096 characters');
  collected.add(line, id, { expires, reason, paths: listOf('paths'), purls: listOf('purls') });
};

class Collected implements IgnoredFindings {
  readonly ignored: IgnoredFinding[] = [];
  readonly passedOver: { line: number; what: string; reason: string }[] = [];
  readonly #at: string;

  constructor(at: string) {
    this.#at = at;
  }

  add(line: number, id: string, rest: Omit<Partial<AcceptanceRule>, 'vulnerability'>): void {
    if (this.ignored.length + this.passedOver.length >= MOST_ENTRIES)
      throw wrong(line, `more than ${MOST_ENTRIES} entries`);
    if (!isVulnerability(id)) return this.passOver(line, id, 'it is no ID of a vulnerability');
    const { expires } = rest;
    if (typeof expires === 'string' && Date.parse(expires) <= Date.parse(this.#at))
      return this.passOver(line, id, `it has ended, ${expires}`);
    this.ignored.push({ line, rule: { ...rest, vulnerability: id } });
  }

  passOver(line: number, what: string, reason: string): void {
    this.passedOver.push({ line, what: shown(what), reason });
  }
}

/** IDs of misconfigurations (AVD-DS-0002, DS002), secrets and licences stand in the same files. */
const isVulnerability = (id: string): boolean =>
  AcceptanceRule.shape.vulnerability.safeParse(id).success &&
  /^(?!AVD-)[A-Z]+-.*\d/i.test(id) &&
  !/^(DS|KSV|AWS|KCV|GCP|AZU)-\d{4}$/i.test(id);

const isMoment = (text: string): boolean => AcceptanceRule.shape.expires.safeParse(text).success;

const shown = (text: string): string => JSON.stringify(text.slice(0, LONGEST_SHOWN)).slice(1, -1);

const wrong = (line: number, problem: string): ScannerError =>
  new ScannerError(`line ${line}: ${problem}`, {
    code: 'usage',
    hint: 'correct that line, then repeat the command; nothing was imported',
  });
