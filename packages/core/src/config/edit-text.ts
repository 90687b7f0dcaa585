import { findNodeAtLocation, type Node } from 'jsonc-parser';
import { appendMember } from './append-member.ts';
import { listServiceNodes } from './document.ts';
import { removeMember } from './remove-member.ts';
import { parseSyntaxTree } from './syntax-tree.ts';
import { detectStyle } from './text-style.ts';

/** A new service, as it is written to the config. */
export interface NewService {
  readonly name: string;
  readonly shell: string;
  /** Relative to the project and inside it. */
  readonly root?: string | undefined;
  /** A number from 1024 to 65535, or `auto`. */
  readonly port?: 'auto' | number | undefined;
}

/** The text of a config without services; `schema` is the location of the JSON Schema for editors. */
export function newConfigText(schema?: string): string {
  const line = schema === undefined ? '' : `  "$schema": ${JSON.stringify(schema)},\n`;
  return `{\n${line}  "services": []\n}\n`;
}

function appendService(text: string, root: Node, service: NewService): string {
  const { name, shell, root: directory, port } = service;
  const body = {
    shell,
    ...(directory === undefined ? {} : { root: directory }),
    ...(port === undefined ? {} : { port }),
  };
  const style = detectStyle(text, root);
  const services = findNodeAtLocation(root, ['services']);
  if (services === undefined) return appendMember(text, root, 'services', [{ name, ...body }], style);
  if (services.type === 'object') return appendMember(text, services, name, body, style);
  return appendMember(text, services, undefined, { name, ...body }, style);
}

/** Appends a service to the text of a valid config. If the text has only comments, they stay at its start. */
export function insertServiceText(text: string, service: NewService): string {
  const { root } = parseSyntaxTree(text);
  if (root !== undefined) return appendService(text, root, service);
  const { eol } = detectStyle(text, undefined);
  const head = text.trim() === '' ? '' : `${text.trimEnd()}${eol}`;
  const whole = `${head}${newConfigText().replaceAll('\n', eol)}`;
  const created = parseSyntaxTree(whole).root;
  return created === undefined ? whole : appendService(whole, created, service);
}

/** Removes the service at an index from the text of a valid config; everything else is unchanged. */
export function removeServiceText(text: string, index: number): string {
  const { root } = parseSyntaxTree(text);
  const services = root && findNodeAtLocation(root, ['services']);
  if (root === undefined || services === undefined || index >= listServiceNodes(root).length) return text;
  return removeMember(text, services, index);
}
