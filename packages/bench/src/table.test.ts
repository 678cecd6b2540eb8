import { expect, it } from 'vitest';

import { renderTable } from './table.ts';

it('aligns words to the left and figures to the right', () => {
  const table = renderTable(
    ['what', 'time'],
    [
      ['one', '1.0 s'],
      ['eleven', '11.0 s'],
      ['none', ''],
    ],
  );
  expect(table.split('\n')).toEqual(['what      time', '------  ------', 'one      1.0 s', 'eleven  11.0 s', 'none']);
});
