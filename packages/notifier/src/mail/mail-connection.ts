import { connect, type Socket } from 'node:net';

export interface MailServerAddress {
  readonly host: string;
  readonly port: number;
  /** Milliseconds to look up the name and connect. */
  readonly timeoutMs: number;
}

/**
 * Connects to a mail server by the name service of the system, so that `/etc/hosts` counts as it does for every other
 * program of the machine, and by each of its addresses until one answers.
 *
 * @throws an error of the system with its `code`, `ETIMEDOUT`, or the signal's reason
 */
export const connectToMailServer = (
  { host, port, timeoutMs }: MailServerAddress,
  signal: AbortSignal,
): Promise<Socket> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const socket = connect({ host, port, autoSelectFamily: true });
    const stop = (): void => void socket.destroy(signal.reason);
    const late = setTimeout(
      () => socket.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
      timeoutMs,
    );
    const end = (): void => {
      clearTimeout(late);
      signal.removeEventListener('abort', stop);
      socket.removeAllListeners();
    };
    signal.addEventListener('abort', stop, { once: true });
    socket.once('error', (error) => {
      end();
      socket.on('error', () => {});
      reject(error);
    });
    socket.once('connect', () => {
      end();
      resolve(socket);
    });
  });
