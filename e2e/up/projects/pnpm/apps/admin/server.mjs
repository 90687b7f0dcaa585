import { createServer } from 'node:http';
import { greetingOf } from '@shop/greeting';

createServer((_request, response) => response.end(greetingOf('admin'))).listen(Number(process.env.PORT));
