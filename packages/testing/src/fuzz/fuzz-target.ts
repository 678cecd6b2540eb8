import fc from 'fast-check';

import { ODD_TEXTS } from './odd-texts.ts';

/** A parser, and what it is given. */
export interface FuzzSubject<Input> {
  /** What it reads, for people: `a baseline`. */
  readonly name: string;
  readonly inputs: fc.Arbitrary<Input>;
  /** Whatever it returns must hold no foreign prototype. */
  readonly read: (input: Input) => unknown;
  /** Whether an error is one that the parser documents; none is unless told. */
  readonly mayThrow?: (error: unknown) => boolean;
  /** Where its input is text: turns longer and longer texts into inputs, so that its time can be held against them. */
  readonly ofText?: (text: string) => Input;
}

export interface FuzzOutcome {
  readonly inputs: number;
  /** What went wrong, with what shows it again; null: nothing. */
  readonly fault: string | null;
}

/** A parser that can be fuzzed, whatever it is given. */
export interface FuzzTarget {
  readonly name: string;
  /** Whether its time can be held against the length of its input. */
  readonly grows: boolean;
  /** So many inputs, each from the seed. */
  run(options: { readonly runs: number; readonly seed: number }): Promise<FuzzOutcome>;
  /** One input in two sizes: the second is four times as long, and may take sixteen times as long. */
  grow(options: { readonly seed: number }): Promise<FuzzOutcome>;
}

export const fuzzTarget = <Input>(subject: FuzzSubject<Input>): FuzzTarget => ({
  name: subject.name,
  grows: subject.ofText !== undefined,
  run: (options) => runInputs(subject, options),
  grow: (options) => growInput(subject, options),
});

const runInputs = async <Input>(
  subject: FuzzSubject<Input>,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): Promise<FuzzOutcome> => {
  const property = fc.asyncProperty(subject.inputs, (input) => readOnce(subject, input));
  const details = await fc.check(property, { numRuns: runs, seed });
  return { inputs: details.numRuns, fault: details.failed ? faultOf(details, details.counterexample?.[0]) : null };
};

const LONGEST_SHOWN = 2000;

interface Failed {
  readonly seed: number;
  readonly counterexamplePath: string | null;
  readonly errorInstance: unknown;
}

const faultOf = ({ seed, counterexamplePath, errorInstance }: Failed, counterexample: unknown): string => {
  const error = errorInstance instanceof Error ? errorInstance.stack : String(errorInstance);
  const input = fc.stringify(counterexample).slice(0, LONGEST_SHOWN);
  return `seed ${seed}, path ${counterexamplePath ?? 'none'}: ${error}\ninput: ${input}`;
};

const readOnce = async <Input>({ read, mayThrow = () => false }: FuzzSubject<Input>, input: Input): Promise<void> => {
  try {
    checkPrototypes(await read(input));
  } catch (error) {
    if (error instanceof Pollution || !mayThrow(error)) throw error;
  }
};

/** What was read, or what JavaScript itself stands on, has got something from its input that is not its own. */
class Pollution extends Error {
  override readonly name = 'Pollution';
}

const SHARED = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Map.prototype];
const BEFORE = SHARED.map((prototype) => Reflect.ownKeys(prototype).length);

const checkPrototypes = (value: unknown): void => {
  if (SHARED.some((prototype, index) => Reflect.ownKeys(prototype).length !== BEFORE[index]))
    throw new Pollution('a shared prototype was changed');
  const seen = new Set<object>();
  const open = [value];
  for (const one of open) {
    if (typeof one !== 'object' || one === null || seen.has(one) || ArrayBuffer.isView(one)) continue;
    seen.add(one);
    if ('polluted' in one && !Object.hasOwn(one, 'polluted'))
      throw new Pollution('a value has a prototype of its input');
    if (seen.size < MOST_VALUES) open.push(...contentsOf(one));
  }
};

const MOST_VALUES = 20_000;
const MOST_CONTENTS = 10_000;

const contentsOf = (value: object): unknown[] => {
  const contents = value instanceof Map || value instanceof Set ? [...value.values()] : Object.values(value);
  return contents.slice(0, MOST_CONTENTS);
};

const SMALL = 16 * 1024;
const TIMES = 4;
/** Four times the input, and the same again for what a machine under load adds. */
const MOST_TIMES = TIMES * TIMES;
/** What takes less shows nothing of growth. */
const LEAST_MS = 200;
const ATTEMPTS = 3;

const growInput = async <Input>(
  subject: FuzzSubject<Input>,
  { seed }: { readonly seed: number },
): Promise<FuzzOutcome> => {
  const { ofText } = subject;
  if (ofText === undefined) return { inputs: 0, fault: null };
  const [sample] = fc.sample(fc.tuple(subject.inputs.map(textOf), part, part, pumped), { seed, numRuns: 1 });
  if (sample === undefined) return { inputs: 0, fault: null };
  const [text, from, to, piece] = sample;
  const pump = piece ?? text.slice(from * text.length, from * text.length + 1 + to * 30);
  const grown = (size: number): Input =>
    ofText(text.slice(0, from * text.length) + pump.repeat(Math.ceil(size / Math.max(1, pump.length))));
  let ratio = 0;
  let large = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const small = await timeOf(subject, grown(SMALL));
    large = await timeOf(subject, grown(SMALL * TIMES));
    ratio = large / Math.max(small, LEAST_MS / MOST_TIMES);
    if (large < LEAST_MS || ratio < MOST_TIMES) return { inputs: 2, fault: null };
  }
  const what = `${JSON.stringify(pump)} again and again after ${JSON.stringify(text.slice(0, from * text.length).slice(-100))}`;
  return {
    inputs: 2,
    fault: `seed ${seed}: ${TIMES} times the input takes ${ratio.toFixed(0)} times as long (${large.toFixed(0)} ms): ${what}`,
  };
};

const part = fc.double({ min: 0, max: 1, noNaN: true });
const pumped = fc.option(
  fc
    .array(fc.constantFrom(...ODD_TEXTS, 'a', ' ', '- ', 'a=', 'a:', '(', '['), { minLength: 1, maxLength: 4 })
    .map((all) => all.join('')),
);

/** Of an input of several parts, the longest that is text. */
const textOf = (input: unknown): string => {
  if (typeof input === 'string') return input;
  if (Buffer.isBuffer(input)) return input.toString('latin1');
  const parts = typeof input === 'object' && input !== null ? Object.values(input).map(textOf) : [];
  return parts.reduce((longest, text) => (text.length > longest.length ? text : longest), '');
};

/** What goes wrong besides is for the inputs to show that are not made for this. */
const timeOf = async <Input>(subject: FuzzSubject<Input>, input: Input): Promise<number> => {
  const started = performance.now();
  await readOnce(subject, input).catch(() => {});
  return performance.now() - started;
};
