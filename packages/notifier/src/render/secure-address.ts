import { webAddress } from '@scanner/core';

const LONGEST = 300;

/** The address as a link may carry it, or null: https only, and no longer than a mail has room for. */
export const secureAddress = (url: string | null): string | null => {
  const address = webAddress(url);
  return address?.startsWith('https:') === true && address.length <= LONGEST ? address : null;
};
