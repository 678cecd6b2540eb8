import { expect, test } from 'vitest';

import { aFinding, aHostScan, anImageReport } from '@scanner/core/testing';

import { renderCsv } from './csv.ts';

test('has a row for each finding and one for an image without, ended by CRLF', () => {
  const csv = renderCsv(
    aHostScan([
      anImageReport({ id: 'sha256:1', references: ['web:1'], findings: [aFinding({ title: 'says "no", twice' })] }),
      anImageReport({ id: 'sha256:2', references: ['old:1'], coverage: 'eol' }),
    ]),
  );

  expect(csv.split('\r\n')).toEqual([
    'image,references,image_id,status,reason,coverage,containers,severity,vulnerability,package,path,installed,fixed,vendor_status,title,url,db_stale,demonstration',
    '"web:1","web:1","sha256:1","complete","","full","","HIGH","CVE-2026-1000","openssl","","3.0.1-1","3.0.2-1","fixed","says ""no"", twice","https://avd.aquasec.com/nvd/cve-2026-1000","false","false"',
    '"old:1","old:1","sha256:2","complete","","eol","","","","","","","","","","","false","false"',
    '',
  ]);
});

test.each(['=1+1', '+1', '-1', '@SUM(1)', ' =1', '＝1'])(
  'guards %j against being run by a spreadsheet',
  (installed) => {
    expect(renderCsv(aHostScan([anImageReport({ findings: [aFinding({ installed })] })]))).toContain(`"'${installed}"`);
  },
);
