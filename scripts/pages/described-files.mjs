// Descriptions of the files and variables that Candle uses. files-and-environment-page.mjs checks that none is missing.

/** Files in the state directory. `*` stands for a part of the name that varies. */
export const stateFiles = {
  'state.db':
    'the SQLite database with reservations, services and runs; `state.db-journal` has content only during a write',
  'state.db.commit': 'the number of the last commit, which shows whether an older copy is in the place of the database',
  'state.db.last': 'a copy of the database, made within a minute of each change, from which a damaged one is restored',
  'state.db.new-*': 'a new database or a new copy, until it has its final name',
  'state.db.damaged-*':
    'a damaged database that was set aside, and the report of what was restored from it; you can delete them',
  'recovery.lock': 'locked by the process that restores the database',
  'lock.db': 'locked by the running supervisor, with `lock.db-journal` next to it',
  socket:
    'the socket of the supervisor; on systems other than Linux it is in the directory for temporary files if this path is too long',
  'supervisor.json': 'the identity of the running supervisor; removed when it exits normally',
  'supervisor.starting': 'locked by the command that starts a supervisor',
  'supervisor.log': 'the last output of supervisors that failed, at most 64 KiB',
  'supervisor.notice': 'a notice about what the supervisor has restored, until a command has printed it',
  'supervisor.trial-*': 'created and removed by `candle doctor` to test the file system',
  events: 'a directory: events that have not been delivered to plugins yet',
  'events/*.event': 'an event, until it has been delivered to its plugins; `.draft` while it is being written',
  'events/runner.json': 'the identity of the process that delivers events',
  'events/runner.starting': 'locked by the command that starts that process',
  'events/failures.json': 'plugin hooks that failed, for `candle doctor`',
  'events/failures.notice': 'a notice about new failures, until a command has printed it',
  'events/hooks.log': 'the output of hooks, at most 256 KiB',
  runs: 'a directory with a directory for each run; names are never reused',
  'runs/CACHEDIR.TAG': 'tells backup programs to skip the runs',
};

/** Files of a run, by their names in the code. */
export const runFiles = {
  spool: 'the output of the program, until it has been copied and the run has ended',
  output: 'a FIFO that the program prints to, if its output is a pipe, or to which its terminal is copied',
  reader: 'a FIFO that the process that reads `output` holds open',
  reopensOutput: 'that the program has truncated its output, so that the next run prints to a pipe',
  log: 'a directory: the stored output, in segments of at most 4 MiB, and the times of its lines',
  firstSegment: 'the first segment, which is empty until output is copied',
  exitPipe: 'a FIFO that the shim of the run holds open: end of file means that the main program has exited',
  in: 'a FIFO: the stdin of the program, or what is typed into its terminal',
  shim: 'the shell script that starts the command',
  command: 'the command; removed when the run ends',
  stopCommand: 'the `stopCommand`, while it is running',
  launch: 'the environment and everything else that the run was started with; removed when the run ends',
  record:
    "the run's row in the database, in case the database is lost; PATH of the program, and how many processes the kernel had killed for lack of memory when it started",
  pid: 'the PID of the shim',
  session: 'the PID of the leader of the session of the terminal, if the service has one',
  exit: 'the exit code of the main program',
  stop: 'that `candle kill` stopped the run while the database could not be written',
  members: 'processes known to belong to the run; removed when the run ends',
  tls: 'that the readiness check needed TLS, in this run or an earlier one',
  notReady: 'since when the run, which was ready before, is not ready, and why',
  unreserved: 'that a command has reported that the run listens on a port that is not reserved',
};

export const otherFiles = {
  '`.candle.json`, in a project':
    'the services of the project. Candle changes it only when you run a command that does so, and keeps comments and unknown fields',
  '`.candle.json.lock`, next to it': 'locked by the command that changes the file; removed afterwards',
  '`.candle.json.new`, next to it': 'the new text, until it replaces the file',
  '`candle-<run>.stop`, in `/tmp`':
    'that `candle kill` stopped the run while the state directory was read-only; deleted once that is recorded',
  '`candle`, in `$XDG_DATA_HOME` (`~/.local/share`)':
    'plugins: the list of plugins (`package.json`), their packages (`versions`), and a lock (`plugins.lock`)',
  '`completions/candle`, in `$BASH_COMPLETION_USER_DIR` or `$XDG_DATA_HOME/bash-completion`':
    'the program that completes command lines in bash, from `candle completion install`; see [completion](../guides/completion.md)',
  '`zsh/site-functions/_candle`, in `$XDG_DATA_HOME`': 'the same for zsh',
  '`fish/completions/candle.fish`, in `$XDG_CONFIG_HOME`': 'the same for fish',
  '`.bashrc` and `.zshrc`':
    'the lines that load the program, between `# >>> candle completion >>>` and `# <<< candle completion <<<`',
  '`candle/compiled`, in `$XDG_CACHE_HOME` (`~/.cache`)':
    "Node's compile cache for Candle; you can delete it at any time",
};

/** Variables that Candle reads. */
export const readVariables = {
  CANDLE_STATE_DIR: 'the state directory; a relative path is relative to the current directory',
  CANDLE_DATA_DIR: 'the directory of plugins',
  CANDLE_NPM_REGISTRY: 'the registry that `candle plugins install` uses instead of the one in the npm configuration',
  CANDLE_TRUST:
    'absolute paths of directories, separated by `:`, whose `.candle.json` is used for any owner; see [trust](../guides/trust.md)',
  SUDO_UID: 'only for root: a user whose `.candle.json` is used too',
  XDG_STATE_HOME: 'without `CANDLE_STATE_DIR`, the state directory is `candle` in it; default `~/.local/state`',
  XDG_DATA_HOME: 'without `CANDLE_DATA_DIR`, plugins are in `candle` in it; default `~/.local/share`',
  XDG_CACHE_HOME: "Node's compile cache is `candle/compiled` in it; default `~/.cache`",
  XDG_CONFIG_HOME: '`candle completion install fish` writes to `fish/completions` in it; default `~/.config`',
  ZDOTDIR: 'the directory of `.zshrc`, for `candle completion install zsh`; default the home directory',
  BASH_COMPLETION_USER_DIR:
    '`candle completion install bash` writes to `completions` in it; default `bash-completion` in `XDG_DATA_HOME`',
  SHELL: 'the shell of `candle completion install` without a name',
  HOME: 'the home directory; an empty or relative path counts as not set',
  NO_COLOR: 'any value disables colours',
  FORCE_COLOR: 'enables colours even without a terminal; `0` and `false` disable them even on a terminal',
};

/** Variables that are passed on unread, or that are used only inside Candle. */
export const innerVariables = [
  'CANDLE_LINE',
  'CANDLE_CONTENT_TYPE',
  'CANDLE_DEBUG',
  'CANDLE_READY_CHECK',
  'CANDLE_STOP_COMMAND',
  'XDG_RUNTIME_DIR',
];

/** Variables that a service gets in addition to the environment of its caller. */
export const serviceVariables = {
  PORT: 'its reserved port, unless `portEnv` sets another variable; without a reservation, and with `"port": null`, it has the value from your shell',
  '<VARIABLE>': 'a further port of the service: the variables are the keys of its `ports`',
  '<SERVICE>_PORT':
    'the reserved port of each service of the project that has one: `API_PORT` for `api`, `WEB_UI_PORT` for `web-ui`. There is none for names without an ASCII letter or digit',
  '<SERVICE>_URL':
    'its URL: `url`, or `http://localhost:4000` with its port, or `https://localhost:4000` if its readiness check needed TLS. Without `url`, it is not set for a service that does not seem to speak HTTP, such as a database',
  '<SERVICE>_BROWSER_URL':
    'the same page under a separate host name, for browsers: `http://web.fix-login.shop.localhost:4000`; not set if the host of its URL is not `localhost`. See [Worktrees](../guides/worktrees.md)',
  '<SERVICE>_<VARIABLE>': 'a further port of a service of the project: `WEB_HMR_PORT`',
  '<ENTRY>_PORT':
    'the reserved port of each entry of the top-level `ports`, unless `portEnv` sets another variable: `DB_PORT` for `db`',
  '<ENTRY>_URL': 'the URL of the entry, by the same rules as for a service',
  '<ENTRY>_BROWSER_URL': 'the URL of the entry for browsers, by the same rules as for a service',
  CANDLE_SERVICE: 'its name',
  CANDLE_PROJECT: "the project's directory",
  CANDLE_RUN_ID: 'the ID of its run, which Candle uses to recognise the processes that belong to it',
  CANDLE_STATE_DIR:
    'the state directory, if the caller has set it, so that a service that runs Candle uses the same database',
  CANDLE_TRUST: 'the trusted directories, if the caller has set it, for the same reason',
  PYTHONUNBUFFERED: '`1`, unless you set it, because Python would otherwise buffer its output',
  RAILS_DEVELOPMENT_HOSTS:
    'the host name in its `<SERVICE>_BROWSER_URL`, unless you set it, because Rails rejects other host names',
  NG_ALLOWED_HOSTS: 'the same, for server-side rendering in Angular',
  FORCE_COLOR: '`1` with `"color": true`',
  TERM: '`xterm-256color` with `"tty": true`',
};
