/** Where the time comes from: wall clock for what people read, a monotonic one for durations. */
export interface Clock {
  now(): Date;
  /** Milliseconds from a fixed moment, never going back. */
  elapsed(): number;
}
export declare const systemClock: Clock;
