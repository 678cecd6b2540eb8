import { readFile } from 'node:fs/promises';

import { z } from 'zod';

const ListedTool = z.looseObject({
  id: z.string(),
  docker_tags: z.array(z.string()).optional(),
  security: z
    .looseObject({
      trivy_scan_date: z.string().nullable(),
      vulnerabilities: z.looseObject({ high: z.number() }).nullable(),
    })
    .optional(),
});
export type ListedTool = z.infer<typeof ListedTool>;

const ToolsFile = z.looseObject({ tools: z.array(ListedTool) });

/** The tools of a `tools.json`, none where there is no such file yet. Throws where it is not whole. */
export async function readTools(path: string): Promise<ListedTool[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{"tools":[]}';
    throw error;
  });
  return ToolsFile.parse(JSON.parse(text)).tools;
}

/** How many HIGH findings each scanned tool has. */
export function scannedIn(tools: readonly ListedTool[]): ReadonlyMap<string, number> {
  return new Map(
    tools.flatMap(({ id, security }) =>
      (security?.trivy_scan_date ?? null) === null ? [] : [[id, security?.vulnerabilities?.high ?? 0]],
    ),
  );
}
