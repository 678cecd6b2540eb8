import type { NodemailerError } from 'nodemailer';
import { expect, test } from 'vitest';

import { mailFailure } from './mail-failure.ts';

const ATTEMPT = { host: 'mail.example', port: 587, sender: 'scanner@example.org', recipient: 'ops@example.org' };

const refusedWith = (response: string): NodemailerError =>
  Object.assign(new Error(response), {
    code: 'EMESSAGE',
    command: 'DATA',
    responseCode: 552,
    response,
    permanent: true,
  });

test('a refusal for the size of the message waits until the limit is raised', () => {
  const failure = mailFailure(refusedWith('552 Message size exceeds fixed limit'), ATTEMPT);
  expect(failure).toMatchObject({ again: 'held', scope: 'recipient' });
  expect(failure.reason).toContain('takes no mail of that size');
});

test('a reply without end is judged by its beginning, and shown as one short line', () => {
  const failure = mailFailure(refusedWith(`552 ${'message size '.repeat(300_000)}\r\n`), ATTEMPT);
  expect(failure).toMatchObject({ again: 'never', scope: 'recipient' });
  expect(failure.reason.length).toBeLessThan(500);
  expect(failure.reason).not.toMatch(/\p{Cc}/u);
});
