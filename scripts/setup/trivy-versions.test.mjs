import { expect, it } from 'vitest';
import { provideTrivyVersion } from './trivy-versions.mjs';

it.each(['0.69.4', '0.69.5', '0.69.6'])('does not build the compromised %s', async (version) => {
  await expect(provideTrivyVersion(version, {})).rejects.toThrow(/malicious code/);
});

it.each(['latest', 'v0.74.0', '0.74', '../0.74.0'])('builds no %s, which is no release', async (version) => {
  await expect(provideTrivyVersion(version, {})).rejects.toThrow(/no release/);
});
