import { expect, it } from 'vitest';
import { installCommand, missingPackages } from './testbed-packages.mjs';

const engine = { name: 'docker.io', executable: 'dockerd', reason: 'an engine' };
const registry = { name: 'docker-registry', executable: 'docker-registry', reason: 'a registry' };

it('misses the packages whose executable is not there', () => {
  const missing = missingPackages([engine, registry], (executable) => executable === 'dockerd');
  expect(missing).toEqual([registry]);
});

it('misses nothing when every executable is there from elsewhere', () => {
  expect(missingPackages([engine, registry], () => true)).toEqual([]);
});

it('names every package in one command without what is merely recommended', () => {
  expect(installCommand([engine, registry])).toBe(
    'apt-get install -y --no-install-recommends docker.io docker-registry',
  );
});
