/** Values for the examples of errors, so that the examples of one page belong together. */
export const exampleProject = '/home/ada/shop';
export const exampleConfig = `${exampleProject}/.candle.json`;
export const exampleStateDir = '/home/ada/.local/state/candle';
export const exampleDatabase = `${exampleStateDir}/state.db`;
export const exampleReservation = { port: 4000, projectDir: exampleProject, serviceName: 'api', reservedAtMs: 0 };
