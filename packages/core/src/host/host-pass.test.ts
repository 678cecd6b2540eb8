import { describe, expect, it } from 'vitest';

import type { HostImage } from '../model/image.ts';
import type { ScanOutcome } from '../model/scan-outcome.ts';
import type { PlannedImage, ScanRequest } from '../ports/image-scanner.ts';
import { aCompleteScan, aFinding, anImage } from '../testing/builders.ts';
import {
  clockAt,
  failedWith,
  imagesOnHost,
  InMemoryResultStore,
  RecordingPassLog,
  ScriptedScanner,
} from '../testing/fakes.ts';
import { InMemoryBaselineStore } from '../testing/in-memory-baseline-store.ts';
import { InMemoryTellingStore } from '../testing/in-memory-telling-store.ts';
import type { HostPassEvent, HostPassOptions } from './host-pass-parts.ts';
import { HostPass } from './host-pass.ts';
import { Telling } from './telling.ts';

const idOf = (request: ScanRequest): string => (request.subject.source === 'docker' ? request.subject.id : '');

const aHost = (
  images: readonly HostImage[],
  scanner = new ScriptedScanner(),
  results = new InMemoryResultStore(),
  telling?: Telling,
) => {
  const log = new RecordingPassLog();
  const pass = new HostPass({
    images: imagesOnHost(images),
    openScanner: () => Promise.resolve(scanner),
    results,
    log,
    clock: clockAt('2026-11-22T01:00:00.000Z'),
    ...(telling !== undefined && { telling }),
  });
  const run = (options: Partial<HostPassOptions> = {}) =>
    pass.run({
      selection: { only: [], ignore: [], untagged: false },
      severities: ['HIGH', 'CRITICAL'],
      extraArgs: [],
      concurrency: 2,
      timeoutSeconds: 900,
      ...options,
    });
  return { run, log, scanner, results };
};

const web = anImage({ id: 'sha256:web', references: ['web:1', 'web:latest'] });
const worker = anImage({ id: 'sha256:worker', references: ['worker:1'] });

describe('a host pass', () => {
  it('scans an image once and reports all its references', async () => {
    const { run, scanner } = aHost([web]);
    const { document } = await run();
    expect(scanner.requests.map(idOf)).toEqual(['sha256:web']);
    expect(document.images.map(({ references }) => references)).toEqual([['web:1', 'web:latest']]);
    expect(document.totals).toMatchObject({ images: 1, scanned: 1, failed: 0 });
  });

  it('tells a scanner what it will scan, scans in the order it gives, and reports in its own', async () => {
    const planned: string[][] = [];
    class PlanningScanner extends ScriptedScanner {
      async *plan<Image extends PlannedImage>(images: readonly Image[]): AsyncGenerator<Image, void, undefined> {
        planned.push(images.map(({ id }) => id));
        yield* images.toReversed();
      }
    }
    const host = aHost([web, worker], new PlanningScanner());
    const { document } = await host.run({ concurrency: 1 });
    expect(planned).toEqual([['sha256:web', 'sha256:worker']]);
    expect(host.scanner.requests.map(idOf)).toEqual(['sha256:worker', 'sha256:web']);
    expect(document.images.map(({ id }) => id)).toEqual(['sha256:web', 'sha256:worker']);
    await host.run();
    expect(planned.at(-1)).toEqual([]);
  });

  it('lists and counts only findings of the wanted severities, and keeps the others for later', async () => {
    const findings = [aFinding({ severity: 'CRITICAL' }), aFinding({ vulnerability: 'CVE-2', severity: 'LOW' })];
    const host = aHost([web], new ScriptedScanner(() => aCompleteScan({ findings })));
    const first = await host.run();
    expect(first.document.images[0]?.counts).toEqual({ critical: 1, high: 0, medium: 0, low: 0, unknown: 0 });
    const second = await host.run({ severities: ['LOW'] });
    expect(second.document.images[0]?.findings.map(({ vulnerability }) => vulnerability)).toEqual(['CVE-2']);
    expect(host.scanner.requests).toHaveLength(1);
  });

  it('says the same of images with so many findings that they are packed as of each image alone', async () => {
    const images = Array.from({ length: 4 }, (_, index) =>
      anImage({ id: `sha256:${index}`, references: [`app:${index}`], layers: [`sha256:layer-${index}`] }),
    );
    const findingsOf = (id: string) =>
      Array.from({ length: 9000 }, (_, index) =>
        aFinding({
          vulnerability: `CVE-2026-${index}`,
          package: `${id} package`,
          severity: index % 3 === 0 ? 'LOW' : 'HIGH',
          fixed: index % 2 === 0 ? null : '2.0',
        }),
      );
    const scan = async (...some: HostImage[]) => {
      const telling = new Telling(
        { store: new InMemoryTellingStore(), baselines: new InMemoryBaselineStore(), freeze: () => null },
        { repeat: 'never', failuresAfter: 3, accept: false },
      );
      const scanner = new ScriptedScanner((request) => aCompleteScan({ findings: findingsOf(idOf(request)) }));
      const { run, results } = aHost(some, scanner, new InMemoryResultStore(), telling);
      const [first, second] = [await run({ concurrency: 1 }), await run({ concurrency: 1 })];
      expect(results.size).toBe(some.length);
      return [first, second].map(({ document, problems }) => {
        expect(problems).toEqual([]);
        return JSON.stringify(document.images.map(({ log: _log, ...image }) => image));
      });
    };
    const together = await scan(...images);
    const alone = await Promise.all(images.map((image) => scan(image)));
    for (const pass of [0, 1])
      expect(together[pass] === `[${alone.map((each) => each[pass]?.slice(1, -1)).join(',')}]`).toBe(true);
  });

  it('counts an image that the engine cannot describe as failed, under its ID and names', async () => {
    const log = new RecordingPassLog();
    const reason = { code: 'unreadable', message: 'odd' } as const;
    const odd = { id: 'sha256:odd', references: ['odd:1'], tagged: true, containers: null, reason };
    const pass = new HostPass({
      images: { list: () => Promise.resolve({ images: [web], unreadable: [odd], warnings: [] }) },
      openScanner: () => Promise.resolve(new ScriptedScanner()),
      results: new InMemoryResultStore(),
      log,
      clock: clockAt('2026-11-22T01:00:00.000Z'),
    });
    const { document } = await pass.run({
      selection: { only: [], ignore: [], untagged: false },
      severities: ['HIGH'],
      extraArgs: [],
      concurrency: 1,
      timeoutSeconds: 900,
    });
    expect(document.totals).toMatchObject({ images: 2, scanned: 1, failed: 1 });
    expect(document.images[1]).toMatchObject({ id: 'sha256:odd', references: ['odd:1'], status: 'failed', reason });
    expect(log.images.map(({ id }) => id)).toContain('sha256:odd');
  });

  it('has from its registry, by its digest, what the engine lacks parts of, if it is the same image', async () => {
    const layers = ['sha256:1', 'sha256:2'];
    const digests = ['other.example/web@sha256:d', 'registry.example/web@sha256:d', 'third.example/web@sha256:d'];
    const image = anImage({ references: ['web:1'], digests, layers, platform: 'linux/unknown' });
    const answer = ({ subject }: ScanRequest): ScanOutcome => {
      if (subject.source === 'docker') return failedWith('incomplete');
      const from = subject.source === 'remote' ? subject.reference : '';
      return aCompleteScan({ layers: from.startsWith('registry.example') ? layers : ['sha256:9'] });
    };
    const host = aHost([image], new ScriptedScanner(answer));
    const { document, warnings } = await host.run();
    expect(document.images).toMatchObject([{ references: ['web:1'], status: 'complete' }]);
    expect(warnings).toEqual(['the engine lacks parts of web:1: it was had from its registry']);
    expect(host.scanner.requests.map(({ subject }) => subject)).toEqual([
      { source: 'docker', id: image.id },
      { source: 'remote', reference: 'other.example/web@sha256:d' },
      { source: 'remote', reference: 'registry.example/web@sha256:d' },
    ]);
    const nowhere = aHost([image], new ScriptedScanner(() => failedWith('incomplete')));
    expect((await nowhere.run()).document.images).toMatchObject([{ status: 'failed', reason: { code: 'incomplete' } }]);
  });

  it('takes a stored result while image, options, scanner and database are the same', async () => {
    const host = aHost([web]);
    await host.run();
    const again = await host.run();
    expect(again.document.images[0]).toMatchObject({ reused: 'result', log: 'scan-1.log' });
    expect(again.document.totals).toMatchObject({ scanned: 0, reused: 1 });
    await host.run({ extraArgs: ['--ignore-unfixed'] });
    expect(host.scanner.requests).toHaveLength(1);
    await host.run({ extraArgs: ['--pkg-types=os'] });
    expect(host.scanner.requests).toHaveLength(2);
  });

  it('scans again under another database or another Trivy', async () => {
    const results = new InMemoryResultStore();
    for (const identity of [{}, { databaseGeneration: 'g2' }, { trivyVersion: '0.75.0' }]) {
      const scanner = new ScriptedScanner(() => aCompleteScan(), identity);
      await aHost([web], scanner, results).run();
      expect(scanner.requests).toHaveLength(1);
    }
  });

  it('does not look again at an image of which the rest can never be judged', async () => {
    const reason = { code: 'packages_deleted', message: 'its package database is gone' } as const;
    const host = aHost([web], new ScriptedScanner(() => aCompleteScan({ coverage: 'partial', reason })));
    await host.run();
    const again = await host.run();
    expect(again.document.images[0]).toMatchObject({ coverage: 'partial', reason, reused: 'result' });
    expect(host.scanner.requests).toHaveLength(1);
  });

  it('looks again at an image that was covered in part for want of a database', async () => {
    const partly = aCompleteScan({
      coverage: 'partial',
      reason: { code: 'java_db_missing', message: 'no Java database' },
    });
    const host = aHost([web], new ScriptedScanner(() => partly));
    await host.run();
    const again = await host.run();
    expect(again.document.images[0]).toMatchObject({ coverage: 'partial', reason: { code: 'java_db_missing' } });
    expect(host.scanner.requests).toHaveLength(2);
  });

  it('notes the last complete scan of each reference, reused or not, and leaves it when a scan fails', async () => {
    const results = new InMemoryResultStore();
    await aHost([{ ...web, references: ['web:1', 'web:latest'] }], new ScriptedScanner(), results).run();
    await aHost([{ ...web, references: ['web:2'] }], new ScriptedScanner(), results).run();
    const newer = new ScriptedScanner(() => failedWith('corrupt'), { databaseGeneration: 'g2' });
    await aHost([web], newer, results).run();

    expect(results.references()).toEqual(['web:1', 'web:2', 'web:latest']);
    const last = results.lastOf('web:1');
    expect(last).toMatchObject({ imageId: 'sha256:web', coverage: 'full', databaseStale: false });
    expect(last?.key.databaseGeneration).toBe('g1');
    expect(last && results.find(last.key)).toBeDefined();
    expect(results.lastOf('web:2')).toEqual(last);
  });

  it('knows by its content an image whose scan fails, so that it goes on from another name of it', async () => {
    class CheckingScanner extends ScriptedScanner {
      isChecked(): Promise<boolean> {
        return Promise.resolve(true);
      }
    }
    const store = new InMemoryTellingStore();
    const telling = new Telling(
      { store, baselines: new InMemoryBaselineStore(), freeze: () => null },
      { repeat: 'never', failuresAfter: 3, accept: false },
    );
    const copy = { ...worker, layers: web.layers };
    await aHost([web], new CheckingScanner(), new InMemoryResultStore(), telling).run();
    await aHost([copy], new CheckingScanner(() => failedWith('timeout')), new InMemoryResultStore(), telling).run();
    const standings = store.read().state.references.map(({ reference, standing }) => [reference, standing]);
    expect(standings).toContainEqual(['worker:1', 'pending']);
  });

  it('goes on past an image that fails, and keeps no result of it', async () => {
    const scanner = new ScriptedScanner((request) =>
      idOf(request) === 'sha256:web' ? failedWith('corrupt') : aCompleteScan(),
    );
    const { run, results } = aHost([web, worker], scanner);
    const { document } = await run();
    expect(document.images.map(({ status, reason }) => [status, reason?.code ?? null])).toEqual([
      ['failed', 'corrupt'],
      ['complete', null],
    ]);
    expect(results.size).toBe(1);
  });

  it('stops asking once something fails that would fail every image', async () => {
    const images = Array.from({ length: 10 }, (_, index) =>
      anImage({ id: `sha256:${index}`, references: [`app${index}:1`] }),
    );
    const scanner = new ScriptedScanner((request): ScanOutcome =>
      idOf(request) === 'sha256:0' ? aCompleteScan() : failedWith('engine_unreachable', { blocks: true }),
    );
    const { run } = aHost(images, scanner);
    const { document } = await run({ concurrency: 1 });
    expect(scanner.requests).toHaveLength(2);
    expect(document.totals).toMatchObject({ scanned: 1, failed: 9 });
  });

  it('fails as a whole when nothing worked and nothing would', async () => {
    const scanner = new ScriptedScanner(() => failedWith('engine_unreachable', { blocks: true }));
    await expect(aHost([web], scanner).run()).rejects.toMatchObject({ name: 'ScannerError', code: 'engine_lost' });
    expect(scanner.disposed).toBe(true);
  });

  it('keeps what is finished when it is stopped, and says which images it did not get to', async () => {
    const stop = new AbortController();
    const scanner = new ScriptedScanner((request) => {
      if (idOf(request) === 'sha256:web') return aCompleteScan();
      stop.abort();
      return failedWith('interrupted');
    });
    const { run, results, log } = aHost([web, worker, anImage({ id: 'sha256:db', references: ['db:1'] })], scanner);
    const { document, interrupted } = await run({ concurrency: 1, signal: stop.signal });
    expect(interrupted).toBe(true);
    expect(document.images.map(({ reason }) => reason?.code ?? null)).toEqual([null, 'interrupted', 'interrupted']);
    expect(results.size).toBe(1);
    expect(log.summaries[0]?.notes).toContain('stopped before its end');
  });

  it('scans what runs before what does not', async () => {
    const running = anImage({
      id: 'sha256:run',
      references: ['run:1'],
      containers: [{ name: 'c', state: 'running', composeProject: null }],
    });
    const { run, scanner } = aHost([web, running]);
    await run({ concurrency: 1 });
    expect(scanner.requests.map(idOf)).toEqual(['sha256:run', 'sha256:web']);
  });

  it('loses no result and does not end when logs and results can be neither written nor read', async () => {
    const scanner = new ScriptedScanner();
    const full = (): never => {
      throw new Error('no space left on device');
    };
    const pass = new HostPass({
      images: imagesOnHost([web]),
      openScanner: () => Promise.resolve(scanner),
      results: { find: full, save: full, remember: full },
      log: { writeImage: full, appendSummary: full },
      clock: clockAt('2026-11-22T01:00:00.000Z'),
    });
    const { document, problems } = await pass.run({
      selection: { only: [], ignore: [], untagged: false },
      severities: ['HIGH'],
      extraArgs: [],
      concurrency: 1,
      timeoutSeconds: 900,
    });
    expect(document.images[0]?.status).toBe('complete');
    expect(problems).toEqual([
      'a kept result could not be read: no space left on device',
      'a log could not be written: no space left on device',
      'the result of web:1 could not be kept: no space left on device',
      'the scan of web:1 could not be noted as its last one: no space left on device',
      'the summary could not be written: no space left on device',
    ]);
  });

  it('tells how far it is', async () => {
    const events: HostPassEvent[] = [];
    await aHost([web, worker]).run({ concurrency: 1, observe: (event) => events.push(event) });
    expect(events.map((event) => (event.type === 'image' ? `${event.done}/${event.total}` : event.type))).toEqual([
      'listed',
      'started',
      'scanned',
      '1/2',
      'scanned',
      '2/2',
    ]);
  });
});
