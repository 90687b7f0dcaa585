import type { InitDocument } from '@candle/documents';
import type { InitResult } from './init.ts';
import type { Note } from './proposal.ts';

export function initDocument({ offer, written }: InitResult): InitDocument {
  const { projectDir, path, services, ports, setup, present, mainConfig, problems, advice, ignored } = offer;
  return {
    projectDir,
    path,
    services: services.map(({ service: { name, ...config }, from, isSelected, unselectedBecause, guess }) => ({
      name,
      ...placeDocument(from),
      selected: isSelected,
      reason: unselectedBecause ?? null,
      guess: guess ?? null,
      config,
    })),
    ports: ports.map(({ name, port, from }) => ({ name, ...placeDocument(from), config: { ...port } })),
    setup: setup ?? null,
    present,
    mainConfig: mainConfig ?? null,
    problems: problems.map(noteDocument),
    advice: advice.map(noteDocument),
    ignored: ignored.map(noteDocument),
    written:
      written === undefined
        ? null
        : {
            created: written.created,
            services: written.services,
            ports: written.ports,
            setup: written.hasSetup,
            copiedFrom: written.copiedFrom ?? null,
          },
  };
}

function placeDocument({ file, line }: Note['place']) {
  return { file, line: line ?? null };
}

function noteDocument({ place, text }: Note) {
  return { ...placeDocument(place), text };
}
