// Types of flags: all that oclif has, except `help` and `version`, which every Candle command already has.
export { boolean, custom, directory, file, integer, option, string, url } from '@oclif/core/flags';
