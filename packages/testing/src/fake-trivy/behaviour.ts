import { z } from 'zod';

/** What a fake Trivy does when it is asked to do anything but tell its version. */
export const FakeTrivyBehaviour = z.discriminatedUnion('kind', [
  /** Works for minutes and ignores SIGTERM and SIGINT. */
  z.object({ kind: z.literal('hang') }),
  /** Ends like a crashed Go program, with exit code 2. */
  z.object({ kind: z.literal('crash') }),
  /** Writes so many bytes to one stream, without a line end, and exits with 0. */
  z.object({ kind: z.literal('flood'), stream: z.enum(['stdout', 'stderr']), bytes: z.number() }),
  /** Writes the report to where it was asked to and these texts, and exits. */
  z.object({
    kind: z.literal('answer'),
    report: z.string().optional(),
    stdout: z.string().optional(),
    stderr: z.string().optional(),
    exitCode: z.number().default(0),
  }),
  /** Writes the first half of the report and is killed, as if memory had run out. */
  z.object({ kind: z.literal('half-report'), report: z.string() }),
  /** Writes the report and exits with 0, but leaves a child that holds its output open and ignores SIGTERM. */
  z.object({ kind: z.literal('orphan'), report: z.string() }),
]);
export type FakeTrivyBehaviour = z.input<typeof FakeTrivyBehaviour>;

/** What the fake program is told by the test, in a file beside it. */
export const FakeTrivyOrders = z.object({
  version: z.string(),
  behaviour: FakeTrivyBehaviour,
  /** File that receives one line of JSON per call. */
  callsFile: z.string(),
});
export type FakeTrivyOrders = z.infer<typeof FakeTrivyOrders>;

/** One call of the fake program. */
export const FakeTrivyCall = z.object({
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  workingDirectory: z.string(),
  pid: z.number(),
  /** The child that it left behind. */
  orphanPid: z.number().optional(),
});
export type FakeTrivyCall = z.infer<typeof FakeTrivyCall>;
