import { firstPort } from '../../ports/port-range.ts';
import { serviceUrl } from '../../ports/service-url.ts';
import { fillTemplate, referencesIn } from './template-syntax.ts';

/** The text as it could be once its templates have values; undefined when one of them could become anything. */
export function sampleText(text: string): string | undefined {
  if (referencesIn(text).some(({ kind }) => kind === 'variable' || kind === 'malformed')) return undefined;
  return fillTemplate(text, (reference) => {
    const isUrl = reference.kind === 'service' && reference.property === 'url';
    return isUrl ? serviceUrl(firstPort) : String(firstPort);
  });
}
