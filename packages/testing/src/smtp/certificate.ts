import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';

import { temporaryDirectory } from '../temporary-directory.ts';

/** A key with a certificate that it signed itself, both as PEM. */
export interface SelfSignedCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** Makes a certificate for `localhost` and 127.0.0.1, and for any names given. Holds for two days. */
export async function selfSignedCertificate(names: readonly string[] = []): Promise<SelfSignedCertificate> {
  await using directory = await temporaryDirectory();
  const [keyFile, certificateFile] = [join(directory.path, 'key.pem'), join(directory.path, 'certificate.pem')];
  const subjects = ['DNS:localhost', 'IP:127.0.0.1', ...names.map((name) => `DNS:${name}`)];
  await execa('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', `subjectAltName=${subjects.join(',')}`],
    ...['-keyout', keyFile, '-out', certificateFile],
  ]);
  return { key: await readFile(keyFile, 'utf8'), certificate: await readFile(certificateFile, 'utf8') };
}
