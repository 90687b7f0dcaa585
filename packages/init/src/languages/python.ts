import { type Entries, entriesOf, readToml, reported } from '../parsed-file.ts';
import type { ProjectFiles } from '../project-files.ts';
import type { WrittenSetup } from '../proposal.ts';
import { Findings, nameFor, parentOf, pathIn, readHint, rootOf, type Source, setupIn } from '../source.ts';

/** How a project runs its programs, and installs them. */
interface Runner {
  /** Before the name of a program that a dependency installs, such as flask. */
  readonly program: (name: string) => string;
  readonly python: string;
  readonly setup?: WrittenSetup;
}

/** Django, Flask, and servers for ASGI such as FastAPI. */
export const python: Source = {
  fileNames: ['manage.py', 'pyproject.toml', 'requirements.txt', 'Pipfile', 'app.py', 'main.py'],
  find(files, directory) {
    const findings = new Findings();
    const runner = findRunner(files, directory, findings);
    const servers = listServers(files, directory, runner);
    for (const { kind, shell, file } of servers)
      findings.services.push({
        service: {
          name: servers.length === 1 ? nameFor(directory, kind) : kind,
          shell,
          ...rootOf(directory),
          port: 'auto',
        },
        from: { file },
        isSelected: true,
      });
    const isUsed = servers.length > 0 && runner.setup !== undefined;
    return { ...findings, ...(isUsed ? { setup: runner.setup } : {}) };
  },
};

function findRunner(files: ProjectFiles, directory: string, findings: Findings): Runner {
  const has = (name: string) => files.kindOf(pathIn(directory, name)) !== undefined;
  const project = entriesOf(reported(findings, readToml(files, pathIn(directory, 'pyproject.toml')))?.value);
  const tool = entriesOf(project.tool);
  const through = (prefix: string, install: string, inputs: readonly string[]) => ({
    program: (name: string) => `${prefix} ${name}`,
    python: `${prefix} python`,
    setup: setupIn(directory, install, inputs.filter(has)),
  });
  const lock = findAbove(files, directory, 'uv.lock');
  if (lock !== undefined || tool.uv !== undefined) {
    const uv = through('uv run', 'uv sync', ['pyproject.toml']);
    return { ...uv, setup: { run: uv.setup.run, inputs: [...(lock === undefined ? [] : [lock]), ...uv.setup.inputs] } };
  }
  if (has('poetry.lock') || tool.poetry !== undefined)
    return through('poetry run', 'poetry install', ['poetry.lock', 'pyproject.toml']);
  if (has('Pipfile'))
    return has('Pipfile.lock')
      ? through('pipenv run', 'pipenv sync --dev', ['Pipfile.lock'])
      : through('pipenv run', 'pipenv install --dev', ['Pipfile']);
  if (has('pdm.lock')) return through('pdm run', 'pdm sync', ['pdm.lock']);
  const venv = ['.venv', 'venv'].find(has);
  const interpreter = venv === undefined ? 'python3' : `${venv}/bin/python`;
  return {
    program: (name) => `${interpreter} -m ${name}`,
    python: interpreter,
    ...(venv === undefined ? {} : setupOfVenv(directory, venv, { has, project })),
  };
}

/** A file in the directory or in one above it: the members of a workspace share one lockfile. */
function findAbove(files: ProjectFiles, directory: string, name: string): string | undefined {
  const path = pathIn(directory, name);
  if (files.kindOf(path) === 'file') return path;
  return directory === '' ? undefined : findAbove(files, parentOf(directory), name);
}

/** Creates the environment too, because another checkout does not have it. */
function setupOfVenv(
  directory: string,
  venv: string,
  { has, project }: { has: (name: string) => boolean; project: Entries },
): { readonly setup?: WrittenSetup } {
  const requirements = ['requirements-dev.txt', 'requirements.txt'].filter(has).slice(0, 1);
  const what = requirements.length > 0 ? `-r ${requirements[0]}` : project['build-system'] === undefined ? '' : '-e .';
  if (what === '') return {};
  const run = `python3 -m venv ${venv} && ${venv}/bin/pip install ${what}`;
  return { setup: setupIn(directory, run, requirements.length > 0 ? requirements : ['pyproject.toml']) };
}

interface Server {
  readonly kind: string;
  readonly shell: string;
  readonly file: string;
}

function listServers(files: ProjectFiles, directory: string, runner: Runner): readonly Server[] {
  const manage = pathIn(directory, 'manage.py');
  if (/django/i.test(readHint(files, manage)))
    return [{ kind: 'web', shell: `${runner.python} manage.py runserver \${port}`, file: manage }];
  const modules = listModules(files, directory);
  return [findFlask(files, directory, modules, runner), findAsgi(files, directory, modules, runner)].filter(
    (server) => server !== undefined,
  );
}

/** More than a package has at its top; only the beginning of larger ones is searched. */
const maxModules = 60;

/** Files that usually contain the application are searched first. */
const usualNames = ['main.py', 'app.py', 'wsgi.py', 'asgi.py', 'server.py', 'api.py', '__init__.py'];

/** Python files of the directory and of its packages, relative to it. */
function listModules(files: ProjectFiles, directory: string): readonly string[] {
  const isPackageOfProject = files.kindOf(pathIn(directory, '__init__.py')) === 'file';
  if (isPackageOfProject) return [];
  const found: string[] = [];
  const visit = (below: string, depth: number): void => {
    const names = files.list(pathIn(directory, below).replace(/\/$/, ''));
    const inOrder = [
      ...usualNames.filter((name) => names.includes(name)),
      ...names.filter((name) => !usualNames.includes(name)),
    ];
    for (const name of inOrder)
      if (name.endsWith('.py') && !/^(?:test_|conftest|setup\.py$)|_test\.py$/.test(name))
        found.push(`${below}${name}`);
    for (const name of names)
      if (depth > 0 && found.length < maxModules && isPackage(files, pathIn(directory, `${below}${name}`), name))
        visit(`${below}${name}/`, depth - 1);
  };
  visit('', 2);
  return found.slice(0, maxModules);
}

/** A directory with one of these is searched on its own. */
const manifests = ['pyproject.toml', 'requirements.txt', 'Pipfile', 'setup.py', 'manage.py', 'package.json'];

function isPackage(files: ProjectFiles, path: string, name: string): boolean {
  const isOther = /^(?:\.|_|tests?$|docs$|node_modules$|venv$|env$|migrations$|scripts$|examples?$)/.test(name);
  const isOwnProject = manifests.some((manifest) => files.kindOf(pathIn(path, manifest)) === 'file');
  return !isOther && !isOwnProject && files.kindOf(path) === 'directory';
}

/** `shop.main` for `src/shop/main.py`; the package itself for its `__init__.py`. */
function moduleName(path: string): string {
  return path
    .replace(/^src\//, '')
    .replace(/(?:\/__init__)?\.py$/, '')
    .replaceAll('/', '.');
}

function findFlask(
  files: ProjectFiles,
  directory: string,
  modules: readonly string[],
  { program }: Runner,
): Server | undefined {
  const file = modules.find((path) => /\bFlask\(/.test(readHint(files, pathIn(directory, path))));
  if (file === undefined) return undefined;
  // Versions before 2.2.3 accept --debug only before the subcommand.
  const shell = `${program('flask')} --app ${moduleName(file)} --debug run --port \${port}`;
  return { kind: 'flask', shell, file: pathIn(directory, file) };
}

const asgiApplication = /^(\w+)\s*(?::\s*\w+\s*)?=\s*(?:\w+\.)?(FastAPI|Starlette|Litestar)\(/m;

function findAsgi(
  files: ProjectFiles,
  directory: string,
  modules: readonly string[],
  { program }: Runner,
): Server | undefined {
  for (const path of modules) {
    const [, name, framework] = asgiApplication.exec(readHint(files, pathIn(directory, path))) ?? [];
    if (name === undefined || framework === undefined) continue;
    const source = path.startsWith('src/') ? ' --app-dir src' : '';
    const shell = `${program('uvicorn')} ${moduleName(path)}:${name}${source} --reload --port \${port}`;
    return { kind: framework.toLowerCase(), shell, file: pathIn(directory, path) };
  }
  return undefined;
}
