import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';

export interface BrokenConfig {
  readonly title: string;
  /** What is wrong, in the words that follow the path in the message. */
  readonly problem: string;
  /** Creates the broken file at this path. */
  readonly make: (path: string) => void;
}

const api = '{ "name": "api", "shell": "sleep 600" }';

const text = (title: string, content: string | Buffer, problem: string): BrokenConfig => ({
  title,
  problem,
  make: (path) => writeFileSync(path, content),
});

/** The ways in which `.candle.json` can be broken. */
export const brokenConfigs: readonly BrokenConfig[] = [
  text(
    'not JSON',
    '{ "services": [\n{ "name": "api" "shell": "x" }\n',
    "is not valid (2 problems):\n  line 2: expected ','\n  line 3: expected ']'",
  ),
  text('an array', `[${api}]`, 'is not valid (1 problem):\n  line 1: must be an object: { "services": [] }'),
  text(
    'a list with a duplicate name',
    `{ "services": [${api},\n${api}] }`,
    "is not valid (1 problem):\n  line 2: services[1].name: 'api' is already the name of services[0]",
  ),
  text(
    'an object with a duplicate name',
    '{ "services": { "api": { "shell": "a" },\n"api": { "shell": "b" } } }',
    "is not valid (1 problem):\n  line 2: services.api: 'api' is given more than once",
  ),
  text(
    'a service with a duplicate key',
    '{ "services": [{ "name": "api", "shell": "a",\n"shell": "b" }] }',
    "is not valid (1 problem):\n  line 2: services[0].shell: 'shell' is given more than once",
  ),
  text('10 MB', `{ "services": [${api}] }${' '.repeat(10 * 1024 * 1024)}`, 'is larger than 1 MiB'),
  text('not text', Buffer.from('{ "services": [], "comment": "\xff" }', 'latin1'), 'is not UTF-8 text'),
  { title: 'a directory', problem: 'is a directory', make: (path) => mkdirSync(path) },
  { title: 'a named pipe', problem: 'is not a regular file', make: (path) => execFileSync('mkfifo', [path]) },
  { title: 'a link to /dev/zero', problem: 'is not a regular file', make: (path) => symlinkSync('/dev/zero', path) },
  {
    title: 'a link to nothing',
    problem: 'is a symbolic link to a file that does not exist',
    make: (path) => symlinkSync('nowhere', path),
  },
  {
    title: 'a link to itself',
    problem: 'is a symbolic link to itself',
    make: (path) => symlinkSync('.candle.json', path),
  },
];
