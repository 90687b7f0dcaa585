// What commands take with dashes. All of oclif's kinds but `help` and `version`, which every command of candle has.
export { boolean, custom, directory, file, integer, option, string, url } from '@oclif/core/flags';
