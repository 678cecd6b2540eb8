import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';

import { SEVERITIES } from '@scanner/core';

/** How large an invented host is. */
export interface HostSize {
  readonly images: number;
  /** Of each image. */
  readonly findings: number;
}

const PACKAGES = 1500;
const FIRST_ADVISORY = 10_000;

/** Advisories of which the second database knows others: a tenth of a percent of a thousand findings. */
const CHANGED_IN_SECOND = 2;

const digest = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const imageId = (index: number): string => digest(`image ${index}`);
const nameOf = (index: number): string => `image${String(index).padStart(5, '0')}`;
const referenceOf = (index: number): string => `registry.example/large/${nameOf(index)}:1`;

/** What a scan of an image finds: the number of each advisory. Those that the second database lacks come first. */
const advisoriesOf = ({ findings }: HostSize, generation: 1 | 2): number[] =>
  Array.from({ length: findings }, (_, index) => FIRST_ADVISORY + index + (generation === 2 ? CHANGED_IN_SECOND : 0));

/** The key of a finding, which names the image too: no two images have the same. */
const keyOf = (image: string, advisory: number): string =>
  `CVE-2099-${advisory}|pkg:deb/debian/${image}-package${advisory % PACKAGES}|`;

/** By reference: the keys of what is found in each image. */
export const expectedKeys = function* (size: HostSize, generation: 1 | 2): Generator<[string, string[]]> {
  const advisories = advisoriesOf(size, generation);
  for (let index = 0; index < size.images; index += 1)
    yield [referenceOf(index), advisories.map((advisory) => keyOf(nameOf(index), advisory))];
};

/** A Docker engine with invented images, which answers what a scan of a host asks. */
export async function startInventedEngine(
  socket: string,
  { images }: Pick<HostSize, 'images'>,
): Promise<AsyncDisposable> {
  const places = new Map(Array.from({ length: images }, (_, index) => [imageId(index), index]));
  const server = createServer((request, response) => answer(request, response, places));
  server.listen(socket);
  await once(server, 'listening');
  return {
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, places: ReadonlyMap<string, number>): void {
  const path = (request.url ?? '').replace(/^\/v1\.\d+/, '').replace(/\?.*$/, '');
  const found = content(path, places);
  response.writeHead(found === null ? 404 : 200, { 'content-type': 'application/json', 'api-version': '1.47' });
  response.end(JSON.stringify(found ?? { message: 'not found' }));
}

function content(path: string, places: ReadonlyMap<string, number>): unknown {
  if (path === '/_ping') return 'OK';
  if (path === '/version') return { Version: '27.0.0', ApiVersion: '1.47', MinAPIVersion: '1.24' };
  if (path === '/info') return { Name: 'large-host' };
  if (path === '/containers/json') return [];
  if (path === '/images/json')
    return [...places].map(([Id, index]) => ({
      Id,
      RepoTags: [referenceOf(index)],
      RepoDigests: [],
      Size: 1_000_000,
      Created: 1,
    }));
  const id = /^\/images\/(sha256:[0-9a-f]{64})\/json$/.exec(path)?.[1] ?? '';
  const index = places.get(id);
  if (index === undefined) return null;
  return {
    Id: id,
    Os: 'linux',
    Architecture: 'amd64',
    RootFS: { Type: 'layers', Layers: [digest(`layer ${index}`)] },
    RepoTags: [referenceOf(index)],
    Size: 1_000_000,
  };
}

/** A release without the fast ways: each image has a process of its own. */
const VERSION = JSON.stringify({ Version: '0.71.0' });
const IMAGE = '@IMAGE@';

/**
 * Makes a program in the place of Trivy that answers at once with a report of the right size. It names the image in each
 * package, so that no two images have anything in common.
 *
 * @returns its path
 */
export async function makeInventedTrivy(directory: string, size: HostSize, generation: 1 | 2): Promise<string> {
  const [path, template, names] = ['trivy', 'report', 'names'].map((name) => join(directory, name));
  if (path === undefined || template === undefined || names === undefined) throw new TypeError('unreachable');
  await writeFile(template, JSON.stringify(reportOf(size, generation)));
  await writeFile(
    names,
    Array.from({ length: size.images }, (_, index) => `${imageId(index)} ${nameOf(index)}\n`).join(''),
  );
  await writeFile(
    path,
    [
      '#!/bin/sh',
      `case " $* " in *" --version "*) echo '${VERSION}'; exit ;; esac`,
      'for id; do :; done',
      'while [ "$1" != --output ]; do shift; done',
      `name=$(/bin/grep "^$id " '${names}')`,
      `/bin/sed "s/${IMAGE}/\${name#* }/g" '${template}' > "$2"`,
      '',
    ].join('\n'),
  );
  await chmod(path, 0o755);
  return path;
}

const reportOf = (size: HostSize, generation: 1 | 2): unknown => ({
  SchemaVersion: 2,
  ArtifactName: 'image',
  ArtifactType: 'container_image',
  Metadata: { OS: { Family: 'debian', Name: '12.5' }, ImageID: digest('image'), DiffIDs: [] },
  Results: [
    {
      Target: 'image (debian 12.5)',
      Class: 'os-pkgs',
      Type: 'debian',
      Vulnerabilities: advisoriesOf(size, generation).map((advisory) => ({
        VulnerabilityID: `CVE-2099-${advisory}`,
        PkgName: `${IMAGE}-package${advisory % PACKAGES}`,
        PkgIdentifier: { PURL: `pkg:deb/debian/${IMAGE}-package${advisory % PACKAGES}@1.0?arch=amd64` },
        InstalledVersion: '1.0',
        FixedVersion: '2.0',
        Status: 'fixed',
        Severity: SEVERITIES[advisory % SEVERITIES.length],
        PrimaryURL: `https://avd.aquasec.com/nvd/cve-2099-${advisory}`,
        Title: `${IMAGE}: a title of usual length for a vulnerability ${advisory}`,
      })),
    },
  ],
});
