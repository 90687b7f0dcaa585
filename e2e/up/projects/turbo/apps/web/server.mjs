import { createServer } from 'node:http';
import { text } from '@blog/text';

createServer((_request, response) => response.end(text('web'))).listen(Number(process.env.PORT));
