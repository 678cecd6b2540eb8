import type { Console } from './console/console.ts';

/** What a command may use of the process it runs in; nothing else of it is touched below. */
export interface CommandContext {
  readonly console: Console;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly home: string;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** How this was called, for "repeat with …" lines: without secrets. */
  readonly commandLine: string;
}
