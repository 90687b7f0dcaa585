/** Values for the examples of errors, so that the examples of one page belong together. */
export const examplePlugin = '@candle/plugin-hosts';
export const exampleDataDir = '/home/ada/.local/share/candle';
