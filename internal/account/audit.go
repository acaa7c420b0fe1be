package account

import (
	"context"

	"parley/internal/desk"
	"parley/internal/session"
)

// Audit is where the desk notes what people do that must be accounted for.
type Audit interface {
	// Note adds a line: who and from where (nil: the command line or a stranger),
	// what was done, to what, and anything worth knowing.
	Note(ctx context.Context, by *Caller, action, subject, detail string) error
}

var _ Audit = (*Accounts)(nil)

// Note is Audit's.
func (a *Accounts) Note(ctx context.Context, by *Caller, action, subject, detail string) error {
	e := &Entry{AtMs: a.cfg.Now().UnixMilli(), Action: action, Subject: subject, Detail: detail}
	if by != nil {
		e.Address = by.From.text()
		if by.Agent != nil {
			e.Agent = by.Agent.ID
		}
	}
	return a.cfg.Store.AddEntry(ctx, e)
}

// Entries returns a page of the audit log, newest first: limit entries with an
// id below before. Only admins may read it.
func (a *Accounts) Entries(ctx context.Context, by *Caller, before int64, limit int) ([]*Entry, error) {
	if err := by.May(desk.PermissionAdmin); err != nil {
		return nil, err
	}
	if limit < 1 || limit > MaxAuditPage {
		return nil, session.Invalid("limit", "must be 1 to %d", MaxAuditPage)
	}
	return a.cfg.Store.Entries(ctx, before, limit)
}
