import { expect, test } from 'vitest';

import { aFinding, aHostScan, anImageReport } from '@scanner/core/testing';

import { renderMarkdown } from './markdown.ts';

const rowFor = (given: Parameters<typeof aFinding>[0]): string | undefined =>
  renderMarkdown(aHostScan([anImageReport({ findings: [aFinding(given)] })]))
    .split('\n')
    .find((line) => line.startsWith('| HIGH'));

test('lists each finding as a row with a link', () => {
  expect(rowFor({ title: 'a flaw' })).toBe(
    '| HIGH | `openssl` | `3.0.1-1` | `3.0.2-1` | [CVE-2026-1000](<https://avd.aquasec.com/nvd/cve-2026-1000>) | a flaw |',
  );
});

test('titles become neither markup nor links, images, cells or mentions', () => {
  const row = rowFor({ title: 'a | b <img src=x> [c](http://d) ![e](f) @everyone www.g.example `h`', url: null });

  expect(row).toContain(
    String.raw`| a \| b \<img src=x\> \[c\]\(http\://d\) \!\[e\]\(f\) <span>@</span>everyone www\.g.example \`h\` |`,
  );
});

test('code spans stay closed, whatever backticks and bars a name holds', () => {
  expect(rowFor({ package: 'a`b``c|d' })).toContain('| ``` a`b``c\\|d ``` |');
});

test('says what was not judged and what failed', () => {
  const text = renderMarkdown(
    aHostScan([
      anImageReport({ references: ['old:1'], coverage: 'eol' }),
      anImageReport({
        references: ['a:1'],
        status: 'failed',
        coverage: null,
        reason: { code: 'timeout', message: 'too slow' },
      }),
    ]),
  );

  expect(text).toContain('## `old:1`: end of life: no advisories any more');
  expect(text).toContain('- `a:1`: timeout: too slow; give it more time with --timeout');
});
