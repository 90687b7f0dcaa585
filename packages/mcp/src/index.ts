export { InvalidToolInputError } from './errors.ts';
export type { McpHost } from './host.ts';
export { type McpServing, serveMcp } from './serve-mcp.ts';
