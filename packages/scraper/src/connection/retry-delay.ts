const FIRST_DELAY_MS = 500;
const MOST_DOUBLINGS = 30;

/** How long to wait before the attempt that follows `failures` failed ones: doubled each time, half of it by chance. */
export const retryDelayMs = (failures: number, random: number): number => {
  const delay = FIRST_DELAY_MS * 2 ** Math.min(failures - 1, MOST_DOUBLINGS);
  return delay / 2 + (delay / 2) * random;
};
