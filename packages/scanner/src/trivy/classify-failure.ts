import type { Failure, ScanSubject } from '@scanner/core';

import { FAILURE_TEXTS } from './failure-texts.ts';
import type { FailureText, Retry } from './failure-texts.ts';
import type { ProcessEnd, Stopped } from './run-process.ts';

/** What became of a run that gave no result, and what to do about it. */
export interface Verdict {
  readonly failure: Failure;
  readonly retry: Retry;
  /** Every other image would fail in the same way. */
  readonly blocks: boolean;
}

const STOPPED: Readonly<Record<Stopped, Failure>> = {
  aborted: { code: 'interrupted', message: 'stopped before it was finished' },
  deadline: { code: 'timeout', message: 'not finished within its time' },
  output_limit: { code: 'output_limit', message: 'Trivy wrote more than it may' },
};

/** Tells why a Trivy process failed: its exit code is 1 for everything, so its last words count. */
export const classifyFailure = (end: ProcessEnd, source: ScanSubject['source']): Verdict => {
  if (end.stopped !== null) return verdict(STOPPED[end.stopped]);
  if (end.startError !== null) return couldNotStart(end.startError);
  const words = lastFatalText(end.stderr);
  if (words === null) return died(end);
  const known = FAILURE_TEXTS.find((entry) => isMeant(entry, words, source));
  return known === undefined
    ? verdict(withDetail('unknown', 'Trivy failed', words))
    : verdict(withDetail(known.code, known.says, words), known.retry, known.blocks);
};

const isMeant = (entry: FailureText, words: string, source: ScanSubject['source']): boolean =>
  (entry.source ?? source) === source && (entry.stage?.test(words) ?? true) && entry.text.test(words);

const verdict = (failure: Failure, retry: Retry = 'never', blocks = false): Verdict => ({ failure, retry, blocks });

const couldNotStart = (code: string): Verdict =>
  code === 'ENOMEM' || code === 'EAGAIN'
    ? verdict({ code: 'out_of_memory', message: `Trivy could not be started (${code})` }, 'alone')
    : verdict({ code: 'crashed', message: `Trivy could not be started (${oneLine(code, 40)})` }, 'never', true);

/** Without a last word: a kill from outside is mostly the kernel's, short of memory. */
const died = ({ signal, exitCode, stderr }: ProcessEnd): Verdict => {
  if (signal === 'SIGKILL' || exitCode === 137)
    return verdict({ code: 'out_of_memory', message: 'Trivy was killed, most likely because memory ran out' }, 'alone');
  const panic = /^(?:panic|fatal error|runtime|unexpected fault address)\b.*$/m.exec(stderr);
  const words = panic?.[0] ?? '';
  if (/out of memory|cannot allocate memory/.test(words))
    return verdict(withDetail('out_of_memory', 'Trivy ran out of memory', words), 'alone');
  // Only the database is read with bbolt here.
  if (panic !== null && stderr.slice(panic.index, panic.index + MAX_TRACE).includes('go.etcd.io/bbolt'))
    return verdict(withDetail('database_corrupt', 'the vulnerability database is damaged', words), 'never', true);
  const how = signal === null ? `exit code ${exitCode ?? 'unknown'}` : `signal ${signal}`;
  return verdict(withDetail('crashed', `Trivy crashed (${how})`, words), 'once');
};

/** The last fatal line with the lines that go on from it, without time and level; null when there is none. */
export const lastFatalText = (stderr: string): string | null => {
  const last = [...stderr.matchAll(/^\S{0,64}\tFATAL\t(?:Fatal error\t|Error\t)?/gm)].at(-1);
  return last === undefined ? null : stderr.slice(last.index + last[0].length).trim();
};

const MAX_DETAIL = 240;
const MAX_TRACE = 4096;

const withDetail = (code: Failure['code'], says: string, words: string): Failure => {
  const detail = innermost(oneLine(words, 16_384));
  return { code, message: detail === '' ? says : `${says}: ${detail}` };
};

/** Go wraps errors from the outside in: the end of the chain is the cause. */
const innermost = (chain: string): string => {
  if (chain.length <= MAX_DETAIL) return chain;
  const end = chain.slice(-MAX_DETAIL);
  const link = end.indexOf(': ');
  return link === -1 ? `…${end}` : end.slice(link + 2);
};

/** Safe to print: one line, no control characters, no secrets in addresses. */
const oneLine = (text: string, max: number): string =>
  text
    .slice(-max)
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replaceAll(/(\w+:\/\/)[^\s/@]+@/g, '$1')
    .replaceAll(/(\w+:\/\/[^\s?"]+)\?[^\s"]*/g, '$1')
    .replaceAll(/ {2,}/g, ' ')
    .toWellFormed()
    .trim();
