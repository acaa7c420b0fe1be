package sqlite

import "parley/internal/session"

// write puts a batch into the connection's transaction. Ids come from the
// core, so no statement has to give anything back.
func write(c *conn, b *session.Batch) error {
	for _, part := range []func(*conn, *session.Batch) error{
		writeClients, writeChains, writeSessions, writeDocuments, writeVars, writeConversations,
		writeMessages, writeEvents, writeTimers, writeOutbox, writeRemembered, writeErasures,
	} {
		if err := part(c, b); err != nil {
			return err
		}
	}
	return nil
}

// writeClients first tries an update, because an insert that conflicts has looked
// into the unique index for nothing. So does writeChains, whose update leaves the
// indexes of ended chains alone.
func writeClients(c *conn, b *session.Batch) error {
	for _, v := range b.Clients {
		n, err := c.exec(`UPDATE clients SET user_id = ?, data = ?, inbox_number = ?, pending = ?, failures = ?, newest = ?, pushes = ?,
			holder = ?, fence = ? WHERE id = ?`,
			v.UserID, text(v.Data), v.InboxNumber, int64(v.Pending), int64(v.Failures), ref(&v.Newest), int64(v.Pushes),
			ref(&v.Holder), v.Fence, v.ID[:])
		if err == nil && n == 0 {
			err = addClient(c, v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func addClient(c *conn, v *session.Client) error {
	_, err := c.exec(`INSERT INTO clients (id, integration, key, user_id, data, inbox_number, pending, failures, newest, pushes, holder, fence)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		v.ID[:], v.Integration, v.Key, v.UserID, text(v.Data), v.InboxNumber, int64(v.Pending), int64(v.Failures), ref(&v.Newest), int64(v.Pushes),
		ref(&v.Holder), v.Fence)
	return err
}

func writeChains(c *conn, b *session.Batch) error {
	for _, v := range b.Chains {
		var from, data, position, extra any
		if s := v.Start; s != nil {
			from, data, position, extra = ref(&s.Session), text(s.Data), s.Position, text(s.Extra)
		}
		n, err := c.exec(`UPDATE chains SET head = ?, sequence = ?, version = ?, epoch = ?, start_session = ?, start_data = ?, start_position = ?,
			start_extra = ?, delivered = ?, read = ?, seen = ? WHERE id = ? AND ended_ms = ? AND swept = 0`,
			v.Head[:], v.Sequence, v.Version, v.Epoch, from, data, position, extra,
			v.Marks.Delivered, v.Marks.Read, v.Marks.Seen, v.ID[:], v.EndedMs)
		if err == nil && n == 0 {
			_, err = c.exec(`INSERT INTO chains (id, client, head, sequence, version, epoch, start_session, start_data,
				start_position, start_extra, ended_ms, delivered, read, seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (id) DO UPDATE SET head = excluded.head, sequence = excluded.sequence, version = excluded.version, epoch = excluded.epoch, start_session = excluded.start_session,
				start_data = excluded.start_data, start_position = excluded.start_position, start_extra = excluded.start_extra, ended_ms = excluded.ended_ms,
				delivered = excluded.delivered, read = excluded.read, seen = excluded.seen, swept = 0`,
				v.ID[:], v.Client[:], v.Head[:], v.Sequence, v.Version, v.Epoch, from, data, position, extra, v.EndedMs,
				v.Marks.Delivered, v.Marks.Read, v.Marks.Seen)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writeSessions first tries an update that leaves the indexes alone, which most
// changes of a session do: SQLite rewrites the entry of every index that has a
// column among those set, whether its value differs or not.
func writeSessions(c *conn, b *session.Batch) error {
	for _, v := range b.Sessions {
		n, err := c.exec(`UPDATE sessions SET successor = ?, reason = ?, result = ?, started = ?, user_messages = ?, ended_ms = ?,
			last_user_ms = ?, last_agent_ms = ?, warned_ms = ?, armed = ?, bot_release = ? WHERE id = ? AND status = ? AND check_ms = ?`,
			ref(&v.Successor), string(v.Reason), v.Result, v.Started, v.UserMessages, v.EndedMs,
			v.LastUserMs, v.LastAgentMs, v.WarnedMs, int64(v.Armed), int64(v.Release), v.ID[:], string(v.Status), v.CheckMs)
		if err == nil && n == 0 {
			err = writeSession(c, v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func writeSession(c *conn, v *session.Session) error {
	_, err := c.exec(`INSERT INTO sessions (id, integration, client, chain, predecessor, successor, status, reason, channel,
		external_id, channel_user_id, is_test, opt_out, result, started, user_messages, created_ms, ended_ms,
		last_user_ms, last_agent_ms, check_ms, warned_ms, armed, bot_release)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET successor = excluded.successor, status = excluded.status, reason = excluded.reason,
		result = excluded.result, started = excluded.started, user_messages = excluded.user_messages,
		ended_ms = excluded.ended_ms, last_user_ms = excluded.last_user_ms, last_agent_ms = excluded.last_agent_ms,
		check_ms = excluded.check_ms, warned_ms = excluded.warned_ms, armed = excluded.armed, bot_release = excluded.bot_release`,
		v.ID[:], v.Integration, v.Client[:], v.Chain[:], ref(&v.Predecessor), ref(&v.Successor), string(v.Status),
		string(v.Reason), v.Channel, v.ExternalID, v.ChannelUserID, v.IsTest, v.OptOut, v.Result, v.Started,
		v.UserMessages, v.CreatedMs, v.EndedMs, v.LastUserMs, v.LastAgentMs, v.CheckMs, v.WarnedMs, int64(v.Armed), int64(v.Release))
	return err
}

func writeDocuments(c *conn, b *session.Batch) error {
	for _, v := range b.Documents {
		_, err := c.exec(`INSERT INTO documents (session, doc) VALUES (?, ?) ON CONFLICT (session) DO UPDATE SET doc = excluded.doc`,
			v.Session[:], text(v.JSON))
		if err != nil {
			return err
		}
	}
	return nil
}

func writeVars(c *conn, b *session.Batch) error {
	for _, v := range b.Vars {
		_, err := c.exec(`INSERT INTO vars (session, data, position, extra) VALUES (?, ?, ?, ?)
			ON CONFLICT (session) DO UPDATE SET data = excluded.data, position = excluded.position, extra = excluded.extra`,
			v.Session[:], text(v.Data), v.Position, text(v.Extra))
		if err != nil {
			return err
		}
	}
	return nil
}

func writeConversations(c *conn, b *session.Batch) error {
	for _, v := range b.Conversations {
		_, err := c.exec(`INSERT INTO conversations (id, session, owner, agent_id, agent_name, agent_avatar, opened_ms, closed_ms,
			integration, department, reason, queued_ms, waiting_ms, answered_ms, snoozed_ms,
			last_agent_id, last_agent_name, last_agent_avatar, rated_ms, rating, feedback)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
			owner = excluded.owner, agent_id = excluded.agent_id, agent_name = excluded.agent_name, agent_avatar = excluded.agent_avatar, opened_ms = excluded.opened_ms, closed_ms = excluded.closed_ms,
			integration = excluded.integration, department = excluded.department, reason = excluded.reason, queued_ms = excluded.queued_ms, waiting_ms = excluded.waiting_ms,
			answered_ms = excluded.answered_ms, snoozed_ms = excluded.snoozed_ms, last_agent_id = excluded.last_agent_id,
			last_agent_name = excluded.last_agent_name, last_agent_avatar = excluded.last_agent_avatar,
			rated_ms = excluded.rated_ms, rating = excluded.rating, feedback = excluded.feedback`,
			v.ID[:], v.Session[:], string(v.Owner), v.Agent.ID, v.Agent.Name, v.Agent.Avatar, v.OpenedMs, v.ClosedMs,
			v.Integration, v.Department, v.Reason, v.QueuedMs, v.WaitingMs, v.AnsweredMs, v.SnoozedMs,
			v.LastAgent.ID, v.LastAgent.Name, v.LastAgent.Avatar, v.RatedMs, int64(v.Rating), v.Feedback)
		if err != nil {
			return err
		}
	}
	return nil
}

func writeMessages(c *conn, b *session.Batch) error {
	for _, v := range b.NewMessages {
		_, err := c.exec(`INSERT INTO messages (id, client, author, at_ms, body, chain, session, sequence, number, handle,
			accepted_in, client_message_id, repeatable, input_hash, attempts, outcome, why, thumb, trace)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			v.ID[:], v.Client[:], string(v.Author), v.AtMs, text(v.Body), ref(&v.Chain), ref(&v.Session), v.Sequence,
			v.Number, ref(&v.Handle), ref(&v.AcceptedIn), v.ClientMessageID, v.ClientMessageID != "", bytesOf(v.InputHash),
			int64(v.Attempts), string(v.Outcome), v.Why, int64(v.Thumb), v.Trace)
		if err != nil {
			return err
		}
	}
	for _, v := range b.Messages {
		_, err := c.exec(`UPDATE messages SET at_ms = ?, chain = ?, session = ?, sequence = ?, number = ?, attempts = ?,
			outcome = ?, why = ?, thumb = ? WHERE id = ?`,
			v.AtMs, ref(&v.Chain), ref(&v.Session), v.Sequence, v.Number, int64(v.Attempts), string(v.Outcome), v.Why, int64(v.Thumb), v.ID[:])
		if err != nil {
			return err
		}
	}
	return nil
}

func writeEvents(c *conn, b *session.Batch) error {
	for _, v := range b.Events {
		var message any
		if v.Message != nil {
			message = v.Message.ID[:]
		}
		_, err := c.exec(`INSERT INTO events (chain, sequence, session, at_ms, kind, body, message) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			v.Chain[:], v.Sequence, v.Session[:], v.AtMs, v.Kind, text(v.Body), message)
		if err != nil {
			return err
		}
	}
	return nil
}

// writeTimers deletes first: an id that is dead may have been replaced by a
// timer of the same session and kind.
func writeTimers(c *conn, b *session.Batch) error {
	for i := range b.DeadTimers {
		if _, err := c.exec(`DELETE FROM timers WHERE id = ?`, b.DeadTimers[i][:]); err != nil {
			return err
		}
	}
	for _, v := range b.Timers {
		_, err := c.exec(`INSERT INTO timers (session, kind, id, client, due_ms, target_state, handle, event, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (session, kind) DO UPDATE SET id = excluded.id, client = excluded.client, due_ms = excluded.due_ms, target_state = excluded.target_state,
				handle = excluded.handle, event = excluded.event, data = excluded.data`,
			v.Session[:], string(v.Kind), v.ID[:], v.Client[:], v.DueMs, v.TargetState, ref(&v.Handle), v.Event, text(v.Data))
		if err != nil {
			return err
		}
	}
	return nil
}

// writeOutbox relies on the order of the batch: a chain's deliveries come in
// order of sequence, so only the first of a chain can be its head.
func writeOutbox(c *conn, b *session.Batch) error {
	for _, v := range b.Outbox {
		_, err := c.exec(`INSERT INTO outbox (id, integration, chain, session, sequence, kind, body, created_ms, due_ms, attempts,
			token, lease_ms, last_error, trace, head) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
			NOT EXISTS (SELECT 1 FROM outbox WHERE integration = ? AND chain = ?))`,
			v.ID[:], v.Integration, v.Chain[:], v.Session[:], v.Sequence, v.Kind, text(v.Body), v.CreatedMs, v.DueMs,
			int64(v.Attempts), ref(&v.Token), v.LeaseMs, v.LastError, v.Trace, v.Integration, v.Chain[:])
		if err != nil {
			return err
		}
	}
	return nil
}

func writeRemembered(c *conn, b *session.Batch) error {
	for _, v := range b.Remembered {
		_, err := c.exec(`INSERT INTO remembered (integration, route, key, hash, answer, expires_ms) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (integration, route, key) DO UPDATE SET hash = excluded.hash, answer = excluded.answer, expires_ms = excluded.expires_ms`,
			v.Integration, v.Route, v.Key, bytesOf(v.Hash), bytesOf(v.Answer), v.ExpiresMs)
		if err != nil {
			return err
		}
	}
	return nil
}
