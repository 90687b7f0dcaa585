import { createServer } from 'node:http';

createServer((_request, response) => response.end('Hello')).listen(8080, () => console.log('Listening on 8080'));
