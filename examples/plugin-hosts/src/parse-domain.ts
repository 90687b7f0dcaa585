import { domainToASCII } from 'node:url';
import { UsageError } from '@candle/cli-kit';

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/**
 * Parses a domain such as `localhost` or `dev.example.com`. Everything else is rejected, because the domain is written
 * into the configuration.
 * @throws UsageError
 */
export function parseDomain(text: string, commandId: string | undefined): string {
  const domain = domainToASCII(text);
  if (domain.split('.').every((part) => label.test(part))) return domain;
  throw new UsageError(`--domain is not a valid domain: ${JSON.stringify(text.slice(0, 100))}`, commandId);
}
