import { readFile } from 'node:fs/promises';
import type { Agent, IncomingMessage } from 'node:http';
import { addAbortSignal } from 'node:stream';

import { ScannerError } from '@scanner/core';
import type { z } from 'zod';

import type { DockerEndpoint, DockerTls } from './docker-endpoint.ts';
import { connectionFailure, notDocker, refusal, silence, socketPath, tooLong } from './engine-failure.ts';
import { JsonSieve } from './json-sieve.ts';
import type { WantedFields } from './json-sieve.ts';
import { PlainAnswer } from './plain-answer.ts';

export interface EngineAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface EngineRequest {
  readonly signal: AbortSignal | undefined;
  /** How long the whole answer may take. */
  readonly withinSeconds: number;
  /** What is read of a long answer: labels can make it longer than can be held. */
  readonly wanted?: WantedFields;
}

export interface EngineStreamRequest {
  readonly signal: AbortSignal;
  readonly silentSeconds: number;
}

type Method = 'GET' | 'POST' | 'DELETE';

interface Dialled {
  readonly method: Method;
  readonly signal: AbortSignal;
  readonly silentSeconds?: number;
}

/** What is read piece by piece: a piece is good until the next one is asked for. Dispose of it to hang up. */
export type EngineStream = AsyncIterable<Buffer> & AsyncDisposable;

/** As an import it would bring a second HTTP client with it, for its WebSocket, which takes longer than all else here. */
const plain = process.getBuiltinModule('node:http');
const secure = () => process.getBuiltinModule('node:https');

/** Else the agent makes a name for TLS, and to see whether the host is an address is a fiftieth of a short command. */
const NAMELESS = { servername: '' };

/** Requests at once; idle connections are kept for the next one until disposal. */
const MOST_CONNECTIONS = 8;
const LARGEST_ANSWER = 256 * 1024 * 1024;
/** Up to this it is read whole, which is faster. */
const LONG_ANSWER = 4 * 1024 * 1024;

/** A conversation with one engine. Dispose of it to close its connections. */
export class EngineConnection implements Disposable {
  readonly endpoint: DockerEndpoint;
  readonly #agent: Agent;
  #answered = false;

  private constructor(endpoint: DockerEndpoint, agent: Agent) {
    this.endpoint = endpoint;
    this.#agent = agent;
  }

  /**
   * Opens no connection yet.
   *
   * @throws ScannerError `setting_invalid` for TLS files that cannot be read
   */
  static async open(endpoint: DockerEndpoint): Promise<EngineConnection> {
    return new EngineConnection(endpoint, await createAgent(endpoint.tls));
  }

  /**
   * Gets a path, whatever the status.
   *
   * @throws ScannerError `engine_unreachable`, `engine_forbidden`, `engine_lost` or `engine_error`; the signal's reason
   * on abort
   */
  get(path: string, request: EngineRequest): Promise<EngineAnswer> {
    return this.#ask('GET', path, request);
  }

  /**
   * Has the engine change something, whatever the status of its answer.
   *
   * @throws ScannerError as `get` does
   */
  change(method: 'POST' | 'DELETE', path: string, request: EngineRequest): Promise<EngineAnswer> {
    return this.#ask(method, path, request);
  }

  async #ask(method: Method, path: string, { signal, withinSeconds, wanted }: EngineRequest): Promise<EngineAnswer> {
    const deadline = AbortSignal.timeout(withinSeconds * 1000);
    const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    try {
      const response = await this.#dial(path, { method, signal: either });
      const body = await readText(addAbortSignal(either, response), wanted);
      if (body === null) throw tooLong(this.endpoint, path, LARGEST_ANSWER);
      return { status: response.statusCode ?? 0, headers: response.headers, body };
    } catch (error) {
      signal?.throwIfAborted();
      if (ScannerError.is(error)) throw error;
      if (deadline.aborted) throw silence(this.endpoint, withinSeconds, this.#answered);
      throw await connectionFailure(error, this.endpoint, this.#answered);
    }
  }

  /**
   * Gets a path that answers with more than can be held: the answer itself, to be read while the connection is open.
   * Ends in an error once nothing comes for so long.
   *
   * @throws ScannerError as `get` does, and `engine_error` for any status but 200
   */
  async stream(path: string, request: EngineStreamRequest): Promise<EngineStream> {
    const { signal } = request;
    try {
      const { status, body } = await this.#open(path, request);
      if (status === 200) return body;
      throw refusal(this.endpoint, path, status, (await readText(body)) ?? '');
    } catch (error) {
      signal.throwIfAborted();
      if (ScannerError.is(error)) throw error;
      throw await connectionFailure(error, this.endpoint, this.#answered);
    }
  }

  /**
   * Gets a path that must answer 200 with JSON of this shape.
   *
   * @throws ScannerError as `get` does
   */
  async getJson<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    request: EngineRequest,
  ): Promise<z.infer<Schema>> {
    const answer = await this.get(path, request);
    if (answer.status !== 200) throw refusal(this.endpoint, path, answer.status, answer.body);
    return this.parse(path, schema, answer);
  }

  /** @throws ScannerError `engine_error` when the answer is not JSON of this shape */
  parse<Schema extends z.ZodType>(path: string, schema: Schema, { body }: EngineAnswer): z.infer<Schema> {
    try {
      return schema.parse(JSON.parse(body));
    } catch (error) {
      throw notDocker(this.endpoint, path, error);
    }
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  async #open(
    path: string,
    { signal, silentSeconds }: EngineStreamRequest,
  ): Promise<{ status: number; body: EngineStream }> {
    if (this.endpoint.tls !== null) {
      const body = await this.#dial(path, { method: 'GET', signal, silentSeconds });
      return { status: body.statusCode ?? 0, body };
    }
    const body = await PlainAnswer.to({
      address: address(this.endpoint),
      path,
      signal,
      silentMs: silentSeconds * 1000,
      silence: () => silence(this.endpoint, silentSeconds, this.#answered),
    });
    if (body === null) throw notDocker(this.endpoint, path);
    return { status: body.status, body };
  }

  #dial(path: string, { method, signal, silentSeconds }: Dialled): Promise<IncomingMessage> {
    const answer = Promise.withResolvers<IncomingMessage>();
    const { request: send } = this.endpoint.tls === null ? plain : secure();
    const where = address(this.endpoint);
    const to = 'path' in where ? { socketPath: where.path, ...NAMELESS } : where;
    const request = send({ ...to, method, path, agent: this.#agent, signal }, (response) => {
      this.#answered = true;
      answer.resolve(response);
    });
    if (silentSeconds !== undefined)
      request.setTimeout(silentSeconds * 1000, () =>
        request.destroy(silence(this.endpoint, silentSeconds, this.#answered)),
      );
    request.on('error', answer.reject).end();
    return answer.promise;
  }
}

const address = ({ host }: DockerEndpoint): { path: string } | { host: string; port: number } => {
  const path = socketPath(host);
  if (path !== null) return { path };
  const { hostname, port } = new URL(host);
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
};

const createAgent = async (tls: DockerTls | null): Promise<Agent> => {
  const kept = { keepAlive: true, maxSockets: MOST_CONNECTIONS };
  if (tls === null) return new plain.Agent(kept);
  const [ca, cert, key] = await Promise.all([tls.ca, tls.cert, tls.key].map(readPem));
  const { Agent: SecureAgent } = secure();
  return new SecureAgent({ ...kept, ca, cert, key, rejectUnauthorized: tls.verify });
};

const readPem = async (file: string | null): Promise<Buffer | undefined> => {
  if (file === null) return undefined;
  try {
    return await readFile(file);
  } catch (cause) {
    throw new ScannerError(`the TLS file ${file} for the Docker engine cannot be read`, {
      code: 'setting_invalid',
      hint: 'make it readable, or name another engine with --docker-host',
      cause,
    });
  }
};

/** `null` when it is longer than any engine's answer, or what is wanted of it is. */
const readText = async (response: AsyncIterable<Uint8Array>, wanted?: WantedFields): Promise<string | null> => {
  const chunks: Buffer[] = [];
  let size = 0;
  let sieve: JsonSieve | null = null;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (sieve === null) chunks.push(bytes);
    else if (!sieve.push(bytes)) return null;
    if (wanted === undefined && size > LARGEST_ANSWER) return null;
    if (wanted === undefined || sieve !== null || size <= LONG_ANSWER) continue;
    sieve = new JsonSieve(wanted, LARGEST_ANSWER);
    if (!sieve.push(Buffer.concat(chunks.splice(0)))) return null;
  }
  return sieve === null ? Buffer.concat(chunks).toString('utf8') : sieve.text();
};
