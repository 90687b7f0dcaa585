import { domainToASCII } from 'node:url';
import { UsageError } from '@candle/cli-kit';

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/**
 * A domain as it stands in a configuration: `localhost`, `dev.example.com`. Nothing else gets there.
 * @throws UsageError
 */
export function parseDomain(text: string, commandId: string | undefined): string {
  const domain = domainToASCII(text);
  if (domain.split('.').every((part) => label.test(part))) return domain;
  throw new UsageError(`--domain is no domain: ${JSON.stringify(text.slice(0, 100))}`, commandId);
}
