import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The baseline of fan-out: bare `node:http` that writes each event to each subscriber as it comes, and keeps nothing. */

const subscribers = new Set<ServerResponse>();
let seq = 0;

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('retry: 2000\n\n');
    subscribers.add(response);
    response.on('close', () => subscribers.delete(response));
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    seq += 1;
    const frame = `id: 00000000-${seq}\ndata: {"seq":${seq},"payload":${Buffer.concat(chunks)}}\n\n`;
    for (const subscriber of subscribers) {
      subscriber.write(frame);
    }
    response.writeHead(201, { 'Content-Type': 'application/json', 'Content-Length': 2 });
    response.end('{}');
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`listening http://127.0.0.1:${port}\n`);
});
process.on('SIGTERM', () => process.exit());
