import { commandsIn, isOneCommand, programIn } from './command-line.ts';
import { dataStores } from './data-stores.ts';

/** A program that is known to get its port in a certain way. */
export interface Framework {
  readonly name: string;
  /** Matches the result of `programIn`: the name of the program and its arguments. */
  readonly program: RegExp;
  /** The predicate of a sentence about it: why setting PORT alone is not enough. */
  readonly why: string;
  /** The flag that its command needs. */
  readonly flag?: string;
  /** Matches the part of its command that sets a port now, which the flag replaces. */
  readonly given?: RegExp;
  /** The part of its command that the flag has to follow directly; at the end, it would be passed to another program. */
  readonly flagAfter?: RegExp;
  /** The variable that it reads instead of PORT. */
  readonly variable?: string;
}

const readsNone = 'does not read PORT';
const flagWins = 'reads PORT only if neither its command nor its configuration sets a port';

/** `--port 3000`, `--port=3000`, `-p 3000`, `-p3000`. */
function option(...names: readonly string[]): RegExp {
  return new RegExp(` (?:${names.join('|')})(?:=| +|(?=\\d))(?:\\d+|"?\\$\\{?\\w+[^ ]*)`);
}

const port = option('--port', '-p');
const longPort = option('--port');

/** Programs for Node.js and compatible runtimes. */
const nodeFrameworks: readonly Framework[] = [
  {
    name: 'Vite',
    program: /^(?:vite|svelte-kit dev|react-router dev|remix vite:dev)(?: (?!build|optimize)|$)/,
    why: readsNone,
    flag: '--port $PORT --strictPort',
    given: longPort,
  },
  { name: 'Astro', program: /^astro (?:dev|preview)\b/, why: readsNone, flag: '--port $PORT', given: longPort },
  // Since version 22, PORT takes precedence over everything else.
  {
    name: 'Angular',
    program: /^ng (?:serve|s|dev)\b/,
    why: `${readsNone} before version 22`,
    flag: '--port $PORT',
    given: longPort,
  },
  { name: 'Next.js', program: /^next(?:-server\b| (?:dev|start)\b|$)/, why: flagWins, flag: '-p $PORT', given: port },
  { name: 'Nuxt', program: /^(?:nuxt|nuxi) (?:dev|preview)\b/, why: flagWins, flag: '--port $PORT', given: port },
  {
    name: 'webpack-dev-server',
    program: /^(?:webpack-dev-server|webpack (?:serve|server|s)\b|webpack-cli serve)/,
    why: readsNone,
    flag: '--port $PORT',
    given: longPort,
  },
  { name: 'Create React App', program: /^react-scripts start\b/, why: 'reads PORT, unless a .env file sets another' },
  { name: 'Vue CLI', program: /^vue-cli-service serve\b/, why: flagWins, flag: '--port $PORT', given: longPort },
  { name: 'Gatsby', program: /^gatsby develop\b/, why: flagWins, flag: '-p $PORT', given: port },
  {
    name: 'Docusaurus',
    program: /^docusaurus (?:start|serve)\b/,
    why: 'may not read PORT',
    flag: '--port $PORT',
    given: port,
  },
  { name: 'Parcel', program: /^parcel(?: (?!build|watch)|$)/, why: flagWins, flag: '-p $PORT', given: port },
  {
    name: 'esbuild',
    program: /^esbuild .*--serve\b/,
    why: readsNone,
    flag: '--serve=$PORT',
    given: / --serve(?:=\d+)?(?= |$)/,
  },
  {
    name: 'Storybook',
    program: /^storybook dev\b/,
    why: readsNone,
    flag: '-p $PORT --exact-port',
    given: port,
  },
  { name: 'http-server', program: /^http-server\b/, why: flagWins, flag: '-p $PORT', given: port },
  {
    name: 'serve',
    program: /^serve(?: |$)/,
    why: flagWins,
    flag: '-l $PORT',
    given: option('--listen', '--port', '-l', '-p'),
  },
  { name: 'json-server', program: /^json-server\b/, why: 'may not read PORT', flag: '--port $PORT', given: port },
  { name: 'Wrangler', program: /^wrangler (?:dev|pages dev)\b/, why: readsNone, flag: '--port $PORT', given: longPort },
  {
    name: 'Deno',
    program: /^deno serve\b/,
    why: readsNone,
    flag: '--port $PORT',
    given: longPort,
    flagAfter: /\bdeno serve\b/,
  },
  {
    name: 'Rsbuild',
    program: /^rsbuild(?: (?:dev|preview)\b| -|$)/,
    why: readsNone,
    flag: '--port $PORT',
    given: longPort,
  },
  { name: 'Rspack', program: /^rspack (?:dev|serve|s)\b/, why: readsNone, flag: '--port $PORT', given: longPort },
  { name: 'Vinxi', program: /^vinxi dev\b/, why: flagWins, flag: '--port $PORT', given: longPort },
  { name: 'Nitro', program: /^(?:nitro|nitropack) dev\b/, why: flagWins, flag: '--port $PORT', given: longPort },
  { name: 'Eleventy', program: /^eleventy .*--serve\b/, why: readsNone, flag: '--port=$PORT', given: longPort },
  {
    name: 'VitePress',
    program: /^vitepress(?: (?:dev|preview|serve)\b|$)/,
    why: readsNone,
    flag: '--port $PORT',
    given: longPort,
  },
];

/** Programs in other languages. */
const otherFrameworks: readonly Framework[] = [
  // Ruby, PHP
  { name: 'Rails', program: /^rails (?:server|s)\b/, why: flagWins, flag: '-p $PORT', given: port },
  {
    name: 'Puma',
    program: /^puma\b/,
    why: 'reads PORT only if its configuration does',
    flag: '-p $PORT',
    given: port,
  },
  {
    name: 'Jekyll',
    program: /^jekyll (?:serve|s)\b/,
    why: readsNone,
    flag: '--port $PORT',
    given: option('--port', '-P'),
  },
  { name: "PHP's server", program: /^php .*-S /, why: readsNone, flag: '-S localhost:$PORT', given: / -S \S+/ },
  { name: 'Laravel', program: /^artisan serve\b/, why: readsNone, flag: '--port $PORT', given: longPort },
  // Java, .NET
  {
    name: 'Spring Boot',
    program: /(?:spring-boot:run|\bbootRun\b|org\.springframework\.boot)/,
    why: 'reads SERVER_PORT, not PORT',
    variable: 'SERVER_PORT',
  },
  {
    name: 'Quarkus',
    program: /(?:quarkus:dev|\bquarkusDev\b|^quarkus dev\b)/,
    why: 'reads QUARKUS_HTTP_PORT, not PORT',
    variable: 'QUARKUS_HTTP_PORT',
  },
  {
    name: 'ASP.NET Core',
    program: /^dotnet (?:run|watch)\b/,
    why: readsNone,
    flag: '--urls http://localhost:$PORT',
    given: / --urls[ =]\S+/,
  },
  // Others
  {
    name: 'A Go program',
    program: /^(?:go run|air)\b/,
    why: 'listens on the port in its code: http.ListenAndServe(":"+os.Getenv("PORT"), nil)',
  },
  { name: 'Hugo', program: /^hugo (?:server|serve)\b/, why: readsNone, flag: '--port $PORT', given: port },
];

/** How databases and brokers get their port. */
const portsOfDataStores: Readonly<Record<(typeof dataStores)[number]['name'], Omit<Framework, 'name' | 'program'>>> = {
  Redis: {
    why: readsNone,
    flag: '--port $PORT',
    given: longPort,
  },
  PostgreSQL: {
    why: 'reads PGPORT, not PORT',
    flag: '-p $PORT',
    given: option('-p'),
    variable: 'PGPORT',
  },
  MongoDB: {
    why: readsNone,
    flag: '--port $PORT',
    given: longPort,
  },
  MySQL: {
    why: readsNone,
    flag: '--port=$PORT',
    given: option('--port', '-P'),
  },
  'SQL Server': {
    why: 'reads MSSQL_TCP_PORT, not PORT',
    variable: 'MSSQL_TCP_PORT',
  },
  CockroachDB: {
    why: readsNone,
    flag: '--listen-addr=localhost:$PORT',
    given: / --listen-addr[= ]\S+/,
  },
  Cassandra: {
    why: 'reads its port from its configuration',
  },
  Memcached: {
    why: readsNone,
    flag: '-p $PORT',
    given: option('--port', '-p'),
  },
  RabbitMQ: {
    why: 'reads RABBITMQ_NODE_PORT, not PORT',
    variable: 'RABBITMQ_NODE_PORT',
  },
  Kafka: {
    why: 'reads its port from its configuration',
  },
  NATS: {
    why: readsNone,
    flag: '-p $PORT',
    given: option('--port', '-p'),
  },
  Mosquitto: {
    why: readsNone,
    flag: '-p $PORT',
    given: option('--port', '-p'),
  },
};

/** Programs for Python. */
const pythonFrameworks: readonly Framework[] = [
  {
    name: 'Django',
    program: /^(?:manage\.py|django-admin) runserver\b/,
    why: readsNone,
    flag: '$PORT',
    given: / (?:[\w.[\]:]+:)?\d+(?= |$)/,
  },
  {
    name: 'Flask',
    program: /^flask .*\brun\b/,
    why: 'reads FLASK_RUN_PORT, not PORT',
    flag: '--port $PORT',
    given: port,
    variable: 'FLASK_RUN_PORT',
  },
  {
    name: 'Uvicorn',
    program: /^uvicorn\b/,
    why: 'reads UVICORN_PORT, not PORT',
    flag: '--port $PORT',
    given: longPort,
    variable: 'UVICORN_PORT',
  },
  {
    name: 'FastAPI',
    program: /^fastapi (?:dev|run)\b/,
    why: 'may not read PORT',
    flag: '--port $PORT',
    given: longPort,
  },
  {
    name: 'Gunicorn',
    program: /^gunicorn\b/,
    why: flagWins,
    flag: '-b 127.0.0.1:$PORT',
    given: / (?:-b|--bind)[ =]?\S+/,
  },
  {
    name: 'Hypercorn',
    program: /^hypercorn\b/,
    why: readsNone,
    flag: '-b 127.0.0.1:$PORT',
    given: / (?:-b|--bind)[ =]?\S+/,
  },
  { name: 'http.server', program: /^http\.server\b/, why: readsNone, flag: '$PORT', given: / \d+(?= |$)/ },
  {
    name: 'MkDocs',
    program: /^mkdocs serve\b/,
    why: readsNone,
    flag: '-a localhost:$PORT',
    given: / (?:-a|--dev-addr)[ =]?\S+/,
  },
  {
    name: 'Streamlit',
    program: /^streamlit run\b/,
    why: 'reads STREAMLIT_SERVER_PORT, not PORT',
    flag: '--server.port $PORT',
    given: option('--server\\.port'),
    variable: 'STREAMLIT_SERVER_PORT',
  },
];

/**
 * How programs get their port. Flags and variables come from the documentation of each program; docs/reference/frameworks.md
 * lists the programs that are tested by running them.
 */
export const frameworks: readonly Framework[] = [
  ...nodeFrameworks,
  ...pythonFrameworks,
  ...otherFrameworks,
  ...dataStores.map(({ name, program }) => ({ name, program, ...portsOfDataStores[name] })),
];

/** The framework whose program a command line runs. */
export function findFramework(commandLine: string): Framework | undefined {
  const program = programIn(commandLine);
  return frameworks.find((framework) => framework.program.test(program));
}

/** The first command in a shell line that runs the framework's program. */
export function commandOf(framework: Framework, shell: string): string | undefined {
  return commandsIn(shell).find((command) => findFramework(command) === framework);
}

/**
 * A shell line whose command for the framework's program has the flag; a port that it sets already is replaced. Undefined if
 * the line does not contain the program, or if it is unclear which of several commands would get an appended flag.
 */
export function withFlag(framework: Framework, flag: string, shell: string): string | undefined {
  const command = commandOf(framework, shell);
  if (command === undefined) return undefined;
  const { given, flagAfter } = framework;
  if (flagAfter !== undefined) {
    const free = given === undefined ? command : command.replace(given, '');
    return shell.replace(command, () => free.replace(flagAfter, (part) => `${part} ${flag}`));
  }
  if (given?.test(command)) return shell.replace(command, () => command.replace(given, () => ` ${flag}`));
  return isOneCommand(shell) ? `${shell.trim()} ${flag}` : undefined;
}
