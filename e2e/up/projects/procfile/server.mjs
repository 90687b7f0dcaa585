import { createServer } from 'node:http';

const [name, flag, number] = process.argv.slice(2);
const port = Number(flag === '-p' ? number : process.env.PORT);
createServer((_request, response) => response.end(`${name} in ${process.cwd()}`)).listen(port, () =>
  console.log(`${name} listens on ${port}`),
);
