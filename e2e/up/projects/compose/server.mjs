import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 3000);
const database = process.env.DATABASE_URL ?? process.env.DB_URL;
createServer((_request, response) => response.end(`The database is ${database}`)).listen(port);
