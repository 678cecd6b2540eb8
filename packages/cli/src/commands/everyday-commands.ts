/**
 * Loaded as one: a bundler that takes every command apart cuts what they share into many small files, and opening fifty of
 * them is a third of what a short command takes. Commands with large libraries of their own stay apart.
 */
export { accept, baselineImport, baselineTidy } from './accept.ts';
export { baselineDiff, baselineList, baselineRemove, baselineSave, baselineShow } from './baseline.ts';
export { compare } from './compare.ts';
export { demo } from './demo.ts';
export { doctor } from './doctor.ts';
export { hostScan } from './host-scan.ts';
export { image } from './image.ts';
export { noticesList, noticesRetry } from './notices.ts';
export { scan } from './scan.ts';
