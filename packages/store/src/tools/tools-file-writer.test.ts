import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { ToolRow } from './tool-table.ts';
import { writeToolsFile } from './tools-file-writer.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gts-writer-'));
});

afterEach(() => rm(directory, { recursive: true }));

const row = (id: string): ToolRow => ({ id, fields: JSON.stringify({ id }), security: '{}' });

/** What is written, and how long the file was each time that it was put on the disk. */
const write = async (pages: readonly (readonly ToolRow[])[]): Promise<{ text: string; onDisk: number[] }> => {
  const path = join(directory, 'tools.json');
  await using file = await open(path, 'w');
  const onDisk: number[] = [];
  vi.spyOn(file, 'datasync').mockImplementation(async () => {
    onDisk.push((await file.stat()).size);
  });
  await writeToolsFile(file, '{}', pages);
  return { text: await readFile(path, 'utf8'), onDisk };
};

describe('writeToolsFile', () => {
  it('puts each page on the disk before the next is written', async () => {
    const { text, onDisk } = await write([[row('a'), row('b')], [row('c')], [row('d')]]);
    expect(onDisk).toEqual([text.indexOf(',\n{"id":"c"'), text.indexOf(',\n{"id":"d"')]);
  });

  it('leaves a single page to whoever closes the file', async () => {
    expect((await write([[row('a')]])).onDisk).toEqual([]);
  });

  it('writes one tool a line, and a valid file without any', async () => {
    const { text } = await write([[row('a')], [row('b')]]);
    expect(text.split('\n')).toEqual([
      '{"schema":"gts.tools/1","tools":[',
      '{"id":"a","security":{}},',
      '{"id":"b","security":{}}',
      ']}',
      '',
    ]);
    expect(JSON.parse((await write([])).text)).toEqual({ schema: 'gts.tools/1', tools: [] });
  });
});
