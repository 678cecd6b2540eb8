import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { silentLog } from '@scanner/core';
import { aFinding, aHostScan, anImageReport } from '@scanner/core/testing';
import { temporaryDirectory } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { factsOf, type LastPass, readLastPass, writeLastPass } from './last-pass.ts';

const COMPLETE = { status: 'complete', coverage: 'full' } as const;

const aPass = (): LastPass => ({
  schema: 'gts.last-pass/1',
  outcome: 'complete',
  started_at: '2026-11-22T12:00:00.000Z',
  ended_at: '2026-11-22T12:01:00.000Z',
  reason: null,
  last_end_at: '2026-11-22T12:01:00.000Z',
  settings: 'some',
  ...factsOf(aHostScan([anImageReport(COMPLETE)])),
});

describe('a pass', () => {
  it('is remembered by numbers: what can be mended and what cannot', () => {
    const findings = [
      aFinding({ severity: 'CRITICAL', fixed: '2.0' }),
      aFinding({ severity: 'HIGH', fixed: null }),
      aFinding({ severity: 'HIGH', fixed: null, vulnerability: 'CVE-2026-2' }),
    ];
    const { images } = factsOf(aHostScan([anImageReport({ ...COMPLETE, references: ['a:1', 'a:2'], findings })]));
    expect(images).toEqual([
      {
        reference: 'a:1',
        fixable: { critical: 1, high: 0, medium: 0, low: 0, unknown: 0 },
        unfixable: { critical: 0, high: 2, medium: 0, low: 0, unknown: 0 },
        new: 0,
      },
    ]);
  });

  it('remembers a thousand images, those first that have the worst findings', () => {
    const images = Array.from({ length: 1500 }, (_, index) =>
      anImageReport({
        ...COMPLETE,
        references: [`image:${index}`],
        findings: index === 1400 ? [aFinding({ severity: 'CRITICAL' })] : [],
      }),
    );
    const remembered = factsOf(aHostScan(images)).images;
    expect(remembered).toHaveLength(1000);
    expect(remembered[0]?.reference).toBe('image:1400');
  });

  it('counts the images that have a result and could not be judged in full', () => {
    const images = (['full', 'partial', 'unsupported', 'eol'] as const).map((coverage) => anImageReport({ coverage }));
    const failed = anImageReport({ status: 'failed', coverage: null });
    expect(factsOf(aHostScan([...images, failed])).not_judged).toBe(3);
  });

  it('says nothing of images without a result', () => {
    expect(factsOf(aHostScan([anImageReport({ status: 'failed', coverage: null })])).images).toEqual([]);
  });
});

describe('the record of the last pass', () => {
  it('is read as it was written', async () => {
    await using directory = await temporaryDirectory();
    expect(readLastPass(directory.path, silentLog)).toBeNull();
    await writeLastPass(directory.path, aPass());
    expect(readLastPass(directory.path, silentLog)).toEqual(aPass());
  });

  it.each(['', '{', '[]', '{"schema":"gts.last-pass/2"}', `{"started_at":"${'x'.repeat(5_000_000)}"}`])(
    'counts as none when it makes no sense',
    async (text) => {
      await using directory = await temporaryDirectory();
      await writeFile(join(directory.path, 'last-pass.json'), text);
      expect(readLastPass(directory.path, silentLog)).toBeNull();
    },
  );
});
