import { expect, test } from 'vitest';
import { linesOf, withCompose, writtenIn } from '../../test/findings.ts';
import { memoryFiles } from '../../test/memory-files.ts';
import { proposeConfig } from '../propose-config.ts';
import type { Source } from '../source.ts';
import { dotnet, go, java, rust } from './compiled.ts';
import { python } from './python.ts';
import { php, ruby } from './ruby-and-php.ts';
import { staticSite } from './static-site.ts';

type Contents = Readonly<Record<string, string>>;

const shells = (source: Source, contents: Contents, directory = '') =>
  Object.fromEntries(
    Object.entries(writtenIn(source.find(memoryFiles(contents), directory, withCompose))).map(([name, { shell }]) => [
      name,
      shell,
    ]),
  );

const setupOf = (source: Source, contents: Contents, directory = '') =>
  source.find(memoryFiles(contents), directory, withCompose).setup;

const django = { 'manage.py': 'os.environ["DJANGO_SETTINGS_MODULE"]' };
const flask = 'from flask import Flask\napp = Flask(__name__)\n';
const fastapi = 'from fastapi import FastAPI\napp = FastAPI()\n';

test.each<[Contents, string, string | undefined]>([
  [{ 'uv.lock': '', 'pyproject.toml': '' }, 'uv run python', 'uv sync'],
  [{ 'pyproject.toml': '[tool.uv]\ndev-dependencies = []' }, 'uv run python', 'uv sync'],
  [{ 'pyproject.toml': '[tool.poetry]\nname = "x"' }, 'poetry run python', 'poetry install'],
  [{ Pipfile: '', 'Pipfile.lock': '{}' }, 'pipenv run python', 'pipenv sync --dev'],
  [{ Pipfile: '' }, 'pipenv run python', 'pipenv install --dev'],
  [{ 'pdm.lock': '' }, 'pdm run python', 'pdm sync'],
  [
    { '.venv/bin/python': '', 'requirements.txt': '' },
    '.venv/bin/python',
    'python3 -m venv .venv && .venv/bin/pip install -r requirements.txt',
  ],
  [{ 'requirements.txt': '' }, 'python3', undefined],
])('Python is run as the project does: %j', (contents, prefix, install) => {
  expect(shells(python, { ...django, ...contents })).toEqual({ web: `${prefix} manage.py runserver \${port}` });
  expect(setupOf(python, { ...django, ...contents })?.run).toBe(install);
});

test('Flask and FastAPI get their port as a flag', () => {
  expect(shells(python, { 'app.py': flask })).toEqual({
    flask: 'python3 -m flask --app app --debug run --port ${port}',
  });
  expect(shells(python, { 'api/main.py': fastapi }, 'api')).toEqual({
    api: 'python3 -m uvicorn main:app --reload --port ${port}',
  });
  expect(shells(python, { 'a.py': flask, 'app/main.py': fastapi, 'tests/test_x.py': fastapi })).toEqual({
    flask: 'python3 -m flask --app a --debug run --port ${port}',
    fastapi: 'python3 -m uvicorn app.main:app --reload --port ${port}',
  });
  expect(shells(python, { 'uv.lock': '', 'src/shop/__init__.py': 'web: FastAPI = fastapi.FastAPI(' })).toEqual({
    fastapi: 'uv run uvicorn shop:web --app-dir src --reload --port ${port}',
  });
  expect(shells(python, { 'main.py': 'print(1)' })).toEqual({});
});

test('a package belongs to the project around it, and another project does not', () => {
  const contents = {
    'uv.lock': '',
    'pyproject.toml': '[tool.uv.workspace]\nmembers = ["backend"]',
    'backend/pyproject.toml': '',
    'backend/app/__init__.py': '',
    'backend/app/main.py': fastapi,
  };
  expect(shells(python, contents)).toEqual({});
  expect(shells(python, contents, 'backend')).toEqual({
    backend: 'uv run uvicorn app.main:app --reload --port ${port}',
  });
  expect(setupOf(python, contents, 'backend')).toEqual({
    run: '(cd backend && uv sync)',
    inputs: ['uv.lock', 'backend/pyproject.toml'],
  });
  expect(shells(python, contents, 'backend/app')).toEqual({});
});

test('a broken pyproject.toml is reported with its line, and the server is still found', () => {
  const found = python.find(memoryFiles({ ...django, 'pyproject.toml': '[tool]\nuv = \n' }), '', withCompose);
  expect(Object.keys(writtenIn(found))).toEqual(['web']);
  expect(linesOf(found.problems)).toEqual([expect.stringMatching(/^pyproject\.toml:2 cannot be used: /)]);
});

test('the setup of a directory runs there', () => {
  expect(setupOf(python, { 'api/manage.py': 'django', 'api/uv.lock': '', 'api/pyproject.toml': '' }, 'api')).toEqual({
    run: '(cd api && uv sync)',
    inputs: ['api/uv.lock', 'api/pyproject.toml'],
  });
});

test.each<[Contents, string]>([
  [{ 'bin/rails': '', Gemfile: '' }, 'bin/rails server -p ${port}'],
  [{ 'config.ru': '', Gemfile: "gem 'puma'" }, 'bundle exec puma -p ${port}'],
  [{ 'config.ru': '', Gemfile: 'gem "rack"' }, 'bundle exec rackup -p ${port}'],
  [{ 'config.ru': '' }, 'rackup -p ${port}'],
  [{ '_config.yml': '', Gemfile: 'gem "jekyll"' }, 'bundle exec jekyll serve --port ${port}'],
  [{ 'app.rb': "require 'sinatra'" }, 'ruby app.rb -p ${port}'],
])('Ruby: %j', (contents, shell) => {
  expect(shells(ruby, contents)).toEqual({ web: shell });
});

test('Ruby installs with bundler if there is a Gemfile', () => {
  expect(setupOf(ruby, { 'bin/rails': '', Gemfile: 'x', 'Gemfile.lock': '' })).toEqual({
    run: 'bundle install',
    inputs: ['Gemfile.lock', 'Gemfile'],
  });
  expect(setupOf(ruby, { 'config.ru': '' })).toBe(undefined);
});

const laravel = JSON.stringify({
  scripts: {
    dev: [
      'Composer\\Config::disableProcessTimeout',
      'npx concurrently -c "#93c5fd,#c4b5fd,#fdba74" "php artisan serve" "php artisan queue:listen --tries=1" "npm run dev" --names=server,queue,vite',
    ],
  },
});

test('the dev script of Composer is split into what it starts', () => {
  const found = php.find(memoryFiles({ artisan: '', 'composer.json': laravel, 'composer.lock': '' }), '', withCompose);
  expect(writtenIn(found)).toEqual({
    server: { shell: 'php artisan serve --port ${port}', port: 'auto' },
    queue: { shell: 'php artisan queue:listen --tries=1', port: null, ready: false },
  });
  expect(linesOf(found.ignored)).toEqual(["composer.json:1 'npm run dev' is a script of package.json"]);
  expect(found.setup).toEqual({ run: 'composer install', inputs: ['composer.lock', 'composer.json'] });
});

test('PHP without such a script is served by Laravel or by PHP', () => {
  expect(shells(php, { artisan: '', 'composer.json': '{}' })).toEqual({ app: 'php artisan serve --port ${port}' });
  expect(shells(php, { 'site/public/index.php': '' }, 'site')).toEqual({ site: 'php -S localhost:${port} -t public' });
  expect(shells(php, { 'composer.json': '{}', 'public/index.php': '' }, 'public')).toEqual({});
});

test('each main package of a Go module is offered, and those that serve are selected', () => {
  const main = (body: string) => `package main\n\nfunc main() {\n${body}\n}\n`;
  const found = go.find(
    memoryFiles({
      'go.mod': 'module example.com/shop/v2\n',
      'cmd/memos/main.go': main('rootCmd.PersistentFlags().Int("port", 8081, "port of server")'),
      'cmd/api/main.go': main('http.ListenAndServe(":"+os.Getenv("PORT"), nil)'),
      'cmd/tool/main.go': main('fmt.Println(1)'),
      'cmd/lib/lib.go': 'package lib',
    }),
    '',
    withCompose,
  );
  expect(found.services.map(({ service, isSelected }) => [service.name, service.shell, isSelected])).toEqual([
    ['api', 'go run ./cmd/api', true],
    ['memos', 'go run ./cmd/memos --port ${port}', true],
    ['tool', 'go run ./cmd/tool', false],
  ]);
  expect(found.services.map(({ from }) => from.file)).toEqual([
    'cmd/api/main.go',
    'cmd/memos/main.go',
    'cmd/tool/main.go',
  ]);
  expect(found.setup).toEqual({ run: 'go mod download', inputs: ['go.mod'] });
  expect(shells(go, { 'go.mod': 'module example.com/shop/v2', 'server.go': main('r.Run()') })).toEqual({
    shop: 'go run .',
  });
  expect(shells(go, { 'api/go.mod': 'module x', 'api/main.go': main('') }, 'api')).toEqual({ api: 'go run .' });
});

test('Rust programs are found in a package and in the members of a workspace', () => {
  const manifest = (name: string, rest = '') => `[package]\nname = "${name}"\n${rest}`;
  expect(shells(rust, { 'Cargo.toml': manifest('web', '[dependencies]\naxum = "1"'), 'src/main.rs': '' })).toEqual({
    web: 'cargo run',
  });
  const found = rust.find(
    memoryFiles({
      'Cargo.toml': '[workspace]\nmembers = ["crates/*", "api", "../x", "missing"]',
      'crates/cli/Cargo.toml': manifest('cli'),
      'crates/cli/src/main.rs': '',
      'crates/lib/Cargo.toml': manifest('lib'),
      'api/Cargo.toml': manifest(
        'api',
        '[[bin]]\nname = "one"\n[[bin]]\nname = "two"\n[dependencies]\nrocket = { workspace = true }',
      ),
    }),
    '',
    withCompose,
  );
  expect(
    found.services.map(({ service, isSelected }) => [service.name, service.shell, service.portEnv, isSelected]),
  ).toEqual([
    ['cli', 'cargo run -p cli', undefined, false],
    ['one', 'cargo run -p api --bin one', 'ROCKET_PORT', true],
    ['two', 'cargo run -p api --bin two', 'ROCKET_PORT', true],
  ]);
});

test.each<[Contents, string, string]>([
  [
    { 'build.gradle.kts': 'plugins { id("org.springframework.boot") version "4" }', gradlew: '' },
    './gradlew bootRun',
    'SERVER_PORT',
  ],
  [{ 'build.gradle': "plugins { id 'io.quarkus' }" }, 'gradle quarkusDev', 'QUARKUS_HTTP_PORT'],
  [
    { 'pom.xml': '<artifactId>spring-boot-maven-plugin</artifactId>', mvnw: '' },
    './mvnw spring-boot:run',
    'SERVER_PORT',
  ],
])('Java: %j', (contents, shell, portEnv) => {
  expect(writtenIn(java.find(memoryFiles(contents), '', withCompose)).app).toMatchObject({ shell, portEnv });
});

test('Java libraries, and a plugin that is declared for subprojects only, are not services', () => {
  expect(shells(java, { 'pom.xml': '<project/>' })).toEqual({});
  expect(shells(java, { 'build.gradle': "plugins { id 'org.springframework.boot' version '4' apply false }" })).toEqual(
    {},
  );
});

test('ASP.NET Core is found by the SDK of a project', () => {
  const web = '<Project Sdk="Microsoft.NET.Sdk.Web">';
  expect(shells(dotnet, { 'src/Shop/Shop.csproj': web }, 'src/Shop')).toEqual({
    Shop: 'dotnet run --urls http://localhost:${port}',
  });
  expect(shells(dotnet, { 'Shop.csproj': web, 'Lib.csproj': '<Project Sdk="Microsoft.NET.Sdk">' })).toEqual({
    shop: 'dotnet run --project Shop.csproj --urls http://localhost:${port}',
  });
});

test('a static site is served by Python or Hugo', () => {
  expect(shells(staticSite, { 'index.html': '' })).toEqual({ site: 'python3 -m http.server ${port} --bind 127.0.0.1' });
  expect(shells(staticSite, { 'hugo.toml': '', 'index.html': '' })).toEqual({ site: 'hugo server --port ${port}' });
  expect(shells(staticSite, { 'config.toml': '', 'archetypes/default.md': '' })).toEqual({
    site: 'hugo server --port ${port}',
  });
  expect(shells(staticSite, { 'config.toml': '' })).toEqual({});
  expect(shells(staticSite, {})).toEqual({});
});

test.each([
  ['go.mod', 'module x/api', 'main.go', 'package main\nfunc main() { http.ListenAndServe(":8080", nil) }', 'go run .'],
  [
    'Cargo.toml',
    '[package]\nname = "api"\n[dependencies]\naxum = "1"',
    'src/main.rs',
    'bind("0.0.0.0:8080")',
    'cargo run',
  ],
])('%s: the port in the code is the one that other files expect', (manifest, text, file, code, shell) => {
  const files = memoryFiles({
    [`api/${manifest}`]: text,
    [`api/${file}`]: code,
    'web/package.json': { scripts: { dev: 'vite' } },
    'web/.env': 'API=http://localhost:8080/v1',
  });
  expect(writtenIn(proposeConfig(files, withCompose))).toMatchObject({
    api: { shell, port: 'auto' },
    web: { env: { API: 'http://localhost:${services.api.port}/v1' } },
  });
});
