import { describe, expect, it } from 'vitest';

import { aCompleteScan } from '../testing/builders.ts';
import { failedWith, ScriptedScanner } from '../testing/fakes.ts';
import { type NamedImage, scanNamedImages, type ScanNamedImagesOptions } from './scan-named-images.ts';

const scan = (scanner: ScriptedScanner, images: readonly NamedImage[], options: Partial<ScanNamedImagesOptions> = {}) =>
  scanNamedImages(scanner, images, {
    sources: ['remote', 'docker'],
    severities: ['HIGH'],
    extraArgs: [],
    concurrency: 1,
    timeoutSeconds: 60,
    ...options,
  });

const asked = (scanner: ScriptedScanner): string[] => scanner.requests.map(({ subject }) => subject.source);

describe('scanning named images', () => {
  it('asks the registry first and the engine only when the registry has it not', async () => {
    const scanner = new ScriptedScanner(({ subject }) =>
      subject.source === 'remote' ? failedWith('not_found') : aCompleteScan(),
    );
    const [report] = await scan(scanner, [{ reference: 'app:1' }]);
    expect(asked(scanner)).toEqual(['remote', 'docker']);
    expect(report).toMatchObject({ status: 'complete', source: 'docker', references: ['app:1'] });
  });

  it('does not ask the engine when the registry had it', async () => {
    const scanner = new ScriptedScanner();
    await scan(scanner, [{ reference: 'app:1' }]);
    expect(asked(scanner)).toEqual(['remote']);
  });

  it.each(['bad_reference', 'timeout', 'disk_full', 'interrupted'] as const)(
    'does not look elsewhere after %s',
    async (code) => {
      const scanner = new ScriptedScanner(() => failedWith(code));
      const [report] = await scan(scanner, [{ reference: 'app:1' }]);
      expect(asked(scanner)).toEqual(['remote']);
      expect(report?.reason?.code).toBe(code);
    },
  );

  it('tells what each source said when none has it', async () => {
    const scanner = new ScriptedScanner(({ subject }) =>
      failedWith(subject.source === 'remote' ? 'unauthorized' : 'not_found'),
    );
    const [report] = await scan(scanner, [{ reference: 'app:1' }]);
    expect(report?.reason).toEqual({
      code: 'unauthorized',
      message: 'registry: it was unauthorized; engine: it was not_found',
    });
  });

  it('reads an archive from nowhere else', async () => {
    const scanner = new ScriptedScanner(() => failedWith('not_found'));
    const [report] = await scan(scanner, [{ archive: './app.tar' }]);
    expect(asked(scanner)).toEqual(['archive']);
    expect(report).toMatchObject({ source: 'archive', references: ['./app.tar'] });
  });

  it('keeps the order in which the images were named', async () => {
    const reports = await scan(new ScriptedScanner(), [{ reference: 'b:1' }, { reference: 'a:1' }], { concurrency: 2 });
    expect(reports.map(({ references }) => references[0])).toEqual(['b:1', 'a:1']);
  });
});
