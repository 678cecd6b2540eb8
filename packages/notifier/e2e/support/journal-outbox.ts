import { appendFileSync, existsSync, readFileSync } from 'node:fs';

import type { DeliveryKey, FailedAttempt, OutboxMessage, PostponedAttempt } from '@scanner/core';
import { InMemoryOutbox } from '@scanner/core/testing';

type Step =
  | { readonly step: 'added'; readonly message: OutboxMessage }
  | { readonly step: 'sent'; readonly key: DeliveryKey; readonly at: string }
  | { readonly step: 'retry'; readonly key: DeliveryKey; readonly attempt: PostponedAttempt }
  | {
      readonly step: 'refused';
      readonly key: DeliveryKey;
      readonly attempt: FailedAttempt & { readonly nextAt: string };
    };

/** An outbox that survives its process: every step is a line of a file. */
export class JournalOutbox extends InMemoryOutbox {
  readonly #file: string;

  constructor(file: string) {
    super();
    this.#file = file;
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    for (const line of lines) if (line !== '') this.#take(JSON.parse(line));
  }

  override add(message: OutboxMessage): void {
    this.#write({ step: 'added', message });
  }

  override recordSent({ message, channel, recipient }: DeliveryKey, at: string): void {
    this.#write({ step: 'sent', key: { message, channel, recipient }, at });
  }

  override recordRetry({ message, channel, recipient }: DeliveryKey, attempt: PostponedAttempt): void {
    this.#write({ step: 'retry', key: { message, channel, recipient }, attempt });
  }

  override recordRefused(
    { message, channel, recipient }: DeliveryKey,
    attempt: FailedAttempt & { readonly nextAt: string },
  ): 'dead' | 'held' {
    this.#append({ step: 'refused', key: { message, channel, recipient }, attempt });
    return super.recordRefused({ message, channel, recipient }, attempt);
  }

  #write(step: Step): void {
    this.#append(step);
    this.#take(step);
  }

  #append(step: Step): void {
    appendFileSync(this.#file, `${JSON.stringify(step)}\n`);
  }

  #take(step: Step): void {
    if (step.step === 'added') super.add(step.message);
    else if (step.step === 'sent') super.recordSent(step.key, step.at);
    else if (step.step === 'retry') super.recordRetry(step.key, step.attempt);
    else super.recordRefused(step.key, step.attempt);
  }
}
