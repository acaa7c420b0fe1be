// Socket.IO face: create and reconnect a session, merge its context, send a message.

import { randomUUID } from 'node:crypto';
import { answer } from './bot.js';
import { checkContext, InvalidPayload, isObject } from './merge.js';

// Room emits the events of a session to every socket that joined it.
export class Room {
  constructor(io) {
    this.io = io;
  }

  emit(session, name, payload) {
    if (this.io.sockets.adapter.rooms.has(session)) this.io.to(session).emit(name, payload);
  }

  contextUpdated(session) {
    this.emit(session.id, 'session:context:updated', updated(session));
  }

  answered(id, turn, responses) {
    this.emit(id, 'message:brain_received', {
      session_id: id,
      message_id: turn.replyId,
      output: { responses },
      context: turn.context,
      timestamp: Date.now(),
    });
  }
}

function updated(session) {
  return { session_id: session.id, context: session.context, version: session.version };
}

function opened(integration, session) {
  return {
    session_id: session.id,
    inactivity_timeout_seconds: 3600,
    is_service_desk: false,
    is_conversation: false,
    is_handover: false,
    assignee_agent_id: null,
    keep_alive: 300,
    status: 'active',
    source: { integration_id: integration, channel: 'web', opt_out: false, is_test: false },
    context: session.context,
    version: session.version,
  };
}

function requireTimestamp(payload) {
  if (!isObject(payload)) throw new InvalidPayload('the payload must be an object');
  if (!Number.isInteger(payload.timestamp)) throw new InvalidPayload('timestamp is required');
}

class InvalidSession extends Error {}

function problem(error) {
  if (error instanceof InvalidPayload) return { error_code: 'invalid_payload', description: error.message };
  if (error instanceof InvalidSession) return { error_code: 'invalid_session', description: 'no such session' };
  console.error(error);
  return { error_code: 'internal_error', description: 'the event could not be served' };
}

function handlers({ integration, store, room }, socket) {
  const requireJoined = (payload) => {
    if (!socket.rooms.has(payload.session_id)) throw new InvalidSession();
  };
  return {
    'session:create': async (payload) => {
      const context = payload.context ?? {};
      checkContext(context);
      context.user = { user_id: randomUUID(), ...context.user };
      context.global ??= {};
      context.tags ??= [];
      const session = await store.createSession(integration, context);
      socket.join(session.id);
      const created = opened(integration, session);
      socket.emit('session:created', created);
      return created;
    },
    'session:reconnect': async (payload) => {
      const session = await store.findSession(integration, String(payload.session_id));
      if (session === null) throw new InvalidSession();
      socket.join(session.id);
      const reconnected = opened(integration, session);
      socket.emit('session:reconnected', reconnected);
      return reconnected;
    },
    'session:context:update': async (payload) => {
      requireJoined(payload);
      checkContext(payload.context);
      if (!isObject(payload.context.user)) throw new InvalidPayload('context.user is required');
      const session = await store.mergeContext(integration, payload.session_id, payload.context);
      if (session === null) throw new InvalidSession();
      room.contextUpdated(session);
      return updated(session);
    },
    'message:send': async (payload) => {
      requireJoined(payload);
      const responses = answer(payload.input);
      const turn = await store.addTurn(integration, payload.session_id, payload.input ?? {}, responses);
      if (turn === null) throw new InvalidSession();
      room.answered(payload.session_id, turn, responses);
      return { session_id: payload.session_id, message_id: turn.messageId };
    },
  };
}

export function liveFace(parts) {
  parts.io.on('connection', (socket) => {
    for (const [name, handle] of Object.entries(handlers(parts, socket))) {
      socket.on(name, async (payload, ack) => {
        let outcome;
        try {
          requireTimestamp(payload);
          outcome = await handle(payload);
        } catch (error) {
          outcome = problem(error);
          socket.emit(`${name}:error`, outcome);
        }
        if (typeof ack === 'function') ack(outcome);
      });
    }
  });
}
