import type { ImageFacts, LastPass } from '@scanner/app/daemon-state';
import type { Channel, HostScanDocument, Outbox } from '@scanner/core';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400];
const SEVERITIES = ['critical', 'high', 'medium', 'low', 'unknown'] as const;

type DeliveryResult = 'sent' | 'retried' | 'dead';

export interface MetricsFacts {
  readonly version: string;
  readonly outbox: () => Outbox | null;
  /** What the host is called; null while that is not known. */
  readonly host: () => string | null;
}

/**
 * What a Prometheus server is told. No label can take more values than there are severities, outcomes, channels, or images of
 * this host (a thousand at most); findings are no labels. Series of images that are gone are dropped with the next pass.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #passes = this.#counter('passes_total', 'Passes by how they ended.', ['outcome']);
  readonly #skipped = this.#counter('skipped_passes_total', 'Passes that were due while one was running.', []);
  readonly #scans = this.#counter('scans_total', 'Images judged, by result.', ['result']);
  readonly #notifications = this.#counter('notifications_total', 'Attempts to deliver a notice.', [
    'channel',
    'result',
  ]);
  readonly #passSeconds = this.#histogram('pass_duration_seconds', 'How long passes took.');
  readonly #scanSeconds = this.#histogram('scan_duration_seconds', 'How long scans of single images took.');
  readonly #vulnerabilities = this.#gauge(
    'image_vulnerabilities',
    'Findings of the last pass, of the severities that are reported.',
    ['image', 'severity', 'fixable'],
  );
  readonly #new = this.#gauge('image_new_findings', 'Findings that the last pass told as new.', ['image']);
  readonly #judged = this.#gauge('image_scan_timestamp_seconds', 'When a pass last judged the image.', ['image']);
  readonly #images = this.#gauge('images', 'Images of the last pass by what became of them.', ['status']);
  readonly #databaseUpdated = this.#gauge(
    'db_updated_timestamp_seconds',
    'When the vulnerability database was built.',
    [],
  );
  readonly #lastEnd = this.#gauge('run_last_success_timestamp_seconds', 'When a pass last came to its end.', []);
  readonly #outbox: () => Outbox | null;

  constructor(facts: MetricsFacts) {
    this.#outbox = facts.outbox;
    this.#gauge('build_info', 'The version that runs.', ['version']).set({ version: facts.version }, 1);
    this.#observeHost(facts.host);
    this.#observeOutbox();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The text of `/metrics`, in the form that Prometheus reads. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Shows a pass as the last one, be it one that an earlier process made. */
  show(pass: LastPass): void {
    if (pass.last_end_at !== null) this.#lastEnd.set(Date.parse(pass.last_end_at) / 1000);
    if (pass.totals === null) return;
    if (pass.db_updated_at !== null) this.#databaseUpdated.set(Date.parse(pass.db_updated_at) / 1000);
    const { scanned, reused, failed, skipped } = pass.totals;
    for (const [status, count] of Object.entries({ scanned, reused, failed, skipped }))
      this.#images.set({ status }, count);
    for (const gauge of [this.#vulnerabilities, this.#new, this.#judged]) gauge.reset();
    for (const image of pass.images) this.#showImage(image, Date.parse(pass.ended_at ?? pass.started_at) / 1000);
  }

  countPass(outcome: LastPass['outcome'], seconds: number, document: HostScanDocument | null): void {
    this.#passes.inc({ outcome });
    this.#passSeconds.observe(seconds);
    if (document === null) return;
    const { scanned, reused, failed, skipped } = document.totals;
    for (const [result, count] of Object.entries({ complete: scanned, reused, failed, skipped }))
      this.#scans.inc({ result }, count);
  }

  countScan(seconds: number): void {
    this.#scanSeconds.observe(seconds);
  }

  /** Passes that came due while one was running, and were not made. */
  countSkippedPasses(count: number): void {
    this.#skipped.inc(count);
  }

  /** The same outbox, each attempt counted. */
  watch(outbox: Outbox): Outbox {
    const count = (channel: Channel, result: DeliveryResult): void => this.#notifications.inc({ channel, result });
    return {
      heads: () => outbox.heads(),
      find: (message) => outbox.find(message),
      deadLetters: (limit) => outbox.deadLetters(limit),
      state: () => outbox.state(),
      recordSent: (delivery, at) => {
        outbox.recordSent(delivery, at);
        count(delivery.channel, 'sent');
      },
      recordRetry: (delivery, attempt) => {
        outbox.recordRetry(delivery, attempt);
        count(delivery.channel, 'retried');
      },
      recordRefused: (delivery, attempt) => {
        const outcome = outbox.recordRefused(delivery, attempt);
        count(delivery.channel, outcome === 'dead' ? 'dead' : 'retried');
        return outcome;
      },
      giveUp: (bounds, at) => outbox.giveUp(bounds, at),
      retry: (recipient) => outbox.retry(recipient),
      waiting: (limit) => outbox.waiting(limit),
    };
  }

  #showImage({ reference: image, fixable, unfixable, new: told }: ImageFacts, judgedAt: number): void {
    for (const severity of SEVERITIES) {
      this.#vulnerabilities.set({ image, severity, fixable: 'true' }, fixable[severity]);
      this.#vulnerabilities.set({ image, severity, fixable: 'false' }, unfixable[severity]);
    }
    this.#new.set({ image }, told);
    this.#judged.set({ image }, judgedAt);
  }

  #observeHost(host: MetricsFacts['host']): void {
    const gauge = new Gauge({
      name: 'image_scanner_host_info',
      help: 'What the host is called.',
      labelNames: ['host'],
      registers: [this.#registry],
      collect: () => {
        const name = host();
        gauge.reset();
        if (name !== null) gauge.set({ host: name }, 1);
      },
    });
  }

  #observeOutbox(): void {
    const state = () => this.#outbox()?.state() ?? null;
    this.#gauge('outbox_pending', 'Deliveries of notices that wait.', [], () => state()?.pending ?? 0);
    this.#gauge(
      'outbox_held',
      'Deliveries of notices that wait until somebody has changed something.',
      [],
      () => state()?.held ?? 0,
    );
    this.#gauge('outbox_dead', 'Deliveries of notices that were given up.', [], () => state()?.dead ?? 0);
    this.#gauge('outbox_oldest_seconds', 'Age of the oldest notice that waits.', [], () => {
      const oldest = state()?.oldestPendingAt ?? null;
      return oldest === null ? 0 : Math.max(0, (Date.now() - Date.parse(oldest)) / 1000);
    });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name: `image_scanner_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string): Histogram {
    return new Histogram({ name: `image_scanner_${name}`, help, buckets: SECONDS, registers: [this.#registry] });
  }

  #gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    look?: () => number,
  ): Gauge<Label> {
    return new Gauge({
      name: `image_scanner_${name}`,
      help,
      labelNames,
      registers: [this.#registry],
      ...(look !== undefined && {
        collect() {
          this.set(look());
        },
      }),
    });
  }
}
