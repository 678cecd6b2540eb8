import type { PullAllowance } from '@scanner/core';

import { headerOf } from './answer-headers.ts';
import type { AnswerHeaders } from './answer-headers.ts';

interface Quota {
  readonly count: number;
  readonly windowSeconds: number | null;
}

const QUOTA = /^\s*(\d{1,9})\s*(?:;\s*w\s*=\s*(\d{1,9})\s*)?(?:;|$)/;

/**
 * What a registry's headers say of the pulls that are left: `ratelimit-remaining: 76;w=21600`, a count within a window of
 * seconds. Null where they say nothing, or nothing that can be read. The window slides, so all of it is granted anew after
 * one window at the latest.
 */
export const readAllowance = (headers: AnswerHeaders, now: Date): PullAllowance | null => {
  const remaining = readQuota(headerOf(headers, 'ratelimit-remaining'));
  if (remaining === null) return null;
  const seconds = remaining.windowSeconds ?? readQuota(headerOf(headers, 'ratelimit-limit'))?.windowSeconds ?? null;
  const resetAt = seconds === null ? null : new Date(now.getTime() + seconds * 1000).toISOString();
  return { remaining: remaining.count, resetAt };
};

const readQuota = (header: string | null): Quota | null => {
  const [, count, window] = QUOTA.exec(header ?? '') ?? [];
  if (count === undefined) return null;
  return { count: Number(count), windowSeconds: window === undefined ? null : Number(window) };
};
