import { findNodeAtLocation, getNodeValue, type Node } from 'jsonc-parser';
import { quote } from '../errors/quote.ts';

/** One service in the text of a config. */
export interface ServiceNode {
  /** The field in problem messages: `services[0]`, `services.api`. */
  readonly field: string;
  readonly node: Node;
  /** In the object form, the node of the key, which is the name. */
  readonly key?: Node;
  readonly value: unknown;
}

/** `parent.key`, or `parent['a key']` for a key that is not a plain word. */
export function fieldOf(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`;
  if (!/^[\w$-]+$/.test(key)) return `${parent}[${quote(key)}]`;
  return parent === '' ? key : `${parent}.${key}`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The services in either form, in the order of the text; empty if `services` is missing or of another type. */
export function listServiceNodes(root: Node): readonly ServiceNode[] {
  const services = findNodeAtLocation(root, ['services']);
  const children = services?.children ?? [];
  if (services?.type === 'array') {
    return children.map((node, index) => ({ field: fieldOf('services', index), node, value: getNodeValue(node) }));
  }
  return children.flatMap(({ children: [key, node] = [] }) => {
    if (key === undefined || node === undefined) return [];
    const value: unknown = getNodeValue(node);
    const named = isRecord(value) && !Object.hasOwn(value, 'name') ? { ...value, name: key.value } : value;
    return [{ field: fieldOf('services', String(key.value)), node, key, value: named }];
  });
}

/** The members of an object node, as key and value nodes. */
export function listMembers(node: Node): readonly { key: Node; value: Node | undefined }[] {
  if (node.type !== 'object') return [];
  return (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key === undefined ? [] : [{ key, value }],
  );
}
