import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { z } from 'zod';

import type { GtsUser } from './gts.ts';

/** `tools.json`, as its readers see it: fields that are not named here are theirs. */
const ToolsFile = z.looseObject({
  schema: z.string().optional(),
  tools: z.array(
    z.looseObject({
      id: z.string(),
      docker_tags: z.array(z.string()).optional(),
      security: z
        .looseObject({ status: z.string(), scanned_tag: z.string().nullish(), trivy_scan_date: z.string().nullish() })
        .optional(),
    }),
  ),
});
export type ToolsFile = z.infer<typeof ToolsFile>;

/** Where `tools.json` of a user's catalogue lies. */
export const toolsFileOf = ({ workingDirectory }: Pick<GtsUser, 'workingDirectory'>): string =>
  join(workingDirectory, 'data', 'processed', 'tools.json');

/** Reads it whole; throws where it is not. */
export const readToolsFile = async (path: string): Promise<ToolsFile> =>
  ToolsFile.parse(JSON.parse(await readFile(path, 'utf8')));

/** Lays a file as a program of the past would have. */
export const layToolsFile = async (path: string, content: unknown): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
};

/** IDs of the tools that somebody has scanned. */
export const scannedIn = ({ tools }: ToolsFile): string[] =>
  tools.filter(({ security }) => (security?.trivy_scan_date ?? null) !== null).map(({ id }) => id);

/** So many tools of one namespace with a tag each, as an old file holds them. */
export const manyTools = (count: number): object[] =>
  Array.from({ length: count }, (_, index) => {
    const name = `tool-${String(index).padStart(5, '0')}`;
    return { id: `docker_hub:acme/${name}`, name, namespace: 'acme', source: 'docker_hub', docker_tags: ['1.0'] };
  });
