import { setImmediate } from 'node:timers/promises';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ScannerError } from '../errors.ts';
import type { FailureCode } from '../model/failure.ts';
import type { ScanOutcome } from '../model/scan-outcome.ts';
import type { Tool } from '../model/tool.ts';
import type { ScanRequest } from '../ports/image-scanner.ts';
import type { DigestAnswer } from '../ports/manifest-digests.ts';
import { aCompleteScan, aFinding, aTool } from '../testing/builders.ts';
import { clockAt, failedWith, ScriptedScanner } from '../testing/fakes.ts';
import { InMemoryToolStore } from '../testing/in-memory-tool-store.ts';
import { ScriptedDigests } from '../testing/scripted-digests.ts';
import { ImageResolver } from './image-resolver.ts';
import { ScanOrchestrator } from './scan-orchestrator.ts';
import { selectTools } from './select-tools.ts';
import type { ToolResult } from './tool-result.ts';

const START = '2026-11-22T01:00:00.000Z';
const DIGEST = `sha256:${'d'.repeat(64)}`;
const OTHER = `sha256:${'e'.repeat(64)}`;

const idOf = (name: string) => `docker_hub:acme/${name}`;
const toolsNamed = (...names: string[]) => names.map((name) => aTool({ id: idOf(name) }));
const manyTools = (count: number) =>
  toolsNamed(...Array.from({ length: count }, (_, index) => `t${String(index).padStart(3, '0')}`));

const subjectOf = ({ subject }: ScanRequest) =>
  subject.source === 'remote' ? subject.reference : subject.source === 'docker' ? subject.id : subject.path;
const refused = (code: FailureCode, retryAt: string | null = null): DigestAnswer => ({
  status: 'failed',
  reason: { code, message: `it was ${code}` },
  allowance: null,
  retryAt,
});
const found = (given: Partial<DigestAnswer & { readonly status: 'found' }> = {}): DigestAnswer => ({
  status: 'found',
  digest: DIGEST,
  allowance: null,
  ...given,
});

const aCatalogue = (
  tools: readonly Tool[],
  {
    scanner = new ScriptedScanner(),
    digests = new ScriptedDigests(),
    store = new InMemoryToolStore(tools),
    clock = clockAt(START),
  } = {},
) => {
  const waits: number[] = [];
  const wait = async (milliseconds: number) => {
    waits.push(milliseconds);
    clock.moveBy(milliseconds);
    await setImmediate();
  };
  const resolver = new ImageResolver();
  const orchestrator = new ScanOrchestrator({ resolver, scanner, digests, store, clock, wait });
  return { orchestrator, scanner, digests, store, clock, waits, resolver };
};

class FailingStore extends InMemoryToolStore {
  attempts = 0;
  readonly #fails: (attempt: number, id: string) => boolean;

  constructor(tools: readonly Tool[], fails: (attempt: number, id: string) => boolean) {
    super(tools);
    this.#fails = fails;
  }

  override saveScan(id: string, scan: Parameters<InMemoryToolStore['saveScan']>[1]): void {
    this.attempts += 1;
    if (this.#fails(this.attempts, id)) throw new ScannerError('no space left on device', { code: 'disk_full' });
    super.saveScan(id, scan);
  }
}

const savedIn = (store: InMemoryToolStore) =>
  [...store.tools()].filter(({ security }) => security.status !== 'unknown').map(({ name }) => name);

describe('save after each scan', () => {
  it('has a result in the store before it is told, while others are under way', async () => {
    const tools = toolsNamed('a', 'b', 'c');
    const { orchestrator, store } = aCatalogue(tools);
    const seen: string[][] = [];
    await orchestrator.scanBatch(tools, { concurrency: 1, onResult: () => seen.push(savedIn(store)) });
    expect(seen).toEqual([['a'], ['a', 'b'], ['a', 'b', 'c']]);
  });

  it('leaves security, findings, image and rule', async () => {
    const findings = [aFinding({ severity: 'CRITICAL' })];
    const [tool] = toolsNamed('a');
    const { orchestrator, store } = aCatalogue([tool!], {
      scanner: new ScriptedScanner(() => aCompleteScan({ findings })),
    });
    expect(await orchestrator.scanBatch([tool!])).toMatchObject({ scanned: 1, failed: 0, skipped: 0, unsaved: [] });
    expect(store.find(idOf('a'))?.security).toMatchObject({
      status: 'vulnerable',
      scanned_tag: 'latest',
      scanned_digest: DIGEST,
      vulnerabilities: { critical: 1 },
    });
    expect(store.scanOf(idOf('a'))).toMatchObject({
      imageRef: 'acme/a:latest',
      rule: 'latest',
      source: 'remote',
      findings,
    });
  });

  it('pulls by the digest that the registry gave for the tag', async () => {
    const tools = toolsNamed('a');
    const { orchestrator, scanner, digests } = aCatalogue(tools);
    await orchestrator.scanBatch(tools);
    expect(digests.asked).toEqual(['acme/a:latest']);
    expect(scanner.requests).toEqual([
      { subject: { source: 'remote', reference: `acme/a@${DIGEST}`, platform: 'linux/amd64' } },
    ]);
  });

  it('tells how far it is, of what can be reached', async () => {
    const tools = [...toolsNamed('a', 'b'), aTool({ id: 'nonsense' })];
    const progress: string[] = [];
    const result = await aCatalogue(tools).orchestrator.scanBatch(tools, {
      onProgress: (done, total) => progress.push(`${done}/${total}`),
    });
    expect(progress).toEqual(['1/3', '2/3', '3/3']);
    expect(result).toMatchObject({ scanned: 2, failed: 0, skipped: 1 });
  });

  it('scans three at once unless told otherwise', async () => {
    const tools = manyTools(10);
    let [running, most] = [0, 0];
    const scanner = new ScriptedScanner(async () => {
      running += 1;
      most = Math.max(most, running);
      await setImmediate();
      running -= 1;
      return aCompleteScan();
    });
    await aCatalogue(tools, { scanner }).orchestrator.scanBatch(tools);
    expect(most).toBe(3);
  });
});

describe("a failed save doesn't break the scan", () => {
  it('is tried again with the next save', async () => {
    const tools = toolsNamed('a', 'b', 'c');
    const store = new FailingStore(tools, (attempt) => attempt === 1);
    const results: Array<[string, boolean]> = [];
    const end = await aCatalogue(tools, { store }).orchestrator.scanBatch(tools, {
      concurrency: 1,
      onResult: ({ tool, saved }) => results.push([tool.name, saved]),
    });
    expect(results).toEqual([
      ['a', false],
      ['b', true],
      ['c', true],
    ]);
    expect(end).toMatchObject({ scanned: 3, failed: 0, unsaved: [] });
    expect(savedIn(store)).toEqual(['a', 'b', 'c']);
    expect(store.attempts).toBe(4);
  });

  it('is tried again at the end', async () => {
    const tools = toolsNamed('a', 'b');
    const store = new FailingStore(tools, (attempt) => attempt <= 2);
    const end = await aCatalogue(tools, { store }).orchestrator.scanBatch(tools, { concurrency: 1 });
    expect(end.unsaved).toEqual([]);
    expect(savedIn(store)).toEqual(['a', 'b']);
  });

  it('is named when it fails to the end, and stands in no other result’s way', async () => {
    const tools = toolsNamed('a', 'b', 'c');
    const store = new FailingStore(tools, (_, id) => id === idOf('a'));
    const end = await aCatalogue(tools, { store }).orchestrator.scanBatch(tools, { concurrency: 1 });
    expect(end).toMatchObject({ scanned: 3, unsaved: [{ id: idOf('a'), message: 'no space left on device' }] });
    expect(savedIn(store)).toEqual(['b', 'c']);
  });

  it('ends the run before results pile up that nobody will have', async () => {
    const tools = manyTools(400);
    const store = new FailingStore(tools, () => true);
    const end = await aCatalogue(tools, { store }).orchestrator.scanBatch(tools, { concurrency: 1 });
    expect(end).toMatchObject({ scanned: 256, skipped: 144, blockedBy: { code: 'disk_full' } });
    expect(end.unsaved).toHaveLength(256);
  });

  it('does not matter for failures that cannot be remembered, nor for results that cannot be read', async () => {
    const tools = toolsNamed('a', 'b');
    class BrokenStore extends InMemoryToolStore {
      override scanOf(): never {
        throw new ScannerError('unreadable', { code: 'store_corrupt' });
      }
      override rememberFailure(): never {
        throw new ScannerError('unreadable', { code: 'store_corrupt' });
      }
    }
    const scanner = new ScriptedScanner((request) =>
      subjectOf(request).startsWith('acme/a') ? failedWith('corrupt') : aCompleteScan(),
    );
    const end = await aCatalogue(tools, { store: new BrokenStore(tools), scanner }).orchestrator.scanBatch(tools);
    expect(end).toMatchObject({ scanned: 1, failed: 1 });
  });
});

describe('merge parameter', () => {
  it('a result changes its own tool and nothing else in the store', async () => {
    const tools = [...toolsNamed('a', 'b'), aTool({ id: idOf('c'), rating: 5 })];
    const { orchestrator, store } = aCatalogue(tools);
    await orchestrator.scanBatch([tools[2]!]);
    expect(store.find(idOf('a'))).toEqual(tools[0]);
    expect(store.find(idOf('b'))).toEqual(tools[1]);
    expect(store.find(idOf('c'))).toMatchObject({ rating: 5, security: { status: 'ok' } });
  });

  it('two runs over one store end with the union of their results', async () => {
    const tools = manyTools(20);
    const store = new InMemoryToolStore(tools);
    await Promise.all([
      aCatalogue(tools, { store }).orchestrator.scanBatch(tools.slice(0, 12)),
      aCatalogue(tools, { store }).orchestrator.scanBatch(tools.slice(8)),
    ]);
    expect(savedIn(store)).toHaveLength(20);
  });
});

describe('crash recovery', () => {
  it('scans only what an interrupted run with the same limit left', async () => {
    const tools = manyTools(100);
    const stop = new AbortController();
    const { orchestrator, scanner, store, resolver, clock } = aCatalogue(tools);
    const select = () => {
      const selection = { limit: 80 };
      const parts = { resolver, failureOf: (id: string) => store.failureOf(id), now: clock.now() };
      return selectTools(store.tools(), selection, parts).selected.flatMap(({ id }) => store.find(id) ?? []);
    };
    await orchestrator.scanBatch(select(), {
      signal: stop.signal,
      onProgress: (done) => {
        if (done === 50) stop.abort();
      },
    });
    const before = savedIn(store).length;
    expect(before).toBeGreaterThanOrEqual(50);
    expect(before).toBeLessThan(60);

    const rest = select();
    expect(rest).toHaveLength(80 - before);
    const asked = scanner.requests.length;
    expect(await orchestrator.scanBatch(rest)).toMatchObject({ scanned: 80 - before, failed: 0 });
    expect(scanner.requests).toHaveLength(asked + 80 - before);
    expect(savedIn(store)).toHaveLength(80);
  });

  it('ends what is under way when stopped, saves what is finished and leaves the rest untouched', async () => {
    const tools = toolsNamed('a', 'b', 'c');
    const stop = new AbortController();
    const scanner = new ScriptedScanner((request) => {
      if (subjectOf(request).startsWith('acme/a')) return aCompleteScan();
      stop.abort();
      return failedWith('interrupted');
    });
    const { orchestrator, store } = aCatalogue(tools, { scanner });
    const end = await orchestrator.scanBatch(tools, { concurrency: 1, signal: stop.signal });
    expect(end).toMatchObject({ scanned: 1, failed: 0, skipped: 2, interrupted: true });
    expect(savedIn(store)).toEqual(['a']);
    expect(scanner.requests).toHaveLength(2);
    expect(tools.map(({ id }) => store.failureOf(id))).toEqual([undefined, undefined, undefined]);
  });

  it('keeps a result that was ready when the stop came', async () => {
    const tools = toolsNamed('a');
    const stop = new AbortController();
    const scanner = new ScriptedScanner(() => {
      stop.abort();
      return aCompleteScan();
    });
    const { orchestrator, store } = aCatalogue(tools, { scanner });
    expect(await orchestrator.scanBatch(tools, { signal: stop.signal })).toMatchObject({ scanned: 1 });
    expect(savedIn(store)).toEqual(['a']);
  });

  it('every result that was told as saved is in the store, wherever it stops and whatever fails', async () => {
    const someOutcome = fc.constantFrom<'complete' | FailureCode>(
      'complete',
      'complete',
      'corrupt',
      'network',
      'crashed',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(someOutcome, { minLength: 1, maxLength: 12 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 14 }),
        fc.scheduler(),
        async (outcomes, saveFails, concurrency, stopAfter, scheduler) => {
          const tools = manyTools(outcomes.length);
          const store = new FailingStore(tools, (attempt) => saveFails[attempt % saveFails.length] === true);
          const stop = new AbortController();
          const scanner = new ScriptedScanner(async (request, signal): Promise<ScanOutcome> => {
            const outcome = outcomes[Number(/t(\d+)/.exec(subjectOf(request))?.[1])] ?? 'complete';
            await scheduler.schedule(Promise.resolve());
            if (signal?.aborted) return failedWith('interrupted');
            return outcome === 'complete' ? aCompleteScan() : failedWith(outcome);
          });
          const told: ToolResult[] = [];
          const atOnce: Array<Tool['security'] | undefined> = [];
          const run = aCatalogue(tools, { store, scanner }).orchestrator.scanBatch(tools, {
            concurrency,
            signal: stop.signal,
            onResult: (result) => {
              told.push(result);
              if (told.length === stopAfter) stop.abort();
              atOnce.push(result.saved ? store.find(result.tool.id)?.security : result.tool.security);
            },
          });
          const end = await scheduler.waitFor(run);

          expect(atOnce).toEqual(told.map(({ tool }) => tool.security));
          expect(told.map(({ tool }) => tool.id).toSorted()).toEqual(tools.map(({ id }) => id));
          expect(end.scanned + end.failed + end.skipped).toBe(tools.length);
          const scanned = told.filter(({ status }) => status === 'scanned').map(({ tool }) => tool.id);
          const unsaved = new Set(end.unsaved.map(({ id }) => id));
          expect(scanned.filter((id) => !unsaved.has(id)).toSorted()).toEqual(savedIn(store).map(idOf));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('a reader of the stream that leaves stops what is under way, with everything finished saved', async () => {
    const tools = manyTools(50);
    const { orchestrator, scanner, store } = aCatalogue(tools);
    for await (const { tool } of orchestrator.results(tools, { concurrency: 2 })) if (tool.name === 't004') break;
    expect(scanner.requests.length).toBeLessThan(10);
    expect(savedIn(store)).toContain('t004');
  });
});

describe('a store that shows results to other programs', () => {
  it('has shown each before it is told, and a result that was not saved waits for nothing', async () => {
    const tools = manyTools(6);
    const shown = new Set<string>();
    const unshown = new Set<string>();
    class ShowingStore extends FailingStore {
      override saveScan(id: string, scan: Parameters<InMemoryToolStore['saveScan']>[1]): void {
        super.saveScan(id, scan);
        unshown.add(id);
      }

      async shown(): Promise<void> {
        const taken = [...unshown];
        await setImmediate();
        for (const id of taken) shown.add(id);
      }
    }
    const store = new ShowingStore(tools, (_, id) => id === tools[2]?.id);
    const { orchestrator } = aCatalogue(tools, { store });
    const early: string[] = [];
    await orchestrator.scanBatch(tools, {
      onResult: ({ tool, saved }) => {
        if (saved && !shown.has(tool.id)) early.push(tool.id);
      },
    });
    expect(early).toEqual([]);
    expect(shown.size).toBe(5);
  });
});

describe('an unchanged digest', () => {
  const afterFirstScan = async (
    identity = {},
    digests = new ScriptedDigests(),
    coverage: 'full' | 'partial' | 'eol' = 'full',
    findings = [aFinding()],
  ) => {
    const tools = toolsNamed('a');
    const first = aCatalogue(tools, {
      scanner: new ScriptedScanner(() => aCompleteScan({ coverage, findings })),
    });
    await first.orchestrator.scanBatch(tools);
    const { store } = first;
    const later = aCatalogue([], {
      store,
      digests,
      scanner: new ScriptedScanner(() => aCompleteScan(), identity),
      clock: clockAt('2026-12-01T00:00:00.000Z'),
    });
    const results: ToolResult[] = [];
    await later.orchestrator.scanBatch(store.tools(), { onResult: (result) => results.push(result) });
    return { ...later, results };
  };

  it('under the same database is fresh again without a scan', async () => {
    const { scanner, store, results } = await afterFirstScan();
    expect(scanner.requests).toEqual([]);
    expect(results).toMatchObject([{ status: 'scanned', reused: 'result', saved: true }]);
    expect(store.find(idOf('a'))?.security).toMatchObject({
      status: 'vulnerable',
      trivy_scan_date: '2026-12-01T00:00:00.000Z',
      vulnerabilities: { high: 1 },
    });
    expect(store.scanOf(idOf('a'))?.findings).toHaveLength(1);
  });

  it('keeps how much of it could be judged, and says of the database what is so now', async () => {
    const { store, results } = await afterFirstScan({ databaseStale: true }, new ScriptedDigests(), 'eol', []);
    expect(results).toMatchObject([{ reused: 'result', coverage: 'eol' }]);
    expect(store.find(idOf('a'))?.security).toMatchObject({ status: 'unknown', coverage: 'eol', db_stale: true });
    expect(store.scanOf(idOf('a'))).toMatchObject({ coverage: 'eol', databaseStale: true });
  });

  it.each([
    ['a newer database', { databaseGeneration: 'g2' }],
    ['another Trivy', { trivyVersion: '0.75.0' }],
  ])('under %s is matched again', async (_, identity) => {
    const { scanner, store } = await afterFirstScan(identity);
    expect(scanner.requests.map(subjectOf)).toEqual([`acme/a@${DIGEST}`]);
    expect(store.find(idOf('a'))?.security.status).toBe('ok');
  });

  it('of a scan that covered a part is scanned again', async () => {
    expect((await afterFirstScan({}, new ScriptedDigests(), 'partial')).scanner.requests).toHaveLength(1);
  });

  it('is no more once the tag has moved', async () => {
    const { scanner, store } = await afterFirstScan({}, new ScriptedDigests(() => found({ digest: OTHER })));
    expect(scanner.requests.map(subjectOf)).toEqual([`acme/a@${OTHER}`]);
    expect(store.find(idOf('a'))?.security.scanned_digest).toBe(OTHER);
  });
});

describe('a digest that the registry does not have', () => {
  const scanned = async (content: DigestAnswer) => {
    const tools = toolsNamed('a');
    const scanner = new ScriptedScanner(({ subject }) =>
      subject.source === 'remote' && subject.reference.endsWith(OTHER) ? aCompleteScan() : failedWith('not_found'),
    );
    const digests = new ScriptedDigests((_, { byContent }) => (byContent === true ? content : found()));
    const { orchestrator, store } = aCatalogue(tools, { scanner, digests });
    const end = await orchestrator.scanBatch(tools);
    return { end, remote: scanner.requests.map(subjectOf), stored: store.find(idOf('a'))?.security.scanned_digest };
  };

  it('is looked up in the manifest itself, once', async () => {
    const { end, remote, stored } = await scanned(found({ digest: OTHER }));
    expect([end.scanned, remote, stored]).toEqual([1, [`acme/a@${DIGEST}`, `acme/a@${OTHER}`], OTHER]);
  });

  it.each([found(), refused('not_found')])('is not found where the manifest says the same: %o', async (content) => {
    const { end, remote } = await scanned(content);
    expect([end.failed, remote]).toEqual([1, [`acme/a@${DIGEST}`, 'acme/a:latest']]);
  });
});

it('ends the run where a scan finds a setting that cannot be used', async () => {
  const tools = toolsNamed('a', 'b');
  const scanner = new ScriptedScanner(() => {
    throw new ScannerError('the configuration cannot be read', { code: 'setting_invalid' });
  });
  await expect(aCatalogue(tools, { scanner }).orchestrator.scanBatch(tools)).rejects.toMatchObject({
    code: 'setting_invalid',
  });
});

describe('the local engine', () => {
  it.each(['not_found', 'unauthorized', 'registry_error', 'network'] as const)(
    'is asked where the registry answers %s',
    async (code) => {
      const tools = toolsNamed('a');
      const scanner = new ScriptedScanner(() => aCompleteScan({ digest: OTHER }));
      const { orchestrator, store } = aCatalogue(tools, { scanner, digests: new ScriptedDigests(() => refused(code)) });
      await orchestrator.scanBatch(tools);
      expect(scanner.requests.map(({ subject }) => subject)).toEqual([
        { source: 'docker', id: 'acme/a:latest', platform: 'linux/amd64' },
      ]);
      expect(store.scanOf(idOf('a'))).toMatchObject({
        source: 'docker',
        security: { scanned_digest: OTHER, scanned_tag: 'latest' },
      });
    },
  );

  it('is asked where the pull fails, too', async () => {
    const tools = toolsNamed('a');
    const scanner = new ScriptedScanner(({ subject }) =>
      subject.source === 'remote' ? failedWith('network') : aCompleteScan(),
    );
    const { orchestrator, store } = aCatalogue(tools, { scanner });
    expect(await orchestrator.scanBatch(tools)).toMatchObject({ scanned: 1 });
    expect(store.scanOf(idOf('a'))?.source).toBe('docker');
  });

  it('is asked no more once there is none, and stops nothing', async () => {
    const tools = toolsNamed('a', 'b', 'c');
    const scanner = new ScriptedScanner(() => failedWith('engine_unreachable', { blocks: true }));
    const digests = new ScriptedDigests(() => refused('network'));
    const reasons: Array<string | undefined> = [];
    const end = await aCatalogue(tools, { scanner, digests }).orchestrator.scanBatch(tools, {
      concurrency: 1,
      onResult: ({ reason }) => reasons.push(reason?.code),
    });
    expect(end).toMatchObject({ failed: 3, blockedBy: null });
    expect(reasons).toEqual(['network', 'network', 'network']);
    expect(scanner.requests).toHaveLength(1);
  });

  it('adds its own word where it has the image and fails on it', async () => {
    const tools = toolsNamed('a');
    const scanner = new ScriptedScanner(() => failedWith('corrupt'));
    const results: ToolResult[] = [];
    await aCatalogue(tools, {
      scanner,
      digests: new ScriptedDigests(() => refused('not_found')),
    }).orchestrator.scanBatch(tools, { onResult: (result) => results.push(result) });
    expect(results[0]?.reason).toEqual({
      code: 'not_found',
      message: 'registry: it was not_found; engine: it was corrupt',
    });
  });
});

describe('a failed scan', () => {
  const failing = async (code: FailureCode, blocks = false) => {
    const tools = toolsNamed('a', 'b');
    const catalogue = aCatalogue(tools, {
      scanner: new ScriptedScanner(({ subject }) =>
        failedWith(subject.source === 'docker' ? 'not_found' : code, { blocks }),
      ),
    });
    const end = await catalogue.orchestrator.scanBatch(tools, { concurrency: 1 });
    return { ...catalogue, end, tools };
  };

  it.each(['not_found', 'unauthorized', 'no_such_platform', 'not_an_image', 'corrupt', 'timeout'] as const)(
    'is remembered for an hour where it is the tool’s own: %s',
    async (code) => {
      const { store } = await failing(code);
      expect(store.failureOf(idOf('a'))).toMatchObject({ reason: { code }, until: '2026-11-22T02:00:00.000Z' });
    },
  );

  it.each(['network', 'registry_error', 'disk_full', 'java_db_missing', 'crashed', 'out_of_memory'] as const)(
    'is not remembered where it is not: %s',
    async (code) => {
      const { store, end } = await failing(code);
      expect(end.failed).toBe(2);
      expect(store.failureOf(idOf('a'))).toBeUndefined();
    },
  );

  it('leaves security as it was', async () => {
    const { store, tools } = await failing('corrupt');
    expect(store.find(idOf('a'))).toEqual(tools[0]);
  });

  it('is forgotten once a scan succeeds', async () => {
    const { store, tools } = await failing('corrupt');
    await aCatalogue(tools, { store }).orchestrator.scanBatch(tools);
    expect(store.failureOf(idOf('a'))).toBeUndefined();
  });

  it('stops the queue where it would fail every other the same way', async () => {
    const { end, scanner, store } = await failing('database_corrupt', true);
    expect(end).toMatchObject({ failed: 1, skipped: 1, blockedBy: { code: 'database_corrupt' } });
    expect(scanner.requests).toHaveLength(1);
    expect(store.failureOf(idOf('a'))).toBeUndefined();
  });
});

describe("a registry's pull limit", () => {
  const in2Minutes = '2026-11-22T01:02:00.000Z';
  const in6Hours = '2026-11-22T07:00:00.000Z';

  it('needs no pull for what the scanner knows already, and so waits for none', async () => {
    class KnowingScanner extends ScriptedScanner {
      knows(): boolean {
        return true;
      }
    }
    const digests = new ScriptedDigests(() => found({ allowance: { remaining: 0, resetAt: in6Hours } }));
    const { orchestrator, waits } = aCatalogue(toolsNamed('a', 'b'), { scanner: new KnowingScanner(), digests });
    expect(await orchestrator.scanBatch(toolsNamed('a', 'b'))).toMatchObject({ scanned: 2, limited: false });
    expect(waits).toEqual([]);
  });

  it('is waited for while that is short', async () => {
    const tools = toolsNamed('a');
    const answers = [found({ allowance: { remaining: 0, resetAt: in2Minutes } }), found()];
    const { orchestrator, waits } = aCatalogue(tools, {
      digests: new ScriptedDigests(() => answers.shift() ?? found()),
    });
    expect(await orchestrator.scanBatch(tools)).toMatchObject({ scanned: 1, limited: false });
    expect(waits).toEqual([120_000]);
  });

  it('ends the run with what it has where that is long, and says when to go on', async () => {
    const tools = toolsNamed('a', 'b', 'c', 'd');
    let left = 2;
    const digests = new ScriptedDigests(() => found({ allowance: { remaining: left, resetAt: in6Hours } }));
    const scanner = new ScriptedScanner(() => {
      left -= 1;
      return aCompleteScan();
    });
    const { orchestrator, store, waits } = aCatalogue(tools, { digests, scanner });
    const end = await orchestrator.scanBatch(tools, { concurrency: 1 });
    expect(end).toMatchObject({ scanned: 2, failed: 0, skipped: 2, limited: true, resumeAt: in6Hours });
    expect(savedIn(store)).toEqual(['a', 'b']);
    expect(waits).toEqual([]);
    expect(digests.asked).toHaveLength(3);
    expect(store.failureOf(idOf('c'))).toBeUndefined();
  });

  it('is not overrun by pulls at once', async () => {
    const tools = manyTools(6);
    const digests = new ScriptedDigests(() => found({ allowance: { remaining: 2, resetAt: in6Hours } }));
    const scanner = new ScriptedScanner(async () => {
      await setImmediate();
      return aCompleteScan();
    });
    await aCatalogue(tools, { digests, scanner }).orchestrator.scanBatch(tools, { concurrency: 6 });
    expect(scanner.requests).toHaveLength(2);
  });

  it('is met with longer and longer waits where nobody says how long, until that is too long', async () => {
    const tools = toolsNamed('a', 'b');
    const digests = new ScriptedDigests(() => refused('rate_limited'));
    const { orchestrator, waits } = aCatalogue(tools, { digests });
    const end = await orchestrator.scanBatch(tools, { concurrency: 1 });
    expect(end).toMatchObject({ skipped: 2, failed: 0, limited: true, resumeAt: null });
    expect(waits).toEqual([30_000, 60_000, 120_000]);
  });

  it('that shows in the pull itself is waited for, and the tool tried again', async () => {
    const tools = toolsNamed('a');
    const outcomes: ScanOutcome[] = [failedWith('rate_limited'), aCompleteScan()];
    const scanner = new ScriptedScanner(() => outcomes.shift() ?? aCompleteScan());
    const { orchestrator, waits } = aCatalogue(tools, { scanner });
    expect(await orchestrator.scanBatch(tools)).toMatchObject({ scanned: 1, failed: 0 });
    expect(waits).toEqual([30_000]);
  });

  it('is asked again when it wants to be', async () => {
    const tools = toolsNamed('a');
    const answers = [refused('rate_limited', in2Minutes), found()];
    const { orchestrator, waits } = aCatalogue(tools, {
      digests: new ScriptedDigests(() => answers.shift() ?? found()),
    });
    expect(await orchestrator.scanBatch(tools)).toMatchObject({ scanned: 1 });
    expect(waits).toEqual([120_000]);
  });

  it('does not stand in the way of a stop', async () => {
    const tools = toolsNamed('a', 'b');
    const stop = new AbortController();
    const orchestrator = new ScanOrchestrator({
      resolver: new ImageResolver(),
      scanner: new ScriptedScanner(),
      digests: new ScriptedDigests(() => found({ allowance: { remaining: 0, resetAt: in2Minutes } })),
      store: new InMemoryToolStore(tools),
      clock: clockAt(START),
    });
    const run = orchestrator.scanBatch(tools, { signal: stop.signal });
    await setImmediate();
    stop.abort();
    expect(await run).toMatchObject({ skipped: 2, failed: 0, interrupted: true, limited: false });
  });
});
