import type { ContainerUse } from '@scanner/core';

import { ContainerRow, fieldsOf, Rows } from './engine-answers.ts';
import type { EngineConnection, EngineRequest } from './engine-connection.ts';

const MOST_CONTAINERS = 100_000;

/** The containers by the ID of their image; `uses` is `null` when the engine would not tell, and `warning` says so. */
export const containerUses = async (
  connection: EngineConnection,
  apiRoot: string,
  request: EngineRequest,
): Promise<{ uses: ReadonlyMap<string, readonly ContainerUse[]> | null; warning: string | null }> => {
  const path = `${apiRoot}/containers/json?all=1`;
  const answer = await connection.get(path, { ...request, wanted: fieldsOf(ContainerRow) });
  if (answer.status !== 200) {
    return {
      uses: null,
      warning: `the engine does not tell which containers use the images (it answered ${answer.status})`,
    };
  }
  const listed = connection.parse(path, Rows, answer);
  const rows = listed.slice(0, MOST_CONTAINERS).flatMap((row) => ContainerRow.safeParse(row).data ?? []);
  const missed = listed.length - rows.length;
  return {
    uses: usesByImage(rows),
    warning: missed === 0 ? null : `${missed} of the engine's ${listed.length} containers could not be read`,
  };
};

const usesByImage = (rows: readonly ContainerRow[]): ReadonlyMap<string, readonly ContainerUse[]> => {
  const byImage = Map.groupBy(rows, ({ imageId }) => imageId);
  return new Map([...byImage].map(([id, rows]) => [id, rows.map(({ use }) => use).toSorted(byName)]));
};

const byName = (a: ContainerUse, b: ContainerUse): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
