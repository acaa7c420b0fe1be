// REST face: create a session, merge its context, send a message.

import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import express from 'express';
import { answer } from './bot.js';
import { checkContext, InvalidPayload, isObject } from './merge.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function refuse(response, status, code, message) {
  response.status(status).json({ error_code: code, error_message: message });
}

function hash(key) {
  return createHash('sha256').update(key).digest();
}

// requireKey compares hashes in constant time; the plain key is never kept.
function requireKey(integration, apiKey) {
  const expected = hash(apiKey);
  return (request, response, next) => {
    const header = request.headers.authorization ?? '';
    const given = /^apikey (.+)$/i.exec(header);
    const known = given !== null && timingSafeEqual(hash(given[1]), expected);
    if (!known || request.params.integration !== integration) {
      return refuse(response, 401, 'unauthorized', 'unknown integration or API key');
    }
    next();
  };
}

function requireSessionId(request, response, next) {
  if (uuid.test(request.params.session)) return next();
  refuse(response, 404, 'session-not-found', 'no such session');
}

function newContext(body) {
  const patch = body.context ?? {};
  checkContext(patch);
  const context = { ...patch, user: { user_id: randomUUID(), ...patch.user } };
  context.global ??= {};
  context.tags ??= [];
  if (body.channel_user_id) context.user.custom_psid = body.channel_user_id;
  if (body.external_session_id) {
    context.channels = { custom: { external_session_id: body.external_session_id } };
  }
  return context;
}

export function restFace({ integration, apiKey, store, room }) {
  const face = express.Router();
  const guard = requireKey(integration, apiKey);
  const json = express.json({ limit: '1mb' });
  const base = '/v1/custom/:integration/sessions';

  face.post(base, guard, json, async (request, response) => {
    const session = await store.createSession(integration, newContext(request.body ?? {}));
    response.status(201).json({ request_id: randomUUID(), session_id: session.id, context: session.context });
  });

  face.patch(`${base}/:session/context`, guard, requireSessionId, json, async (request, response) => {
    checkContext(request.body);
    const session = await store.mergeContext(integration, request.params.session, request.body);
    if (session === null) return refuse(response, 404, 'session-not-found', 'no such session');
    response.json({ request_id: randomUUID(), session_id: session.id, context: session.context });
    room.contextUpdated(session);
  });

  face.post(`${base}/:session/messages`, guard, requireSessionId, json, async (request, response) => {
    const { input, context } = request.body ?? {};
    if (!isObject(input) || !input.text?.trim()) throw new InvalidPayload('input.text is required');
    const id = request.params.session;
    if (context !== undefined) {
      checkContext(context);
      await store.mergeContext(integration, id, context);
    }
    const responses = answer(input);
    const turn = await store.addTurn(integration, id, input, responses);
    if (turn === null) return refuse(response, 404, 'session-not-found', 'no such session');
    response.status(202).json({ request_id: randomUUID(), session_id: id, message_id: turn.messageId });
    room.answered(id, turn, responses);
  });

  face.use((error, request, response, next) => {
    if (response.headersSent) return next(error);
    const bad = error instanceof InvalidPayload || error.type === 'entity.parse.failed';
    if (bad) return refuse(response, 400, 'invalid-payload', error.message);
    if (error.type === 'entity.too.large') return refuse(response, 413, 'payload-too-large', error.message);
    console.error(error);
    refuse(response, 500, 'internal-server-error', 'the request could not be served');
  });
  return face;
}
