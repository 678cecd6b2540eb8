import { fileURLToPath } from 'node:url';

import { type Ended, type Environment, programUser, type ProgramUser, type UserOptions } from '@scanner/testing';

export type { Ended, Environment, RunningProgram as RunningGts } from '@scanner/testing';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Somebody who runs the built `gts`. */
export interface GtsUser extends ProgramUser {
  /** Runs a command to its end. */
  gts(args: readonly string[], environment?: Environment): Promise<Ended>;
}

/** As `programUser`, for `gts`. */
export const gtsUser = async (environment: Environment = {}, options: UserOptions = {}): Promise<GtsUser> => {
  const user = await programUser(MAIN, environment, options);
  return { ...user, gts: (args, more) => user.run(args, more) };
};
