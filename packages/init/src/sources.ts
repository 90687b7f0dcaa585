import { compose } from './compose/compose.ts';
import { devCommands } from './dev-commands.ts';
import { dotnet, go, java, rust } from './languages/compiled.ts';
import { python } from './languages/python.ts';
import { php, ruby } from './languages/ruby-and-php.ts';
import { staticSite } from './languages/static-site.ts';
import { mprocs } from './processes/mprocs.ts';
import { processCompose } from './processes/process-compose.ts';
import { procfile } from './processes/procfile.ts';
import type { Source } from './source.ts';

/** Each of these describes the processes of the directory and everything below it. */
export const processFiles: readonly Source[] = [procfile, processCompose, mprocs];

/** Each of these describes the programs of one directory. A directory can have several, for example Go and PHP. */
export const languages: readonly Source[] = [python, ruby, php, go, rust, java, dotnet];

/** In addition to all other sources. */
export const containers: Source = compose;

/** Only for a directory in which nothing else was found, in this order. */
export const lastResorts: readonly Source[] = [devCommands, staticSite];
