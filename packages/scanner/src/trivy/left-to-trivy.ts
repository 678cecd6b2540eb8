import type { CheckedImage } from './checked-image.ts';

/** An image that a Trivy process has to get and scan by itself. */
export interface LeftToTrivy {
  readonly status: 'left';
  /** Null where what it is made of could not be checked, so that nothing of it may count for other images. */
  readonly checked: CheckedImage | null;
  /** Whether it is known to hold Java archives that cannot be judged. */
  readonly withoutJava: boolean;
  /** Whether any of its layers was analysed for it. */
  readonly analysed: boolean;
}

export const LEFT: LeftToTrivy = { status: 'left', checked: null, withoutJava: false, analysed: false };
