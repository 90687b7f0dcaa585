// The part of oclif's Command class that is public API for plugins. It replaces oclif's own declaration when the types
// are rolled up. Everything else that exists at run time may change with every version of oclif.

import type { ArgInput, ArgOutput, FlagInput, FlagOutput, Input, ParserOutput } from './interfaces/parser';

/** Base class of all oclif commands. */
export declare abstract class Command {
  /** Other names of the command. */
  static aliases: string[];
  /** Positional arguments in order, created with `Args`. */
  static args: ArgInput;
  /** Flags of a base class; the command's own `flags` are added to them. */
  static baseFlags: FlagInput;
  /** Text that `--help` shows below the summary. */
  static description: string | undefined;
  /** Command lines for `--help`. `<%= config.bin %> <%= command.id %>` is replaced by the command itself. */
  static examples: (string | { command: string; description: string })[];
  /** Flags, created with `Flags`. */
  static flags: FlagInput;
  /** True: not shown in `candle help`. */
  static hidden: boolean;
  /** False: any number of arguments is accepted. */
  static strict: boolean;
  /** One sentence, for `candle help`. */
  static summary?: string;
  /** Overrides the usage line that `--help` generates. */
  static usage: string | string[] | undefined;
  /** Command-line arguments after the command's name. */
  argv: string[];
  /** oclif's configuration of the CLI. */
  readonly config: {
    /** `candle` */
    readonly bin: string;
    /** Version of the CLI. */
    readonly version: string;
    /** Absolute path of the directory in which plugins are installed. */
    readonly dataDir: string;
    readonly options: object;
  };
  /** Name of the command; words are separated by colons. */
  id: string | undefined;
  /** True if `--json` was given; `log` and `note` then print nothing. */
  jsonEnabled(): boolean;
  /** Writes a line of human-readable output to stdout. */
  log(message?: string): void;
  /** Parses the command line: `this.parse(MyCommand)`. @throws USAGE if it does not match `args` and `flags` */
  protected parse<F extends FlagOutput, B extends FlagOutput, A extends ArgOutput>(
    options?: Input<F, B, A>,
    argv?: string[],
  ): Promise<ParserOutput<F, B, A>>;
  /** Runs the command. `--json` prints the returned value. */
  abstract run(): Promise<unknown>;
}
