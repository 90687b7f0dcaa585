import type { ProjectFiles } from '../project-files.ts';
import type { Finding, ProposedService } from '../proposal.ts';
import { isWithin, parentOf, pathIn, readHint, type SourceContext } from '../source.ts';
import { languages } from '../sources.ts';
import { python } from './python.ts';

const pythonManifests = ['pyproject.toml', 'requirements.txt', 'Pipfile', 'manage.py', 'setup.py'];

/** Commands of other languages in a script, by the file that the service of the language comes from. */
const inScripts: readonly { readonly file: RegExp; readonly command: RegExp }[] = [
  { file: /\.py$/, command: /\b(?:manage\.py|flask|uvicorn|fastapi|gunicorn|python3?)\b/ },
  { file: /(?:\.rb|\.ru|rails|_config\.yml)$/, command: /\b(?:rails|puma|rackup|ruby|jekyll)\b/ },
  { file: /(?:artisan|composer\.json|\.php)$/, command: /\b(?:artisan|php|composer)\b/ },
  { file: /(?:go\.mod|\.go)$/, command: /\bgo run\b|\bair\b/ },
  { file: /Cargo\.toml$/, command: /\bcargo\b/ },
  { file: /(?:gradle|gradle\.kts|pom\.xml)$/, command: /\b(?:gradlew?|mvnw?)\b/ },
  { file: /proj$/, command: /\bdotnet\b/ },
];

interface LanguageSearch {
  readonly directories: readonly string[];
  readonly packages: Finding;
}

/** A directory may have several languages, such as PHP and the Vite server for its pages. */
export function findLanguages(
  files: ProjectFiles,
  context: SourceContext,
  { directories, packages }: LanguageSearch,
): readonly Finding[] {
  const scripts = packages.services.map((proposed) => ({ proposed, text: scriptText(files, proposed) }));
  const isStarted = ({ service, from }: ProposedService) => {
    const command = inScripts.find(({ file }) => file.test(from.file))?.command;
    return scripts.some(
      ({ proposed, text }) =>
        command?.test(text) === true && isWithin(service.root ?? '', parentOf(proposed.from.file)),
    );
  };
  const seen = new Set<string>();
  // The deepest directory first: a program runs in the project that it belongs to.
  const findings = directories.toReversed().flatMap((directory) =>
    languages.map((source) => {
      const finding = source.find(files, directory, context);
      const isProject = directory === '' || source !== python || isPython(files, directory);
      const services = isProject ? finding.services.filter((found) => !isStarted(found) && isNew(found, seen)) : [];
      return { ...finding, services };
    }),
  );
  return findings.toReversed();
}

/** Other directories are parts of the project above them. */
function isPython(files: ProjectFiles, directory: string): boolean {
  const has = (where: string) => pythonManifests.some((name) => files.kindOf(pathIn(where, name)) === 'file');
  const parents = ['', parentOf(directory)].filter((parent) => parent !== directory);
  return has(directory) || !(parents.some(has) || files.kindOf(pathIn(directory, '__init__.py')) === 'file');
}

function isNew({ from, service }: ProposedService, seen: Set<string>): boolean {
  const key = JSON.stringify([from.file, from.line, /\.py$/.test(from.file) ? '' : service.shell]);
  const isFirst = !seen.has(key);
  seen.add(key);
  return isFirst;
}

/** The command of a service, and the line that it was found in. */
export function scriptText(files: ProjectFiles, { from, service }: ProposedService): string {
  const line = from.line === undefined ? '' : (readHint(files, from.file).split('\n')[from.line - 1] ?? '');
  return `${service.shell}\n${line}`;
}
