import { closeSync, constants, openSync } from 'node:fs';
import type { RunDir } from '@candle/core/runs';
import { closeInherited } from '../system/background-process.ts';

const isLinux = process.platform === 'linux';

/** The numbers of splice(2) on Linux, which Perl calls by number. */
const spliceNumbers: Partial<Record<NodeJS.Architecture, number>> = { x64: 275, arm64: 76, riscv64: 76, s390x: 306 };

/** The number of splice(2) here; undefined if it is unknown or does not exist. */
export const spliceNumber = isLinux ? spliceNumbers[process.arch] : undefined;

/**
 * Moves output from the pipe (fd 0) to the end of the spool (fd 1). splice(2) writes a byte to the file and takes it from the
 * pipe in one call, so a kill at any time neither loses nor repeats one, and what a full disk refuses stays in the pipe.
 * fd 3 shows that a reader is alive, by being open.
 *
 * While the shim is alive, the reader also has the program's own description of the pipe (fd 4): Node.js makes that
 * non-blocking, after which other programs in the service would lose output. At the end of the shim (end of file on fd 5), the
 * reader closes it, so that it notices when no process can print any more.
 */
const perlReader = `my ($splice, $shared) = @ARGV;
if ($shared) { open SERVICE, "+<&=", 4; open EXIT, "<&=", 5; fcntl SERVICE, 1031, ${256 * 1024} }
sysseek STDOUT, 0, 2;
for (;;) {
  if ($shared) {
    my $ready = "";
    vec($ready, $_, 1) = 1 for 0, 5;
    next if select($ready, undef, undef, undef) < 0;
    my $flags = fcntl SERVICE, 3, 0;
    fcntl SERVICE, 4, $flags & ~2048 if $flags & 2048;
    if (!vec($ready, 0, 1)) { close SERVICE; close EXIT; $shared = 0 }
  }
  my $moved = syscall $splice, 0, 0, 1, 0, 1048576, 0;
  exit if $moved == 0;
  next if $moved > 0 || $! == 4;
  exec "/bin/sh", "-c", "exec cat 4<&- 5<&- >> /dev/fd/1" if $! == 22 || $! == 38;
  select undef, undef, undef, 0.1;
}`;

/** The same in Python. */
const pythonReader = `import fcntl, os, select, sys, time
shared = sys.argv[1] == "1"
if shared:
    try: fcntl.fcntl(4, 1031, ${256 * 1024})
    except OSError: pass
os.lseek(1, 0, 2)
while True:
    if shared:
        ready = select.select([0, 5], [], [])[0]
        flags = fcntl.fcntl(4, fcntl.F_GETFL)
        if flags & os.O_NONBLOCK: fcntl.fcntl(4, fcntl.F_SETFL, flags & ~os.O_NONBLOCK)
        if 0 not in ready:
            os.close(4); os.close(5)
            shared = False
    try:
        if os.splice(0, 1, 1048576) == 0: sys.exit()
    except OSError as error:
        if error.errno in (22, 38): os.execl("/bin/sh", "sh", "-c", "exec cat 4<&- 5<&- >> /dev/fd/1")
        time.sleep(0.1)`;

/** `sh -c … NAME SPLICE SHARED PERL PYTHON`. `cat` reads before it writes, so it loses output if it is killed in between. */
const readerScript = `[ -n "$1" ] && command -v perl > /dev/null && exec perl -e "$3" "$1" "$2"
command -v python3 > /dev/null && python3 -c 'import os; os.splice' 2> /dev/null && exec python3 -c "$4" "$2"
exec cat 4<&- 5<&- >> /dev/fd/1`;

/** Used if the caller has no PATH. */
export const defaultPath = '/usr/local/bin:/usr/bin:/bin';

/**
 * Starts the process that moves the output of a run from its pipe to its spool. At most one may run for each run. It has its
 * own session and nothing of the caller's environment except PATH, so that it belongs to no run. `shared`: the descriptor that
 * the service gets as its output. Resolves with the exit code, which is 0 once no process can print any more.
 */
export async function startReader(
  dir: RunDir,
  { path, stateDir, shared }: { path: string | undefined; stateDir: string; shared?: number | undefined },
): Promise<{ readonly exited: Promise<number | undefined> }> {
  const { execa } = await import('execa');
  closeInherited();
  const fds: number[] = [];
  const open = (file: string, flags: number) => {
    const fd = openSync(file, flags);
    fds.push(fd);
    // execa accepts any descriptor, but its types allow only the first few.
    return fd as 3;
  };
  try {
    // With a writer, opening the pipe for reading does not wait for one.
    open(dir.output, constants.O_RDWR);
    const stdio = [
      open(dir.output, constants.O_RDONLY),
      // splice(2) refuses a file that is opened for appending. On macOS, opening /dev/fd/1 again would not change that.
      open(dir.spool, constants.O_WRONLY | (isLinux ? 0 : constants.O_APPEND)),
      'ignore',
      open(dir.reader, constants.O_RDWR),
      ...(shared === undefined ? [] : [shared as 3, open(dir.exitPipe, constants.O_RDONLY | constants.O_NONBLOCK)]),
    ] as const;
    const args = [String(spliceNumber ?? ''), shared === undefined ? '0' : '1', perlReader, pythonReader];
    const reader = execa('/bin/sh', ['-c', readerScript, 'candle-output', ...args], {
      cwd: stateDir,
      env: { PATH: path ?? defaultPath },
      extendEnv: false,
      detached: true,
      cleanup: false,
      reject: false,
      stdio: [...stdio],
    });
    if (reader.pid === undefined) throw (await reader).cause ?? new Error('sh could not be started');
    reader.nodeChildProcess.unref();
    return { exited: reader.then(({ exitCode }) => exitCode) };
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}
