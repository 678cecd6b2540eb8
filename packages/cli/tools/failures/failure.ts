import { HostScanDocument, ImageDocument } from '@scanner/core';
import type { Ended } from '@scanner/testing';

import { readDocument } from '../../e2e/support/schemas.ts';
import type { World } from './world.ts';

/** What a command did when something went wrong. */
export interface Outcome {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  /** What it said of the failure, on one line. */
  readonly message: string;
  /** What was checked afterwards, and held. */
  readonly survived: string;
}

/** One failure, and the command that meets it. */
export interface Failure {
  readonly what: string;
  /** As somebody would type it. */
  readonly command: string;
  /**
   * Brings it about, runs the command, and checks what is left.
   *
   * @throws Error where something was lost, or was said otherwise than it is
   */
  provoke(world: World): Promise<Outcome>;
}

const PROGRESS = /^\d+\/\d+ (?:images|tools)\b/v;

/** Ends the failure's run unless this holds. */
export function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`does not hold: ${what}`);
}

/** The line of what was written to stderr that says this; lines of progress aside. */
export const lineWith = ({ stderr }: Pick<Ended, 'stderr'>, pattern: RegExp): string => {
  const line = stderr.split('\n').find((text) => pattern.test(text) && !PROGRESS.test(text));
  if (line === undefined) throw new Error(`nothing says ${String(pattern)}:\n${stderr}`);
  return line.trim();
};

/** The line that a failing command ends with. */
export const errorLine = (ended: Pick<Ended, 'stderr'>): string => lineWith(ended, /^error\[/v);

/** Why an image failed, out of the JSON document that the command printed. */
export const reasonOf = async ({ stdout }: Pick<Ended, 'stdout'>, reference: string): Promise<string> => {
  const images = stdout.includes('"gts.image/1"')
    ? (await readDocument(ImageDocument, stdout)).images
    : (await readDocument(HostScanDocument, stdout)).images;
  const reason = images.find(({ references }) => references.some((name) => name.includes(reference)))?.reason;
  if (reason === undefined || reason === null) throw new Error(`${reference} has not failed:\n${stdout}`);
  return `${reason.code}: ${reason.message}`;
};
