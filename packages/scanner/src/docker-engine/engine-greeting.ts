import type { EngineAnswer, EngineConnection } from './engine-connection.ts';
import { VersionAnswer } from './engine-answers.ts';
import { notDocker, refusal, tooOld } from './engine-failure.ts';

/** The newest API whose answers are tested; newer engines speak it too. */
const NEWEST_TESTED = '1.54';
/** The oldest whose inspect names an image's layers. */
const OLDEST = '1.24';

const FIRST_ANSWER_SECONDS = 10;

/** What an engine says of itself before anything is asked of it. */
export interface EngineGreeting {
  /** The version that both sides speak, e.g. `1.41`. */
  readonly apiVersion: string;
  /** `null` where only a ping is allowed. */
  readonly version: VersionAnswer | null;
}

/**
 * Asks for the engine's versions, and settles on the newest that both sides know.
 *
 * @throws ScannerError `engine_too_old`, and as `EngineConnection.get` does
 */
export const greetEngine = async (
  connection: EngineConnection,
  { signal, patienceSeconds = FIRST_ANSWER_SECONDS }: GreetingOptions,
): Promise<EngineGreeting> => {
  const request = { signal, withinSeconds: patienceSeconds };
  const answer = await connection.get('/version', request);
  const version = answer.status === 200 ? connection.parse('/version', VersionAnswer, answer) : null;
  const spoken = version?.ApiVersion ?? pingedVersion(connection, await connection.get('/_ping', request), answer);
  return { apiVersion: negotiate(connection, spoken, version?.MinAPIVersion ?? OLDEST), version };
};

export interface GreetingOptions {
  readonly signal: AbortSignal | undefined;
  /** How long the engine may take for its first answer. */
  readonly patienceSeconds?: number | undefined;
}

const pingedVersion = (connection: EngineConnection, ping: EngineAnswer, version: EngineAnswer): string => {
  const header = ping.headers['api-version'];
  if (ping.status === 200 && typeof header === 'string') return header;
  throw refusal(connection.endpoint, '/version', version.status, version.body);
};

const negotiate = (connection: EngineConnection, spoken: string, oldestSpoken: string): string => {
  if (!isVersion(spoken)) throw notDocker(connection.endpoint, '/version');
  if (compareVersions(spoken, OLDEST) < 0) throw tooOld(connection.endpoint, spoken, OLDEST);
  const wanted = compareVersions(spoken, NEWEST_TESTED) < 0 ? spoken : NEWEST_TESTED;
  // An engine so new that it has given up what is tested is still worth a try in its own oldest tongue.
  return isVersion(oldestSpoken) && compareVersions(oldestSpoken, wanted) > 0 ? oldestSpoken : wanted;
};

const isVersion = (text: string): boolean => /^\d{1,4}\.\d{1,4}$/.test(text);

const compareVersions = (a: string, b: string): number => {
  const [[majorA = 0, minorA = 0], [majorB = 0, minorB = 0]] = [a.split('.').map(Number), b.split('.').map(Number)];
  return majorA - majorB || minorA - minorB;
};
