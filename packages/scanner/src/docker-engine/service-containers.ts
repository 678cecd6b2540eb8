import { z } from 'zod';

import type { DockerEndpoint } from './docker-endpoint.ts';
import { Rows } from './engine-answers.ts';
import { EngineConnection, type EngineRequest } from './engine-connection.ts';
import { refusal, wordsOf } from './engine-failure.ts';
import { greetEngine } from './engine-greeting.ts';
import { payloadsOf } from './log-frames.ts';
import {
  containerOf,
  Inspected,
  isSought,
  ONE_OFF,
  PROJECT,
  rankOf,
  SERVICE,
  type ServiceContainer,
  type SoughtService,
} from './service-container.ts';

const ANSWER_SECONDS = 30;
const STOP_SECONDS = 10;
/** As long as a timer may be. */
const LONGEST_SILENCE_SECONDS = 2_000_000;
const MOST_CONTAINERS = 100;

const Row = z.looseObject({
  Id: z.string().regex(/^[0-9a-f]{64}$/),
  Created: z.number().catch(0),
  Image: z.string().max(1024).catch(''),
});
type Row = z.infer<typeof Row>;

/** The containers by which a service is run, and all that is done with them: the one place where an engine is told to change something. */
export class ServiceContainers implements Disposable {
  readonly #connection: EngineConnection;
  readonly #root: string;
  readonly #signal: AbortSignal | undefined;

  private constructor(connection: EngineConnection, root: string, signal: AbortSignal | undefined) {
    this.#connection = connection;
    this.#root = root;
    this.#signal = signal;
  }

  /** @throws ScannerError as `DockerEngine.list` does */
  static async open(endpoint: DockerEndpoint, signal?: AbortSignal): Promise<ServiceContainers> {
    const connection = await EngineConnection.open(endpoint);
    try {
      const { apiVersion } = await greetEngine(connection, { signal, patienceSeconds: undefined });
      return new ServiceContainers(connection, `/v${apiVersion}`, signal);
    } catch (error) {
      connection[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * Finds those that use the service's directory, whoever started them, before those that only have its name; running ones
   * before others, newer before older. Those that make a single pass do not count.
   *
   * @throws ScannerError as `DockerEngine.list` does
   */
  async find(sought: SoughtService): Promise<readonly ServiceContainer[]> {
    const labels = [`${PROJECT}=${sought.project}`, `${SERVICE}=${sought.service}`, `${ONE_OFF}=False`];
    const rows = [...(await this.#list({ label: labels })), ...(await this.#list({ volume: [sought.mounted.target] }))];
    const newest = [...new Map(rows.map((row) => [row.Id, row])).values()].toSorted((a, b) => b.Created - a.Created);
    const found: ServiceContainer[] = [];
    for (const { Id } of newest) {
      const inspected = await this.#inspect(Id);
      if (inspected !== null && isSought(inspected, sought)) found.push(containerOf(inspected, sought));
    }
    return found.toSorted((a, b) => rankOf(a) - rankOf(b));
  }

  /**
   * @returns the references that the containers of a Compose service were started by
   * @throws ScannerError as `DockerEngine.list` does
   */
  async imagesOf({ project, service }: Pick<SoughtService, 'project' | 'service'>): Promise<readonly string[]> {
    const rows = await this.#list({ label: [`${PROJECT}=${project}`, `${SERVICE}=${service}`] });
    return rows.flatMap(({ Image }) => (Image === '' ? [] : [Image]));
  }

  /**
   * Stops a container in the time that Docker gives, and removes it.
   *
   * @throws ScannerError `engine_error` where the engine refuses, and as `DockerEngine.list` does
   */
  async remove({ id }: Pick<ServiceContainer, 'id'>): Promise<void> {
    const path = `${this.#root}/containers/${id}`;
    await this.#change('POST', `${path}/stop?t=${STOP_SECONDS}`, [204, 304, 404]);
    await this.#change('DELETE', `${path}?force=1`, [204, 404]);
  }

  /**
   * Removes an image by a name of it, with what only it stands on.
   *
   * @returns whether there was one; what still uses it, in the engine's words, where it was kept for that
   * @throws ScannerError as `remove` does
   */
  async removeImage(reference: string): Promise<{ readonly removed: boolean; readonly kept: string | null }> {
    const path = `${this.#root}/images/${encodeURIComponent(reference)}`;
    const { status, body } = await this.#change('DELETE', path, [200, 404, 409]);
    return { removed: status === 200, kept: status === 409 ? wordsOf(body) : null };
  }

  /** @returns the IDs of the images without a name that have this label */
  async untaggedImages(label: string): Promise<readonly string[]> {
    const filters = encodeURIComponent(JSON.stringify({ dangling: ['true'], label: [label] }));
    const rows = await this.#connection.getJson(`${this.#root}/images/json?filters=${filters}`, Rows, this.#request);
    return rows.flatMap((row) => ImageRow.safeParse(row).data?.Id ?? []);
  }

  /**
   * What a container has written, piece by piece, on both of its streams.
   *
   * @param tail so many lines from the end; all of them without it
   * @throws ScannerError as `DockerEngine.list` does
   */
  async *logs(
    { id }: Pick<ServiceContainer, 'id'>,
    { tail, follow, signal }: { readonly tail?: number; readonly follow: boolean; readonly signal: AbortSignal },
  ): AsyncGenerator<Buffer> {
    const query = `stdout=1&stderr=1&tail=${tail ?? 'all'}&follow=${follow ? 1 : 0}`;
    const path = `${this.#root}/containers/${id}/logs?${query}`;
    await using stream = await this.#connection.stream(path, { signal, silentSeconds: LONGEST_SILENCE_SECONDS });
    yield* payloadsOf(stream);
  }

  [Symbol.dispose](): void {
    this.#connection[Symbol.dispose]();
  }

  get #request(): EngineRequest {
    return { signal: this.#signal, withinSeconds: ANSWER_SECONDS };
  }

  async #list(filters: Readonly<Record<string, readonly string[]>>): Promise<Row[]> {
    const query = `all=1&filters=${encodeURIComponent(JSON.stringify(filters))}`;
    const rows = await this.#connection.getJson(`${this.#root}/containers/json?${query}`, Rows, this.#request);
    return rows.flatMap((row) => Row.safeParse(row).data ?? []).slice(0, MOST_CONTAINERS);
  }

  /** Null for one that is gone meanwhile. */
  async #inspect(id: string): Promise<Inspected | null> {
    const path = `${this.#root}/containers/${id}/json`;
    const answer = await this.#connection.get(path, this.#request);
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw refusal(this.#connection.endpoint, path, answer.status, answer.body);
    return this.#connection.parse(path, Inspected, answer);
  }

  async #change(method: 'POST' | 'DELETE', path: string, expected: readonly number[]) {
    const answer = await this.#connection.change(method, path, this.#request);
    if (expected.includes(answer.status)) return answer;
    throw refusal(this.#connection.endpoint, path, answer.status, answer.body);
  }
}

const ImageRow = z.looseObject({ Id: z.string().max(1024) });
