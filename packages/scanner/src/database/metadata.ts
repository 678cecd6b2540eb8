import { open } from 'node:fs/promises';

import { z } from 'zod';

const MAX_BYTES = 64 * 1024;

/** Go writes an unset time as the year 1, which is what `oras` leaves as the time of download. */
const Time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** Trivy's `metadata.json` beside a database. */
export const DatabaseMetadata = z.looseObject({
  Version: z.int(),
  UpdatedAt: Time,
  NextUpdate: Time,
  DownloadedAt: Time.nullish(),
});
export type DatabaseMetadata = z.infer<typeof DatabaseMetadata>;

/** Undefined when that text is none. */
export const parseMetadata = (text: string): DatabaseMetadata | undefined => {
  try {
    return DatabaseMetadata.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/** Reads a small text file, and no more than 64 KiB of one that is not small. Rejects with the system's error. */
export const readSmallFile = async (path: string): Promise<string> => {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
  return buffer.toString('utf8', 0, bytesRead);
};
