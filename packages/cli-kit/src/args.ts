// Types of positional arguments: all that oclif has.
export { boolean, custom, directory, file, integer, option, string, url } from '@oclif/core/args';
