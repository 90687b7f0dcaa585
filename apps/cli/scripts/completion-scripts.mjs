// Writes the programs that complete command lines in shells. Those for zsh and fish are from @bomb.sh/tab, with corrections.
// Its program for bash evaluates what the user has typed and the names of services, so Candle has its own.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { script } from '@bomb.sh/tab';
import { mark } from '../src/completion/install-completion.ts';

const own = fileURLToPath(new URL('../completions', import.meta.url));

/** What the programs run, followed by `complete -- WORDS`. */
const command = 'candle completion';

const corrections = {
  zsh: [
    // Words stay whole, and Candle gets them without their quotes, of which the last one may be open.
    [
      'words=( "${=words[1,CURRENT]}" )',
      'words=( "${(@Q)words[1,CURRENT-1]}" "${(Q):-$words[CURRENT]$compstate[quote]}" )',
    ],
    // This text is evaluated.
    ["=~ '-.*='", "=~ '^--[a-z-]+='"],
    // zsh quotes special characters in names.
    ['completions -Q ', 'completions '],
    // A colon ends a name in the list for zsh, and a backslash quotes the next character.
    ['comp=${comp//:/\\:}', 'comp=${${comp//\\\\/\\\\\\\\}//:/\\\\:}'],
    // Names may begin with any character.
    ['activeHelpMarker="%"', "activeHelpMarker=$'\\n'"],
  ],
  fish: [
    // The quote of the last word may be open.
    ['set -l lastArg (commandline -ct)', 'set -l lastArg (string unescape -- (commandline -ct))'],
    // Other words may contain these characters too.
    ["string match -r -- '-.*='", "string match -r -- '^--[a-z-]+='"],
    // Directories, and no files.
    [
      'if test $filefilter -eq 1; or test $dirfilter -eq 1\n',
      `if test $dirfilter -eq 1
        set -l flag (string match -r -- '^--[a-z-]+=' (commandline -ct))
        set -l path (string replace -r -- '^--[a-z-]+=' '' (commandline -ct))
        set --global __candle_comp_results "$flag"(__fish_complete_directories "$path")
        return 0
    end
    if test $filefilter -eq 1\n`,
    ],
  ],
};

/** Writes `bash`, `zsh` and `fish` to a directory. */
export function writeCompletionScripts(directory) {
  mkdirSync(directory, { recursive: true });
  const write = (shell, text) => writeFileSync(join(directory, shell), text.replace('\n', `\n# ${mark}.\n`));
  write('bash', readFileSync(join(own, 'candle.bash'), 'utf8'));
  for (const [shell, pairs] of Object.entries(corrections)) write(shell, correct(shell, pairs));
}

function correct(shell, pairs) {
  return pairs.reduce((text, [wrong, right]) => {
    if (!text.includes(wrong)) throw new Error(`${wrong} is no longer in the completion for ${shell}`);
    return text.replace(wrong, () => right);
  }, generate(shell));
}

/** The package only prints its programs. */
function generate(shell) {
  const { log } = console;
  let text = '';
  console.log = (printed) => {
    text += `${printed}\n`;
  };
  try {
    script(shell, 'candle', command);
  } finally {
    console.log = log;
  }
  return text;
}
