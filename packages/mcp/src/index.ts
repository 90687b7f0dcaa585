export { mcpErrors } from './catalogue.ts';
export type { McpHost } from './host.ts';
export { type McpServing, serveMcp } from './serve-mcp.ts';
export { type Tool, toolAnnotations } from './tool.ts';
export { tools } from './tools.ts';
