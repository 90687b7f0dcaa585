import { closeSync, constants, openSync } from 'node:fs';
import { shellWord } from '@candle/core/errors';
import type { ServiceKey } from '@candle/core/services';
import { TerminalUnavailableError } from './errors.ts';
import { findProgram, pathDirectories } from './launch.ts';
import { defaultPath, spliceNumber } from './output-reader.ts';

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
 * records before anything else, and then the command. Neither this script nor the next one contains a single quote.
 */
const leaderScript = `use POSIX ();
my ($dir, $badlang) = splice @ARGV, 0, 2;
$badlang =~ s/^=// ? ($ENV{PERL_BADLANG} = $badlang) : delete $ENV{PERL_BADLANG};
$SIG{INT} = $SIG{QUIT} = "DEFAULT";
my ($size, $record) = pack "S4", ${rows}, ${columns}, 0, 0;
open($record, "+<", "$dir/session") && printf({$record} "%-11s\\n", $$) && close($record)
  && POSIX::setsid() > 0 && ioctl(STDIN, ${requests.control}, 0) && ioctl(STDIN, ${requests.resize}, $size)
  or die "Candle could not set up the terminal: $!\\n";
exec {$ARGV[0]} @ARGV;
die "$ARGV[0]: $!\\n";`;

/**
 * The relay: moves what a service prints from its terminal (fd 1 is the master) to the pipe of its output (fd 0), and what is
 * sent to it from its input (fd 3) to the terminal. splice(2) does so without losing anything if the process is killed. The
 * master is non-blocking, because splice(2) locks the pipe while it waits for the terminal.
 *
 * Only a process that has the master can replace this one. So there are two: one works, and the other takes over when it is
 * killed. Whichever works starts another one when there is none. After the last byte, it sends a byte to the other, which ends
 * as well.
 */
const relayScript = `my ($splice) = @ARGV;
$SIG{CHLD} = $SIG{PIPE} = "IGNORE";
setpgrp;
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

/** Makes a shim start another relay, if none is left. No service can be stopped with this signal. */
export const relaySignal = 'SIGALRM';

/**
 * What a shim does to run its command in a terminal, with `$1` as the directory of the run, fd 1 and 2 = the terminal, 4 = its
 * master and 5 = `output`. The command gets the master too, so that its terminal lasts whatever else ends. The relay has
 * `output` open from the start, so that there is no moment without a writer.
 */
function runInTerminal(perl: string, command: string): string {
  return `relay() {
/usr/bin/env -i ${perl} -e '${relayScript}' ${spliceNumber ?? 0} <&5 >&4 2> /dev/null 3<> "$1/in" 4>&- 5>&- &
exec 5>&-
}
trap 'exec 5<> "$1/output"; relay "$1"' ${relaySignal.slice('SIG'.length)}
relay "$1"
PERL_BADLANG=0 ${perl} -e '${leaderScript}' "$1" "\${PERL_BADLANG+=$PERL_BADLANG}" ${command} <&1 3>&- &
program=$!
while wait "$program"; code=$?; kill -0 "$program" 2> /dev/null; do :; done
(exit "$code")`;
}

/** A terminal of which this process has both sides open. */
export interface Terminal {
  readonly master: number;
  readonly device: number;
  /** Turns the command of a shim into one that runs in the terminal. */
  readonly run: (command: string) => string;
}

/**
 * @param paths where Perl is searched for: the PATH of the caller and of the service, because the supervisor has neither
 * @throws TerminalUnavailableError
 */
export async function openTerminal(service: ServiceKey, ...paths: readonly (string | undefined)[]): Promise<Terminal> {
  const perl = findProgram(
    'perl',
    paths.flatMap((path = defaultPath) => pathDirectories(path)),
  );
  if (perl === undefined) throw new TerminalUnavailableError(service, 'perl');
  const fds: number[] = [];
  try {
    const master = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    fds.push(master);
    const device = openSync(await unlock(perl, master), constants.O_RDWR | constants.O_NOCTTY);
    return { master, device, run: (command) => runInTerminal(shellWord(perl), command) };
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
