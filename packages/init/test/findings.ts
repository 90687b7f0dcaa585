import type { Finding, WrittenService } from '../src/proposal.ts';
import type { SourceContext } from '../src/source.ts';

export const withCompose: SourceContext = { hasCompose: true, platform: 'linux' };

export const withoutCompose: SourceContext = { hasCompose: false, platform: 'linux' };

/** The services as they would be written, by name. */
export function writtenIn({ services }: Finding): Readonly<Record<string, Omit<WrittenService, 'name'>>> {
  return Object.fromEntries(services.map(({ service: { name, ...written } }) => [name, written]));
}

/** Notes as `file:line text`. */
export function linesOf(notes: Finding['problems']): readonly string[] {
  return notes.map(({ place: { file, line }, text }) => `${file}${line === undefined ? '' : `:${line}`} ${text}`);
}
