package sqlite

import "parley/internal/session"

// personal is a table whose rows are about people, with the condition that
// finds them by an id of the given kind, ?1.
type personal struct {
	table string
	by    key
	where string
}

// key is what rows about a person hang on.
type key int

const (
	bySession key = iota
	byChain
	byClient
	byAnswer // ?1 is the text of a session's id; only for a whole person
)

// personalTables lists them; rows are exported and deleted in this order. A test
// compares the list with the schema: a new table gets its place here or among
// impersonalTables.
func personalTables() []personal {
	return []personal{
		{"clients", byClient, `id = ?1`},
		{"messages", byClient, `client = ?1 AND sequence = 0 AND number > 0`},
		{"timers", byClient, `client = ?1`},
		{"files", byClient, `client = ?1`},
		{"files", byChain, `chain = ?1`},
		{"chains", byChain, `id = ?1`},
		{"events", byChain, `chain = ?1`},
		{"outbox", byChain, `chain = ?1`},
		{"outbox_dead", byChain, `chain = ?1`},
		{"sessions", bySession, `id = ?1`},
		{"documents", bySession, `session = ?1`},
		{"vars", bySession, `session = ?1`},
		{"conversations", bySession, `session = ?1`},
		{"messages", bySession, `session = ?1 AND sequence > 0`},
		{"timers", bySession, `session = ?1`},
		{"remembered", byAnswer, `instr(CAST(answer AS TEXT), ?1) > 0`},
	}
}

// copiedTables hold what follows from personal ones, the desk's list and search.
// They are erased, but an export has no use for them. The search forgets first:
// it reads what it knows from the rows beside it.
func copiedTables() []personal {
	return []personal{
		{"thread_search", byChain, `rowid IN (SELECT pk FROM thread_texts WHERE thread = ?1)`},
		{"thread_texts", byChain, `thread = ?1`},
		{"threads", byChain, `id = ?1`},
		{"people_search", byChain, `rowid IN (SELECT pk FROM people WHERE thread = ?1)`},
		{"people", byChain, `thread = ?1`},
	}
}

// impersonalTables hold nothing about a client; some are about the people who
// work here.
func impersonalTables() []string {
	return []string{
		"integrations", "api_keys", "marks", "erasures", "goose_db_version",
		"agents", "departments", "canned_replies", "views",
		"credentials", "logins", "recovery_codes", "invitations", "audit",
		// What the searches are made of; a deletion goes through the search.
		"thread_search_config", "thread_search_data", "thread_search_docsize", "thread_search_idx",
		"people_search_config", "people_search_data", "people_search_docsize", "people_search_idx",
	}
}

// person is everything that hangs on a client, or on one of its chains.
type person struct {
	clients, chains, sessions []session.ID
	whole                     bool
}

// keys returns the values of ?1.
func (p *person) keys(by key) []any {
	ids := map[key][]session.ID{byClient: p.clients, byChain: p.chains, bySession: p.sessions}[by]
	if by == byAnswer && p.whole {
		ids = p.sessions
	}
	list := make([]any, len(ids))
	for i, id := range ids {
		if list[i] = id[:]; by == byAnswer {
			list[i] = id.String()
		}
	}
	return list
}

// wholePerson finds a client's sessions and chains.
func wholePerson(c *conn, client session.ID) (*person, error) {
	p := &person{clients: []session.ID{client}, whole: true}
	known := map[session.ID]bool{}
	err := c.each(`SELECT id, chain FROM sessions WHERE client = ? ORDER BY id`, func(r *row) {
		id, chain := r.id(), r.id()
		p.sessions = append(p.sessions, id)
		if !known[chain] {
			known[chain] = true
			p.chains = append(p.chains, chain)
		}
	}, client[:])
	return p, err
}

// oneChain finds the sessions of a chain, and its client where it has no other
// session.
func oneChain(c *conn, client, chain session.ID) (*person, error) {
	p := &person{chains: []session.ID{chain}}
	others := false
	err := c.each(`SELECT id, chain FROM sessions WHERE client = ? ORDER BY id`, func(r *row) {
		if id := r.id(); r.id() == chain {
			p.sessions = append(p.sessions, id)
		} else {
			others = true
		}
	}, client[:])
	if !others {
		p.clients = []session.ID{client}
	}
	return p, err
}
