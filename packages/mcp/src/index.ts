export { mcpErrors } from './catalogue.ts';
export type { McpHost } from './host.ts';
export { type McpServing, serveMcp } from './serve-mcp.ts';
export { describeTools, type ToolDescription, useCasesWithoutTool } from './tools.ts';
