import { lastPort } from '../ports/port-range.ts';
import { sampleText } from '../services/templates/sample-text.ts';
import { referencesIn } from '../services/templates/template-syntax.ts';

export const readyPortProblem = `must be a port from 1 to ${lastPort}, true for the reserved one, or one template like "\${services.db.port}"`;
export const httpProblem = "must be a path like '/health' or a URL";
export const regexProblem = 'must be a regular expression';

/** What is wrong with the target of an HTTP check, as "must …". Targets with templates are checked with sample values, if possible. */
export function findHttpProblem(written: string): string | undefined {
  const target = sampleText(written);
  if (target === undefined) return undefined;
  if (target.startsWith('/')) return /[\s\0]/.test(target) ? httpProblem : undefined;
  return URL.canParse(target) && /^https?:$/.test(new URL(target).protocol) ? undefined : httpProblem;
}

export function findRegexProblem(written: string): string | undefined {
  const text = sampleText(written);
  try {
    return text === undefined || new RegExp(text, 'u') ? undefined : regexProblem;
  } catch {
    return regexProblem;
  }
}

/** A port that is written as text has to be exactly one template. */
export function findPortTemplateProblem(text: string): string | undefined {
  const [reference, ...others] = referencesIn(text);
  if (reference === undefined || others.length > 0 || reference.source !== text) return readyPortProblem;
  const isUrl = reference.kind === 'service' && reference.property === 'url';
  return isUrl ? `must be a port: write \${services.${reference.name}.port}` : undefined;
}
