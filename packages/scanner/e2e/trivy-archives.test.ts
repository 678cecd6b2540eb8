import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import type { ScanOutcome } from '@scanner/core';
import {
  almaLinuxFiles,
  alpineImage,
  anImage,
  corruptLayerImage,
  jarImage,
  nodeImage,
  rpmDatabase,
  smallDebianImage,
  standardImages,
  writeDockerArchive,
  writeOciArchive,
  writeOciLayout,
} from '@scanner/testing';
import type { BuiltImage } from '@scanner/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { complete, expectedIn, foundIn, layJavaDatabase, madeDirectory, openWorkbench } from './trivy-workbench.ts';
import type { Workbench } from './trivy-workbench.ts';

const archiveOf = async ({ directory }: Workbench, image: BuiltImage, name = 'image.tar'): Promise<string> => {
  const path = join(directory, name);
  await writeDockerArchive(path, [{ image, references: ['registry.example/app:1'] }]);
  return path;
};

const scanArchive = (bench: Workbench, path: string, timeoutSeconds = 120): Promise<ScanOutcome> =>
  bench.scanner.scan({ subject: { source: 'archive', path }, timeoutSeconds });

describe('a scan of an archive', () => {
  test('finds in every image what is known of it, and how much of it could be judged', async () => {
    const bench = await openWorkbench({ java: true });
    for (const [index, image] of (await standardImages()).entries()) {
      const scan = complete(await scanArchive(bench, await archiveOf(bench, image.image, `${index}.tar`)));
      expect(foundIn(scan)).toEqual(expectedIn(image));
      expect(scan).toMatchObject({ coverage: image.coverage, digest: null });
      expect(scan.reason === null).toBe(image.coverage !== 'unsupported');
      expect(scan.layers).toEqual(image.image.layers.map(({ diffId }) => diffId));
    }
    expect(await bench.leftovers()).toEqual([]);
  });

  test('fails for none of sixteen at once on an empty cache, and opens no layer twice after', async () => {
    const bench = await openWorkbench({ concurrency: 16 });
    const base = (await nodeImage()).image.layers.map(({ tar }) => tar);
    const paths = await Promise.all(
      Array.from({ length: 16 }, async (_, index) =>
        archiveOf(bench, await anImage({ layers: [...base, { 'which.txt': String(index) }] }), `${index}.tar`),
      ),
    );
    const first = await Promise.all(paths.map((path) => scanArchive(bench, path)));
    const again = await Promise.all(paths.map((path) => scanArchive(bench, path)));
    const expected = expectedIn(await nodeImage());
    for (const outcome of [...first, ...again]) expect(foundIn(complete(outcome))).toEqual(expected);
    expect(again.map((outcome) => complete(outcome).analysis)).toEqual(Array(16).fill('reused'));
  });

  test('finds the same where the scan cache keeps nothing', async () => {
    const forgetful = { get: () => undefined, has: () => false, set: () => false, delete: () => 0 };
    const bench = await openWorkbench({ blobCache: forgetful });
    const image = await nodeImage();
    const scan = complete(await scanArchive(bench, await archiveOf(bench, image.image)));
    expect(foundIn(scan)).toEqual(expectedIn(image));
    expect(scan).toMatchObject({ coverage: 'full', analysis: 'new' });
  });

  test('is not swayed by files where the user stands, nor by the environment', async () => {
    const bench = await openWorkbench();
    const image = await alpineImage();
    const path = await archiveOf(bench, image.image);
    const stray = join(bench.directory, 'stray');
    await mkdir(stray);
    await writeFile(join(stray, 'trivy.yaml'), 'severity: [LOW]\nscan:\n  scanners: [secret]\n');
    await writeFile(join(stray, '.trivyignore'), image.findings.map(({ id }) => id).join('\n'));
    const home = process.cwd();
    process.chdir(stray);
    for (const name of ['TRIVY_SEVERITY', 'TRIVY_IGNORE_UNFIXED', 'TRIVY_OUTPUT', 'TRIVY_RUN_AS_PLUGIN'])
      vi.stubEnv(name, 'LOW');
    onTestFinished(() => {
      vi.unstubAllEnvs();
      process.chdir(home);
    });
    expect(foundIn(complete(await scanArchive(bench, path)))).toEqual(expectedIn(image));
  });

  test('loses no finding in a package of a module, neither at first nor from the cache', async () => {
    const bench = await openWorkbench();
    const nginx = {
      name: 'nginx',
      version: '1.20.1',
      release: '1.module_el8.10.0+1',
      modularityLabel: 'nginx:1.20:8100020240101000000:1234abcd',
    };
    const image = await anImage({
      layers: [{ ...almaLinuxFiles('8.10', []), 'var/lib/rpm/rpmdb.sqlite': await rpmDatabase([nginx]) }],
    });
    const path = await archiveOf(bench, image);
    const scans = [complete(await scanArchive(bench, path)), complete(await scanArchive(bench, path))];
    expect(scans.map(({ analysis }) => analysis)).toEqual(['new', 'reused']);
    for (const scan of scans) expect(foundIn(scan)).toEqual(['CVE-2099-3002 nginx 1.20.1-1.module_el8.10.0+1']);
  });

  test('leaves Java archives out, and says so, where there is no Java database', async () => {
    const bench = await openWorkbench({ java: false });
    const scan = complete(await scanArchive(bench, await archiveOf(bench, (await jarImage()).image)));
    expect(foundIn(scan)).toEqual(expectedIn(await smallDebianImage()));
    expect(scan).toMatchObject({ coverage: 'partial', reason: { code: 'java_db_missing' } });
  });

  test('gets the Java database once, when the first image needs it', async () => {
    let asked = 0;
    const files = (await madeDirectory()).path;
    const bench = await openWorkbench({
      java: false,
      obtainJava: () => {
        asked += 1;
        return layJavaDatabase(files);
      },
    });
    const image = await jarImage();
    complete(await scanArchive(bench, await archiveOf(bench, (await alpineImage()).image, 'other.tar')));
    expect(asked).toBe(0);
    const path = await archiveOf(bench, image.image);
    for (const outcome of await Promise.all([scanArchive(bench, path), scanArchive(bench, path)])) {
      expect(foundIn(complete(outcome))).toEqual(expectedIn(image));
      expect(complete(outcome)).toMatchObject({ coverage: 'full', reason: null });
    }
    expect(asked).toBe(1);
  });

  test('reads an OCI layout, also where Trivy would take a part of its path for a name', async () => {
    const bench = await openWorkbench();
    const image = await alpineImage();
    const layout = join(bench.directory, 'a@b:c');
    await writeOciLayout(layout, { reference: 'registry.example/app:1', platforms: [image.image] });
    expect(foundIn(complete(await scanArchive(bench, layout)))).toEqual(expectedIn(image));
  });

  test('reads an OCI archive as the layout that it holds, compressed too', async () => {
    const bench = await openWorkbench();
    const image = await nodeImage();
    const layout = join(bench.directory, 'layout');
    const archive = join(bench.directory, 'oci.tar');
    await writeOciLayout(layout, { reference: 'registry.example/app:1', platforms: [image.image], attestations: true });
    await writeOciArchive(archive, layout);
    const tar = await readFile(archive);
    await writeFile(join(bench.directory, 'oci.tar.gz'), gzipSync(tar));
    await writeFile(join(bench.directory, 'oci.tar.zst'), zstdCompressSync(tar));
    const docker = await archiveOf(bench, image.image);
    await writeFile(join(bench.directory, 'docker.tar.gz'), gzipSync(await readFile(docker)));
    const expected = complete(await scanArchive(bench, layout));
    for (const name of ['oci.tar', 'oci.tar.gz', 'oci.tar.zst', 'docker.tar.gz']) {
      const scan = complete(await scanArchive(bench, join(bench.directory, name)));
      expect(foundIn(scan)).toEqual(expectedIn(image));
      expect(scan).toMatchObject({ coverage: expected.coverage, layers: expected.layers });
    }
    await truncate(archive, tar.length / 2);
    expect(await scanArchive(bench, archive)).toMatchObject({ status: 'failed', reason: { code: 'corrupt' } });
    expect(await bench.leftovers()).toEqual([]);
  });

  test('tells what is wrong with an archive', async () => {
    const bench = await openWorkbench();
    const cut = await archiveOf(bench, (await alpineImage()).image, 'cut.tar');
    await truncate(cut, 3000);
    const wrong = [
      await scanArchive(bench, await archiveOf(bench, await corruptLayerImage(), 'corrupt.tar')),
      await scanArchive(bench, cut),
      await scanArchive(bench, join(bench.directory, 'none.tar')),
      await scanArchive(bench, bench.directory),
    ];
    expect(wrong.map((outcome) => outcome.status === 'failed' && outcome.reason.code)).toEqual([
      'corrupt',
      'corrupt',
      'not_found',
      'not_an_image',
    ]);
    expect(await bench.leftovers()).toEqual([]);
  });

  test('says when the image is for another platform than was asked for', async () => {
    const bench = await openWorkbench();
    const path = await archiveOf(bench, (await alpineImage()).image);
    const outcome = await bench.scanner.scan({ subject: { source: 'archive', path, platform: 'linux/arm64' } });
    expect(outcome).toMatchObject({ status: 'failed', reason: { code: 'no_such_platform' } });
  });

  test('leaves a report that can be turned into other formats, with every package', async () => {
    const bench = await openWorkbench();
    const path = await archiveOf(bench, (await nodeImage()).image);
    const reportPath = join(bench.scanner.reportsDirectory, 'report.json');
    complete(await bench.scanner.scan({ subject: { source: 'archive', path }, keepReportAt: reportPath }));
    for (const format of ['cyclonedx', 'spdx-json'] as const)
      await bench.scanner.convertReport({
        reportPath,
        format,
        severities: ['CRITICAL', 'HIGH'],
        outputPath: join(bench.directory, format),
      });
    const [cyclonedx, spdx] = await Promise.all(
      ['cyclonedx', 'spdx-json'].map((format) => readFile(join(bench.directory, format), 'utf8')),
    );
    expect(cyclonedx).toContain('CVE-2021-44906');
    expect(cyclonedx).toContain('pkg:npm/ms@2.1.3');
    expect(spdx).toContain('pkg:npm/ms@2.1.3');
  });
});

test('a scanner leaves nothing behind when it is closed, and ends what still runs', async () => {
  const bench = await openWorkbench();
  const running = scanArchive(bench, await archiveOf(bench, (await alpineImage()).image));
  await bench.scanner[Symbol.asyncDispose]();
  expect(await running).toMatchObject({ status: 'failed', reason: { code: 'interrupted' } });
  expect(await readdir(bench.workDirectory)).toEqual([]);
});
