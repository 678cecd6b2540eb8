/** Is told of what is written. What it throws ends the writing. */
export interface WriteWatch {
  readonly spend: (bytes: number) => void;
  /** All that is written, in order. A piece is good until this returns. */
  readonly read?: (piece: Buffer) => void;
}
