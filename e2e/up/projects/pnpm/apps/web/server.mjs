import { createServer } from 'node:http';
import { greetingOf } from '@shop/greeting';

createServer((_request, response) => response.end(greetingOf('web'))).listen(Number(process.env.PORT));
