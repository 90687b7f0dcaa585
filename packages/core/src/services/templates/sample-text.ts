import { firstPort } from '../../ports/port-range.ts';
import { serviceUrl } from '../../ports/service-url.ts';
import { fillTemplate, referencesIn } from './template-syntax.ts';

/** The text with sample values for its templates; undefined if the value of a template cannot be predicted. */
export function sampleText(text: string): string | undefined {
  if (referencesIn(text).some(({ kind }) => kind === 'variable' || kind === 'malformed')) return undefined;
  return fillTemplate(text, (reference) => {
    const isUrl = reference.kind === 'service' && reference.property === 'url';
    return isUrl ? serviceUrl(firstPort) : String(firstPort);
  });
}
