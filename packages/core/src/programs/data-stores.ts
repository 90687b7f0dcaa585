import { commandsIn, programIn } from './command-line.ts';

/** A database or broker: a program that does not speak HTTP on its port. */
interface DataStore {
  readonly name: string;
  /** Matches the result of `programIn`. */
  readonly program: RegExp;
  /** The last parts of the names of its container images. */
  readonly images: readonly string[];
  /** Its client programs, which a readiness check may run. */
  readonly clients: readonly string[];
  /** What people call a service that runs it. */
  readonly serviceNames: readonly string[];
}

export const dataStores = [
  {
    name: 'Redis',
    program: /^(?:redis-server|valkey-server|keydb-server|dragonfly)(?= |$)/,
    images: ['redis', 'redis-stack', 'redis-stack-server', 'valkey', 'keydb', 'dragonfly'],
    clients: ['redis-cli', 'valkey-cli', 'keydb-cli'],
    serviceNames: ['redis', 'valkey', 'keydb', 'dragonfly'],
  },
  {
    name: 'PostgreSQL',
    program: /^(?:postgres|postmaster)(?= |$)/,
    images: ['postgres', 'postgresql', 'postgis', 'pgvector', 'timescaledb', 'timescaledb-ha'],
    clients: ['pg_isready', 'psql'],
    serviceNames: ['postgres', 'postgresql', 'pg', 'postgis', 'pgvector', 'timescaledb'],
  },
  {
    name: 'MongoDB',
    program: /^mongod(?= |$)/,
    images: ['mongo', 'mongodb', 'mongodb-community-server'],
    clients: ['mongosh', 'mongo'],
    serviceNames: ['mongo', 'mongodb'],
  },
  {
    name: 'MySQL',
    program: /^(?:mysqld|mysqld_safe|mariadbd|mariadbd-safe)(?= |$)/,
    images: ['mysql', 'mysql-server', 'mariadb', 'percona', 'percona-server'],
    clients: ['mysqladmin', 'mysql', 'mariadb-admin', 'mariadb'],
    serviceNames: ['mysql', 'mariadb', 'percona'],
  },
  {
    name: 'SQL Server',
    program: /^sqlservr(?= |$)/,
    images: ['mssql/server', 'azure-sql-edge'],
    clients: ['sqlcmd'],
    serviceNames: ['mssql', 'sqlserver'],
  },
  {
    name: 'CockroachDB',
    program: /^cockroach (?:start|start-single-node|demo)(?= |$)/,
    images: ['cockroach'],
    clients: ['cockroach'],
    serviceNames: ['cockroach', 'cockroachdb'],
  },
  {
    name: 'Cassandra',
    program: /^(?:cassandra|scylla)(?= |$)/,
    images: ['cassandra', 'scylla'],
    clients: ['cqlsh', 'nodetool'],
    serviceNames: ['cassandra', 'scylla'],
  },
  {
    name: 'Memcached',
    program: /^memcached(?= |$)/,
    images: ['memcached'],
    clients: ['memcping', 'memcstat'],
    serviceNames: ['memcached', 'memcache'],
  },
  {
    name: 'RabbitMQ',
    program: /^rabbitmq-server(?= |$)/,
    images: ['rabbitmq'],
    clients: ['rabbitmqctl', 'rabbitmq-diagnostics'],
    serviceNames: ['rabbitmq', 'rabbit', 'amqp'],
  },
  {
    name: 'Kafka',
    program: /^(?:kafka-server-start(?:\.sh)?|redpanda start|rpk redpanda start)(?= |$)/,
    images: ['kafka', 'kafka-native', 'cp-kafka', 'redpanda'],
    clients: [
      'kafka-topics',
      'kafka-topics.sh',
      'kafka-broker-api-versions',
      'kafka-broker-api-versions.sh',
      'rpk',
      'kcat',
    ],
    serviceNames: ['kafka', 'redpanda'],
  },
  {
    name: 'NATS',
    program: /^nats-server(?= |$)/,
    images: ['nats'],
    clients: ['nats'],
    serviceNames: ['nats'],
  },
  {
    name: 'Mosquitto',
    program: /^mosquitto(?= |$)/,
    images: ['eclipse-mosquitto'],
    clients: ['mosquitto_sub', 'mosquitto_pub'],
    serviceNames: ['mosquitto', 'mqtt'],
  },
] as const satisfies readonly DataStore[];

/** Without the literal types, which only the table of frameworks needs. */
const stores: readonly DataStore[] = dataStores;

const generalNames: readonly string[] = ['database', 'db', 'broker'];

/**
 * Whether a name says that a program is a database or a broker. Only the last word counts: `shop-db` is a database,
 * `mongo-express` is a web page for one. Numbers at the end are ignored. Pure.
 */
export function isDataStoreName(name: string): boolean {
  return generalNames.includes(kindIn(name)) || nameOfDataStore(name) !== undefined;
}

/** The well-known database or broker that a name stands for: `pg` is PostgreSQL. */
export function nameOfDataStore(name: string): string | undefined {
  const kind = kindIn(name);
  return stores.find(({ serviceNames }) => serviceNames.includes(kind))?.name;
}

function kindIn(name: string): string {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  const last = words.findLast((word) => /[a-z]/.test(word)) ?? '';
  return last.replace(/\d+$/, '');
}

/**
 * Whether a shell line runs a well-known database or broker, itself or as a container. Only the last command counts,
 * because the others end before it or only accompany it. Pure.
 */
export function runsDataStore(shell: string): boolean {
  const last = commandsIn(withoutRedirections(shell)).findLast((command) => command !== '') ?? '';
  const program = programIn(last);
  const words = (program.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []).map((word) => word.replaceAll(/["']/g, ''));
  // `node postgres.js` runs a script of the project.
  const isScript = /\.[cm]?js(?:\s|$)/.test(last);
  return (
    (!isScript && stores.some((store) => store.program.test(program))) ||
    isDataStoreImage(imageIn(words)) ||
    composeServices(words).some(isDataStoreName)
  );
}

/** Whether a shell line runs a client of a well-known database or broker, also in a container. Pure. */
export function usesDataStore(shell: string): boolean {
  return commandsIn(withoutRedirections(shell)).some((command) => {
    const words = [...programIn(command).split(/\s+/, 1), ...(isInContainer(command) ? command.split(/\s+/) : [])];
    return words.some((word) => stores.some(({ clients }) => clients.includes(word)));
  });
}

function isInContainer(command: string): boolean {
  return /^(?:sudo )?(?:docker|podman|nerdctl|docker-compose|podman-compose) (?:.* )?exec /.test(command);
}

function withoutRedirections(shell: string): string {
  return shell.replaceAll(/\d*(?:>>?|<)&?\s*(?:\d|[^\s;&|]+)/g, '');
}

/** `docker.io/library/postgres:17` is `postgres`, `mcr.microsoft.com/mssql/server` is `mssql/server`. */
function isDataStoreImage(image: string): boolean {
  const parts = image
    .replace(/@.*$/, '')
    .replace(/:[^/]*$/, '')
    .split('/');
  const names = [parts.slice(-1).join('/'), parts.slice(-2).join('/')];
  return stores.some(({ images }) => names.some((name) => images.includes(name)));
}

/** Options of `docker run` without a value. All others take the next word, unless they contain their value. */
const switches =
  /^(?:-[ditPq]+|--(?:detach|interactive|tty|rm|init|privileged|read-only|publish-all|quiet|no-healthcheck|oom-kill-disable))$/;

/** The image in `docker run … IMAGE …`; empty for any other command. */
function imageIn([tool = '', ...words]: readonly string[]): string {
  const at = words.indexOf('run');
  if (!/^(?:docker|podman|nerdctl)$/.test(tool) || at < 0 || words.includes('compose')) return '';
  const options = words.slice(at + 1);
  for (let next = options.shift(); next !== undefined; next = options.shift()) {
    if (!next.startsWith('-')) return next;
    const hasValue = next.includes('=') || /^-[A-Za-z]./.test(next);
    if (!hasValue && !switches.test(next)) options.shift();
  }
  return '';
}

/** The names in `docker compose up NAME…`; empty for any other command. */
function composeServices([tool = '', ...words]: readonly string[]): readonly string[] {
  const isCompose = /^(?:docker|podman)-compose$/.test(tool) || words[0] === 'compose';
  const at = words.findIndex((word) => ['up', 'run', 'start', 'logs'].includes(word));
  return isCompose && at >= 0 ? words.slice(at + 1).filter((word) => !word.startsWith('-')) : [];
}
