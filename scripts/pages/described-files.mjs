// What the files and variables mean that Candle knows. That none is missing here is seen to by whoever makes the page of it.

/** In the state directory; `*` stands for what differs. Those without a reader are Candle's own business. */
export const stateFiles = {
  'state.db':
    'the ledger, in SQLite: reservations, services, runs; with `state.db-wal` and `state.db-shm` beside it while it is open',
  'state.db.last': 'a copy of it, made daily by the supervisor and after a change of its schema',
  'state.db.new-*': 'a new ledger, until it is put in its place',
  'state.db.damaged-*': 'one that was damaged, set aside, and the report of what was restored from it; yours to delete',
  'recovery.lock': 'held by the one process that restores',
  'lock.db': 'held by the live supervisor, with `lock.db-journal` beside it',
  socket:
    'where the supervisor listens; elsewhere than on Linux it is in the directory for temporary files when this path is too long for one',
  'supervisor.json': 'who the supervisor is; gone when it leaves by itself',
  'supervisor.starting': 'held by the command that starts one',
  'supervisor.log': 'the last words of supervisors that failed, 64 KiB at most',
  'supervisor.notice': 'what the supervisor has restored, until a command has said so',
  'supervisor.trial-*': 'made and removed by `candle doctor`, to try the file system',
  events: 'a directory: what plugins are still to be told of',
  'events/*.event': 'an event, until its plugins have been told; `.draft` while it is written',
  'events/runner.json': 'who tells the plugins',
  'events/runner.starting': 'held by the command that starts it',
  'events/failures.json': 'hooks of plugins that failed, for `candle doctor`',
  'events/failures.notice': 'that there are new ones, until a command has said so',
  'events/hooks.log': 'what hooks printed, 256 KiB at most',
  runs: 'a directory: one for each run, of which no name comes twice',
  'runs/CACHEDIR.TAG': 'tells backup programs to leave the runs out',
};

/** By their names in the code. */
export const runFiles = {
  spool: 'what the program prints, until it is copied and the run is over',
  log: 'a directory: the kept output, in segments of 4 MiB at most, and the times of its lines',
  exitPipe: 'a FIFO that the guard of the run holds open: its end is the end of the main program',
  in: 'a FIFO: the stdin of the program',
  shim: 'the shell script that starts the command',
  command: 'the command; gone when the run is over',
  stopCommand: 'the `stopCommand`, while it runs',
  launch: 'the environment and all else that the run was started with; gone when the run is over',
  record: "the run's row of the ledger, without environment, for the day on which the ledger is lost",
  pid: 'the pid of the guard',
  exit: 'the code that the main program ended with',
  members: 'processes seen to belong to the run; gone when the run is over',
};

export const otherFiles = {
  '`.candle.json`, in a project':
    'what services there are. Candle writes it only when it is told to, and keeps comments and what it does not know',
  '`.candle.json.lock`, beside it': 'a directory, while `add-service` or `remove-service` write',
  '`candle`, in `$XDG_DATA_HOME` (`~/.local/share`)':
    'plugins: the list of them (`package.json`), their packages (`generations`), and a lock (`plugins.lock`)',
  '`candle/compiled`, in `$XDG_CACHE_HOME` (`~/.cache`)':
    'what Node has compiled of Candle; may be deleted at any time',
};

/** Read by Candle. */
export const readVariables = {
  CANDLE_STATE_DIR: 'the state directory; a relative path counts from the current directory',
  CANDLE_DATA_DIR: 'where plugins are',
  CANDLE_NPM_REGISTRY: 'where `candle plugins install` looks for packages, instead of what npm is set to',
  XDG_STATE_HOME: 'without `CANDLE_STATE_DIR`: the state directory is `candle` in it; default `~/.local/state`',
  XDG_DATA_HOME: 'without `CANDLE_DATA_DIR`: plugins are in `candle` in it; default `~/.local/share`',
  XDG_CACHE_HOME: 'what Node has compiled is in `candle/compiled` in it; default `~/.cache`',
  HOME: 'the home directory; one that is empty or relative counts as not set',
  NO_COLOR: 'set to anything: no colours',
  FORCE_COLOR: 'colours off a terminal too; `0` and `false`: none on a terminal either',
};

/** Passed on and not looked at, or of no meaning to anybody else. */
export const innerVariables = ['CANDLE_READY_CHECK', 'XDG_CONFIG_HOME', 'XDG_RUNTIME_DIR'];

/** What a service finds, beside the environment of whoever started it. */
export const serviceVariables = {
  PORT: 'its reserved port, if `portEnv` names no other variable; without a reservation it is as it was in your shell',
  '<SERVICE>_PORT':
    'for each service of the project that has a reserved port, that port: `API_PORT` for `api`, `WEB_UI_PORT` for `web-ui`. Names without an ASCII letter or digit get none',
  '<SERVICE>_URL': 'the same as `http://localhost:4000`',
  CANDLE_SERVICE: 'its name',
  CANDLE_PROJECT: "the project's directory",
  CANDLE_RUN_ID: 'which run it is: by it Candle knows the processes that belong to it',
  CANDLE_STATE_DIR:
    'the state directory, where the caller had it set: a service that asks Candle for a port asks the same ledger',
  PYTHONUNBUFFERED: '`1`, unless you set it: Python would hold back what it prints',
  FORCE_COLOR: '`1` with `"color": true`',
};
