import {
  type CommandContext,
  type CommonFlags,
  EXIT,
  type ExitCode,
  holder,
  placeOf,
  readSettings,
} from '@scanner/app';
import { findTrivy, networkDispatcher, networkEnvironment } from '@scanner/app/host';
import { ScannerError, type TrivyDocument } from '@scanner/core';
import { installTrivy, type InstallProgress, PINNED_TRIVY_VERSION, type TrivyBinary } from '@scanner/scanner';
import { createLockKeeper } from '@scanner/store';

interface ReleaseFlags extends CommonFlags {
  /** With or without `v`; empty stands for the pinned one. */
  readonly release?: string;
}

interface InstallFlags extends ReleaseFlags {
  readonly method?: 'auto' | 'release' | 'build';
}

/** `gts trivy install`: gets the pinned Trivy into the user's cache. */
export const trivyInstall = async (context: CommandContext, flags: InstallFlags): Promise<ExitCode> => {
  const { settings } = readSettings(context, flags, { layout: 'user' });
  const { cache } = placeOf(settings, context.cwd);
  await using network = networkDispatcher({ env: context.env, log: context.console.log });
  const binary = await installTrivy({
    cacheDir: cache,
    version: flags.release || PINNED_TRIVY_VERSION,
    method: flags.method,
    releasesUrl: settings.TRIVY_RELEASES_URL,
    dispatcher: network.dispatcher,
    buildEnvironment: { ...context.env, ...networkEnvironment(context, { cache }) },
    locks: createLockKeeper(),
    holder: holder(context.commandLine),
    log: context.console.log,
    signal: context.signal,
    onProgress: (progress) => showProgress(context, progress),
  });
  return tell(context, binary);
};

/** `gts trivy version`: says which Trivy the other commands use, and whether it is the one that is wanted. */
export const trivyVersion = async (context: CommandContext, flags: ReleaseFlags): Promise<ExitCode> => {
  const { settings } = readSettings(context, flags, { layout: 'user' });
  const place = placeOf(settings, context.cwd);
  const found = await findTrivy({ context, settings, place }, context.signal);
  if (flags.release !== undefined) requireRelease(found, flags.release || PINNED_TRIVY_VERSION);
  return tell(context, found);
};

const requireRelease = ({ path, version }: TrivyBinary, written: string): void => {
  const wanted = written.replace(/^v/, '');
  if (version === wanted) return;
  throw new ScannerError(`${path} is Trivy ${version}, not ${wanted}`, {
    code: 'trivy_unverified',
    hint: `name another with TRIVY_PATH, or get it: gts trivy install --release ${wanted}`,
  });
};

/** Roughly how many Go packages Trivy is made of. */
const GO_PACKAGES = 2500;

const showProgress = ({ console }: CommandContext, progress: InstallProgress): void => {
  if (progress.step === 'build')
    console.progress.update({
      done: Math.min(progress.packages, GO_PACKAGES),
      total: GO_PACKAGES,
      unit: 'packages',
      what: 'building Trivy',
    });
  else if (progress.totalBytes !== null)
    console.progress.update({
      done: toMegabytes(progress.receivedBytes),
      total: toMegabytes(progress.totalBytes),
      unit: 'MB',
      what: 'downloading Trivy',
    });
};

const toMegabytes = (bytes: number): number => Math.ceil(bytes / 1_000_000);

const tell = async (
  { console }: CommandContext,
  { version, path, origin, warnings }: TrivyBinary,
): Promise<ExitCode> => {
  for (const warning of warnings) console.log.warn(warning);
  const document: TrivyDocument = { schema: 'gts.trivy/1', version, path, origin };
  if (console.json) await console.document(document);
  else await console.result(`Trivy ${version} at ${path} (${ORIGIN[origin]})\n`);
  return EXIT.done;
};

const ORIGIN = { explicit: 'named by TRIVY_PATH', path: 'found in PATH', cache: 'got by gts trivy install' } as const;
