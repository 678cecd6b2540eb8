import type { ImageReport, Totals } from './host-scan-document.ts';
/** Counts what came of each image. */
export declare const totalsOf: (images: readonly ImageReport[]) => Totals;
