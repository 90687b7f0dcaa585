// Removes the JSON Schema validator from the bundled MCP SDK. Only servers that ask users for input need it, and it is a third
// of the code of the SDK.

const standIn = `
  export { default as process } from 'node:process';
  export class DefaultJsonSchemaValidator {
    getValidator() {
      throw new Error('candle never asks users for input that needs validation');
    }
  }`;

const moduleId = '\0lean-mcp';

/** A rolldown plugin. */
export const leanMcp = {
  name: 'lean-mcp',
  resolveId: (source) => (source === '@modelcontextprotocol/server/_shims' ? moduleId : undefined),
  load: (id) => (id === moduleId ? standIn : undefined),
};
