// Drives a real socket.io client for a Go test. Each line on standard input is
// a JSON command, each line on standard output a JSON report.
//
//   {"op":"open","name":"a","lib":"4"|"3","url":…,"options":{…}}   reports connect, connect_error, disconnect and every event
//   {"op":"emit","name":"a","event":…,"payload":…,"ack":7}         reports {"ack":7,"payload":…} when acknowledged
//   {"op":"cut","name":"a"}       drops the transport; the client comes back by itself
//   {"op":"close","name":"a"}     disconnects
const libs = { 4: require('socket.io-client'), 3: require('sio3') };
const sockets = new Map();

const report = (line) => process.stdout.write(JSON.stringify(line) + '\n');

const commands = {
  open({ name, lib, url, options }) {
    const socket = libs[lib].io(url, { reconnectionDelay: 50, forceNew: true, ...options });
    sockets.set(name, socket);
    socket.on('connect', () => report({ name, event: 'connect', payload: { id: socket.id } }));
    socket.on('connect_error', (e) => report({ name, event: 'connect_error', payload: { message: e.message } }));
    socket.on('disconnect', (reason) => report({ name, event: 'disconnect', payload: { reason } }));
    socket.onAny((event, ...args) => report({ name, event, payload: args[0], extra: args.length - 1 }));
  },
  emit({ name, event, payload, ack }) {
    const args = payload === undefined ? [] : [payload];
    if (ack !== undefined) args.push((answer) => report({ name, ack, payload: answer }));
    sockets.get(name).emit(event, ...args);
  },
  cut({ name }) {
    sockets.get(name).io.engine.close();
  },
  close({ name }) {
    sockets.get(name).disconnect();
  },
};

require('node:readline')
  .createInterface({ input: process.stdin })
  .on('line', (line) => {
    const command = JSON.parse(line);
    commands[command.op](command);
  })
  .on('close', () => process.exit(0));
