import type { Log } from '@scanner/core';

import type { DatabaseFiles } from './scan-database.ts';
import type { Session } from './session.ts';

/** Gets the Java database once it is needed; null where it cannot be had. */
export type ObtainJava = () => Promise<DatabaseFiles | null>;

/** Fetches the Java database when the first image with a Java archive asks for it, once for all scans of a session. */
export class JavaSupply {
  readonly #obtain: ObtainJava;
  readonly #session: Session;
  readonly #log: Log;
  #obtained: Promise<boolean> | undefined;

  constructor(obtain: ObtainJava, session: Session, log: Log) {
    this.#obtain = obtain;
    this.#session = session;
    this.#log = log;
  }

  /** Whether the session has it now. */
  async request(): Promise<boolean> {
    if (this.#session.hasJava) return true;
    this.#obtained ??= this.#fetch();
    return await this.#obtained;
  }

  async #fetch(): Promise<boolean> {
    try {
      const java = await this.#obtain();
      if (java !== null) await this.#session.layJava(java.directory);
      return java !== null;
    } catch (error) {
      this.#log.warn('the Java database could not be had', {
        reason: error instanceof Error ? error.message : String(error),
      });
      return false;
    }
  }
}
