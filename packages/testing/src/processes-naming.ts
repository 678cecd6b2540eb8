import { readdir, readFile } from 'node:fs/promises';

/** A process that is there now. */
export interface NamingProcess {
  readonly pid: number;
  /** With its arguments. */
  readonly commandLine: string;
}

/** All processes whose environment names a path, such as the temporary directory they were given. */
export const processesNaming = async (path: string): Promise<NamingProcess[]> => {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
      if (!environment.includes(path)) return [];
      const commandLine = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
      return commandLine === '' ? [] : [{ pid: Number(name), commandLine: commandLine.replaceAll('\0', ' ').trim() }];
    }),
  );
  return found.flat();
};
