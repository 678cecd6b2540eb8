/**
 * What the promise comes to, unless the signal is aborted before: the work behind it goes on then.
 *
 * @throws the signal's reason
 */
export const orAborted = async <Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> => {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([answer, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};
