/** A figure beside what it should be. Nothing fails when it is missed: machines differ. */
export interface Aim {
  /** What is measured. */
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  readonly bound: 'at most' | 'at least';
  readonly aim: number;
}

export function isMet({ figure, bound, aim }: Aim): boolean {
  return bound === 'at most' ? figure <= aim : figure >= aim;
}

/** The cells of a table: what, figure, aim, whether it is met. */
export function aimCells(aim: Aim): string[] {
  const { what, figure, unit, bound } = aim;
  const verdict = isMet(aim) ? 'met' : 'NOT MET';
  return [what, `${short(figure)}${unit}`, `${bound} ${short(aim.aim)}${unit}`, verdict];
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
