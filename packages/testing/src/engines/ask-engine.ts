import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

const ANSWER_TIMEOUT_MS = 5_000;

/** Asks an engine's socket with GET and returns the body of a successful answer. Throws on any other. */
export async function askEngine(
  socketPath: string,
  path: string,
  signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS),
): Promise<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ socketPath, path, signal }, resolve).on('error', reject).end();
  });
  const body = await text(response);
  if (response.statusCode !== 200) throw new Error(`${path} was answered with ${response.statusCode}: ${body}`);
  return body;
}
