// The MCP SDK as the CLI bundles it, without what it brings for servers that ask their users questions: a validator of
// JSON Schema that is a third of all its code.

const standIn = `
  export { default as process } from 'node:process';
  export class DefaultJsonSchemaValidator {
    getValidator() {
      throw new Error('candle asks nobody for input that would have to be validated');
    }
  }`;

const mark = '\0lean-mcp';

/** A plugin for rolldown. */
export const leanMcp = {
  name: 'lean-mcp',
  resolveId: (source) => (source === '@modelcontextprotocol/server/_shims' ? mark : undefined),
  load: (id) => (id === mark ? standIn : undefined),
};
