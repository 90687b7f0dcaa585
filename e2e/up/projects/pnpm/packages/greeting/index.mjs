export const greetingOf = (name) => `Hello from ${name} in ${process.cwd()}`;
