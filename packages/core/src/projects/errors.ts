import { dirname } from 'node:path';
import { CandleError } from '../errors/candle-error.ts';
import { advise, candle, type Hint, lines, program, sentences } from '../errors/hint.ts';
import { printable, quote, showPath } from '../errors/quote.ts';

/** Neither the directory nor one of its parents is a project, and the command does not create one. */
export class ProjectNotFoundError extends CandleError {
  static readonly code = 'PROJECT_NOT_FOUND';
  static example() {
    return new ProjectNotFoundError('/home/ada/notes');
  }

  /** @param passedOver why a configuration in a parent directory is not used */
  constructor(startDir: string, passedOver?: ConfigUntrustedError) {
    const searched = `${showPath(startDir)} or its parent directories`;
    const create = advise('To create one from the files of the project', candle('init'));
    const untrusted = passedOver && CandleError.hintOf(passedOver);
    super({
      message:
        passedOver === undefined
          ? `No .candle.json was found in ${searched}`
          : `${passedOver.message}. There is no other .candle.json in ${searched}`,
      hint: untrusted === undefined ? create : lines(untrusted, create),
      details: { startDir, ...(passedOver && { passedOver: passedOver.details }) },
    });
  }
}

/** The part of a configuration that another user can change: as its owner, or because its mode allows it to every user. */
export interface ConfigDistrust {
  readonly part: 'directory' | 'link' | 'file' | 'file-mode' | 'directory-mode';
  /** Path of that part. */
  readonly at: string;
  /** The owner of that part. */
  readonly uid: number;
}

/** A value of `CANDLE_TRUST` that names no directory to trust. */
export interface UnusedTrust {
  readonly value: string;
  /** As a clause without a subject: "does not exist". */
  readonly problem: string;
}

/** A configuration, and the real path of its directory. */
interface ConfigPlace {
  readonly path: string;
  readonly dir: string;
}

/** Another user can change the configuration, and so choose what a start runs. */
export class ConfigUntrustedError extends CandleError {
  static readonly code = 'CONFIG_UNTRUSTED';
  static example() {
    const place = { path: '/srv/shop/.candle.json', dir: '/srv/shop' };
    return new ConfigUntrustedError(place, { part: 'file', at: place.path, uid: 1002 }, 'grace');
  }

  /** @param userName of the owner, if known @param unused the values of `CANDLE_TRUST` that have no effect */
  constructor(
    { path, dir }: ConfigPlace,
    { part, at, uid }: ConfigDistrust,
    userName?: string,
    unused: readonly UnusedTrust[] = [],
  ) {
    const close = advise('To let only its owner change it', program('chmod', 'go-w', at));
    const isOnTheWay = at !== path && at !== dirname(path);
    const reason = (isOnTheWay ? reasonsOnTheWay : reasons)[part](describeUser(uid, userName), showPath(at));
    super({
      message: `${showPath(path)} is not used, because ${reason}`,
      hint: lines(
        ...(part === 'file-mode' || part === 'directory-mode' ? [close] : []),
        ...unused.map(({ value, problem }) => `${quote(value)} in CANDLE_TRUST has no effect, because it ${problem}`),
        advise('To use it anyway', candle('trust', dir)),
        advise('For details', candle('get-doc', 'trust')),
      ),
      details: { path, dir, part, at, uid, user: userName ?? null },
    });
  }
}

/** @param userName if known */
export function describeUser(uid: number, userName: string | undefined): string {
  return userName === undefined ? `user ${uid}` : `user ${printable(userName)} (uid ${uid})`;
}

type Reasons = Readonly<Record<ConfigDistrust['part'], (owner: string, at: string) => string>>;

const reasons: Reasons = {
  file: (owner) => `it belongs to ${owner}`,
  link: (owner) => `it is a symbolic link of ${owner}`,
  directory: (owner) => `its directory belongs to ${owner}`,
  'file-mode': () => 'every user can change it',
  'directory-mode': () => 'every user can replace the files in its directory',
};

/** For the links and directories between a symbolic link and its file. */
const reasonsOnTheWay: Reasons = {
  ...reasons,
  link: (owner, at) => `it is a symbolic link that leads through ${at}, a symbolic link of ${owner}`,
  directory: (owner, at) => `it is a symbolic link that leads through ${at}, which belongs to ${owner}`,
  'directory-mode': (_, at) => `it is a symbolic link that leads through ${at}, in which every user can replace files`,
};

/** A directory is no longer the one that was checked, so its programs must not run with the caller's rights. */
export class DirectoryReplacedError extends CandleError {
  static readonly code = 'PROJECT_DIRECTORY_REPLACED';
  static example() {
    return new DirectoryReplacedError('/srv/shop', 1002, 'grace');
  }

  /** @param uid of the new owner, if it is another user @param userName of that user, if known */
  constructor(path: string, uid?: number, userName?: string) {
    const replacement = uid === undefined ? 'another directory' : `a directory of ${describeUser(uid, userName)}`;
    super({
      message: `${showPath(path)} was replaced by ${replacement} after Candle had checked it`,
      hint: lines(
        'Nothing was run in it. Find out who can replace it',
        advise('To see who can change the directory above it', program('ls', '-ld', dirname(path))),
      ),
      details: { path, uid: uid ?? null, user: userName ?? null },
    });
  }
}

/** `candle trust --revoke` for a directory that `candle trust` has not recorded. */
export class DirectoryNotTrustedError extends CandleError {
  static readonly code = 'PROJECT_NOT_TRUSTED';
  static example() {
    return new DirectoryNotTrustedError('/srv/shop');
  }

  constructor(dir: string) {
    super({
      message: `${showPath(dir)} was not trusted with candle trust`,
      hint: advise('To list the trusted directories', candle('trust', '--list')),
      details: { dir },
    });
  }
}

/** The home directory and `/` never become a project by default, because everything below would belong to it. */
export class ProjectTooWideError extends CandleError {
  static readonly code = 'PROJECT_TOO_WIDE';
  static example() {
    return new ProjectTooWideError('/home/ada');
  }

  constructor(dir: string) {
    super({
      message: `${showPath(dir)} is not used as a project by default, because everything below it would belong to it`,
      hint: sentences(
        { option: 'project', value: 'DIR', purpose: 'Change to the directory of your project, or pass it' },
        advise('To use this directory anyway', candle('setup-project')),
      ),
      details: { dir },
    });
  }
}

/** The directory does not exist: it was never a project, or the command works in the directory. */
export class ProjectGoneError extends CandleError {
  static readonly code = 'PROJECT_GONE';
  static example() {
    return new ProjectGoneError('/home/ada/old', { isKnown: false, parent: '/home/ada' });
  }

  /** @param isKnown whether the database has a project with that path @param parent the nearest directory that exists */
  constructor(dir: string, { isKnown, parent }: { readonly isKnown: boolean; readonly parent: string }) {
    const change = advise('To change to an existing directory', program('cd', parent));
    super({
      message: isKnown
        ? `The directory of the project, ${showPath(dir)}, no longer exists`
        : `${showPath(dir)} does not exist, and Candle knows no project at this path`,
      hint: isKnown
        ? lines(
            change,
            advise('To stop the services of the project', candle('down')),
            advise('To release its ports', candle('release-ports')),
          )
        : lines(change, advise('To list the known projects', candle('list-reserved-ports', '--all'))),
      details: { dir },
    });
  }
}

/** The path is not a directory. */
export class ProjectNotADirectoryError extends CandleError {
  static readonly code = 'PROJECT_NOT_A_DIRECTORY';
  static example() {
    return new ProjectNotADirectoryError('/home/ada/notes.txt');
  }

  constructor(
    path: string,
    hint: Hint = { option: 'project', value: 'DIR', purpose: 'Pass the directory of the project' },
  ) {
    super({
      message: `${showPath(path)} is not a directory`,
      hint,
      details: { path },
    });
  }
}
