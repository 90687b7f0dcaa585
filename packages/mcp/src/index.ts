export { mcpErrors } from './catalogue.ts';
export { describeTools, type ToolDescription } from './describe-tools.ts';
export type { McpHost } from './host.ts';
export { type McpServing, serveMcp } from './serve-mcp.ts';
export { useCasesWithoutTool } from './tools.ts';
