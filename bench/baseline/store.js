// Sessions and messages in PostgreSQL through one connection pool.

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { merge } from './merge.js';

// Documents are json, not jsonb: they are merged here and never searched by the
// database, so it need not take them apart.
const schema = `
  CREATE TABLE IF NOT EXISTS sessions (
    id uuid PRIMARY KEY,
    integration_id text NOT NULL,
    context json NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_message_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz
  );
  CREATE TABLE IF NOT EXISTS messages (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id),
    position bigserial NOT NULL,
    author text NOT NULL,
    body json NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX IF NOT EXISTS messages_by_session ON messages (session_id, position);
`;

// A name makes the driver prepare the statement once per connection.
const statements = {
  insertSession: {
    name: 'insert-session',
    text: 'INSERT INTO sessions (id, integration_id, context) VALUES ($1, $2, $3)',
  },
  findSession: {
    name: 'find-session',
    text: `SELECT context, version FROM sessions
           WHERE id = $1 AND integration_id = $2 AND closed_at IS NULL`,
  },
  lockSession: {
    name: 'lock-session',
    text: `SELECT context, version FROM sessions
           WHERE id = $1 AND integration_id = $2 AND closed_at IS NULL FOR UPDATE`,
  },
  updateContext: {
    name: 'update-context',
    text: 'UPDATE sessions SET context = $2, version = version + 1 WHERE id = $1',
  },
  // One statement is one transaction: it locks the session, slides its timer and
  // stores the user's message with its answer, or does nothing at all.
  insertTurn: {
    name: 'insert-turn',
    text: `WITH session AS (
             UPDATE sessions SET last_message_at = now()
             WHERE id = $1 AND integration_id = $2 AND closed_at IS NULL
             RETURNING id, context
           ), stored AS (
             INSERT INTO messages (id, session_id, author, body)
             SELECT turn.id, session.id, turn.author, turn.body
             FROM session, (VALUES ($3::uuid, 'user', $4::json), ($5::uuid, 'bot', $6::json))
               AS turn (id, author, body)
           )
           SELECT context FROM session`,
  },
};

export class Store {
  constructor(options) {
    this.pool = new pg.Pool(options);
  }

  async migrate() {
    await this.pool.query(schema);
  }

  async createSession(integration, context) {
    const id = randomUUID();
    await this.pool.query({ ...statements.insertSession, values: [id, integration, JSON.stringify(context)] });
    return { id, context, version: 1 };
  }

  async findSession(integration, id) {
    const found = await this.pool.query({ ...statements.findSession, values: [id, integration] });
    return found.rows.length === 0 ? null : { id, ...found.rows[0] };
  }

  // mergeContext holds the row lock from the read to the commit, so that two writers
  // of one session never lose each other's keys. It answers null for an unknown session.
  async mergeContext(integration, id, patch) {
    const client = await this.pool.connect();
    try {
      // Pipelined: the connection sends both without waiting in between.
      const [, found] = await Promise.all([
        client.query('BEGIN'),
        client.query({ ...statements.lockSession, values: [id, integration] }),
      ]);
      if (found.rows.length === 0) {
        await client.query('ROLLBACK');
        return null;
      }
      const context = merge(found.rows[0].context, patch);
      await Promise.all([
        client.query({ ...statements.updateContext, values: [id, JSON.stringify(context)] }),
        client.query('COMMIT'),
      ]);
      return { id, context, version: found.rows[0].version + 1 };
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {});
      throw error;
    } finally {
      client.release();
    }
  }

  // addTurn stores a user message together with the bot's answer.
  async addTurn(integration, id, input, responses) {
    const turn = { messageId: randomUUID(), replyId: randomUUID() };
    const stored = await this.pool.query({
      ...statements.insertTurn,
      values: [id, integration, turn.messageId, JSON.stringify(input), turn.replyId, JSON.stringify(responses)],
    });
    return stored.rows.length === 0 ? null : { ...turn, context: stored.rows[0].context };
  }

  async close() {
    await this.pool.end();
  }
}
