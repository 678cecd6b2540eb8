/** What shows tools as they are stored needs next to nothing of what scans them. */
export { tool } from './tool.ts';
export { top } from './top.ts';
