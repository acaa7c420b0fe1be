// A session server of the kind a user would write by hand: Express, socket.io and
// node-postgres in one process. It is measured beside Parley and speaks as much of
// the wire as the load program needs.
//
// Settings: PORT, DATABASE_URL or PGHOST/PGUSER/PGDATABASE, INTEGRATION_ID, API_KEY,
// POOL_SIZE. With `node --expose-gc` there is also POST /debug/gc.

import { createServer } from 'node:http';
import express from 'express';
import { Server } from 'socket.io';
import { liveFace, Room } from './live.js';
import { restFace } from './rest.js';
import { Store } from './store.js';

const { PORT = '0', INTEGRATION_ID: integration, API_KEY: apiKey, POOL_SIZE = '8' } = process.env;
if (!integration || !apiKey) throw new Error('INTEGRATION_ID and API_KEY must be set');

// Eight connections gave the best rates and by far the best p99 of a hot session of all
// sizes from 4 to 64; pipelining saves two round trips of a merge.
const store = new Store({
  connectionString: process.env.DATABASE_URL,
  max: Number(POOL_SIZE),
  pipeline: true,
});
await store.migrate();

const app = express();
app.disable('x-powered-by');
app.set('etag', false);
app.get('/healthz', (request, response) => response.json({ status: 'ok' }));
if (globalThis.gc) {
  app.post('/debug/gc', (request, response) => {
    globalThis.gc();
    response.json(process.memoryUsage());
  });
}

const server = createServer(app);
server.keepAliveTimeout = 65_000;
const io = new Server(server, {
  path: `/v1/web/${integration}/ws`,
  serveClient: false,
  pingInterval: 10_000,
  pingTimeout: 5_000,
  perMessageDeflate: false,
});
// The handshake request is not needed later; dropping it saves memory per socket.
io.engine.on('connection', (socket) => {
  socket.request = null;
});

const room = new Room(io);
liveFace({ integration, io, store, room });
app.use(restFace({ integration, apiKey, store, room }));

server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(JSON.stringify({ listening: server.address().port }));
});

process.on('SIGTERM', () => {
  io.close(() => store.close());
  server.closeAllConnections();
});
