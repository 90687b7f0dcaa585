// What commands take behind their name. All of oclif's kinds.
export { boolean, custom, directory, file, integer, option, string, url } from '@oclif/core/args';
