import fc from 'fast-check';

import { mutatedBytes } from './mutated-bytes.ts';
import { ODD_FIELDS, ODD_JSON } from './odd-texts.ts';

const MOST_CHANGES = 6;
const MOST_COPIES = 200;
/** Stands for an odd value until the document is written, since some of them no value of JavaScript can be. */
const MARK = /"@odd:(\d+)@"/g;

type Container = Record<string, unknown> | unknown[];

interface Place {
  readonly container: Container;
  readonly key: string;
}

type Change = (place: Place) => void;

/**
 * JSON documents of the form of these samples, in which values are exchanged for odd ones, fields are left out, added or
 * doubled, and lists grow; now and then with a few bytes wrong as well.
 */
export const mutatedJson = (samples: readonly unknown[]): fc.Arbitrary<string> => {
  const changed = fc
    .tuple(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(), anyChange), { maxLength: MOST_CHANGES }))
    .map(([sample, changes]) => write(apply(sample, changes)));
  return fc.oneof(
    { weight: 6, arbitrary: changed },
    { weight: 1, arbitrary: fc.json({ maxDepth: 6 }) },
    {
      weight: 1,
      arbitrary: mutatedBytes(samples.map((sample) => JSON.stringify(sample))).map((bytes) => bytes.toString('utf8')),
    },
  );
};

const oddMark = fc.nat({ max: ODD_JSON.length - 1 }).map((index) => `@odd:${index}@`);

const anyChange: fc.Arbitrary<Change> = fc.oneof(
  oddMark.map(
    (mark): Change =>
      (place) =>
        put(place, mark),
  ),
  fc.tuple(fc.constantFrom(...ODD_FIELDS), oddMark).map(([field, mark]): Change => (place) => {
    const value = valueAt(place);
    if (isContainer(value)) put({ container: value, key: field }, mark);
  }),
  fc.constant<Change>(({ container, key }) => {
    if (Array.isArray(container)) container.splice(Number(key), 1);
    else delete container[key];
  }),
  fc.integer({ min: 1, max: MOST_COPIES }).map((times): Change => (place) => {
    const value = valueAt(place);
    if (Array.isArray(place.container)) place.container.push(...Array.from({ length: times }, () => value));
    else place.container[`${place.key}${times}`] = value;
  }),
  fc.string({ unit: 'binary', maxLength: 40 }).map(
    (text): Change =>
      (place) =>
        put(place, text),
  ),
  fc.double().map(
    (number): Change =>
      (place) =>
        put(place, number),
  ),
);

const apply = (sample: unknown, changes: readonly (readonly [number, Change])[]): unknown => {
  const top = { value: structuredClone(sample) };
  for (const [index, change] of changes) {
    const places = placesIn(top);
    const place = places[index % places.length];
    if (place !== undefined) change(place);
  }
  return top.value;
};

const MOST_PLACES = 5000;

const placesIn = (top: Container): Place[] => {
  const places: Place[] = [];
  const seen = new Set<unknown>();
  const containers: Container[] = [top];
  for (const container of containers) {
    for (const key of Object.keys(container)) {
      const place = { container, key };
      if (places.push(place) >= MOST_PLACES) return places;
      const value = valueAt(place);
      if (isContainer(value) && !seen.has(value)) containers.push(value);
      seen.add(value);
    }
  }
  return places;
};

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

const valueAt = ({ container, key }: Place): unknown => Object.getOwnPropertyDescriptor(container, key)?.value;

/** Also under a name that would mean something else in an assignment. */
const put = ({ container, key }: Place, value: unknown): void => {
  if (Array.isArray(container) && !/^\d+$/.test(key)) return;
  Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
};

const write = (document: unknown): string =>
  (JSON.stringify(document) ?? 'null').replaceAll(MARK, (_, index: string) => ODD_JSON[Number(index)] ?? 'null');
