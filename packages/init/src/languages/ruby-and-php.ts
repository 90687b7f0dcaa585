import { entriesOf, readJson, reported, textsOf } from '../parsed-file.ts';
import { addProcess } from '../processes/process.ts';
import type { ProjectFiles } from '../project-files.ts';
import type { Place } from '../proposal.ts';
import { Findings, nameFor, parentOf, pathIn, readHint, rootOf, type Source, setupIn } from '../source.ts';

/** Rails, Jekyll, Rack and Sinatra. */
export const ruby: Source = {
  fileNames: ['bin/rails', 'config.ru', '_config.yml', 'app.rb'],
  find(files, directory) {
    const findings = new Findings();
    const found = findRubyServer(files, directory);
    if (found === undefined) return findings;
    findings.services.push({
      service: { name: nameFor(directory, 'web'), shell: found.shell, ...rootOf(directory), port: 'auto' },
      from: { file: pathIn(directory, found.file) },
      isSelected: true,
    });
    const inputs = ['Gemfile.lock', 'Gemfile'].filter((name) => files.kindOf(pathIn(directory, name)) === 'file');
    return inputs.length === 0 ? findings : { ...findings, setup: setupIn(directory, 'bundle install', inputs) };
  },
};

function findRubyServer(files: ProjectFiles, directory: string): { shell: string; file: string } | undefined {
  const has = (name: string) => files.kindOf(pathIn(directory, name)) === 'file';
  const gemfile = readHint(files, pathIn(directory, 'Gemfile'));
  const bundled = gemfile === '' ? '' : 'bundle exec ';
  if (has('bin/rails')) return { shell: 'bin/rails server -p ${port}', file: 'bin/rails' };
  if (has('_config.yml') && /\bjekyll\b|\bgithub-pages\b/.test(gemfile))
    return { shell: 'bundle exec jekyll serve --port ${port}', file: '_config.yml' };
  if (has('config.ru')) {
    const server = /^[ \t]*gem ['"]puma['"]/m.test(gemfile) ? 'puma' : 'rackup';
    return { shell: `${bundled}${server} -p \${port}`, file: 'config.ru' };
  }
  if (/^[ \t]*require ['"]sinatra['"]/m.test(readHint(files, pathIn(directory, 'app.rb'))))
    return { shell: `${bundled}ruby app.rb -p \${port}`, file: 'app.rb' };
  return undefined;
}

/** Laravel, the `dev` script of Composer, and other applications for PHP's own server. */
export const php: Source = {
  fileNames: ['artisan', 'composer.json', 'index.php'],
  find(files, directory) {
    const findings = new Findings();
    const has = (name: string) => files.kindOf(pathIn(directory, name)) === 'file';
    const composer = reported(findings, readJson(files, pathIn(directory, 'composer.json')));
    const script = textsOf(entriesOf(entriesOf(composer?.value).scripts).dev).join(' ; ');
    const place = composer?.placeOf(['scripts', 'dev']);
    if (place !== undefined && /\bconcurrently\b/.test(script))
      addConcurrent(findings, files, { directory, script, place });
    const isPartOfProject = directory !== '' && files.kindOf(pathIn(parentOf(directory), 'composer.json')) === 'file';
    if (findings.services.length === 0 && !isPartOfProject) addPhpServer(findings, directory, has);
    const inputs = ['composer.lock', 'composer.json'].filter(has);
    return findings.services.length === 0 || inputs.length === 0
      ? findings
      : { ...findings, setup: setupIn(directory, 'composer install', inputs) };
  },
};

function addPhpServer(findings: Findings, directory: string, has: (name: string) => boolean): void {
  const add = (shell: string, file: string, guess?: string) =>
    findings.services.push({
      service: { name: nameFor(directory, 'app'), shell, ...rootOf(directory), port: 'auto' },
      from: { file: pathIn(directory, file) },
      isSelected: true,
      ...(guess === undefined ? {} : { guess }),
    });
  const root = ['public/', 'web/', ''].find((path) => has(`${path}index.php`));
  if (has('artisan')) add('php artisan serve --port ${port}', 'artisan');
  else if (root !== undefined)
    add(
      `php -S localhost:\${port}${root === '' ? '' : ` -t ${root.slice(0, -1)}`}`,
      `${root}index.php`,
      `${root}index.php may need another server`,
    );
}

/** Each command that the script starts, under the name that it has there. Those of package.json are found there. */
function addConcurrent(
  findings: Findings,
  files: ProjectFiles,
  { directory, script, place }: { directory: string; script: string; place: Place },
): void {
  const [, list = ''] = /(?:--names|-n)[= ]+["']?([\w,-]+)/.exec(script) ?? [];
  const names = list.split(',');
  const quoted = [...script.matchAll(/"([^"]+)"|'([^']+)'/g)].map(([, double, single]) => double ?? single ?? '');
  const commands = quoted.filter((text) => /\s/.test(text) && !/^[#\w]+(?:,[#\w]+)+$/.test(text));
  for (const [index, shell] of commands.entries()) {
    const name = names[index] || `${nameFor(directory, 'app')}-${index + 1}`;
    if (/^(?:npm|pnpm|yarn|bun)\b/.test(shell)) findings.ignore(place, `'${shell}' is a script of package.json`);
    else addProcess(findings, files, { name, shell, directory, place });
  }
}
