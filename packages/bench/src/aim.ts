import { spreadOf } from './statistics.ts';
import type { Spread } from './statistics.ts';

/** A figure beside what it should be. Nothing fails when it is missed: machines differ. */
export interface Aim {
  /** What is measured. */
  readonly what: string;
  readonly figure: number;
  /** Between which figures the rounds lay, where there were several. */
  readonly range?: Pick<Spread, 'min' | 'max'>;
  readonly unit: string;
  readonly bound: 'at most' | 'at least';
  readonly aim: number;
}

/** What is wanted of a figure. */
export type Wanted = Pick<Aim, 'what' | 'unit' | 'bound' | 'aim'>;

/** An aim with the median of what the rounds gave. Throws a `RangeError` when there were none. */
export function aimOver(wanted: Wanted, values: readonly number[]): Aim {
  const { median, min, max } = spreadOf(values);
  return { ...wanted, figure: median, range: { min, max } };
}

export function isMet({ figure, bound, aim }: Aim): boolean {
  return bound === 'at most' ? figure <= aim : figure >= aim;
}

/** For programs: each aim with the verdict. */
export function judged(aims: readonly Aim[]): (Aim & { readonly met: boolean })[] {
  return aims.map((aim) => ({ ...aim, met: isMet(aim) }));
}

/** The cells of a table: what, figure with its range, aim, whether it is met. */
export function aimCells(aim: Aim): string[] {
  const { what, figure, range, unit, bound } = aim;
  const verdict = isMet(aim) ? 'met' : 'NOT MET';
  const measured = `${short(figure)}${unit}`;
  const within = range === undefined ? '' : ` (${short(range.min)}–${short(range.max)})`;
  return [what, `${measured}${within}`, `${bound} ${short(aim.aim)}${unit}`, verdict];
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
