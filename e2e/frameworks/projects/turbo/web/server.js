import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 3000);
createServer((_request, response) => response.end('Hello')).listen(port, () => console.log(`Listening on ${port}`));
