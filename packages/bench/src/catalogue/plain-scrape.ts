import { z } from 'zod';

const MAX_TAGS = 50;
const PREFERRED = ['latest', 'stable', 'alpine'];

const List = z.object({ next: z.string().nullable(), results: z.array(z.object({ name: z.string() })) });
type List = z.infer<typeof List>;

/** Names of tags by the names of repositories. */
export type TagsByRepository = ReadonlyMap<string, readonly string[]>;

/** What everybody writes first: one request after the other, and each waits for the answer of the one before. */
export async function scrapePlainly(hub: string, namespace: string, signal: AbortSignal): Promise<TagsByRepository> {
  const found = new Map<string, readonly string[]>();
  const repositories = `${hub}/v2/namespaces/${namespace}/repositories`;
  for await (const { results } of pages(`${repositories}?page_size=99&ordering=pull_count`, signal)) {
    for (const { name } of results) found.set(name, await tagsOf(`${repositories}/${name}/tags`, signal));
  }
  return found;
}

async function* pages(first: string, signal: AbortSignal): AsyncGenerator<List, void, undefined> {
  for (let url: string | null = first; url !== null;) {
    const response: Response = await fetch(url, { signal });
    const page = List.parse(await response.json());
    yield page;
    url = page.next;
  }
}

async function tagsOf(url: string, signal: AbortSignal): Promise<string[]> {
  const response = await fetch(`${url}?page_size=${MAX_TAGS}&ordering=last_updated`, { signal });
  const { results, next } = List.parse(await response.json());
  const names = results.map(({ name }) => name);
  if (next === null) return names;
  for (const wanted of PREFERRED.filter((name) => !names.includes(name))) {
    const answer = await fetch(`${url}/${wanted}`, { signal });
    await answer.arrayBuffer();
    if (answer.ok) names.push(wanted);
  }
  return names;
}
