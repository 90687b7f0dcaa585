/** A program in a well-known image that is not addressed by HTTP. */
interface KnownProgram {
  readonly image: RegExp;
  /** The port that it listens on in its container. */
  readonly port: number;
  /** Its URL with `${port}`. Undefined if a part of it is not known. */
  urlOf(variableOf: VariableOf): string | undefined;
}

/**
 * The value of an environment variable; undefined if it is not set, null if it is set somewhere that is not for everyone
 * to read.
 */
type VariableOf = (...names: readonly string[]) => string | null | undefined;

const programs: readonly KnownProgram[] = [
  {
    image: /^(?:postgres|postgresql|postgis|pgvector|timescaledb(?:-ha)?|alloydbomni)$/,
    port: 5432,
    urlOf: (variableOf) => {
      const user = orDefault(variableOf('POSTGRES_USER', 'POSTGRESQL_USERNAME'), 'postgres');
      const database = variableOf('POSTGRES_DB', 'POSTGRESQL_DATABASE');
      const password = variableOf('POSTGRES_PASSWORD', 'POSTGRESQL_PASSWORD');
      const isOpen = variableOf('POSTGRES_HOST_AUTH_METHOD') === 'trust';
      if (password === undefined && !isOpen) return undefined;
      return url('postgres', user, password, database === undefined ? user : database);
    },
  },
  {
    image: /^(?:mysql|mariadb|percona|mysql-server)$/,
    port: 3306,
    urlOf: (variableOf) => {
      const user = variableOf('MYSQL_USER', 'MARIADB_USER');
      const password =
        user === undefined
          ? variableOf('MYSQL_ROOT_PASSWORD', 'MARIADB_ROOT_PASSWORD')
          : variableOf('MYSQL_PASSWORD', 'MARIADB_PASSWORD');
      const isOpen = variableOf('MYSQL_ALLOW_EMPTY_PASSWORD', 'MARIADB_ALLOW_EMPTY_ROOT_PASSWORD') !== undefined;
      if (password === undefined && !isOpen) return undefined;
      return url(
        'mysql',
        user === undefined ? 'root' : user,
        password,
        variableOf('MYSQL_DATABASE', 'MARIADB_DATABASE'),
      );
    },
  },
  {
    image: /^(?:mongo|mongodb|mongodb-community-server)$/,
    port: 27_017,
    urlOf: (variableOf) => {
      const user = variableOf('MONGO_INITDB_ROOT_USERNAME');
      const database = variableOf('MONGO_INITDB_DATABASE');
      const found = url('mongodb', user, variableOf('MONGO_INITDB_ROOT_PASSWORD'), database);
      if (found === undefined || user === undefined) return found;
      return `${database === undefined ? `${found}/` : found}?authSource=admin`;
    },
  },
  {
    image: /^(?:redis|valkey|keydb|dragonfly|redis-stack|redis-stack-server)$/,
    port: 6379,
    urlOf: (variableOf) => url('redis', undefined, variableOf('REDIS_PASSWORD', 'VALKEY_PASSWORD'), undefined),
  },
  {
    image: /^rabbitmq$/,
    port: 5672,
    urlOf: (variableOf) => {
      const user = orDefault(variableOf('RABBITMQ_DEFAULT_USER'), 'guest');
      const password = orDefault(variableOf('RABBITMQ_DEFAULT_PASS'), 'guest');
      return url('amqp', user, password, variableOf('RABBITMQ_DEFAULT_VHOST'));
    },
  },
  { image: /^nats$/, port: 4222, urlOf: () => url('nats', undefined, undefined, undefined) },
  {
    image: /^(?:mailhog|mailpit|maildev|mailcatcher|smtp4dev)$/,
    port: 1025,
    urlOf: () => url('smtp', undefined, undefined, undefined),
  },
];

function orDefault(value: string | null | undefined, fallback: string): string | null {
  return value === undefined ? fallback : value;
}

/** Undefined if a part is secret. */
function url(
  scheme: string,
  user: string | null | undefined,
  password: string | null | undefined,
  database: string | null | undefined,
): string | undefined {
  if (user === null || password === null || database === null) return undefined;
  const secret = password === undefined || password === '' ? '' : `:${encodeURIComponent(password)}`;
  const login = user === undefined && secret === '' ? '' : `${encodeURIComponent(user ?? '')}${secret}@`;
  return `${scheme}://${login}localhost:\${port}${database === undefined ? '' : `/${encodeURIComponent(database.replace(/^\//, ''))}`}`;
}

export function findKnownProgram(image: string): KnownProgram | undefined {
  return programs.find((program) => program.image.test(image));
}

/** A value with the defaults of its variables. Null if a variable has none, or is set in `.env`. */
export function literalOf(text: string, variables: ReadonlySet<string>): string | null {
  let isSecret = false;
  const value = text.replace(
    /\$(?:\$|\{(\w+)(?::?-([^{}]*)|[^{}]*)\}|(\w+))/g,
    (all, braced?: string, fallback?: string, plain?: string) => {
      if (all === '$$') return '$';
      if (fallback === undefined || variables.has(braced ?? plain ?? '')) isSecret = true;
      return fallback ?? '';
    },
  );
  return isSecret ? null : value;
}
