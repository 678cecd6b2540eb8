const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

const isUnit = (unit: string): unit is keyof typeof SECONDS => unit in SECONDS;

/**
 * Seconds in a length of time written as a whole number with one unit: `30s`, `90m`, `36h`, `7d`, `1w`.
 * `null` for anything else.
 */
export const parseDuration = (text: string): number | null => {
  const [, count = '', unit = ''] = /^(\d{1,9})([smhdw])$/i.exec(text) ?? [];
  const lowered = unit.toLowerCase();
  return isUnit(lowered) ? Number(count) * SECONDS[lowered] : null;
};

/** Seconds in a length of time as Trivy's flags take it: `5m`, `1h30m`, `90s`, `5m0s`. `null` for anything else. */
export const parseTrivyDuration = (text: string): number | null => {
  const [whole = '', hours = '0', minutes = '0', seconds = '0'] =
    /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/.exec(text) ?? [];
  return whole === '' ? null : Number(hours) * SECONDS.h + Number(minutes) * SECONDS.m + Number(seconds);
};
