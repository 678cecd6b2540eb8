import { z } from 'zod';

import type { Finding } from '../model/finding.ts';
import { compareSeverity, Severity } from '../model/severity.ts';

/** A finding that people know of, as they know it. */
export const KnownFinding = z.object({
  key: z.string().describe('See findingKey; `ID|*|` stands for the vulnerability in every package'),
  vulnerability: z.string(),
  package: z.string().nullable().describe('null: in every package'),
  path: z.string().nullable(),
  installed: z.string().nullable().describe('As last found; null when it was not found yet'),
  fixed: z.string().nullable(),
  severity: Severity.nullable().describe('The worst that people know of; null when nobody said'),
  url: z.string().nullable(),
  title: z.string().nullable().default(null).describe('As last found; null when it is not known'),
  accepted: z.boolean().describe('Whether a baseline accepts it; else it was told, or stood in an inventory'),
  since: z.string().nullable().describe('When it was accepted or told; ISO 8601'),
  expires: z.string().nullable().describe('From this moment (a day: UTC) on it is not accepted any more'),
  status: z.string().nullable().default(null).describe('As last listed; null when nobody said'),
  aliases: z.array(z.string()).default([]).describe('Other IDs of the vulnerability, as last found'),
  untilFix: z.boolean().default(false).describe('Accepted only while there is no fix'),
  savedAs: z
    .string()
    .nullable()
    .default(null)
    .describe('The line of the baseline that accepts it, or did until its end: see acceptanceMark'),
  single: z
    .enum(['told', 'untold'])
    .nullable()
    .default(null)
    .describe('Accepted by itself, and not with a whole scan: whether people had heard of it before'),
  endTold: z.string().nullable().default(null).describe('The end of its acceptance that people were warned of'),
  goneAt: z.string().nullable().default(null).describe('When it was told as resolved; ISO 8601'),
  firstFound: z.string().nullable().default(null).describe('ISO 8601; null when nobody noted it'),
  outside: z.boolean().describe('Still found, and left out by the filter'),
  foundWith: z
    .array(z.string())
    .nullable()
    .describe('The arguments it was last found with, where they are not those of the last scan'),
});
export type KnownFinding = z.infer<typeof KnownFinding>;

export interface Standing {
  readonly accepted: boolean;
  readonly since: string | null;
  readonly expires?: string | null;
  readonly untilFix?: boolean;
  readonly savedAs?: string | null;
  readonly single?: KnownFinding['single'];
  readonly endTold?: string | null;
  readonly firstFound?: string | null;
}

/** A finding as people know it from now on. */
export const knownFinding = (
  finding: Finding,
  {
    accepted,
    since,
    expires = null,
    untilFix = false,
    savedAs = null,
    single = null,
    endTold = null,
    firstFound = null,
  }: Standing,
): KnownFinding => ({
  key: finding.key,
  vulnerability: finding.vulnerability,
  package: finding.package,
  path: finding.path,
  installed: finding.installed,
  fixed: finding.fixed,
  severity: finding.severity,
  url: finding.url,
  title: finding.title,
  accepted,
  since,
  expires,
  status: finding.status,
  aliases: [...(finding.aliases ?? [])],
  untilFix,
  savedAs,
  single,
  endTold,
  goneAt: null,
  firstFound,
  outside: false,
  foundWith: null,
});

const ANY_PACKAGE = '*';

/** The key that accepts a vulnerability wherever it is found. */
export const anyPackageKey = (vulnerability: string): string =>
  `${vulnerability.replaceAll('|', '%7C')}|${ANY_PACKAGE}|`;

/** What a key says: the vulnerability, the package part (null: any package) and the path; null when it is not a key. */
export const parseFindingKey = (
  key: string,
): { readonly vulnerability: string; readonly packagePart: string | null; readonly path: string | null } | null => {
  const [vulnerability, packagePart, path, ...more] = key.split('|').map((part) => part.replaceAll('%7C', '|'));
  if (!vulnerability || !packagePart || path === undefined || more.length > 0) return null;
  return {
    vulnerability,
    packagePart: packagePart === ANY_PACKAGE ? null : packagePart,
    path: path === '' ? null : path,
  };
};

/** @param at ISO 8601 */
export const isExpired = (known: Pick<KnownFinding, 'expires'>, at: string): boolean =>
  known.expires !== null && Date.parse(known.expires) <= Date.parse(at);

/** Whether it is accepted no more: its end has come, or it was accepted until there is a fix and now there is one. */
export const hasEnded = (
  known: Pick<KnownFinding, 'expires' | 'untilFix'>,
  found: Pick<Finding, 'fixed'>,
  at: string,
): boolean => isExpired(known, at) || (known.untilFix && found.fixed !== null);

/** The worse of two, where nothing said counts as no rating. */
export const worseSeverity = (a: Severity | null, b: Severity | null): Severity | null => {
  if (a === null || b === null) return a ?? b;
  return compareSeverity(a, b) >= 0 ? a : b;
};
