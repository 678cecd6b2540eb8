import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

import { TOOLS_SCHEMA } from './tools-file-reader.ts';
import type { ToolRow } from './tool-table.ts';

/**
 * Writes the published form: one tool a line, so that people can search it and see what changed.
 *
 * @param extra fields beside `schema` and `tools`, as one JSON object
 * @param pages the tools in order; asked for one after the other, with time for other work in between
 * @returns how many tools, and the SHA-256 of what was written
 */
export const writeToolsFile = async (
  file: FileHandle,
  extra: string,
  pages: Iterable<readonly ToolRow[]>,
): Promise<{ readonly count: number; readonly hash: string }> => {
  const hash = createHash('sha256');
  const write = async (text: string): Promise<void> => {
    const bytes = Buffer.from(text);
    hash.update(bytes);
    await file.writeFile(bytes);
  };
  await write(`{"schema":${JSON.stringify(TOOLS_SCHEMA)},${extra === '{}' ? '' : `${extra.slice(1, -1)},`}"tools":[`);
  let count = 0;
  for (const page of pages) {
    // A save waits for all that its file system has yet to write: never for more than one page of this file.
    if (count > 0) await file.datasync();
    const lines = page.map(lineOf).join(',\n');
    await write(count === 0 ? `\n${lines}` : `,\n${lines}`);
    count += page.length;
  }
  await write('\n]}\n');
  return { count, hash: hash.digest('hex') };
};

const lineOf = ({ fields, security }: ToolRow): string => `${fields.slice(0, -1)},"security":${security}}`;
