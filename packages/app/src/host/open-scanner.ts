import { silentLog } from '@scanner/core';
import { findIgzip, openTrivyScanner, type TrivyScanner, type TrivyScannerOptions } from '@scanner/scanner';

export interface OpenScannerOptions extends Omit<TrivyScannerOptions, 'gunzip'> {
  /** The search path in which igzip may be looked for; null to do without. */
  readonly igzipIn: string | null;
}

/** In a file of its own, to be loaded when there is something to scan: it is most of what a pass stands on. */
export const openScanner = async ({ igzipIn, ...options }: OpenScannerOptions): Promise<TrivyScanner> => {
  const igzip = igzipIn === null ? null : await findIgzip(igzipIn, options.log ?? silentLog);
  return openTrivyScanner({ ...options, ...(igzip !== null && { gunzip: igzip }) });
};
