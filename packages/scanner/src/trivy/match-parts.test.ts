import { expect, test } from 'vitest';

import type { KnownLayer } from './known-layers.ts';
import { partsOf } from './match-parts.ts';

const layer = (blob: string, holds: KnownLayer['holds'], ...applications: string[]): KnownLayer => ({
  blob,
  holds,
  applications,
  intertwined: false,
  repository: null,
});
const unknownPlaces = (blob: string, holds: KnownLayer['holds']): KnownLayer => {
  const { applications, ...known } = layer(blob, holds);
  expect(applications).toEqual([]);
  return known;
};
const system = layer('system', ['osPackages', 'other']);
const npm = layer('npm', ['languagePackages', 'applications'], 'app/a');
const pip = layer('pip', ['languagePackages', 'applications'], 'app/b', 'app/c');
const empty = layer('empty', []);
const removal = layer('removal', ['other']);

test('what holds only applications is matched apart from what lies below', () => {
  expect(partsOf([system, empty, npm, pip])).toEqual([['system'], ['npm'], ['pip']]);
  expect(partsOf([npm, pip])).toEqual([['npm'], ['pip']]);
});

test('what lies below a change to the system, or below what takes files away, stays with it', () => {
  expect(partsOf([system, npm, removal, pip])).toEqual([['system', 'npm', 'removal'], ['pip']]);
  expect(partsOf([npm, system])).toEqual([['npm', 'system']]);
});

test.each([
  ['one application takes the place of another', [system, npm, layer('newer', npm.holds, 'app/a')]],
  ['one takes the place of one in the base', [layer('system', ['osPackages', 'applications'], 'app/c'), pip]],
  ['it is not known where they lie', [system, unknownPlaces('many', npm.holds)]],
  ['it is not known where those of the base lie', [unknownPlaces('system', system.holds), npm]],
])('all stay together where %s', (_, layers) => {
  expect(partsOf(layers)).toEqual([layers.map(({ blob }) => blob)]);
});

test("Red Hat's build information keeps every layer in its place", () => {
  expect(partsOf([system, empty, layer('info', ['buildInfo']), npm])).toEqual([['system', 'empty', 'info', 'npm']]);
});

test('layers that say nothing are asked about where there are no others', () => {
  expect(partsOf([empty])).toEqual([['empty']]);
});
