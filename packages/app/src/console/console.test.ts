import { Writable } from 'node:stream';

import { ScannerError } from '@scanner/core';
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

describe('a document', () => {
  it('shows a terminal no control character, whatever is in it', async () => {
    const written: string[] = [];
    const stdout = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        written.push(chunk.toString());
        done();
      },
    });
    await new Console(stdout, sink(), OPTIONS).document({ name: 'a\u009B31mb' });
    expect(written).toEqual(['{\n  "name": "a\\u009b31mb"\n}\n']);
  });
});

describe('a result', () => {
  it('is no error when its reader has gone', async () => {
    const console = new Console(failing('EPIPE').stream, sink(), OPTIONS);
    await expect(console.result('text')).resolves.toBeUndefined();
  });

  it.each([
    ['ENOSPC', 'disk_full'],
    ['EIO', 'directory_unusable'],
  ])('that cannot be written for %s ends the command, once', async (code, told) => {
    const stdout = failing(code);
    const console = new Console(stdout.stream, sink(), OPTIONS);
    await expect(console.result('text')).rejects.toMatchObject({ code: told });
    await expect(console.document({})).resolves.toBeUndefined();
    expect(stdout.attempts()).toBe(1);
  });
});

describe('a message', () => {
  it('is one line of JSON where a machine reads stderr, errors and their hints included', () => {
    const written: string[] = [];
    const stderr = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        written.push(chunk.toString());
        done();
      },
    });
    const console = new Console(sink(), stderr, { ...OPTIONS, logFormat: 'json' });
    console.say('two images');
    console.complain('stopping');
    console.fail(new ScannerError('two\nlines', { code: 'disk_full', hint: 'free some space' }));
    expect(written.map((line): unknown => JSON.parse(line))).toMatchObject([
      { level: 'info', message: 'two images' },
      { level: 'warn', message: 'stopping' },
      { level: 'error', message: 'two\nlines', code: 'disk_full', hint: 'free some space' },
    ]);
  });
});

describe('a message with an error among its facts', () => {
  it.each(['pretty', 'json'] as const)('says what the error says, written as %s', (logFormat) => {
    const written: string[] = [];
    const stderr = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        written.push(chunk.toString());
        done();
      },
    });
    new Console(sink(), stderr, { ...OPTIONS, logFormat }).log.warn('a scan could not be made', {
      cause: new Error('no more file descriptors'),
    });
    expect(written.join('')).toContain('no more file descriptors');
  });
});
