import type { dataStores } from './data-stores.ts';
import { type Framework, flagWins, longPort, option, port, readsNone } from './framework.ts';

/** Programs in other languages. */
export const otherFrameworks: readonly Framework[] = [
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
export const portsOfDataStores: Readonly<
  Record<(typeof dataStores)[number]['name'], Omit<Framework, 'name' | 'program'>>
> = {
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
export const pythonFrameworks: readonly Framework[] = [
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
