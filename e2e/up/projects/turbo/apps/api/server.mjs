import { createServer } from 'node:http';
import { text } from '@blog/text';

createServer((_request, response) => response.end(text('api'))).listen(Number(process.env.PORT));
