import { closeSync, constants, openSync } from 'node:fs';
import { shellWord } from '@candle/core/errors';
import type { RunDir } from '@candle/core/runs';
import type { ServiceKey } from '@candle/core/services';
import { TerminalUnavailableError } from './errors.ts';
import { findProgram, pathDirectories } from './launch.ts';
import { defaultPath, type ReaderCaller, spliceNumber, startApart } from './output-reader.ts';

const isLinux = process.platform === 'linux';

/** The size of a service's terminal. */
const columns = 120;
const rows = 30;

/** The requests of ioctl(2) that set up a terminal: to unlock it, to get its name or number, and what its session does. */
const requests = isLinux
  ? { unlock: 0x40045431, name: 0x80045430, control: 0x540e, resize: 0x5414 }
  : { unlock: 0x20007452, name: 0x40807453, control: 0x20007461, resize: 0x80087467 };
const grantOnDarwin = 0x20007454;

/** Unlocks the terminal whose master is fd 0, and prints the path of its other side. */
const unlockScript = isLinux
  ? `my $number = pack "i", 0;
ioctl(STDIN, ${requests.unlock}, $number) && ioctl(STDIN, ${requests.name}, $number) or die "$!\\n";
print "/dev/pts/", unpack "i", $number;`
  : `my $name = "\\0" x 128;
ioctl(STDIN, ${grantOnDarwin}, 0) && ioctl(STDIN, ${requests.unlock}, 0) && ioctl(STDIN, ${requests.name}, $name) or die "$!\\n";
print unpack "Z*", $name;`;

/**
 * `perl -e … RUN_DIR BADLANG COMMAND…`, with fd 0 = the terminal: becomes the leader of the terminal's session, which it
 * records before anything else, and then the command.
 */
const leaderScript = `use POSIX ();
my ($dir, $badlang) = splice @ARGV, 0, 2;
$badlang =~ s/^=// ? ($ENV{PERL_BADLANG} = $badlang) : delete $ENV{PERL_BADLANG};
open my $record, "+<", "$dir/session" or die "$!\\n";
printf {$record} "%-11s\\n", $$;
close $record;
my $size = pack "S4", ${rows}, ${columns}, 0, 0;
POSIX::setsid() > 0 && ioctl(STDIN, ${requests.control}, 0) && ioctl(STDIN, ${requests.resize}, $size)
  or die "Candle could not set up the terminal: $!\\n";
exec {$ARGV[0]} @ARGV;
die "$ARGV[0]: $!\\n";`;

/**
 * Moves what a service prints from its terminal (fd 1 is the master) to the pipe of its output (fd 0), and what is sent to it
 * from its input (fd 3) to the terminal. splice(2) does so without losing anything if the process is killed.
 *
 * Only a process that has the master can replace this one. So there are two: one works, and the other takes over when it is
 * killed. Whichever works starts another one when there is none. After the last byte, it sends a byte to the other, which ends
 * as well. The master is non-blocking: splice(2) locks the pipe while it waits for the terminal.
 */
const relayScript = `my ($splice) = @ARGV;
$SIG{CHLD} = $SIG{PIPE} = "IGNORE";
open TERMINAL, "+<&=", 1;
open INPUT, "+<&=", 3;
sub move {
  my ($from, $to) = @_;
  if ($splice) {
    my $moved = syscall $splice, fileno $from, 0, fileno $to, 0, 65536, 0;
    return $moved if $moved >= 0 || ($! != 22 && $! != 38);
    $splice = 0;
  }
  my $read = sysread $from, my $bytes, 1024;
  return defined $read ? 0 : -1 unless $read;
  for (my $done = 0; $done < $read; ) {
    my $written = syswrite $to, $bytes, $read - $done, $done;
    if (defined $written) { $done += $written } else { select undef, undef, undef, 0.01 }
  }
  return $read;
}
for (;;) {
  socketpair my $other, my $own, 1, 1, 0;
  my $pid = fork;
  if (defined $pid && $pid == 0) {
    close $other;
    exit if sysread $own, my $end, 1;
    next;
  }
  close $own;
  my $isFull = 0;
  for (;;) {
    my ($readable, $writable) = ("", "");
    vec($readable, $_, 1) = 1 for 1, fileno $other;
    if ($isFull) { vec($writable, 1, 1) = 1 } else { vec($readable, 3, 1) = 1 }
    next if select($readable, $writable, undef, undef) < 0;
    if (vec($readable, 1, 1)) {
      my $moved = move(\\*TERMINAL, \\*STDIN);
      if ($moved == 0 || $moved < 0 && $! == 5) { syswrite $other, "."; exit }
    }
    if (vec($readable, 3, 1) || vec($writable, 1, 1)) {
      $isFull = move(\\*INPUT, \\*TERMINAL) < 0;
    }
    last if vec($readable, fileno $other, 1);
  }
  select undef, undef, undef, 0.1 unless defined $pid;
}`;

/** A terminal of which this process has both sides open. The service gets both, so that its terminal lasts whatever else ends. */
export interface Terminal {
  readonly master: number;
  readonly device: number;
  /** Turns the command of a shim, with `$1` as the directory of the run, into one that runs it in the session of the terminal. */
  readonly inTerminal: (command: string) => string;
  /** Starts the process that connects the terminal with the pipes of its run, until no process has the terminal. */
  readonly startRelay: (dir: RunDir, caller: ReaderCaller) => Promise<void>;
}

/** @throws TerminalUnavailableError */
export async function openTerminal(service: ServiceKey, path: string = defaultPath): Promise<Terminal> {
  const perl = findProgram('perl', pathDirectories(path));
  if (perl === undefined) throw new TerminalUnavailableError(service, 'perl');
  const fds: number[] = [];
  try {
    const master = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    fds.push(master);
    const device = openSync(await unlock(perl, master), constants.O_RDWR | constants.O_NOCTTY);
    return {
      master,
      device,
      inTerminal: (command) => withLeader(perl, command),
      startRelay: (dir, caller) => startRelay(dir, { perl, master, caller }),
    };
  } catch (error) {
    for (const fd of fds) closeSync(fd);
    throw new TerminalUnavailableError(service, error);
  }
}

/** Returns the path of the other side of a terminal. */
async function unlock(perl: string, master: number): Promise<string> {
  const { execa } = await import('execa');
  const { stdout, stderr, exitCode } = await execa(perl, ['-e', unlockScript], {
    env: { PATH: defaultPath },
    extendEnv: false,
    reject: false,
    // execa accepts any descriptor, but its types allow only the first few.
    stdio: [master as 3, 'pipe', 'pipe'],
  });
  if (exitCode !== 0) throw new Error(stderr || `${perl} failed`);
  return stdout;
}

async function startRelay(
  dir: RunDir,
  { perl, master, caller }: { perl: string; master: number; caller: ReaderCaller },
): Promise<void> {
  await startApart([perl, '-e', relayScript, String(spliceNumber ?? 0)], caller, (open) => [
    // Like a reader, it is recognized by its stdin. Because it also has the pipe open for reading, it never gets SIGPIPE.
    open(dir.output, constants.O_RDWR),
    master,
    'ignore',
    open(dir.in, constants.O_RDWR),
  ]);
}

function withLeader(perl: string, command: string): string {
  // Perl would warn on the terminal about a locale that is not installed.
  const leader = `PERL_BADLANG=0 ${shellWord(perl)} -e ${shellWord(leaderScript.replaceAll('\n', ' '))}`;
  return `${leader} "$1" "\${PERL_BADLANG+=$PERL_BADLANG}" ${command}`;
}
