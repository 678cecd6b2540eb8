import { resolve } from 'node:path';

import type { CommandContext } from '@scanner/app';
import {
  type AcceptedNow,
  type AcceptanceRule,
  type Baseline,
  familiarReference,
  type ImageDocument,
  type ImageReport,
  leaveOutAccepted,
  parseReference,
  type WithoutAccepted,
} from '@scanner/core';
import type { Settings } from '@scanner/core/config';
import { BaselineDirectory } from '@scanner/store';

import { asOnHost } from './open-baselines.ts';

/** A document without what is accepted, and beside it what that is. */
export interface LeftOut {
  readonly document: ImageDocument;
  /** What was left out of an image of the document. */
  readonly acceptedOf: (image: ImageReport) => readonly AcceptedNow[];
  /** Whether something that says what is accepted could not be read: more may be accepted then than was left out. */
  readonly unreadable: boolean;
}

/**
 * The document without what is accepted, and says what was left out. What cannot be read accepts nothing, with a warning.
 *
 * @param named the reference whose baseline counts for every image; null: each image's own
 */
export const withoutAccepted = async (
  context: CommandContext,
  settings: Settings,
  document: ImageDocument,
  named: string | null,
): Promise<LeftOut> => {
  const accepted = await AcceptedFindings.open(context, settings);
  const acceptedOf = new Map<ImageReport, readonly AcceptedNow[]>();
  for (const image of document.images) {
    const left = await accepted.leaveOut(image, named, document.finished_at);
    acceptedOf.set(left.report, left.accepted);
  }
  return {
    document: { ...document, images: [...acceptedOf.keys()] },
    acceptedOf: (image) => acceptedOf.get(image) ?? [],
    unreadable: accepted.unreadable,
  };
};

class AcceptedFindings {
  unreadable = false;
  readonly #console: CommandContext['console'];
  readonly #baselines: BaselineDirectory;
  #rules: readonly AcceptanceRule[] = [];

  private constructor({ console, cwd }: CommandContext, settings: Settings) {
    this.#console = console;
    this.#baselines = new BaselineDirectory(resolve(cwd, settings.SNAPSHOT_DIR));
  }

  static async open(context: CommandContext, settings: Settings): Promise<AcceptedFindings> {
    const opened = new AcceptedFindings(context, settings);
    const stored = await opened.#baselines.readRules();
    if (stored.status === 'read') opened.#rules = stored.rules.rules;
    else opened.#cannotRead(stored);
    return opened;
  }

  async leaveOut(image: ImageReport, named: string | null, at: string): Promise<WithoutAccepted> {
    const [own] = image.source === 'archive' ? [] : asOnHost(image.references);
    const [wanted = own] = named === null ? [] : asOnHost([named]);
    const found = wanted === undefined ? null : await this.#baselineOf(wanted);
    if (found === null && this.#rules.length === 0) {
      this.#console.log.warn(
        `there is no baseline of ${named ?? image.references[0] ?? 'an image'}: nothing of it is left out`,
      );
      return { report: { ...image }, accepted: [] };
    }
    const { report, accepted } = leaveOutAccepted(image, found?.baseline ?? null, at, {
      reference: own ?? null,
      rules: this.#rules,
    });
    const by = found === null || found.reference === own ? '' : `, by the baseline of ${found.reference}`;
    this.#console.say(
      this.#console.inert(`${own ?? image.references[0] ?? 'an image'}: ${accepted.length} findings are accepted${by}`),
    );
    return { report, accepted };
  }

  /** That of the reference, else that of its repository. */
  async #baselineOf(reference: string): Promise<{ readonly reference: string; readonly baseline: Baseline } | null> {
    for (const name of [reference, repositoryOf(reference)]) {
      const stored = name === null ? undefined : await this.#baselines.read(name, []);
      if (stored === undefined || name === null) continue;
      if (stored.status === 'read') return { reference: name, baseline: stored.baseline };
      this.#cannotRead(stored);
      return null;
    }
    return null;
  }

  #cannotRead({ file, problem }: { readonly file: string; readonly problem: string }): void {
    this.unreadable = true;
    this.#console.log.warn(`what is accepted cannot be read: ${file} ${problem}`);
  }
}

/** Its name without tag and digest. */
const repositoryOf = (reference: string): string | null => {
  const parsed = parseReference(reference);
  return parsed.ok ? familiarReference({ ...parsed.reference, tag: null, digest: null }) : null;
};
