import { openTrivyScanner, type TrivyScanner, type TrivyScannerOptions } from '@scanner/scanner';

/** In a file of its own, to be loaded when there is something to scan: it is most of what a pass stands on. */
export const openScanner = (options: TrivyScannerOptions): Promise<TrivyScanner> => openTrivyScanner(options);
