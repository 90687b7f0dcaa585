import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSandbox, type Sandbox } from '@candle/test-kit';
import { Book } from './book.ts';
import { type Random, seededRandom } from './random.ts';
import { soakConfig } from './services.ts';
import { Tally } from './tally.ts';

/** The built `bin` script. */
export const bin = fileURLToPath(new URL('../../apps/cli/bin/run.js', import.meta.url));

export interface World {
  readonly box: Sandbox;
  readonly book: Book;
  readonly tally: Tally;
  random(name: string): Random;
}

export function openWorld(seed: number): World {
  const box = openSandbox({ bin });
  const book = new Book(join(box.root, 'book'));
  box.writeConfig(soakConfig(book.dir));
  return { box, book, tally: new Tally(), random: (name) => seededRandom(seed, name) };
}
