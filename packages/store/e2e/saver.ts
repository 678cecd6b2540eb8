/** Run as a child process: saves results into the store argv[2] under names that start with argv[3], and says each one once it is saved. */
import { openBlobCache, openResultStore } from '@scanner/store';

const [directory = '', name = ''] = process.argv.slice(2);
const results = openResultStore(`${directory}/results.db`);
const cache = openBlobCache(`${directory}/cache.db`);
for (let index = 0; ; index += 1) {
  const content = `${name}-${index}`;
  cache.set(content, Buffer.from(content.repeat(500)));
  results.save(
    { content, options: '', trivyVersion: '0.74.0', databaseGeneration: 'g1' },
    {
      scan: {
        status: 'complete',
        coverage: 'full',
        reason: null,
        os: null,
        imageId: null,
        digest: null,
        layers: Array.from({ length: 200 }, (_, layer) => `sha256:${index}-${layer}`),
        findings: [],
        analysis: 'new',
        scannedAt: '2026-11-22T00:00:00.000Z',
        durationSeconds: 1,
      },
      log: null,
    },
  );
  process.stdout.write(`${content}\n`);
}
