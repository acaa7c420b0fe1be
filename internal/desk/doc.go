// Package desk knows the people who answer: agents, departments with their
// hours, presence, canned replies and saved views, and gives waiting
// conversations to agents (guarantees 2, rows 14 and 15).
package desk
