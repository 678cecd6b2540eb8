import { readFile } from 'node:fs/promises';
import { Agent as PlainAgent, IncomingMessage } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { addAbortSignal } from 'node:stream';

import { ScannerError } from '@scanner/core';
import type Docker from 'dockerode';
import type { z } from 'zod';

import type { DockerEndpoint, DockerTls } from './docker-endpoint.ts';
import { connectionFailure, notDocker, refusal, silence, socketPath } from './engine-failure.ts';

export interface EngineAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface EngineRequest {
  readonly signal: AbortSignal | undefined;
  /** How long the whole answer may take. */
  readonly withinSeconds: number;
}

/** Requests at once; idle connections are kept for the next one until disposal. */
const MOST_CONNECTIONS = 8;
const LARGEST_ANSWER = 256 * 1024 * 1024;
/** Every status is an answer to us: dockerode would read the body of an unexpected one without bound. */
const ANY_STATUS: Readonly<Record<number, true>> = Object.fromEntries(
  Array.from({ length: 500 }, (_, index) => [index + 100, true as const]),
);

/** A conversation with one engine, over dockerode's transport. Dispose of it to close its connections. */
export class EngineConnection implements Disposable {
  readonly endpoint: DockerEndpoint;
  readonly #docker: Docker;
  readonly #agent: PlainAgent;
  #answered = false;

  private constructor(endpoint: DockerEndpoint, docker: Docker, agent: PlainAgent) {
    this.endpoint = endpoint;
    this.#docker = docker;
    this.#agent = agent;
  }

  /** Opens no connection yet. */
  static async open(endpoint: DockerEndpoint): Promise<EngineConnection> {
    const agent = await createAgent(endpoint.tls);
    // Loaded here, since it costs more than all the rest of a command that needs no engine.
    const { default: Docker } = await import('dockerode');
    const settings = { ...address(endpoint), ...OWN_SETTINGS, agent };
    try {
      return new EngineConnection(endpoint, new Docker(settings), agent);
    } catch (cause) {
      // Whatever it is told, dockerode reads these two first.
      throw new ScannerError('DOCKER_HOST or DOCKER_CERT_PATH in the environment cannot be used', {
        code: 'setting_invalid',
        hint: 'correct or unset them, even where --docker-host names the engine',
        cause,
      });
    }
  }

  /**
   * Gets a path, whatever the status.
   *
   * @throws ScannerError `engine_unreachable`, `engine_forbidden`, `engine_lost` or `engine_error`; the signal's reason
   * on abort
   */
  async get(path: string, { signal, withinSeconds }: EngineRequest): Promise<EngineAnswer> {
    const deadline = AbortSignal.timeout(withinSeconds * 1000);
    const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    try {
      const response = await this.#dial(path, either);
      const body = await readText(addAbortSignal(either, response));
      if (body === null) throw notDocker(this.endpoint, path);
      return { status: response.statusCode ?? 0, headers: response.headers, body };
    } catch (error) {
      signal?.throwIfAborted();
      if (ScannerError.is(error)) throw error;
      if (deadline.aborted) throw silence(this.endpoint, withinSeconds, this.#answered);
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

  /**
   * As a stream, since dockerode's own calls never settle when the engine dies in the middle of an answer,
   * take no signal for some, and read without bound.
   */
  async #dial(path: string, abortSignal: AbortSignal): Promise<IncomingMessage> {
    const answer = Promise.withResolvers<IncomingMessage>();
    const [route = '', query] = path.split('?');
    const target = query === undefined ? { path } : { path: `${route}?`, options: parseQuery(query) };
    this.#docker.modem.dial(
      { ...target, method: 'GET', isStream: true, statusCodes: ANY_STATUS, abortSignal },
      (error, response) => {
        if (response instanceof IncomingMessage) answer.resolve(response);
        else answer.reject(error ?? new Error('the engine gave no answer'));
      },
    );
    const response = await answer.promise;
    this.#answered = true;
    return response;
  }
}

const parseQuery = (query: string): Record<string, string> => Object.fromEntries(new URLSearchParams(query));

/** Set, to nothing even, so that dockerode does not take them from the environment. */
const OWN_SETTINGS = {
  ca: undefined,
  cert: undefined,
  key: undefined,
  timeout: undefined,
  version: undefined,
  pathPrefix: '/',
  sshOptions: undefined,
};

const address = ({ host, tls }: DockerEndpoint): Docker.DockerOptions => {
  const path = socketPath(host);
  if (path !== null) return { socketPath: path, host: undefined, port: undefined, protocol: 'http' };
  const { hostname, port } = new URL(host);
  return { socketPath: undefined, host: hostname, port, protocol: tls === null ? 'http' : 'https' };
};

const createAgent = async (tls: DockerTls | null): Promise<PlainAgent> => {
  const kept = { keepAlive: true, maxSockets: MOST_CONNECTIONS };
  if (tls === null) return new PlainAgent(kept);
  const [ca, cert, key] = await Promise.all([tls.ca, tls.cert, tls.key].map(readPem));
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

/** `null` when it is longer than any engine's answer. */
const readText = async (response: IncomingMessage): Promise<string | null> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > LARGEST_ANSWER) return null;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
};
