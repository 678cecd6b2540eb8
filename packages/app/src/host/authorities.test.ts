import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { silentLog } from '@scanner/core';
import { selfSignedCertificate, temporaryDirectory } from '@scanner/testing';
import { expect, it } from 'vitest';

import { authoritiesForChildren } from './authorities.ts';

it('keeps one file for child processes, and removes what killed processes have begun', async () => {
  await using directory = await temporaryDirectory();
  const own = join(directory.path, 'own.pem');
  await writeFile(own, (await selfSignedCertificate()).certificate);
  const kept = join(directory.path, 'cache');
  const first = authoritiesForChildren({ SSL_CERT_FILE: own }, kept, silentLog);
  const begun = join(kept, `authorities-${'a'.repeat(16)}.pem.1.tmp`);
  await writeFile(begun, '-----BEGIN');
  await utimes(begun, new Date(0), new Date(0));

  expect(authoritiesForChildren({ SSL_CERT_FILE: own }, kept, silentLog)).toEqual(first);
  expect((await readdir(kept)).map((name) => join(kept, name))).toEqual([first['SSL_CERT_FILE']]);
});
