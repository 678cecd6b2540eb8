import { z } from 'zod';

import type { ImagePattern } from '../host/image-pattern.ts';
import { parseImagePattern } from '../host/image-pattern.ts';
import { compareSeverity, Severity, SEVERITIES } from '../model/severity.ts';
import { parseDuration } from './durations.ts';
import type { ExtraArguments } from './extra-arguments.ts';
import { parseExtraArguments } from './extra-arguments.ts';
import { shownValue } from './problem.ts';

/** How the text of a setting becomes a value. The default goes the same way as what people write. */
export interface ValueKind<T> {
  /** What may be written, for messages and documentation. */
  readonly accepted: string;
  /** Stands for the value in a command's help; `null` for what a flag alone can say. */
  readonly placeholder: string | null;
  /** A `custom` issue says better than `accepted` what is wrong with this very text. */
  readonly schema: z.ZodType<T, string>;
  /** Whether a text that was refused may hold a secret, so that it is better not shown. */
  readonly mayHoldSecret?: (text: string) => boolean;
}

const MAX_LIST = 1000;

/** One line; line breaks and other control characters have no place in a name, a path or an address. */
const line = z
  .string()
  .max(4096)
  .regex(/^\P{Cc}+$/u);

/** Items between commas or line breaks. */
export const splitList = (text: string): string[] =>
  text
    .split(/[,\r\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');

const uniqueItems = (text: string): string[] => [...new Set(splitList(text))];

const SWITCH_WORDS: ReadonlyMap<string, boolean> = new Map([
  ...['1', 'true', 'yes', 'on'].map((word) => [word, true] as const),
  ...['0', 'false', 'no', 'off'].map((word) => [word, false] as const),
]);

export const yesOrNo: ValueKind<boolean> = {
  accepted: '1 or 0, true or false, yes or no, on or off',
  placeholder: null,
  schema: z
    .string()
    .transform((text) => SWITCH_WORDS.get(text.trim().toLowerCase()))
    .pipe(z.boolean()),
};

export const wholeNumber = (min: number, max: number): ValueKind<number> => ({
  accepted: `a whole number from ${min} to ${max}`,
  placeholder: 'number',
  schema: z
    .string()
    .regex(/^\s*\d{1,15}\s*$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max)),
});

/** A length of time; the value is in seconds. */
export const duration = (minSeconds: number): ValueKind<number> => ({
  accepted: 'a whole number with a unit, s, m, h, d or w: 30s, 90m, 36h, 7d, 1w',
  placeholder: 'time',
  schema: z
    .string()
    .transform((text) => parseDuration(text.trim()))
    .pipe(z.number().min(minSeconds)),
});

export const path: ValueKind<string> = { accepted: 'a path', placeholder: 'path', schema: line };

/** An address that starts with one of these schemes. */
export const address = (...schemes: readonly [string, ...string[]]): ValueKind<string> => ({
  accepted: `an address that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  placeholder: 'address',
  schema: line.regex(new RegExp(`^(?:${schemes.join('|')})://.`)),
});

/** Severities, the worst first, whatever order they were written in: order and duplicates make no other filter. */
export const severities: ValueKind<readonly Severity[]> = {
  accepted: `a comma-separated list of ${SEVERITIES.toReversed().join(', ')}`,
  placeholder: 'list',
  schema: z
    .string()
    .transform((text) => uniqueItems(text.toUpperCase()))
    .pipe(z.array(Severity).min(1))
    .transform((listed) => listed.toSorted((a, b) => compareSeverity(b, a))),
};

/** Names or patterns of images, separated by commas or line breaks. */
export const imagePatterns: ValueKind<readonly ImagePattern[]> = {
  accepted: `a comma-separated list of at most ${MAX_LIST} images; * stands for anything`,
  placeholder: 'list',
  schema: z
    .string()
    .transform(uniqueItems)
    .pipe(z.array(z.string()).max(MAX_LIST))
    .transform((items, context) =>
      items.flatMap((item) => {
        const parsed = parseImagePattern(item);
        if (parsed.ok) return parsed.pattern;
        context.addIssue({
          code: 'custom',
          message: `names or IDs of images, not ${shownValue(item)}: ${parsed.problem}`,
        });
        return [];
      }),
    ),
};

/** Repositories of a registry, tried in turn. */
export const repositories: ValueKind<readonly string[]> = {
  accepted: 'a comma-separated list of repositories, each as host/name:tag',
  placeholder: 'list',
  schema: z
    .string()
    .transform(uniqueItems)
    .pipe(
      z
        .array(line.regex(/^[a-z0-9][\w.:/@[\]-]*$/i))
        .min(1)
        .max(20),
    ),
};

export const trivyFlags: ValueKind<ExtraArguments> = {
  accepted: 'flags of trivy image, split as a shell would',
  placeholder: 'flags',
  mayHoldSecret: (text) => /pass|token|secret|user|key|cred/i.test(text),
  schema: z
    .string()
    .max(4096)
    .transform((text, context) => {
      const parsed = parseExtraArguments(text);
      if (!('accepted' in parsed)) return parsed;
      context.addIssue({ code: 'custom', message: parsed.accepted });
      return z.NEVER;
    }),
};

/** One line of any text. */
export const oneLine: ValueKind<string> = { accepted: 'one line of text', placeholder: 'text', schema: line };

/** Namespaces of Docker Hub. */
export const namespaces: ValueKind<readonly string[]> = {
  accepted: `a comma-separated list of at most ${MAX_LIST} Docker Hub namespaces`,
  placeholder: 'list',
  schema: z
    .string()
    .transform(uniqueItems)
    .pipe(z.array(line.regex(/^[a-z0-9][a-z0-9_-]{0,254}$/)).max(MAX_LIST)),
};

const HOST = String.raw`(?:[\w.-]+|\[[\da-f:]+\])(?::\d{1,5})?`;
const MIRRORED = new RegExp(String.raw`^${HOST}=${HOST}(?:/[\w.-]+)*$`);

/** Where pulls from a registry are sent instead, in order, by the registry's host. */
export const registryMirrors: ValueKind<Readonly<Record<string, readonly string[]>>> = {
  accepted: 'a comma-separated list of registry=mirror, each a host with or without a port: docker.io=127.0.0.1:5000',
  placeholder: 'host=mirror',
  schema: z
    .string()
    .transform(uniqueItems)
    .pipe(z.array(line.regex(MIRRORED)).max(100))
    .transform((pairs) => {
      const byHost = Object.groupBy(pairs, (pair) => pair.slice(0, pair.indexOf('=')));
      return Object.fromEntries(
        Object.entries(byHost).map(([host, listed]) => [
          host,
          (listed ?? []).map((pair) => pair.slice(host.length + 1)),
        ]),
      );
    }),
};
