import { domainToASCII } from 'node:url';

/** A label of a host name is no longer. */
const maxLength = 63;

/** A name as one label of a host name: `apps/api` is `apps-api`. Undefined when nothing of it can stand there. */
export function hostLabel(name: string): string | undefined {
  const words = name.toLowerCase().replace(/[^\p{L}\p{N}\p{M}]+/gu, '-');
  const label = domainToASCII(words.replace(/^-+|-+$/g, ''));
  return label === '' || label.length > maxLength ? undefined : label;
}
