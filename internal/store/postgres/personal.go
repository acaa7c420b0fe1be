package postgres

import "parley/internal/session"

// personal is a table whose rows are about people, with the queries that find
// them by ids of the given kind.
type personal struct {
	table  string
	by     key
	erase  string
	export string
}

// key is what rows about a person hang on.
type key int

const (
	bySession key = iota
	byChain
	byClient
	byAnswer // an answer that names a session; only for a whole person
)

// personalTables lists them; rows are exported and deleted in this order. A test
// compares the list with the schema: a new table gets its place here or among
// impersonalTables.
func personalTables() []personal {
	return []personal{
		{"clients", byClient, "EraseClient", "ExportClient"},
		{"messages", byClient, "ErasePendingMessages", "ExportPendingMessages"},
		{"timers", byClient, "EraseTimersOfClient", "ExportTimersOfClient"},
		{"files", byClient, "EraseFilesOfClient", "ExportFilesOfClient"},
		{"files", byChain, "EraseFilesOfChain", "ExportFilesOfChain"},
		{"chains", byChain, "EraseChain", "ExportChain"},
		{"events", byChain, "EraseEvents", "ExportEvents"},
		{"outbox", byChain, "EraseOutbox", "ExportOutbox"},
		{"outbox_dead", byChain, "EraseDeadLetters", "ExportDeadLetters"},
		{"sessions", bySession, "EraseSession", "ExportSession"},
		{"documents", bySession, "EraseDocument", "ExportDocument"},
		{"vars", bySession, "EraseVars", "ExportVars"},
		{"conversations", bySession, "EraseConversations", "ExportConversations"},
		{"messages", bySession, "EraseMessages", "ExportMessages"},
		{"timers", bySession, "EraseTimers", "ExportTimers"},
		{"remembered", byAnswer, "EraseRemembered", "ExportRemembered"},
	}
}

// copiedTables hold what follows from personal ones, the desk's list and search.
// They are erased, but an export has no use for them.
func copiedTables() []personal {
	return []personal{
		{table: "threads", by: byChain, erase: "EraseThread"},
		{table: "thread_texts", by: byChain, erase: "EraseTexts"},
		{table: "people", by: byChain, erase: "ErasePerson"},
	}
}

// impersonalTables hold nothing about a client; some are about the people who
// work here, or about the nodes. Objects are the bytes of files and go with them.
func impersonalTables() []string {
	return []string{
		"integrations", "api_keys", "marks", "erasures", "goose_db_version", "migration_lock", "commits",
		"agents", "departments", "canned_replies", "views",
		"credentials", "logins", "recovery_codes", "invitations", "audit",
		"nodes", "duties", "revisions", "presence", "shelves", "releases", "objects",
	}
}

// person is everything that hangs on a client, or on one of its chains.
type person struct {
	clients, chains, sessions []session.ID
	whole                     bool
}

// keys returns the ids that find the rows of a table.
func (p *person) keys(by key) []session.ID {
	if by == byAnswer {
		if p.whole {
			return p.sessions
		}
		return nil
	}
	return map[key][]session.ID{byClient: p.clients, byChain: p.chains, bySession: p.sessions}[by]
}

// wholePerson finds a client's sessions and chains.
func wholePerson(c *conn, client session.ID) (*person, error) {
	p := &person{clients: []session.ID{client}, whole: true}
	known := map[session.ID]bool{}
	err := c.each("ListSessionsOfClient", func(r *row) {
		id, chain := r.id(), r.id()
		p.sessions = append(p.sessions, id)
		if !known[chain] {
			known[chain] = true
			p.chains = append(p.chains, chain)
		}
	}, client)
	return p, err
}

// oneChain finds the sessions of a chain, and its client where it has no other
// session.
func oneChain(c *conn, client, chain session.ID) (*person, error) {
	p := &person{chains: []session.ID{chain}}
	others := false
	err := c.each("ListSessionsOfClient", func(r *row) {
		if id := r.id(); r.id() == chain {
			p.sessions = append(p.sessions, id)
		} else {
			others = true
		}
	}, client)
	if !others {
		p.clients = []session.ID{client}
	}
	return p, err
}
