import { homedir } from 'node:os';
import { delimiter, isAbsolute } from 'node:path';

import { ScannerError } from '@scanner/core';

import type { CommandContext } from './command-context.ts';

/** As `engines` in this package's description says, which npm only warns of. */
export const OLDEST_NODE = '24.16';

const WRITABLE_BY_OTHERS = 0o022;

/** Whatever the umask: neither what we make nor what a program of ours makes is for other users to write to. */
export const letOthersWriteNothing = (host: Pick<NodeJS.Process, 'umask'>): void => {
  const before = host.umask(WRITABLE_BY_OTHERS);
  host.umask(before | WRITABLE_BY_OTHERS);
};

/**
 * What a command is told of the place it runs in.
 *
 * @throws ScannerError `usage` for a Node that is too old, `directory_unusable` where the working directory is gone
 */
export const surroundings = (
  host: Pick<NodeJS.Process, 'cwd' | 'env' | 'versions'>,
): Pick<CommandContext, 'cwd' | 'env' | 'home'> => {
  if (isOlder(host.versions.node, OLDEST_NODE)) throw oldNode(host.versions.node);
  return { cwd: workingDirectory(host), env: withSafePath(host.env), home: homeDirectory() };
};

/** Nothing is found in it; an empty search path would mean the working directory. */
const NOWHERE = '/dev/null';

/** Programs are never taken from the working directory, which may hold the files of anybody. */
const withSafePath = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const { PATH: path } = env;
  if (path === undefined) return env;
  const absolute = path.split(delimiter).filter((directory) => isAbsolute(directory));
  return { ...env, PATH: absolute.join(delimiter) || NOWHERE };
};

const isOlder = (version: string, oldest: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number);
  return major === oldestMajor ? minor < oldestMinor : major < oldestMajor;
};

const oldNode = (version: string): ScannerError =>
  new ScannerError(`this is Node ${version}, and gts needs ${OLDEST_NODE} or newer`, {
    code: 'usage',
    hint: 'install a current Node; in a checkout `npm start` brings its own',
  });

const workingDirectory = (host: Pick<NodeJS.Process, 'cwd'>): string => {
  try {
    return host.cwd();
  } catch (cause) {
    throw new ScannerError('the working directory no longer exists or may not be read', {
      code: 'directory_unusable',
      hint: 'change to another directory, then repeat the command',
      cause,
    });
  }
};

/** A user ID that the system has no name for, as in many containers, has no home: then what is looked for there is not there. */
const homeDirectory = (): string => {
  try {
    return homedir() || '/';
  } catch {
    return '/';
  }
};
