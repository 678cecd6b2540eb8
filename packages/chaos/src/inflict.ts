import { setTimeout as sleep } from 'node:timers/promises';

import type { Ended, RunningProgram } from '@scanner/testing';

import type { Harm } from './harm.ts';
import type { Place } from './place.ts';
import { withinPatience } from './patience.ts';
import { childrenOf, commandLineOf, signal } from './processes.ts';
import type { Subject } from './scenario.ts';

/** How a try went on until all its programs had ended. */
export interface Inflicted {
  readonly ended: readonly Ended[];
  readonly milliseconds: number;
  /** Whether the harm met a program that was still at work. */
  readonly hit: boolean;
  readonly faults: readonly string[];
}

const LOOK_EVERY_MS = 3;

/** Starts the programs of a subject, harms them, and waits until they have ended. */
export async function inflict(harm: Harm, subject: Subject, place: Place, usualMs: number): Promise<Inflicted> {
  if (harm.kind === 'full disk') await place.leaveSpace(harm.kibibytes);
  const startedAt = performance.now();
  const programs = await subject.start();
  const harming = harmThem(harm, programs, usualMs);
  const ends = Promise.all(programs.map(({ ended }) => ended));
  const [{ result: ended, faults }, stopped] = await Promise.all([withinPatience(ends, place), harming]);
  const milliseconds = performance.now() - startedAt;
  if (harm.kind === 'full disk') await place.leaveSpace('plenty');
  return { ended, milliseconds, hit: hasHit(harm, ended, stopped), faults };
}

function hasHit(harm: Harm, ended: readonly Ended[], stopped: boolean): boolean {
  if (harm.kind === 'kill') return ended.some(({ signal: by }) => by === 'SIGKILL');
  if (harm.kind === 'stop') return stopped;
  return harm.kind === 'full disk' && ended.some(({ exitCode }) => exitCode !== 0);
}

/** @returns whether a child was stopped */
async function harmThem(harm: Harm, programs: readonly RunningProgram[], usualMs: number): Promise<boolean> {
  if (harm.kind === 'kill') {
    await Promise.all(programs.map((program, index) => killAt(program, harm.at[index] ?? null, usualMs)));
  }
  const [first] = programs;
  return harm.kind === 'stop' && first !== undefined && stopChild(first, harm.at * usualMs);
}

async function killAt(program: RunningProgram, moment: number | null, usualMs: number): Promise<void> {
  if (moment === null) return;
  await Promise.race([sleep(moment * usualMs), program.ended]);
  program.kill('SIGKILL');
}

async function stopChild(program: RunningProgram, afterMs: number): Promise<boolean> {
  const over = new AbortController();
  void program.ended.then(() => over.abort());
  await Promise.race([sleep(afterMs), program.ended]);
  for (; !over.signal.aborted; await sleep(LOOK_EVERY_MS)) {
    const child = childrenOf(program.pid).find((pid) => isProgram(pid, program));
    if (child !== undefined) return signal(child, 'SIGSTOP');
  }
  return false;
}

/** A process that is being started is still a copy of its parent, which waits for it. */
function isProgram(pid: number, parent: RunningProgram): boolean {
  return !['', commandLineOf(parent.pid)].includes(commandLineOf(pid));
}
