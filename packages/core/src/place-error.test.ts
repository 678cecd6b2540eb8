import { expect, it } from 'vitest';

import { placeError } from './place-error.ts';

const failing = (code: string) => placeError('/data', Object.assign(new Error(`${code}: something`), { code }));

it.each([
  ['EROFS', 'directory_unusable', /read-only/, /mount/],
  ['EMFILE', 'directory_unusable', /more files open/, /ulimit -n/],
  ['ENFILE', 'directory_unusable', /whole system/, /holds so many/],
  ['ENOSPC', 'disk_full', /no space/, /free/],
  ['EDQUOT', 'disk_full', /quota/, /quota/],
  ['EFBIG', 'disk_full', /larger/, /ulimit -f/],
  ['EIO', 'directory_unusable', /disk failed/, /dmesg/],
  ['ENOTDIR', 'directory_unusable', /no directory/, /another directory/],
])('%s is told as what it is, without a word of owners', (code, errorCode, message, hint) => {
  const error = failing(code);
  expect(error).toMatchObject({
    code: errorCode,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
  expect(`${error?.message} ${error?.hint}`).not.toMatch(/belongs|owner|user that runs/);
  expect(error?.message).toContain('/data');
});

it('says nothing of what depends on whose the place is, or comes from elsewhere', () => {
  expect(failing('EACCES')).toBeUndefined();
  expect(placeError('/data', new Error('no code'))).toBeUndefined();
  expect(failing('toString')).toBeUndefined();
});

it('tells a place for no directories from a file that is missing', () => {
  const making = Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'mkdir' });
  expect(placeError('/proc/none', making)).toMatchObject({
    message: expect.stringMatching(/no directories can be made/),
  });
  expect(failing('ENOENT')).toBeUndefined();
});
