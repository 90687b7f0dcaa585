import { renderLine } from '@candle/core/config';
import { printable, showPath } from '@candle/core/errors';
import { type InitOffer, type InitResult, type Note, renderPlace } from '@candle/init';

/** Each service with the file that it comes from, and what would be written. */
export function renderOffer({
  services,
  ports,
  setup,
  present,
  mainConfig,
  problems,
  advice,
  ignored,
}: InitOffer): string {
  const selected = services.filter(({ isSelected }) => isSelected);
  const optional = services.filter(({ isSelected }) => !isSelected);
  const sections = [
    mainConfig === undefined ? [] : [`The main checkout has ${showPath(mainConfig)}, which git does not track`],
    section('Services', selected.map(renderService)),
    section('Optional, not selected', optional.map(renderService)),
    section(
      'Ports of programs that Candle does not start',
      ports.map(({ name, from, port }) => [
        `${printable(name)}  (${renderPlace(from)})`,
        `  ${printable(renderLine(port))}`,
      ]),
    ),
    setup === undefined ? [] : ['Setup before the first start:', `  ${printable(setup.run)}`],
    present.length === 0 ? [] : [`Already configured: ${present.map(printable).join(', ')}`],
    section('Could not be read', problems.map(renderNote)),
    section('To change', advice.map(renderNote)),
    section('Not used', ignored.map(renderNote)),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function section(title: string, entries: readonly (readonly string[])[]): readonly string[] {
  return entries.length === 0 ? [] : [`${title}:`, ...entries.flat().map((line) => `  ${line}`)];
}

function renderService({ service, from, guess, unselectedBecause }: InitOffer['services'][number]): readonly string[] {
  const { name, ...config } = service;
  const reasons = [unselectedBecause, guess === undefined ? undefined : `a guess: ${guess}`];
  const reason = reasons.filter((text) => text !== undefined).join('; ');
  return [
    `${printable(name)}  (${printable(renderPlace(from))})${reason === '' ? '' : `  ${printable(reason)}`}`,
    `  ${printable(renderLine(config))}`,
  ];
}

export function renderNote({ place, text }: Note): readonly string[] {
  return [printable(`${renderPlace(place)}: ${text}`)];
}

/** What happens instead of writing the services that were found. */
export function renderCopy({ mainConfig = '', path }: InitOffer): string {
  return `The main checkout has ${showPath(mainConfig)}, which git does not track. Copying it to ${showPath(path)}`;
}

/** What was written. */
export function renderWritten({ offer, written }: InitResult): string {
  const path = showPath(offer.path);
  if (written === undefined) return 'Nothing was written';
  if (written.copiedFrom !== undefined) return `Copied ${showPath(written.copiedFrom)} to ${path}`;
  const names = [...written.services, ...written.ports, ...(written.hasSetup ? ['setup'] : [])].map(printable);
  const others = offer.services.map(({ service }) => service.name).filter((name) => !written.services.includes(name));
  const hint = `Not added: ${others.map(printable).join(', ')}. To add one, run candle init on a terminal, or write it into .candle.json`;
  return [addition(path, names, written.created), ...(others.length === 0 ? [] : [hint])].join('\n');
}

function addition(path: string, names: readonly string[], isCreated: boolean): string {
  if (names.length === 0) return `Nothing to add: ${path} has everything that was found`;
  return isCreated ? `Created ${path} with ${names.join(', ')}` : `Added to ${path}: ${names.join(', ')}`;
}
