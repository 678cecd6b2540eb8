import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { execa } from 'execa';
import { expect, it } from 'vitest';

import { cannedTrivy } from './canned-trivy.ts';

it('reports what it was told of an image, and nothing of others, and remembers what it was asked', async () => {
  await using trivy = await cannedTrivy({ seconds: 0 });
  await trivy.find('app', ['CVE-2099-1']);
  const output = join(dirname(trivy.path), 'report.json');
  const reportOf = async (image: string): Promise<string> => {
    await execa(trivy.path, ['image', '--output', output, '--', image]);
    return readFile(output, 'utf8');
  };
  expect(await reportOf('registry.example/acme/app@sha256:0')).toContain('CVE-2099-1');
  expect(await reportOf('registry.example/acme/other')).not.toContain('CVE');
  expect(await trivy.scans()).toEqual(['app', 'other']);
});
