import type { ContainerUse, Failure, UnreadableImage } from '@scanner/core';

import { fieldsOf, ImageDetails, ImageRow, Rows } from './engine-answers.ts';
import type { EngineConnection, EngineRequest } from './engine-connection.ts';
import { wordsOf } from './engine-failure.ts';
import { imageReferences } from './image-references.ts';

const MOST_IMAGES = 50_000;

/** A conversation whose version is settled. */
export interface Session extends EngineRequest {
  readonly connection: EngineConnection;
  readonly apiVersion: string;
}

/** What the engine lists of one image, which it may do several times. */
export interface ListedImage {
  readonly id: string;
  readonly rows: readonly ImageRow[];
}

export interface EngineList {
  readonly images: readonly ListedImage[];
  readonly unreadable: readonly UnreadableImage[];
}

/** By the ID of the image; null where the engine does not tell. */
export type Uses = ReadonlyMap<string, readonly ContainerUse[]> | null;

/** What the engine lists, each image once, and what of it makes no sense. */
export const listImages = async (session: Session): Promise<EngineList> => {
  const { connection, apiVersion } = session;
  const request = { ...session, wanted: fieldsOf(ImageRow) };
  const listed = await connection.getJson(`/v${apiVersion}/images/json`, Rows, request);
  const rows = listed.map((row) => ImageRow.safeParse(row).data ?? null);
  const byId = Map.groupBy(
    rows.flatMap((row) => row ?? []),
    ({ Id }) => Id,
  );
  const nameless = rows.flatMap((row, index) => (row === null || row.Id === null ? [unreadableEntry(index, row)] : []));
  const images = [...byId].flatMap(([id, rows]) => (id === null ? [] : [{ id, rows }]));
  const beyond = images.slice(MOST_IMAGES).map(({ id, rows }) => unreadable(id, rows, null, TOO_MANY));
  return { images: images.slice(0, MOST_IMAGES), unreadable: [...nameless, ...beyond] };
};

const TOO_MANY = `more than ${MOST_IMAGES} images are not scanned`;

/** What the engine says of an image; else that it is gone, or why it cannot be read. */
export const inspect = async (
  { connection, apiVersion, ...limits }: Session,
  id: string,
): Promise<ImageDetails | string> => {
  const request = { ...limits, wanted: fieldsOf(ImageDetails) };
  const answer = await connection.get(`/v${apiVersion}/images/${id}/json`, request);
  if (answer.status === 404) return 'gone';
  if (answer.status !== 200) return `it answers ${answer.status}: ${wordsOf(answer.body)}`;
  return ImageDetails.safeParse(parseOrNull(answer.body)).data ?? 'its description of the image makes no sense';
};

/** An image that is there and cannot be looked at. */
export const unreadable = (id: string | null, rows: readonly ImageRow[], uses: Uses, why: string): UnreadableImage => {
  const { digests: _, ...names } = imageReferences(rows, id ?? '');
  return { id, ...names, containers: id === null ? null : containersOf(id, uses), reason: cannotBeRead(why) };
};

/** It has no ID that could be asked for: it goes by its names, else by its place in the list. */
const unreadableEntry = (index: number, row: ImageRow | null): UnreadableImage => {
  const named = unreadable(null, row === null ? [] : [row], null, 'its entry in the list makes no sense');
  const isNamed = named.references.some((reference) => reference !== '');
  // Somebody may well use it: that it has no name is no reason to be silent.
  return { ...named, tagged: true, references: isNamed ? named.references : [`entry ${index + 1} of the image list`] };
};

const cannotBeRead = (why: string): Failure => ({
  code: 'unreadable',
  message: `the engine's word on this image cannot be used: ${why}`,
});

export const containersOf = (id: string, uses: Uses): readonly ContainerUse[] | null =>
  uses === null ? null : (uses.get(id) ?? []);

export const parseOrNull = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
