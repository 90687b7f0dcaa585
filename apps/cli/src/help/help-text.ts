import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { wrapWords } from '../present/format.ts';

/** A name and what it stands for. */
type Row = readonly [name: string, text: string];

/** A list under a heading. */
export interface HelpSection {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** What `candle help` lists. The build writes it to a file, so that help reads neither the commands nor the pages. */
export interface HelpIndex {
  readonly description: string;
  /** Candle's own commands, in groups. */
  readonly groups: readonly HelpSection[];
  /** The commands that also work on all projects with `--all`. */
  readonly withAll: readonly string[];
  /** The pages of the documentation, with their titles. Each is a topic. */
  readonly pages: readonly Row[];
}

/** How a text is shown. */
export interface HelpStyle {
  /** Columns. */
  readonly width: number;
  /** Emphasizes a heading. */
  readonly heading: (text: string) => string;
}

export function helpIndexPath(packageRoot: string): string {
  return join(packageRoot, 'dist', 'help.json');
}

export function readHelpIndex(packageRoot: string): HelpIndex {
  return JSON.parse(readFileSync(helpIndexPath(packageRoot), 'utf8'));
}

const minWidth = 80;

/** Off a terminal, the width is 80 columns. */
export function helpStyle(stdout: NodeJS.WriteStream): HelpStyle {
  return {
    width: Math.max(minWidth, stdout.isTTY ? stdout.columns : 0),
    heading: (text) => styleText('bold', text, { stream: stdout }),
  };
}

interface HelpSources extends Pick<HelpIndex, 'description' | 'withAll' | 'pages'> {
  readonly groups: readonly { readonly title: string; readonly commands: readonly string[] }[];
  /** The sentence about a command. */
  readonly summaryOf: (commandId: string) => string;
}

export function createHelpIndex({ groups, summaryOf, ...others }: HelpSources): HelpIndex {
  return {
    ...others,
    groups: groups.map(({ title, commands }) => ({
      title,
      rows: commands.map((id) => [id.replaceAll(':', ' '), summaryOf(id)] as const),
    })),
  };
}

/** The text of `candle help`. `plugins` are the commands of plugins. */
export function renderHelp(
  { description, groups, withAll, pages }: HelpIndex,
  plugins: readonly Row[],
  style: HelpStyle,
): string {
  const shown = groups.map(({ title, rows }) => ({ title, rows: rows.filter((row) => !isBelowOther(row, rows)) }));
  const ofPlugins = { title: 'Commands of plugins', rows: plugins };
  return [
    description,
    `${style.heading('USAGE')}\n  $ candle COMMAND`,
    ...renderSections([...shown, ofPlugins], style),
    renderNames(
      'Topics',
      pages.map(([name]) => name),
      style,
    ),
    [
      ...wrapWords(`For all projects, add --all to: ${withAll.join(', ')}`, style.width),
      'For a command or a topic: candle help NAME\n',
    ].join('\n'),
  ].join('\n\n');
}

/** `plugins install` is in the help of `plugins`. */
function isBelowOther([name]: Row, rows: readonly Row[]): boolean {
  return rows.some(([other]) => name.startsWith(`${other} `));
}

/** A page of the documentation. */
interface Page {
  readonly name: string;
  readonly title: string;
  readonly text: string;
}

/** A page that mentions more commands does not say which of them belong to its topic. */
const maxMentioned = 20;

/** More parts are the entries of a list, such as the codes of all errors. */
const maxParts = 20;

/**
 * The text of `candle help ports`: the commands for the task, or else those that the page mentions, and the parts of the page,
 * which itself is often longer than a screen. A page without parts, such as a table, is shown itself.
 */
export function renderTopic(page: Page, { groups }: HelpIndex, style: HelpStyle): string {
  const parts = [...withoutCode(page.text).matchAll(/^## (.+)$/gm)].flatMap(([, title]) => title ?? []);
  if (parts.length === 0) return page.text;
  const ofTask = groups.find(({ title }) => title.toLowerCase() === page.name);
  const mentioned = groups.flatMap(({ rows }) => rows).filter(([name]) => mentions(page.text, name));
  const commands = ofTask?.rows ?? (mentioned.length > maxMentioned ? [] : mentioned);
  return [
    page.title,
    ...renderSections([{ title: 'Commands', rows: commands }], style),
    parts.length > maxParts
      ? renderNames('Page', parts, style)
      : `${style.heading('PAGE')}\n${parts.map((title) => `  ${title}`).join('\n')}`,
    `To read the page: candle get-doc ${page.name}\n`,
  ].join('\n\n');
}

/** Whether a text has a command line with the command, and not with one whose name is longer. */
function mentions(text: string, command: string): boolean {
  return new RegExp(`\\bcandle ${command}(?![\\w-])`).test(text);
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^```.*?^```/gms, '');
}

function renderNames(title: string, names: readonly string[], { width, heading }: HelpStyle): string {
  return [heading(title.toUpperCase()), ...wrapWords(names.join(', '), width - 2).map((line) => `  ${line}`)].join(
    '\n',
  );
}

/** All lists have the same first column. */
function renderSections(sections: readonly HelpSection[], { width, heading }: HelpStyle): string[] {
  const shown = sections.filter(({ rows }) => rows.length > 0);
  const column = Math.max(...shown.flatMap(({ rows }) => rows.map(([name]) => name.length)));
  return shown.map(({ title, rows }) => {
    const lines = rows.flatMap(([name, text]) =>
      wrapWords(text, width - column - 4).map((line, at) =>
        `  ${(at === 0 ? name : '').padEnd(column)}  ${line}`.trimEnd(),
      ),
    );
    return [heading(title.toUpperCase()), ...lines].join('\n');
  });
}
