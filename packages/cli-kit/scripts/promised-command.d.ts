// What a command has from oclif, as far as plugins are promised it: stands in for oclif's own declaration when the types
// are rolled up. There is more at run time, which may change with every version of oclif.

import type { ArgInput, ArgOutput, FlagInput, FlagOutput, Input, ParserOutput } from './interfaces/parser';

/** What every command has, whichever CLI it runs in. */
export declare abstract class Command {
  /** Other names of the command. */
  static aliases: string[];
  /** What it takes behind its name, in this order: made with `Args`. */
  static args: ArgInput;
  /** Flags of a base class, which those of the command are added to. */
  static baseFlags: FlagInput;
  /** What `--help` says below the summary. */
  static description: string | undefined;
  /** Command lines for `--help`; `<%= config.bin %> <%= command.id %>` stands for the command itself. */
  static examples: (string | { command: string; description: string })[];
  /** What it takes with dashes: made with `Flags`. */
  static flags: FlagInput;
  /** Not shown in `candle help`. */
  static hidden: boolean;
  /** False: any words may follow. */
  static strict: boolean;
  /** One sentence, for `candle help`. */
  static summary?: string;
  /** How it is written, when `--help` would say it wrong. */
  static usage: string | string[] | undefined;
  /** The words of the command line behind the command's name. */
  argv: string[];
  /** What oclif knows of the CLI. */
  readonly config: {
    /** `candle` */
    readonly bin: string;
    /** Of the CLI. */
    readonly version: string;
    /** Absolute; where plugins are installed. */
    readonly dataDir: string;
    readonly options: object;
  };
  /** Its name; words are divided by colons. */
  id: string | undefined;
  /** Whether `--json` was given: then `log` and `note` say nothing. */
  jsonEnabled(): boolean;
  /** Writes a line for people to stdout. */
  log(message?: string): void;
  /** Reads the command line: `this.parse(MyCommand)`. @throws USAGE when it is not what `args` and `flags` say */
  protected parse<F extends FlagOutput, B extends FlagOutput, A extends ArgOutput>(
    options?: Input<F, B, A>,
    argv?: string[],
  ): Promise<ParserOutput<F, B, A>>;
  /** The command's work. What it returns is what `--json` prints. */
  abstract run(): Promise<unknown>;
}
