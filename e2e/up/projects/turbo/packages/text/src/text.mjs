export const text = (name) => `Text of ${name}`;
