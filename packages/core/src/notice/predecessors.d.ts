import type { Predecessor } from './first-sight.ts';
import { type Pass, type PassImage } from './pass.ts';
import type { ToldState } from './told-state.ts';
/** Finds what a reference that was never met goes on from. */
export declare class Predecessors {
  #private;
  constructor({ references }: ToldState, pass: Pass);
  /**
   * The same image under another name; else the one image of the same repository that left the host since the last pass,
   * or that a container of the same name ran before. Where two fit there is none.
   */
  of(reference: string, image: PassImage): Predecessor | undefined;
}
