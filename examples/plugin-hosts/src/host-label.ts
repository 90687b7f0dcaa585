import { domainToASCII } from 'node:url';

/** Maximum length of a label in a host name. */
const maxLength = 63;

/** Converts a name to a label of a host name: `apps/api` becomes `apps-api`. Undefined if that is not possible. */
export function hostLabel(name: string): string | undefined {
  const words = name.toLowerCase().replace(/[^\p{L}\p{N}\p{M}]+/gu, '-');
  const label = domainToASCII(words.replace(/^-+|-+$/g, ''));
  return label === '' || label.length > maxLength ? undefined : label;
}
