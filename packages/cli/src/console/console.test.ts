import { Writable } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { Console } from './console.ts';

const OPTIONS = {
  json: false,
  quiet: false,
  verbose: false,
  logFormat: 'pretty',
  color: false,
  unicode: true,
} as const;

const failing = (code: string): { readonly stream: Writable; readonly attempts: () => number } => {
  let attempts = 0;
  const stream = new Writable({
    write: (_chunk, _encoding, done) => {
      attempts += 1;
      done(Object.assign(new Error(`${code}: it failed`), { code }));
    },
  });
  stream.on('error', () => {});
  return { stream, attempts: () => attempts };
};

const sink = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

describe('a result', () => {
  it('is no error when its reader has gone', async () => {
    const console = new Console(failing('EPIPE').stream, sink(), OPTIONS);
    await expect(console.result('text')).resolves.toBeUndefined();
  });

  it.each([
    ['ENOSPC', 'disk_full'],
    ['EIO', 'internal'],
  ])('that cannot be written for %s ends the command, once', async (code, told) => {
    const stdout = failing(code);
    const console = new Console(stdout.stream, sink(), OPTIONS);
    await expect(console.result('text')).rejects.toMatchObject({ code: told });
    await expect(console.document({})).resolves.toBeUndefined();
    expect(stdout.attempts()).toBe(1);
  });
});
