import { constants, type Stats } from 'node:fs';
import { access, open, realpath, stat } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';

import { ScannerError } from '@scanner/core';

/** `e_machine` of an ELF file, for the processors that Node runs on. */
const ELF_MACHINES = {
  ia32: 3,
  ppc64: 21,
  s390x: 22,
  arm: 40,
  x64: 62,
  arm64: 183,
  riscv64: 243,
  loong64: 258,
} as const;
const ALSO_RUNS: Readonly<Record<string, string>> = { x64: 'ia32', arm64: 'arm' };

const HINT = 'name another Trivy, or get one: gts trivy install';

/** A regular file that this user may run, with every link followed. */
export interface ExecutableFile {
  readonly path: string;
  readonly stats: Stats;
}

/** The first of that name in a search path, as a shell would find it; entries that are not absolute are left out. */
export const findInSearchPath = async (name: string, searchPath: string): Promise<string | null> => {
  for (const directory of searchPath.split(delimiter)) {
    if (!isAbsolute(directory)) continue;
    const candidate = join(directory, name);
    if (await isExecutableFile(candidate)) return candidate;
  }
  return null;
};

const isExecutableFile = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
};

/**
 * Checks what can be checked without running it.
 *
 * @throws ScannerError `trivy_missing`, `trivy_not_executable`, or `trivy_broken` when no program for this machine is in it
 */
export const openExecutable = async (path: string): Promise<ExecutableFile> => {
  const file = await resolveFile(path);
  if (!file.stats.isFile()) {
    throw new ScannerError(`${path} is ${file.stats.isDirectory() ? 'a directory' : 'not a regular file'}, not Trivy`, {
      code: 'trivy_not_executable',
      hint: 'name the program itself',
    });
  }
  try {
    await access(file.path, constants.X_OK);
  } catch (cause) {
    throw new ScannerError(`${path} may not be executed by this user`, {
      code: 'trivy_not_executable',
      hint: `chmod +x ${path}`,
      cause,
    });
  }
  await checkFormat(file.path);
  return file;
};

const resolveFile = async (path: string): Promise<ExecutableFile> => {
  try {
    const real = await realpath(path);
    return { path: real, stats: await stat(real) };
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM')) {
      throw new ScannerError(`${path} cannot be reached by this user`, {
        code: 'trivy_not_executable',
        hint: 'give this user access to its directory',
        cause,
      });
    }
    throw new ScannerError(`there is no Trivy at ${path}`, { code: 'trivy_missing', hint: HINT, cause });
  }
};

/** The C library hands whatever the kernel does not know to a shell, so foreign files are refused before. */
const checkFormat = async (path: string): Promise<void> => {
  if (platform() !== 'linux') return;
  const head = await readHead(path);
  if (head.subarray(0, 2).toString('latin1') === '#!') return;
  if (head.subarray(0, 4).toString('latin1') !== '\x7fELF' || head.length < 20) {
    throw new ScannerError(`${path} is no program`, { code: 'trivy_broken', hint: HINT });
  }
  const machine = head[5] === 2 ? head.readUInt16BE(18) : head.readUInt16LE(18);
  const builtFor = Object.entries(ELF_MACHINES).find(([, code]) => code === machine)?.[0] ?? `processor ${machine}`;
  if (builtFor !== arch() && builtFor !== ALSO_RUNS[arch()]) {
    throw new ScannerError(`${path} is built for ${builtFor}, this machine is ${arch()}`, {
      code: 'trivy_broken',
      hint: HINT,
    });
  }
};

const readHead = async (path: string): Promise<Buffer> => {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(20), 0, 20, 0);
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    throw new ScannerError(`${path} cannot be read`, { code: 'trivy_not_executable', hint: `chmod +r ${path}`, cause });
  }
};

const currentUser = (): { uid: number; gid: number } | null => {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  return uid === undefined || gid === undefined ? null : { uid, gid };
};

/** Who besides this user and root can exchange the program, as a sentence; null when nobody can. */
export const describeForeignHands = (
  { path, stats }: ExecutableFile,
  user: { readonly uid: number; readonly gid: number } | null = currentUser(),
): string | null => {
  if (user === null) return null;
  if ((stats.mode & 0o002) !== 0) return `${path} can be changed by every user of this machine`;
  if ((stats.mode & 0o020) !== 0 && stats.gid !== 0 && stats.gid !== user.gid) {
    return `${path} can be changed by the users of group ${stats.gid}`;
  }
  if (stats.uid !== 0 && stats.uid !== user.uid) return `${path} belongs to another user (uid ${stats.uid})`;
  return null;
};
