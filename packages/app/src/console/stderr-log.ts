import type { Log } from '@scanner/core';
import { renderJsonLine, sanitizeForTerminal } from '@scanner/report';

export type LogFormat = 'pretty' | 'json';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** A log for people (one sentence a line) or for machines (one JSON object a line); `debug` only when verbose. */
export const createStderrLog = (
  write: (line: string) => void,
  { quiet, verbose, logFormat }: { readonly quiet: boolean; readonly verbose: boolean; readonly logFormat: LogFormat },
): Log => {
  const format = logFormat === 'json' ? messageAsJson : asSentence;
  const at =
    (level: Level) =>
    (message: string, facts: Readonly<Record<string, unknown>> = {}): void => {
      if (level === 'debug' && !verbose) return;
      if (level === 'info' && quiet) return;
      write(format(level, message, readable(facts)));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn') };
};

/** An error by what it says: JSON knows nothing of it. */
const readable = (facts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, value instanceof Error ? value.message : value]),
  );

/** One message as one line of JSON. */
export const messageAsJson = (level: Level, message: string, facts: Readonly<Record<string, unknown>> = {}): string =>
  renderJsonLine({ time: new Date().toISOString(), level, message, ...facts });

const asSentence = (level: Level, message: string, facts: Readonly<Record<string, unknown>>): string => {
  const named = Object.entries(facts).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const sentence = [message, ...named].join(' ');
  return sanitizeForTerminal(level === 'warn' ? `warning: ${sentence}` : sentence);
};
