import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { type Log, ScannerError } from '@scanner/core';
import { writeFileAtomically } from '@scanner/store';
import { z } from 'zod';

import { readBounded } from '../daemon-state/read-bounded.ts';

const HostRecord = z.object({
  schema: z.literal('gts.host/1'),
  id: z.uuid(),
  name: z.string().min(1).max(255).nullable().catch(null),
});
type HostRecord = z.infer<typeof HostRecord>;

/** What an engine says of the machine it runs on. */
export interface NamedEngine {
  /** Null where the engine would not say. */
  hostName(signal?: AbortSignal): Promise<string | null>;
}

export interface HostIdentityOptions {
  /** What people call this host; null: what its engine is called. */
  readonly givenName: string | null;
  readonly log: Log;
  /** What this machine is called. */
  readonly machineName?: () => string;
}

const MAX_BYTES = 4096;

/**
 * Who a host is to people: an ID of its own, made once for a state directory, by which mails of one host stand together,
 * and a name, which is only shown. The engine's name is kept, so that a pass that reaches no engine has it too.
 *
 * @throws ScannerError `directory_unusable` or `disk_full`
 */
export const openHostIdentity = async (state: string, options: HostIdentityOptions): Promise<HostIdentity> => {
  const file = join(state, 'host.json');
  const kept = readRecord(file);
  const record: HostRecord = kept ?? { schema: 'gts.host/1', id: randomUUID(), name: null };
  if (kept === null) await writeRecord(file, record);
  return new HostIdentity(file, record, options);
};

/** What the host of a state directory is called as far as that is known without its engine; null where it is not. */
export const knownHostName = (state: string, givenName: string | null): string | null =>
  givenName ?? readRecord(join(state, 'host.json'))?.name ?? machineName();

export class HostIdentity {
  readonly #file: string;
  readonly #options: HostIdentityOptions;
  #record: HostRecord;
  /** Whether it was said that the name is not known. */
  #warned = false;

  constructor(file: string, record: HostRecord, options: HostIdentityOptions) {
    this.#file = file;
    this.#record = record;
    this.#options = options;
  }

  /** A UUID. */
  get id(): string {
    return this.#record.id;
  }

  /** Whether its name is given, or was told by its engine before. */
  get isNamed(): boolean {
    return (this.#options.givenName ?? this.#record.name) !== null;
  }

  /** Never the ID of a container, which is what a container calls itself unless told. */
  get name(): string {
    const { givenName, log, machineName = hostname } = this.#options;
    const known = givenName ?? this.#record.name ?? nameOf(machineName());
    if (known !== null) return known;
    if (!this.#warned) log.warn('what this host is called is not known: set HOST_NAME');
    this.#warned = true;
    return `host-${this.#record.id.slice(0, 8)}`;
  }

  /** Asks an engine for its name, unless one is given. What goes wrong costs the name, not the pass. */
  async askEngine(engine: NamedEngine, signal: AbortSignal): Promise<void> {
    if (this.#options.givenName !== null) return;
    const name = nameOf((await engine.hostName(signal).catch(() => null)) ?? '');
    if (name === null || name === this.#record.name) return;
    this.#record = { ...this.#record, name };
    await writeRecord(this.#file, this.#record).catch((error: unknown) => {
      if (!ScannerError.is(error)) throw error;
      this.#options.log.warn('the name of this host could not be kept', { error });
    });
  }
}

/** What this machine is called; null in a container, which is called by its ID. */
export const machineName = (): string | null => nameOf(hostname());

/** Null for what is no name, and for twelve hexadecimal digits, the ID of a container. */
const nameOf = (text: string): string | null =>
  /^[\p{L}\p{N}][\p{L}\p{N}._ -]{0,254}$/u.test(text) && !/^[\da-f]{12}$/.test(text) ? text : null;

const readRecord = (file: string): HostRecord | null => {
  try {
    return HostRecord.parse(JSON.parse(readBounded(file, MAX_BYTES) ?? ''));
  } catch {
    return null;
  }
};

const writeRecord = async (file: string, record: HostRecord): Promise<void> => {
  await writeFileAtomically(file, `${JSON.stringify(record)}\n`);
};
