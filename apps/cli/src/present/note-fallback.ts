import { describeFallback, type PortClaim } from '@candle/core';

/** Reports why a service did not get its preferred port. */
export function noteFallback(claim: PortClaim, note: (text: string) => void): void {
  const sentence = describeFallback(claim);
  if (sentence !== undefined) note(sentence);
}
