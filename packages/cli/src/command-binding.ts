import type { CommandContext, CommonFlags, ExitCode } from '@scanner/app';

/** A command: does its work and says how it ended; what it throws is told to the user by whoever runs it. */
export type Action<Flags> = (context: CommandContext, flags: Flags, args: readonly string[]) => Promise<ExitCode>;

/** Makes of a command, loaded when it is called, what commander calls. */
export type Bind = <Flags extends CommonFlags>(
  load: () => Promise<Action<Flags>>,
) => (...given: unknown[]) => Promise<void>;
