import { createServer } from 'node:http';

// Like many tools, tries the next port if the port is in use.
const server = createServer((_request, response) => response.end('Hello'));
let port = Number(process.env.PORT ?? 3000);
server.on('error', (error) => {
  if (error.code !== 'EADDRINUSE') throw error;
  server.listen(++port);
});
server.on('listening', () => console.log(`Listening on ${port}`));
server.listen(port);
