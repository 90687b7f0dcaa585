import { createServer } from 'node:http';
import { greetingOf } from '@shop/greeting';

createServer((_request, response) => response.end(greetingOf('api'))).listen(Number(process.env.PORT));
